"""The address that opens a training view at its settings, a step and a number of that step."""

from numbers import Integral

import numpy as np

from helpers.common.language import _

# For each network of architectures.js: for the image and each layer, the shape of its numbers and
# the shape of its kernel.
IMAGE = (28, 28, 1), None
NETWORKS = {
    "one": [IMAGE, ((784,), None), ((10,), (784, 10))],
    "small": [
        *(IMAGE, ((24, 24, 16), (5, 5, 1, 16)), ((8, 8, 16), None)),
        *(((6, 6, 64), (3, 3, 16, 64)), ((3, 3, 64), None), ((576,), None), ((10,), (576, 10))),
    ],
    "lesson": [
        *(IMAGE, ((26, 26, 32), (3, 3, 1, 32)), ((13, 13, 32), None)),
        *(((11, 11, 64), (3, 3, 32, 64)), ((5, 5, 64), None)),
        *(((3, 3, 128), (3, 3, 64, 128)), ((1152,), None), ((10,), (1152, 10))),
    ],
    "lenet5": [
        *(IMAGE, ((28, 28, 6), (5, 5, 1, 6)), ((14, 14, 6), None)),
        *(((10, 10, 16), (5, 5, 6, 16)), ((5, 5, 16), None), ((400,), None)),
        *(((120,), (400, 120)), ((84,), (120, 84)), ((10,), (84, 10))),
    ],
}
# What training_view.js lets one choose.
IMAGES = ["mnist", "few", "shuffled"]
RATES = [0.00001, 0.0007, 0.001, 0.003, 0.1]
BATCH_SIZES = [16, 32, 64, 256]
MAX_STEPS = 20
MAX_SEED = 999_999_999


def write_address(
    network="small",
    images="mnist",
    *,
    learning_rate=0.003,
    batch_size=64,
    seed=1,
    step=0,
    image=0,
    weight=None,
    bias=None,
    number=None,
) -> str:
    """Return the address of settings, and of what is opened after so many steps.

    At most one of `weight`, `bias` and `number` isn't None. It is a tuple of a layer, where layer 0
    is the image, and of an index in that layer.

    Raises ValueError, which names the argument, for what the view doesn't have.
    """
    network = _check_choice("network", network, list(NETWORKS))
    images = _check_choice("images", images, IMAGES)
    learning_rate = _check_choice("learning_rate", learning_rate, RATES)
    batch_size = _check_choice("batch_size", batch_size, BATCH_SIZES)
    seed = _check_range("seed", seed, 1, MAX_SEED)
    step = _check_range("step", step, 0, MAX_STEPS)
    image = _check_range("image", image, 0, batch_size - 1)
    rate = np.format_float_positional(learning_rate, trim="-")
    text = f"{network},{images},{rate},{batch_size},{seed}"
    if step:
        text += f"&step={step}"
    places = {"weight": weight, "bias": bias, "number": number}
    opened = {name: place for name, place in places.items() if place is not None}
    if len(opened) > 1:
        raise ValueError(_("Give one of weight, bias and number, not several."))
    for name, place in opened.items():
        if not step:
            raise ValueError(_("The view shows a {name} of a step. Give step=1 too.", name=name))
        _check_place(name, place, NETWORKS[network])
        text += f"&{name}={','.join(str(int(number)) for number in place)}"
        if image:
            text += f"&image={image}"
    return text


def _check_choice(name: str, value, choices: list):
    """Return the choice that equals a value, or raise ValueError, which names the argument."""
    if value not in choices:
        raise ValueError(
            _(
                "{name} should be one of {choices}, not {value!r}.",
                name=name,
                choices=", ".join(map(repr, choices)),
                value=value,
            )
        )
    return choices[choices.index(value)]  # 64 in place of 64.0


def _check_range(name: str, value, least: int, most: int) -> int:
    """Return a whole number of a range as it is, or raise ValueError, which names the argument."""
    if not isinstance(value, Integral) or not least <= value <= most:
        raise ValueError(
            _(
                "{name} should be a whole number from {least} to {most}, not {value!r}.",
                name=name,
                least=least,
                most=most,
                value=value,
            )
        )
    return int(value)


def _check_place(name: str, place, layers: list[tuple]) -> None:
    """Raise ValueError, which names the argument, unless a network has such a place.

    `layers` is a network of `NETWORKS`.
    """
    is_tuple = isinstance(place, tuple) and len(place) >= 2
    if not is_tuple or not all(isinstance(n, Integral) and n >= 0 for n in place):
        raise ValueError(
            _(
                "{name} should be a tuple such as (1, 0, 0, 0, 5), not {value!r}.",
                name=name,
                value=place,
            )
        )
    layer, *index = map(int, place)
    numbers, kernel = layers[layer] if layer < len(layers) else (None, None)
    shapes = {"weight": kernel, "bias": kernel and kernel[-1:], "number": numbers}
    shape = shapes[name]
    if shape is None:
        raise ValueError(_("Layer {layer} of this network has no {name}.", layer=layer, name=name))
    if len(index) != len(shape) or any(n >= m for n, m in zip(index, shape, strict=True)):
        raise ValueError(
            _(
                "{name}={value} isn't there. After the layer, {layer}, comes an index in an array "
                "of the shape {shape}.",
                name=name,
                value=place,
                layer=layer,
                shape=shape,
            )
        )
