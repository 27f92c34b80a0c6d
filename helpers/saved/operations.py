"""Operations of Keras in a network, such as `x + y` or `x / 255`, and layers that do the same.

Keras notes an operation in a network as a step that is no layer. Reading a network puts a layer in
its place, so that all rules for layers hold.
"""

import numpy as np

from helpers.common import arguments
from helpers.common.backend import keras
from helpers.common.language import _

# Operations on two arrays. A layer of the same name does the same.
BINARY_OPERATIONS = "Add", "Subtract", "Multiply", "Maximum", "Minimum"
ACTIVATION_OPERATIONS = "Relu", "Sigmoid", "Tanh", "Softmax", "Selu", "Silu", "Softplus"
# Layers that do the same as an operation, or nearly. They are what a learner may use instead.
LAYERS_INSTEAD = {
    "Maximum": "keras.layers.Maximum() / keras.layers.ReLU()",
    "Minimum": "keras.layers.Minimum()",
    "Mean": "keras.layers.GlobalAveragePooling2D()",
    "Max": "keras.layers.GlobalMaxPooling2D() / keras.layers.Maximum()",
    "Reshape": "keras.layers.Reshape(...)",
    "Transpose": "keras.layers.Permute(...)",
    "GetItem": "keras.layers.Cropping2D(...)",
    "Pad": "keras.layers.ZeroPadding2D(...)",
    "Negative": "keras.layers.Rescaling(-1)",
    "Power": "keras.layers.Multiply()([x, x])",
    "Square": "keras.layers.Multiply()([x, x])",
}
MODULES = "keras.src.ops.numpy", "keras.src.ops.nn", "keras.src.activations.activations"


def is_operation(module: str) -> bool:
    """Return whether a module of Keras has operations instead of layers."""
    return isinstance(module, str) and module in MODULES


def layer_of_operation(kind: str, settings: dict, args: list) -> tuple[keras.layers.Layer, list]:
    """Return a layer that does the same as an operation, and the arguments of its call.

    `settings` are the operation's own, with its `name`. `args` are its arguments, a KerasTensor for
    each array. Raises ValueError, which names the operation, if no layer does the same.
    """
    name = str(settings.get("name"))
    tensors = [value for value in args if isinstance(value, keras.KerasTensor)]
    numbers = int, float, np.integer, np.floating
    has_number = len(args) == 2 and any(isinstance(value, numbers) for value in args)
    if kind in BINARY_OPERATIONS and len(args) == len(tensors) == 2:
        return getattr(keras.layers, kind)(name=name), [tensors]
    if len(tensors) == 1 and has_number:
        number = args[1] if args[0] is tensors[0] else args[0]
        scale_and_offset = _scale_and_offset(kind, number, is_first=args[0] is number)
        if scale_and_offset:
            scale, offset = map(float, scale_and_offset)
            return keras.layers.Rescaling(scale, offset, name=name), tensors
    # An activation with settings, such as an upper limit, is another one.
    is_plain = all(not value for key, value in settings.items() if key not in ("name", "axis"))
    is_plain = is_plain and settings.get("axis", -1) == -1
    if kind.capitalize() in ACTIVATION_OPERATIONS and len(args) == 1 and is_plain:
        return keras.layers.Activation(kind.lower(), name=name), tensors
    if kind == "Concatenate" and isinstance(settings.get("axis"), int):
        return keras.layers.Concatenate(axis=settings["axis"], name=name), args
    label = _("model, operation {name}", name=f"{name:.50}")
    arrays = [
        value
        for value in args
        if kind in (*BINARY_OPERATIONS, "TrueDivide", "Divide")
        and not isinstance(value, keras.KerasTensor)
        and np.ndim(value)
    ]
    if arrays:
        got = _("an array of shape {shape}", shape=np.shape(arrays[0]))
        wanted = _(
            "a single number, or the output of a layer. A saved network keeps arrays only as the "
            "weights and settings of layers. Use keras.layers.Rescaling(scale, offset), which "
            "takes a number for each map, too"
        )
        raise ValueError(arguments.mismatch(label, got, wanted))
    wanted = _("a layer of keras.layers, such as Add, Rescaling, Activation or Reshape")
    if kind in LAYERS_INSTEAD:
        wanted = LAYERS_INSTEAD[kind]
    raise ValueError(arguments.mismatch(label, f"keras.ops {kind:.50}", wanted))


def _scale_and_offset(kind: str, number: float, is_first: bool) -> tuple[float, float] | None:
    """Return by what an operation with a number multiplies, and what it adds."""
    if kind == "Add":
        return 1.0, number
    if kind == "Multiply":
        return number, 0.0
    if kind == "Subtract":
        return (-1.0, number) if is_first else (1.0, -number)
    if kind in ("TrueDivide", "Divide") and not is_first and number:
        return 1 / number, 0.0
    return None
