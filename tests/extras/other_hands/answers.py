ANSWERS = {"digits_needed": [(120, "Right"), (30, "Too few")]}
