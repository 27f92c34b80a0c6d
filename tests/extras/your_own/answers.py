import numpy as np

IMAGES = np.repeat(np.uint8([[0], [255], [250], [5], [0], [255]]), 784, axis=1).reshape(6, 28, 28)
# Of the six, the first and the fifth teach; of the others, which are alike, one has a 0.
NEEDED = {"read_by_relatives": [IMAGES, np.array([0, 1, 1, 0, 1, 1]), np.arange(6)]}
# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "parameters_of_26": [
        (122_650, "Right"),
        ((122, 650), "decimal point: 122.650. It writes thousands as 122650."),
        (122_624, "has a bias"),
        (29_978, "What do the others have"),
        (104_202, "an output more"),
    ],
    "read_by_relatives": [(0.25, "Right"), (25, "Right"), (1.0, "haven't taught"), (0.5, "score")],
}
