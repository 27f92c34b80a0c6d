"""Build a network from its description in a model file, which is not trusted.

The description is what Keras writes into `config.json`. Keras gets to see a copy of it, in which
every part was checked: it names nothing but the layers of layers.py, has plain settings, and says
which layer takes what. How many numbers the layers give is checked afterwards, by `topology`.
"""

from collections import Counter

from helpers.common import arguments
from helpers.common.backend import keras
from helpers.common.language import _
from helpers.saved.settings import (
    checked_layer,
    described_kind,
    is_operation,
    unknown_operation,
    unknown_part,
)
from helpers.saved.topology import IMAGE, check_size

MAX_DEPTH = 10  # networks within networks
MAX_AXES = 10  # of what a layer takes
# What Keras calls a chain of layers, and a graph of layers: module and class.
SEQUENTIAL = "keras", "Sequential"
FUNCTIONAL = "keras.src.models.functional", "Functional"
TENSOR = "__keras_tensor__"


def build_network(description: dict) -> keras.Model:
    """Build a network that takes images of shape (28, 28, 1).

    Raises ValueError for a description that names anything but listed layers, or has layers that
    don't lead from one input to one output. Keras raises other errors for settings that don't fit.
    """
    if not _is_network(description):
        raise unknown_part(f"{description.get('module')}.{description.get('class_name')}")
    checked, _calls = _checked_network(description, depth=1)
    if description["class_name"] == "Functional":
        return keras.saving.deserialize_keras_object(checked)
    # A chain has no place to say how its layers are called.
    outputs = inputs = keras.Input(IMAGE)
    for part in checked["config"]["layers"]:
        if part["class_name"] != "InputLayer":
            outputs = keras.saving.deserialize_keras_object(part)(outputs, **_call_settings(part))
    return keras.Model(inputs, outputs)


def _is_network(part: dict) -> bool:
    """Return whether a description is of a network of Keras itself, not of a single layer."""
    kind = part.get("module"), part.get("class_name")
    return kind in (SEQUENTIAL, FUNCTIONAL) and part.get("registered_name") in (None, kind[1])


def _call_settings(part: dict) -> dict:
    """Return the settings of the call of a checked part, so that only a training moves images.

    Keras moves them in `model(images)`, too. In a training, `fit` sets this anew.
    """
    is_random = part["class_name"].startswith("Random")
    return {"training": False} if is_random or _is_network(part) else {}


def _checked_network(description: dict, depth: int) -> tuple[dict, int]:
    """Return what Keras may get of a described network, and how many calls of layers it makes."""
    if depth > MAX_DEPTH:
        got, wanted = _("networks within networks"), _("at most {n} levels", n=MAX_DEPTH)
        raise ValueError(arguments.mismatch(_("its parts"), got, wanted))
    config = description["config"]
    is_graph = description["class_name"] == "Functional"
    layers = []
    calls = 0
    for part in config["layers"]:
        checked, inner_calls = _checked_part(part, depth)
        if is_graph:
            checked |= _checked_place(part, checked)
        calls += inner_calls * max(1, len(checked.get("inbound_nodes", ())))
        check_size(calls, 0)
        layers.append(checked)
    kept = {"name": _checked_name(config.get("name")), "layers": layers}
    if is_graph:
        kept |= {key: _checked_end(config[key]) for key in ("input_layers", "output_layers")}
        _check_wires(layers, kept["input_layers"])
    names = {key: description[key] for key in ("module", "class_name")}
    return names | {"registered_name": None, "config": kept}, calls


def _checked_part(part: dict, depth: int) -> tuple[dict, int]:
    """Return what Keras may get of a described layer or network, and how many calls it makes."""
    if _is_network(part):
        return _checked_network(part, depth + 1)
    if is_operation(part.get("module")):
        raise unknown_operation(part["config"].get("name"), str(part["class_name"]))
    if part.get("class_name") != "InputLayer":
        return checked_layer(part), 1
    described_kind(part)
    shape = part["config"]["batch_shape"]
    if depth == 1 and tuple(shape[1:]) != IMAGE:
        got, wanted = f"{shape!r:.100}", (None, *IMAGE)
        raise ValueError(arguments.mismatch(_("its images"), got, wanted))
    sides = shape[1:]
    if len(sides) > MAX_AXES or not all(side is None or type(side) is int for side in sides):
        raise ValueError(arguments.mismatch(_("its images"), f"{shape!r:.100}", _("numbers")))
    settings = {"batch_shape": (None, *sides), "name": _checked_name(part["config"].get("name"))}
    names = {"module": "keras.layers", "class_name": "InputLayer", "registered_name": None}
    return names | {"config": settings}, 0


def _checked_place(part: dict, checked: dict) -> dict:
    """Return the name of a part of a graph, and what each of its calls takes."""
    nodes = [] if checked["class_name"] == "InputLayer" else part["inbound_nodes"]
    calls = [
        {
            "args": _checked_arguments(node["args"]),
            "kwargs": _checked_arguments(node["kwargs"]) | _call_settings(checked),
        }
        for node in nodes
    ]
    return {"name": _checked_name(part["name"]), "inbound_nodes": calls}


def _checked_arguments(value):
    """Return the arguments of a described call, which are tensors, numbers, lists and dicts."""
    if isinstance(value, dict) and value.get("class_name") == TENSOR:
        config = value["config"]
        name, call, output = config["keras_history"]
        source = [_checked_name(name), _checked_index(call), _checked_index(output)]
        # Keras puts what the layer gives in the place of this shape.
        placeholder = {"shape": [None], "dtype": "float32", "keras_history": source}
        return {"class_name": TENSOR, "config": placeholder}
    if isinstance(value, dict) and "class_name" not in value:
        return {_checked_name(key): _checked_arguments(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_checked_arguments(part) for part in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    raise unknown_part(value)


def _check_wires(layers: list[dict], input_layers: list) -> None:
    """Raise ValueError unless each call of a graph takes what other calls give, and none waits.

    With Keras 3.7, a circle would never end.
    """
    inputs = [part["name"] for part in layers if part["class_name"] == "InputLayer"]
    if inputs != input_layers[:1] or len({part["name"] for part in layers}) != len(layers):
        got, wanted = _("{n} inputs", n=len(inputs)), _("one input and one output")
        raise ValueError(arguments.mismatch(_("its parts"), got, wanted))
    given = Counter(inputs)  # how many calls of each layer have all that they take
    calls = [(part["name"], _sources(node)) for part in layers for node in part["inbound_nodes"]]
    while calls:
        waiting = []
        late = set()  # the calls of a layer keep their order: others name them by their number
        for layer, sources in calls:
            if layer not in late and all(n < given[source] and not k for source, n, k in sources):
                given[layer] += 1
            else:
                waiting.append((layer, sources))
                late.add(layer)
        if len(waiting) == len(calls):
            got = _("layer {name}, whose inputs no layer gives", name=f"{waiting[0][0]!s:.50}")
            raise ValueError(arguments.mismatch(_("its parts"), got, _("a graph of layers")))
        calls = waiting


def _sources(value) -> list:
    """Return the places of all tensors in a checked call: name, number of the call, 0."""
    if isinstance(value, dict) and value.get("class_name") == TENSOR:
        return [value["config"]["keras_history"]]
    values = value.values() if isinstance(value, dict) else value
    is_nested = isinstance(value, dict | list)
    return [place for part in values for place in _sources(part)] if is_nested else []


def _checked_end(described: list) -> list:
    """Return where the only input or output of a described network is."""
    places = [described] if described and isinstance(described[0], str) else [*described]
    if len(places) != 1:
        got, wanted = _("{n} inputs or outputs", n=len(places)), _("one input and one output")
        raise ValueError(arguments.mismatch(_("its parts"), got, wanted))
    name, call, output = places[0]
    return [_checked_name(name), _checked_index(call), _checked_index(output)]


def _checked_name(name) -> str | None:
    """Return a name of a layer or of an argument. Raises ValueError for anything else."""
    if name is None or (isinstance(name, str) and len(name) <= 200):
        return name
    raise unknown_part(name)


def _checked_index(index) -> int:
    """Return the number of a call or of its output. Raises ValueError for anything else."""
    if type(index) is int and index >= 0:
        return index
    raise unknown_part(index)
