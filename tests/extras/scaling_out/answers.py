ANSWERS = {"unequal_shares": [(0.3, "Right"), (0.4, "as much weight"), (0.2, "divide by 64")]}
