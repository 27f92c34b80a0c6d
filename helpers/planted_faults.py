"""Networks with one planted fault, which the learner of notebook 3 looks for."""

import operator

import numpy as np

from helpers.common.language import _

# The faults, in the order of the exercise, which counts them from 1.
FAULTS = ("labels", "pixels", "rate", "softmax", "frozen", "zeros")


def choose_fault(number: int) -> str:
    """Return one of `FAULTS`. The same number always chooses the same one.

    Raises ValueError if `number` isn't a whole number from 0.
    """
    try:
        seed = operator.index(number)
    except TypeError:
        seed = -1
    if seed < 0:
        raise ValueError(
            _(
                "Your number is {number}. Take a whole number from 0, such as 7.",
                number=repr(number),
            )
        )
    block, place = divmod(seed, len(FAULTS))  # six numbers in a row choose all six faults
    return FAULTS[np.random.default_rng(block).permutation(len(FAULTS))[place]]


def plant_fault(number: int, images, labels) -> tuple:
    """Return a compiled untrained network, and 1,000 images with labels, with one fault.

    `number` chooses the fault. `images` have the shape (n, 28, 28, 1), with numbers from 0 to 1,
    and `labels` the shape (n,). The first twenty labels are always right. Raises ValueError if
    `number` isn't a whole number from 0.
    """
    from helpers.common.backend import keras  # the exercises of notebook 1 have no use for it
    from helpers.model import build_model, compile_model

    fault = choose_fault(number)
    images, labels = images[:1000], labels[:1000]
    keras.utils.set_random_seed(0)
    network = build_model()
    if fault == "labels":
        shuffled = np.random.default_rng(0).permutation(labels[20:])
        labels = np.concatenate([labels[:20], shuffled])
    elif fault == "pixels":
        images = 255 * images
    elif fault == "softmax":
        network.layers[-1].activation = keras.activations.linear
    elif fault == "frozen":
        for layer in network.layers:
            if isinstance(layer, keras.layers.Conv2D):
                layer.trainable = False
    elif fault == "zeros":
        network.set_weights([np.zeros_like(weights) for weights in network.get_weights()])
    compile_model(network)
    if fault == "rate":
        network.optimizer.learning_rate = 0.1
    return network, images, labels
