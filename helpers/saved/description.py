"""Build a network from its description in a model file, which is not trusted.

The description is what Keras writes into `config.json`. Keras itself doesn't get to see it. The
graph of layers is read here, and each layer is made by the rules of layers.py. How much it
would give is computed before it is built.
"""

import math

from helpers.common import arguments
from helpers.common.backend import keras
from helpers.common.language import _
from helpers.saved.layers import described_kind, layer_from_description, output_of, unknown_part
from helpers.saved.operations import is_operation, layer_of_operation
from helpers.saved.topology import IMAGE, check_size

MAX_DEPTH = 10  # networks within networks
# What Keras calls a chain of layers, and a graph of layers: module and class.
SEQUENTIAL = "keras", "Sequential"
FUNCTIONAL = "keras.src.models.functional", "Functional"
TENSOR = "__keras_tensor__"


class NetworkReader:
    """What was built of a network so far, with how many layers and outputs."""

    def __init__(self):
        self.layers = self.outputs = 0
        self.sizes = {}  # layers and outputs of each network within the network

    def read(self, description: dict, image: keras.KerasTensor) -> keras.Model:
        """Build a network that takes images such as `image`.

        Raises ValueError for a description that names anything but listed layers, has layers that
        don't lead from one input to one output, or makes more numbers than a layer may make.
        """
        if not _is_network(description):
            raise unknown_part(f"{description.get('module')}.{description.get('class_name')}")
        if description["class_name"] == "Sequential":
            _layers, output = self._chain(description["config"]["layers"], image, depth=1)
            return keras.Model(image, output)
        return keras.Model(image, self._graph(description, image, depth=1))

    def _network(self, description: dict, image: keras.KerasTensor, depth: int) -> keras.Model:
        """Build a network within a network, for images such as `image`."""
        if depth > MAX_DEPTH:
            got, wanted = _("networks within networks"), _("at most {n} levels", n=MAX_DEPTH)
            raise ValueError(arguments.mismatch(_("its parts"), got, wanted))
        before = self.layers, self.outputs
        name = str(description["config"].get("name"))
        inputs = keras.Input(image.shape[1:])
        if description["class_name"] == "Sequential":
            layers, _output = self._chain(description["config"]["layers"], inputs, depth)
            network = keras.Sequential([keras.Input(image.shape[1:]), *layers], name=name)
        else:
            network = keras.Model(inputs, self._graph(description, inputs, depth), name=name)
        self.sizes[network] = self.layers - before[0], self.outputs - before[1]
        self.layers, self.outputs = before  # its call counts
        return network

    def _chain(self, parts: list, image: keras.KerasTensor, depth: int) -> tuple[list, object]:
        """Build layers that follow one another; return them, and what the last one gives."""
        layers = []
        output = image
        for k, part in enumerate(parts):
            if k == 0 and part["class_name"] == "InputLayer":
                _check_images(part, depth)
            else:
                layer = self._layer(part, [output], depth)
                output = self._call(layer, [output], {})
                layers.append(layer)
        return layers, output

    def _graph(self, description: dict, image: keras.KerasTensor, depth: int) -> keras.KerasTensor:
        """Build the layers of a graph, each once there is all that it takes; return the output."""
        parts = description["config"]["layers"]
        calls = [(part, node) for part in parts for node in part["inbound_nodes"]]
        check_size(len(calls), 0)
        inputs = [part for part in parts if part["class_name"] == "InputLayer"]
        names = {part["name"] for part in parts}
        ends = [description["config"][key] for key in ("input_layers", "output_layers")]
        (input_end,), (output_end,) = (_ends(end) for end in ends)
        if len(inputs) != 1 or input_end[0] != inputs[0]["name"] or len(names) != len(parts):
            got, wanted = _("{n} inputs", n=len(inputs)), _("one input and one output")
            raise ValueError(arguments.mismatch(_("its parts"), got, wanted))
        _check_images(inputs[0], depth)
        layers, values = {}, {inputs[0]["name"]: [image]}
        while calls:
            waiting = []
            late = set()  # the calls of a layer keep their order: others name them by their number
            for part, node in calls:
                if part["name"] not in late and all(
                    _value(place, values) is not None for place in _sources(node)
                ):
                    output = self._call_described(part, node, layers, values, depth)
                    values.setdefault(part["name"], []).append(output)
                else:
                    waiting.append((part, node))
                    late.add(part["name"])
            if len(waiting) == len(calls):
                got = _("layer {name}, whose inputs no layer gives", name=f"{part['name']!s:.50}")
                raise ValueError(arguments.mismatch(_("its parts"), got, _("a graph of layers")))
            calls = waiting
        # As an end, Keras counts the calls of a functional network from 1, and otherwise from 0.
        is_functional = {p["name"]: (p["module"], p["class_name"]) == FUNCTIONAL for p in parts}
        name, call, place = output_end
        output = _value((name, call - is_functional.get(name, False), place), values)
        if output is None:
            raise ValueError(
                arguments.mismatch(_("its parts"), output_end, _("one input and one output"))
            )
        return output

    def _call_described(self, part, node, layers, values, depth) -> keras.KerasTensor:
        """Call a described layer, which is built at its first call."""
        args, kwargs = _filled(node["args"], values), _filled(node["kwargs"], values)
        if not isinstance(args, list) or not isinstance(kwargs, dict):
            raise unknown_part(args)
        if is_operation(part.get("module")):
            settings = part["config"]
            layer, args = layer_of_operation(part["class_name"], settings, args)
            return self._call(layer, args, {})
        name = part["name"]
        if name not in layers:
            layers[name] = self._layer(part, args, depth)
        return self._call(layers[name], args, kwargs)

    def _layer(self, part: dict, args: list, depth: int) -> keras.layers.Layer:
        """Make a described layer, or a network within the network for such arguments."""
        if _is_network(part):
            (image,) = keras.tree.flatten(args)
            return self._network(part, image, depth + 1)
        return layer_from_description(part)

    def _call(self, layer: keras.layers.Layer, args: list, kwargs: dict) -> keras.KerasTensor:
        """Call a layer, if what it gives isn't too much."""
        layers, outputs = self.sizes.get(layer, (1, 0))
        if layer not in self.sizes:
            outputs = math.prod(output_of(layer, args, kwargs).shape[1:])
        self.layers += layers
        self.outputs += outputs
        check_size(self.layers, self.outputs)
        # Otherwise `model(images)` would turn and move the images as in a training. In a training,
        # `fit` sets this anew.
        if layer in self.sizes or type(layer).__name__.startswith("Random"):
            kwargs = kwargs | {"training": False}
        return layer(*args, **kwargs)


def _is_network(description: dict) -> bool:
    """Return whether a description is of a network of Keras itself, not of a single layer."""
    kind = description.get("module"), description.get("class_name")
    registered = description.get("registered_name") or kind[1]
    return kind in (SEQUENTIAL, FUNCTIONAL) and registered == kind[1]


def _check_images(part: dict, depth: int) -> None:
    """Raise ValueError unless the input of a network, which no other holds, is for MNIST's."""
    described_kind(part)
    got, wanted = part["config"]["batch_shape"], (None, *IMAGE)
    if depth == 1 and tuple(got[1:]) != IMAGE:
        raise ValueError(arguments.mismatch(_("its images"), f"{got!r:.100}", wanted))


def _ends(described) -> list:
    """Return where the inputs or outputs of a described network are, as a list with one place."""
    places = [described] if described and isinstance(described[0], str) else [*described]
    if len(places) != 1:
        got, wanted = _("{n} inputs or outputs", n=len(places)), _("one input and one output")
        raise ValueError(arguments.mismatch(_("its parts"), got, wanted))
    return places


def _sources(value) -> list:
    """Return the places of all tensors in a described call: name, number of the call, 0."""
    if isinstance(value, dict) and value.get("class_name") == TENSOR:
        return [value["config"]["keras_history"]]
    values = value.values() if isinstance(value, dict) else value
    is_nested = isinstance(value, dict | list)
    return [place for part in values for place in _sources(part)] if is_nested else []


def _value(place, values: dict[str, list]) -> keras.KerasTensor | None:
    """Return what a call gave, or None where there was no such call yet."""
    name, call, output = place
    given = values.get(name, [])
    is_there = isinstance(call, int) and 0 <= call < len(given) and output == 0
    return given[call] if is_there else None


def _filled(value, values: dict[str, list]):
    """Return the arguments of a described call, with a tensor in the place of each description."""
    if isinstance(value, dict) and value.get("class_name") == TENSOR:
        return _value(value["config"]["keras_history"], values)
    if isinstance(value, dict) and "class_name" not in value:
        return {key: _filled(part, values) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, values) for part in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    raise unknown_part(value)
