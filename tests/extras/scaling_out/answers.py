ANSWERS = {
    "a_tenth_of_the_noise": [
        (6_400, "Right"),
        (640, "three times as small"),
        (64 * 10**0.5, "the root of ten"),
        (100, "How many images are that"),
        (256, "falls with the square root"),
    ],
    "unequal_shares": [(0.3, "Right"), (0.4, "as much weight"), (0.2, "divide by 64")],
}
