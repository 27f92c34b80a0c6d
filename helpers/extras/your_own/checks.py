"""The exercise of the optional lesson your_own."""

from collections import Counter

import numpy as np

from helpers.checks.core import Unfinished, exercise, fill_the_gap
from helpers.checks.kinds import asks_for
from helpers.common.language import _
from helpers.extras.your_own.faulty_set import LETTERS, sound_set

MAX_IMAGES = 2_000  # of an answer; the faulty set has 420


@asks_for("two arrays, the images and their labels")
def images_and_labels(answer) -> tuple[np.ndarray, np.ndarray] | None:
    """Return images and labels as integers, or None for gaps; anything else raises ValueError."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise ValueError("not two arrays")
    if any(part is ... for part in answer):
        return None
    images, labels = answer
    if not isinstance(images, np.ndarray) or images.ndim != 3 or images.shape[1:] != (28, 28):
        raise ValueError("no images")
    if not isinstance(labels, np.ndarray) or labels.ndim != 1:
        raise ValueError("no labels")
    if len(images) > MAX_IMAGES or images.dtype.kind not in "uif" or labels.dtype.kind not in "ui":
        raise ValueError("too many images, or no numbers")
    return images, labels


@exercise(
    images_and_labels,
    hint=(
        "Look at each writer. Show the first images with their labels, and print the mean of all "
        "pixels. Are there equal images by two writers?"
    ),
    second_hint=(
        "For writer 0, the mean of all pixels is `faulty_images[faulty_writers == 0].mean()`. The "
        "expression `len(np.unique(faulty_images, axis=0))` counts the different images. A network "
        "that is trained without a writer tells whether this writer's labels are right."
    ),
    praise="Three files were faulty, and no error message has named any of them.",
)
def repaired(answer):
    """Exercise 1: the faulty set after its repair, as images and labels in any order."""
    if answer is None:
        return Unfinished(fill_the_gap())
    images, labels = answer
    if len(images) != len(labels):
        return _("There must be one label for each image.")
    sound_images, sound_labels, _writers = sound_set()
    label_of = {
        image.tobytes(): label for image, label in zip(sound_images, sound_labels, strict=True)
    }
    inverted = {(255 - image).tobytes() for image in sound_images}
    found = [image.tobytes() for image in images.astype(np.uint8)]
    return (
        _fault_of_pixels(found, label_of, inverted)
        or _fault_of_labels(found, labels, label_of)
        or _fault_of_count(found, label_of)
    )


def _fault_of_pixels(found: list, label_of: dict, inverted: set) -> str | None:
    """Say what is wrong with the pixels of some images, or return None."""
    count = sum(image in inverted for image in found)
    if count > 20:
        return _("Now other writers' images are inverted. Only one writer needs it.")
    if count:
        return _(
            "Some images are inverted. Their paper has large numbers, and their ink small ones."
        )
    if any(image not in label_of for image in found):
        return _("Some images are others than in the data set. Did you change their pixels twice?")
    return None


def _fault_of_labels(found: list, labels: np.ndarray, label_of: dict) -> str | None:
    """Say what is wrong with the labels of images that are sound, or return None."""
    right = np.array([label_of[image] for image in found])
    wrong = labels != right
    if not wrong.any():
        return None
    if wrong.sum() > 40:
        return _("Most writers' labels were right. Change the labels of one writer alone.")
    if (labels[wrong] == (right[wrong] + 1) % len(LETTERS)).all():
        return _("Some labels are wrong. Compare the images of each writer with their labels.")
    return _(
        "One writer's labels are still wrong, but they aren't the labels that came. In which "
        "direction are they shifted? The class before A is E."
    )


def _fault_of_count(found: list, label_of: dict) -> str | None:
    """Say which images are there twice or not at all, or return None."""
    missing = len(label_of) - len(set(found))
    if max(Counter(found).values(), default=0) > 1:
        return _("Some images are there twice. A split by writer may then test what it has taught.")
    if missing:
        return _(
            "{count} images are missing. A faulty file can be repaired, and of two equal files "
            "one stays.",
            count=missing,
        )
    return None
