import numpy as np

from helpers.extras.your_own.faulty_set import COPIED, INVERTED, SHIFTED, load_faulty_set

IMAGES, LABELS, WRITERS = load_faulty_set()


def repair(*, inverted=(INVERTED,), back=1, shifted=(SHIFTED,), without=(20,)):
    """Return images and labels after a repair, which may be wrong in some way."""
    images, labels = IMAGES.copy(), LABELS.copy()
    turned, moved = np.isin(WRITERS, inverted), np.isin(WRITERS, shifted)
    images[turned] = 255 - images[turned]
    labels[moved] = (labels[moved] - back) % 5
    kept = ~np.isin(WRITERS, without)
    return images[kept], labels[kept]


# By check, what a learner may answer, beside words of what it is told.
ANSWERS = {
    "repaired": [
        (repair(), "Right"),
        (repair(without=(COPIED,)), "Right"),
        ((..., ...), "Not answered yet"),
        ((IMAGES, LABELS), "Some images are inverted"),
        (repair(inverted=range(20)), "Only one writer needs it"),
        (repair(inverted=(INVERTED, 5)), "Some images are inverted"),
        ((IMAGES // 2, LABELS), "Did you change their pixels twice"),
        (repair(shifted=()), "Compare the images of each writer"),
        (repair(back=-1), "In which direction are they shifted"),
        (repair(shifted=range(20)), "Change the labels of one writer alone"),
        (repair(without=()), "Some images are there twice"),
        (repair(without=(20, COPIED)), "20 images are missing"),
        (repair(without=(20, INVERTED, SHIFTED)), "40 images are missing"),
        ((repair()[0], LABELS), "one label for each image"),
        (repair()[0], "asked for: two arrays"),
        ((13, 6), "asked for: two arrays"),
    ],
}
