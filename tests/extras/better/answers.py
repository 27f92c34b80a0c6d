ANSWERS = {
    "pairs_needed": [(42, "Right"), (40, "too few"), (48, "more than needed")],
}
