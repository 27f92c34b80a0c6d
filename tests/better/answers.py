from helpers.backend import keras
from helpers.better.lenet import build_lenet5

layers = keras.layers


def network(*rows):
    """Build a network of layers that follow one another."""
    return keras.Sequential([keras.Input((28, 28, 1)), *rows])


def changed(position, layer):
    """Build LeNet-5 with another layer at a position, from 0."""
    rows = [kind.from_config(kind.get_config()) for kind in build_lenet5().layers[1:]]
    rows[position] = layer
    return network(*rows)


ANSWERS = {
    "by_luck": [(0.37, "Right"), (0.63, "that none does")],
    "pairs_needed": [(42, "Right"), (40, "too few"), (48, "more than needed")],
    "lenet5": [
        (build_lenet5(), "Right"),
        (keras.Sequential(build_lenet5().layers[1:]), "Right"),
        (
            changed(0, layers.Conv2D(6, 5, activation="tanh")),
            "Layer 1 is Conv2D 5x5, tanh, (24, 24, 6). The table has Conv2D 5x5, tanh, (28, 28, 6)",
        ),
        (changed(0, layers.Conv2D(6, 3, padding="same", activation="tanh")), "Conv2D 3x3, tanh"),
        (changed(1, layers.MaxPooling2D(2)), "Layer 2 is MaxPooling2D 2x2, (14, 14, 6)"),
        (changed(6, layers.Dense(84, activation="relu")), "Layer 7 is Dense, relu, (84,)"),
        (changed(6, layers.Dense(84, activation="tanh", use_bias=False)), "has biases"),
        (network(*build_lenet5().layers[1:-1]), "Layer 8 is missing. The table has Dense, softmax"),
        (network(*build_lenet5().layers[1:], layers.Dropout(0.5)), "The table ends after layer 8"),
        (61_706, "asked for: the model"),
    ],
    "parameters_by_layer": [
        ((156, 2416, 48_120, 10_164, 850), "Right"),
        ((150, 2400, 48_000, 10_080, 840), "biases are missing"),
        ((156, 416, 48_120, 10_164, 850), "all six maps, and has"),
        ((156, 1516, 48_120, 10_164, 850), "In the paper"),
        ((156, 2416, 94_200, 10_164, 850), "after Flatten"),
        ((156, 2416, 48_120, 10_164, 1210), "The output layer has 84 inputs"),
        ((156, 2400, 48_120, 10_164, 850), "C1 is right"),
        ((61_706,), "five numbers"),
    ],
}
