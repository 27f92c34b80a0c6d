"""The address that opens a training view at its settings, a step and a number of that step."""

import math
from numbers import Integral

import numpy as np

from helpers.common import classes
from helpers.common.files import read_shared
from helpers.common.language import _

ARCHITECTURES = read_shared("architectures")
CHOICES = read_shared("training_choices")
DEFAULTS = CHOICES["defaults"]


def write_address(
    network="small",
    images=DEFAULTS["source"],
    *,
    learning_rate=DEFAULTS["learning_rate"],
    batch_size=DEFAULTS["batch_size"],
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
    network = _check_choice("network", network, list(ARCHITECTURES))
    images = _check_choice("images", images, CHOICES["digit_sources"])
    learning_rate = _check_choice("learning_rate", learning_rate, CHOICES["learning_rates"])
    batch_size = _check_choice("batch_size", batch_size, CHOICES["batch_sizes"])
    seed = _check_range("seed", seed, 1, CHOICES["max_seed"])
    step = _check_range("step", step, 0, CHOICES["max_steps"])
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
        _check_place(name, place, layer_shapes(ARCHITECTURES[network]))
        text += f"&{name}={','.join(str(int(number)) for number in place)}"
        if image:
            text += f"&image={image}"
    return text


def layer_shapes(architecture: list[dict]) -> list[tuple]:
    """Return for the image and each layer the shape of its numbers, and the shape of its kernel.

    `architecture` is a network of architectures.json. A layer without weights has None in place of
    the second shape.
    """
    shape = 28, 28, 1
    shapes = [(shape, None)]
    for layer in architecture:
        kernel = None
        if layer["kind"] == "Conv2D":
            side = layer["kernel_size"]
            kernel = side, side, shape[-1], layer["filters"]
            loss = 0 if layer.get("padding") == "same" else side - 1  # of rows and columns
            shape = shape[0] - loss, shape[1] - loss, layer["filters"]
        elif layer["kind"] in ("MaxPooling2D", "AveragePooling2D"):
            side = layer["pool_size"]
            shape = shape[0] // side, shape[1] // side, shape[2]
        elif layer["kind"] == "Flatten":
            shape = (math.prod(shape),)
        else:
            units = layer.get("units", len(classes.DIGITS))
            kernel = *shape, units
            shape = (units,)
        shapes.append((shape, kernel))
    return shapes


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

    `layers` is what `layer_shapes` returns.
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
