ANSWERS = {"softmax_twice": [(1.46, "Right"), (0, "taken as a logit")]}
