"""Check what a file says of a layer: its kind and its settings. The file is not trusted.

Keras gets to see a checked copy, in which the kind is one of `KINDS`, and its settings are numbers,
short texts, or names of activations in `ACTIVATIONS`. No module, function or file can be named. The
same rules hold for a network that is saved, so that everything that is saved can be read.
"""

from helpers.common import arguments
from helpers.common.language import _
from helpers.saved.layers import ACTIVATIONS, INSTEAD, KINDS

MAX_SETTING = 2**31  # the largest whole number of a setting
MAX_LIST = 10  # entries of a setting that is a list
DTYPES = "float16", "bfloat16", "float32", "float64", "mixed_float16", "mixed_bfloat16"
# How the settings end that only a training needs, or that hold a shape for which Keras would build
# a layer at once. Keras doesn't get to see any of them.
IGNORED_SETTINGS = ("_initializer", "_regularizer", "_constraint", "compile_config", "build_config")
IGNORED_SETTINGS += ("lora_rank", "lora_alpha", "quantization_config")


def checked_layer(description: dict) -> dict:
    """Return what Keras may get of the description of a layer; nothing is made.

    A description has the keys `module`, `class_name`, `registered_name` and `config`, as Keras
    writes them. Raises ValueError, which names the layer, for what isn't on the lists of layers.py.
    """
    kind = described_kind(description)
    if kind == "Lambda":
        wanted = _(
            "a layer without code. A Lambda layer holds a function of your own, which can't be "
            "saved safely. Use layers of Keras instead, such as Rescaling, Activation or Reshape"
        )
        raise unknown_part("keras.layers.Lambda", wanted)
    if kind not in KINDS:
        raise unknown_part(f"keras.layers.{kind}", INSTEAD.get(kind))
    settings = {
        key: value
        for key, value in description["config"].items()
        if not key.endswith(IGNORED_SETTINGS)
    }
    if isinstance(settings.get("seed"), dict):
        del settings["seed"]  # a generator of random numbers, which only a training needs
    checked = {
        key: _checked_setting(settings.get("name"), kind, key, value)
        for key, value in settings.items()
    }
    names = {"module": "keras.layers", "class_name": kind, "registered_name": None}
    return names | {"config": checked}


def described_kind(description: dict) -> str:
    """Return the kind of a described layer of Keras, such as "Dense".

    Raises ValueError if it is of another module, or registered under another name.
    """
    module, kind = description.get("module"), description.get("class_name")
    registered = description.get("registered_name") or kind
    is_of_keras = module == "keras.layers" and registered == kind and isinstance(kind, str)
    if is_of_keras and isinstance(description.get("config"), dict):
        return kind
    is_lambda = kind == "__lambda__" or (kind is None and "value" in description)
    if kind == "function" or is_lambda:
        raise unknown_function(description.get("config"))
    raise unknown_part(f"{module}.{registered}" if module else registered)


def unknown_part(name, wanted: str | None = None) -> ValueError:
    """Return an error that says what a network holds in place of a layer of the list."""
    return ValueError(arguments.mismatch(_("its parts"), f"{name!s:.100}", wanted or _any_kind()))


def _any_kind() -> str:
    return _("one of the lesson's layers, which are {kinds}", kinds=", ".join(KINDS))


def is_operation(module) -> bool:
    """Return whether a module of Keras has operations such as `x + y`, which are no layers."""
    return str(module).startswith(("keras.src.ops.", "keras.src.activations."))


def unknown_operation(name, kind: str) -> ValueError:
    """Return an error that says which layer to use in place of an operation in a network."""
    label = _("model, operation {name}", name=f"{name!s:.50}")
    wanted = INSTEAD.get(kind) or _any_kind()
    return ValueError(arguments.mismatch(label, f"keras.ops {kind:.50}", wanted))


def unknown_function(name) -> ValueError:
    """Return an error that says what to write in place of a function.

    `name` is the function's, or anything else if it has none.
    """
    if not isinstance(name, str):
        name = "<lambda>"
    alike = name.removesuffix("_v2")  # as some names of TensorFlow end
    wanted = _(
        "the name of an activation of Keras, such as {relu}. A function of your own can't be "
        "saved safely",
        relu='activation="relu"',
    )
    if alike in ACTIVATIONS:
        wanted = _("{activation}, which names Keras's own", activation=f'activation="{alike}"')
    is_lambda = name == "<lambda>"
    got = _("a lambda function") if is_lambda else _("the function {name}", name=f"{name:.80}")
    return unknown_part(got, wanted)


def _checked_setting(layer_name: str, kind: str, key: str, value):
    """Return what Keras may get of a setting.

    Raises ValueError, which names the layer and the setting, for anything else.
    """
    if key == "activation" and isinstance(value, dict):
        raise _unknown_activation(value)
    if key == "dtype":
        value = _dtype_name(value)
        is_right, wanted = value in DTYPES, " / ".join(DTYPES)
    elif key == "activation":
        is_right, wanted = value is None or value in ACTIVATIONS, ", ".join(ACTIVATIONS)
    elif key in KINDS[kind].fixed:
        wanted = KINDS[kind].fixed[key]
        is_right = value == wanted
    elif key in KINDS[kind].lists:
        is_right = _is_simple(value, depth=2)
        wanted = _("a number or a list of at most {n} numbers", n=MAX_LIST)
    else:
        is_right, wanted = _is_simple(value), _("a number or a short text")
    if not is_right:
        label = _("layer {layer}, setting {key}", layer=f"{layer_name!s:.50}", key=f"{key:.50}")
        raise ValueError(arguments.mismatch(label, f"{value!r:.100}", wanted))
    return value


def _unknown_activation(description: dict) -> ValueError:
    """Return an error that says what to write in place of a layer, or of anything else."""
    kind = described_kind(description)
    if kind not in ("ReLU", "LeakyReLU", "Softmax"):
        return unknown_part(f"keras.layers.{kind}")
    wanted = _(
        "the name of an activation. Put keras.layers.{kind}(...) behind this layer", kind=kind
    )
    return unknown_part(f"activation=keras.layers.{kind}(...)", wanted)


def _dtype_name(value) -> str:
    """Return the name of a described dtype or policy of dtypes."""
    if isinstance(value, dict):
        is_policy = value.get("module") == "keras" and value.get("class_name") == "DTypePolicy"
        value = value["config"].get("name") if is_policy else value.get("class_name")
    return str(value)


def _is_simple(value, depth: int = 0) -> bool:
    """Return whether a setting is a number, a short text or None, or lists of these to a depth."""
    if isinstance(value, list | tuple):
        return depth > 0 and len(value) <= MAX_LIST and all(_is_simple(v, depth - 1) for v in value)
    if isinstance(value, str):
        return len(value) <= 200
    return value is None or (isinstance(value, int | float) and abs(value) < MAX_SETTING)
