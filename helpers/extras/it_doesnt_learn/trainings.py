"""Twelve trainings that don't work as they should, for the optional lesson it_doesnt_learn.

If you are taking this lesson, stop here: the faults stand below. Find them first. Then
`show_fault` shows you the lines of each.
"""

import inspect
import textwrap

import numpy as np

from helpers import mnist
from helpers.common.backend import keras
from helpers.common.language import _

layers = keras.layers
COUNT = 5_000  # training images
FIRST_SHIFTED = 1_000  # the first training image whose label is wrong, where labels are shifted
LOST_LABEL = 1_232  # the label that is missing in the data set of exercise 3


class Training:
    """A training without a fault.

    It has the attributes `images`, float32 of shape (5000, 28, 28, 1), `labels` of shape (5000,),
    and `validation`, the pair of 2,000 other images and their labels. `settings` holds what `fit`
    gets besides. A fault is a class that overrides a method or two.
    """

    def __init__(self):
        (images, labels), _test = mnist.load_data()
        some_images, self.labels = self._choose(images, labels)
        self.images = self._prepare(some_images)
        others = slice(50_000, 52_000)
        self.validation = self._prepare_validation(images[others]), labels[others]
        self.settings = self._choose_settings()

    def _choose(self, images, labels):
        return images[:COUNT], labels[:COUNT]

    def _prepare(self, images):
        return images.reshape((len(images), 28, 28, 1)).astype("float32") / 255

    def _prepare_validation(self, images):
        return self._prepare(images)

    def _choose_settings(self):
        return {"batch_size": 64}

    def _first_weights(self, model):
        return model.get_weights()

    def _last_layer(self, x):
        return layers.Dense(10, activation="softmax")(x)

    def _optimizer(self):
        return keras.optimizers.RMSprop(learning_rate=0.001)

    def build(self) -> keras.Model:
        """Build and compile the network of notebook 2, with the same first weights each time."""
        keras.utils.set_random_seed(0)
        inputs = keras.Input(shape=(28, 28, 1))
        x = layers.Conv2D(filters=32, kernel_size=3, activation="relu")(inputs)
        x = layers.MaxPooling2D(pool_size=2)(x)
        x = layers.Conv2D(filters=64, kernel_size=3, activation="relu")(x)
        x = layers.MaxPooling2D(pool_size=2)(x)
        x = layers.Conv2D(filters=128, kernel_size=3, activation="relu")(x)
        x = layers.Flatten()(x)
        outputs = self._last_layer(x)
        model = keras.Model(inputs=inputs, outputs=outputs)
        model.set_weights(self._first_weights(model))
        model.compile(
            optimizer=self._optimizer(),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
        )
        return model


class PixelsUpTo255(Training):
    """Nobody has divided by 255."""

    def _prepare(self, images):
        return images.reshape((len(images), 28, 28, 1)).astype("float32")


class ShiftedLabels(Training):
    """One label is lost, so all later images have the label of the next image."""

    def _choose(self, images, labels):
        return images[:COUNT], np.delete(labels, FIRST_SHIFTED)[:COUNT]


class SortedImages(Training):
    """The images come sorted by digit, and `fit` leaves them in this order."""

    def _choose(self, images, labels):
        order = labels[:COUNT].argsort(kind="stable")
        return images[order], labels[order]

    def _choose_settings(self):
        return {"batch_size": 64, "shuffle": False}


class InvertedValidation(Training):
    """The validation images are white ink on black paper: for the network, paper is 1."""

    def _prepare_validation(self, images):
        return 1 - self._prepare(images)


class ZeroWeights(Training):
    """All first weights are 0."""

    def _first_weights(self, model):
        return [0 * weights for weights in model.get_weights()]


class LargeRate(Training):
    """The learning rate is a hundred times as large as Keras's own."""

    def _optimizer(self):
        return keras.optimizers.RMSprop(learning_rate=0.1)


class SmallRate(Training):
    """The learning rate is a thousand times smaller than Keras's own."""

    def _optimizer(self):
        return keras.optimizers.RMSprop(learning_rate=0.000001)


class TwoSoftmax(Training):
    """The probabilities are taken for scores, and go through softmax once more."""

    def _last_layer(self, x):
        x = layers.Dense(10, activation="softmax")(x)
        return layers.Softmax()(x)


class NoSoftmax(Training):
    """The last layer puts out scores, and the loss takes them for probabilities."""

    def _last_layer(self, x):
        return layers.Dense(10)(x)


class ReluOnScores(Training):
    """ReLU sets scores to 0 before softmax. From a score of 0, no derivative leads back."""

    def _last_layer(self, x):
        x = layers.Dense(10, activation="relu")(x)
        return layers.Softmax()(x)


class RelabelledDigit(Training):
    """The training labels call each 5 a 3."""

    def _choose(self, images, labels):
        images, labels = images[:COUNT], labels[:COUNT]
        return images, np.where(labels == 5, 3, labels)


# The faults that the learner can name, by the letters of the list in the lesson.
FAULTS = {
    "a": PixelsUpTo255,
    "b": ShiftedLabels,
    "c": SortedImages,
    "d": InvertedValidation,
    "e": ZeroWeights,
    "f": LargeRate,
    "g": SmallRate,
    "h": TwoSoftmax,
    "i": NoSoftmax,
    "j": ReluOnScores,
}
# The faults of each network, by its number.
NETWORKS = {
    0: (),
    1: (SortedImages,),
    2: (TwoSoftmax,),
    3: (SmallRate,),
    4: (PixelsUpTo255,),
    5: (InvertedValidation,),
    6: (NoSoftmax,),
    7: (LargeRate,),
    8: (ShiftedLabels,),
    9: (ZeroWeights,),
    10: (ReluOnScores,),
    11: (ShiftedLabels, LargeRate),
    12: (RelabelledDigit,),
}


def open_training(number: int, without: str = "") -> Training:
    """Return the training of a network, from 0, in which nothing is wrong, to 12.

    If `without` is the letter of a fault in the lesson's list, this fault is repaired. ValueError
    is raised for a number that isn't there, and for the letter of a fault that it doesn't have.
    """
    faults = _faults_of(number)
    if without:
        repaired = FAULTS.get(without)
        if repaired not in faults:
            raise ValueError(
                _(
                    "without: got {letter}, expected the letter of a fault that network {number} "
                    "has",
                    letter=repr(without),
                    number=number,
                )
            )
        faults = tuple(fault for fault in faults if fault is not repaired)
    # Two faults of one network override different methods, so both are there.
    return type("Training", (*faults, Training), {})()


def show_fault(number: int) -> None:
    """Print the lines of a network's faults, each below the lines as they should be."""
    for fault in _faults_of(number):
        for name in [name for name in vars(fault) if not name.startswith("__")]:
            print(_("As it should be:"))
            print(_source(Training, name))
            print(_("In network {number}:", number=number))
            print(_source(fault, name))


def _faults_of(number: int) -> tuple[type[Training], ...]:
    if number not in NETWORKS:
        raise ValueError(_("number: got {number}, expected 0 to 12", number=repr(number)))
    return NETWORKS[number]


def _source(owner: type[Training], name: str) -> str:
    source = inspect.getsource(getattr(owner, name))
    return textwrap.indent(textwrap.dedent(source), "    ")


def lose_a_label(labels: np.ndarray) -> np.ndarray:
    """Return labels of shape (n,) from which one in the middle is lost, so later ones are shifted.

    The last label stands there twice, so the shape stays.
    """
    return np.append(np.delete(labels, LOST_LABEL), labels[-1])
