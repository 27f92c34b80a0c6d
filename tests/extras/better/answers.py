ANSWERS = {
    "by_luck": [(0.37, "Right"), (0.63, "that none does")],
    "pairs_needed": [(42, "Right"), (40, "too few"), (48, "more than needed")],
}
