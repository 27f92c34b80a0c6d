"""A network as a graph: the calls of its layers, and what each of them takes."""

import math

import numpy as np

from helpers.common import arguments, classes
from helpers.common.backend import keras
from helpers.common.language import _
from helpers.saved.layer_call import LayerCall, unexpected
from helpers.saved.layer_kinds import describe_activation
from helpers.saved.layers import KINDS
from helpers.saved.settings import (
    checked_layer,
    is_operation,
    unknown_function,
    unknown_operation,
)

IMAGE = (28, 28, 1)  # height, width and channels of an image that a network reads
# The limits are far above what a lesson needs. They keep a crafted file from filling the memory.
MAX_LAYERS = 500  # calls of layers
MAX_OUTPUTS = 1_000_000  # numbers that a layer makes for one image
MAX_ALL_OUTPUTS = 20_000_000  # numbers that all layers make for one image


def topology(model: keras.Model) -> list[LayerCall]:
    """Return the calls of layers in a network, each behind those whose outputs it takes.

    The last one gives the probabilities. A layer that is used twice makes two calls. A network
    within the network is opened into its layers.

    Raises ValueError, which names the layer, for one of these reasons:

    - The network doesn't lead from images of shape (28, 28, 1) to the probabilities of 2 to 26
      classes.
    - It has a layer that `layers.py` doesn't list, or a layer with other settings or shapes.
    - Some of its weights are not finite.
    """
    _check_kind(model)
    _check_input(model)
    graph = _Graph()
    graph.open(model, [0])
    # A Reshape before an LSTM gives no maps only because the LSTM wants none. The LSTM is named.
    for call in graph.calls:
        _check_call(call)
    _check_last(graph.calls, model)
    classes.names_of_model(model)
    for layer in dict.fromkeys(call.layer for call in graph.calls):
        for array in layer.get_weights():
            _check_weights(layer, array)
    return graph.calls


def _check_weights(layer: keras.layers.Layer, array: np.ndarray) -> None:
    """Raise ValueError, which says what to do, unless the weights of a layer are finite."""
    try:
        name = _("model, the weights of layer {layer}", layer=layer.name)
        arguments.check_numbers(name, array, array.shape)
    except ValueError as error:
        problem = _(
            "{problem}. To mend this, build the network anew, lower the learning rate, and train "
            "it again",
            problem=error,
        )
        raise ValueError(problem) from None


def _check_kind(model: keras.Model, label: str = "model") -> None:
    """Raise ValueError unless a model is one of Keras's own, with one input and one output.

    The error begins with the label.
    """
    wanted = _("keras.Sequential or keras.Model(inputs, outputs) with one input and one output")
    if not isinstance(model, keras.Model):
        raise ValueError(arguments.mismatch(label, type(model).__name__, wanted))
    if not type(model).__module__.startswith("keras."):
        wanted = _(
            "keras.Sequential or keras.Model(inputs, outputs). A file can't hold the code of your "
            "own class. Call your layers on keras.Input((28, 28, 1)) one after the other, and make "
            "keras.Model(inputs, outputs) of the first and the last tensor"
        )
        raise ValueError(arguments.mismatch(label, type(model).__name__, wanted))
    inputs = getattr(model, "inputs", None) or ()
    outputs = getattr(model, "outputs", None) or ()
    if isinstance(model, keras.Sequential) and not inputs:
        got = _("a keras.Sequential that doesn't know yet how large its images are")
        wanted = _("keras.Input((28, 28, 1)) before its first layer")
        raise ValueError(arguments.mismatch(label, got, wanted))
    if len(inputs) != 1 or len(outputs) != 1:
        counts = {"inputs": len(inputs), "outputs": len(outputs)}
        got = _("{inputs} input(s) and {outputs} output(s)", **counts)
        raise ValueError(arguments.mismatch(label, got, wanted))


def _check_input(model: keras.Model) -> None:
    """Raise ValueError unless a model takes MNIST's images."""
    dtype = model.inputs[0].dtype
    if "float" not in dtype:
        raise ValueError(arguments.mismatch(_("model, dtype of its input"), dtype, "float32"))
    shape = model.inputs[0].shape[1:]
    if shape != IMAGE:
        wanted = IMAGE
        if shape == IMAGE[:2]:
            wanted = _("(28, 28, 1). Write keras.Input((28, 28, 1))")
        raise ValueError(arguments.mismatch(_("model, shape of its images"), shape, wanted))


def _check_last(calls: list[LayerCall], model: keras.Model) -> None:
    """Raise ValueError unless a network ends in the probabilities of 2 to 26 classes."""
    shape = calls[-1].output_shape if calls else IMAGE
    layer = calls[-1].layer if calls else model
    if len(shape) != 1 or not 2 <= shape[0] <= classes.MAX_CLASSES:
        wanted = _("a vector of 2 to {most} probabilities", most=classes.MAX_CLASSES)
        if shape and math.prod(shape[:-1]) == 1 and 2 <= shape[-1] <= classes.MAX_CLASSES:
            wanted = _("{wanted}. Put keras.layers.Flatten() at the end", wanted=wanted)
        raise unexpected(layer, shape, wanted)
    if _gives_probabilities(layer):
        return
    activation = getattr(layer, "activation", keras.activations.linear)
    wanted = _(
        "probabilities, because the lesson shows the probability of each class. Write "
        'activation="softmax" into the last Dense layer, or add keras.layers.Softmax() at the end'
    )
    if activation is keras.activations.linear:
        wanted = _(
            "probabilities, because the lesson shows the probability of each class. Write "
            'activation="softmax" into the last Dense layer. If the network is trained already, '
            "keras.Sequential([model, keras.layers.Softmax()]) keeps what it has learned"
        )
    if any(_gives_probabilities(calls[source - 1].layer) for source in calls[-1].sources if source):
        got = _("numbers that are made of probabilities, and may not add up to 1")
        wanted = _("softmax in the last layer, and in no layer before it")
        raise unexpected(layer, got, wanted)
    name = getattr(activation, "__name__", str(activation))
    raise unexpected(layer, _("scores (activation={name})", name=name), wanted)


def _gives_probabilities(layer: keras.layers.Layer) -> bool:
    """Return whether a layer ends in softmax."""
    return describe_activation(layer)["activation"] == "softmax"


class _Graph:
    """The calls of layers in a network, as Keras's graph leads from its outputs to its inputs.

    Each call of a layer is a node of Keras's graph, and each tensor knows the node that gave it.
    """

    def __init__(self):
        self.calls = []
        self.values = [keras.KerasTensor((None, *IMAGE))]  # the image, and what each call gives

    def open(self, model: keras.Model, inputs: list[int]) -> int:
        """Add the calls of a model that takes the values at `inputs`; return where its output is.

        Raises ValueError if it has a layer that can't be read, several outputs or too many layers.
        """
        places = {id(tensor): place for tensor, place in zip(model.inputs, inputs, strict=True)}
        waiting = [*model.outputs]
        while waiting:
            layer, node_index, _output_index = waiting[-1]._keras_history
            node = layer._inbound_nodes[node_index]
            unknown = [tensor for tensor in node.input_tensors if id(tensor) not in places]
            if id(waiting[-1]) in places:
                waiting.pop()
            elif unknown:
                waiting += reversed(unknown)
            else:
                places[id(waiting[-1])] = self._add(layer, node, places)
        return places[id(model.outputs[0])]

    def _add(self, layer: keras.layers.Layer, node, places: dict[int, int]) -> int:
        """Add a call of a layer; return the place of its output."""
        sources = [places[id(tensor)] for tensor in node.input_tensors]
        if isinstance(layer, keras.Model):
            _check_kind(layer, _("model, layer {layer}", layer=layer.name))
            return self.open(layer, sources)
        if is_operation(type(layer).__module__):
            raise unknown_operation(layer.name, type(layer).__name__)
        _check_layer(layer)
        args, kwargs = node.arguments.convert(
            lambda value: self.values[places[id(value)]] if id(value) in places else value
        )
        output = output_of(layer, args, kwargs)
        input_shapes = tuple(self.values[place].shape[1:] for place in sources)
        self.calls.append(LayerCall(layer, tuple(sources), input_shapes, output.shape[1:]))
        self.values.append(output)
        check_size(len(self.calls), sum(math.prod(call.output_shape) for call in self.calls))
        return len(self.calls)


def output_of(layer: keras.layers.Layer, args, kwargs) -> keras.KerasTensor:
    """Return what a layer would give, with its shape but no numbers; nothing is built.

    `args` and `kwargs` are those of its call, with a KerasTensor for each array. Raises ValueError,
    which names the layer, if it gives more than `MAX_OUTPUTS` numbers for an image, or makes as
    many inside.
    """
    output = layer.compute_output_spec(*args, **kwargs)
    shape = output.shape[1:]
    is_whole = all(isinstance(side, int) and side > 0 for side in shape)
    inner = 0  # numbers that a separable convolution makes before those that it gives
    if isinstance(layer, keras.layers.SeparableConv2D):
        channels = keras.tree.flatten((args, kwargs))[0].shape[-1]
        inner = math.prod(shape[:-1]) * channels * layer.depth_multiplier
    if not is_whole or math.prod(shape) + inner > MAX_OUTPUTS:
        raise unexpected(layer, shape, _("at most {n} numbers for an image", n=MAX_OUTPUTS))
    return output


def _check_call(call: LayerCall) -> None:
    """Raise ValueError, which names the layer, for shapes that the page can't show."""
    layer, shape = call.layer, call.output_shape
    if len(shape) not in (1, 3):
        raise unexpected(layer, shape, _("a vector, or maps"))
    if len(shape) > 1 and _gives_probabilities(layer):
        wanted = _(
            "no softmax here. Put keras.layers.Flatten() and keras.layers.Softmax() at the end"
        )
        raise unexpected(layer, _("softmax of maps"), wanted)
    check = KINDS[type(layer).__name__].check
    if check:
        check(call)


def check_size(layers: int, outputs: int) -> None:
    """Raise ValueError if a network has too many layers, or its layers make too many numbers."""
    if layers > MAX_LAYERS:
        got, wanted = _("more than {n} layers", n=MAX_LAYERS), _("at most {n}", n=MAX_LAYERS)
        raise ValueError(arguments.mismatch("model", got, wanted))
    if outputs > MAX_ALL_OUTPUTS:
        wanted = _("at most {n} numbers for an image in all layers", n=MAX_ALL_OUTPUTS)
        raise ValueError(arguments.mismatch("model", outputs, wanted))


def _check_layer(layer: keras.layers.Layer) -> None:
    """Raise ValueError, which names the layer, unless a file with it can be read again."""
    kind = type(layer).__name__
    if type(layer) is not getattr(keras.layers, kind, None):
        wanted = _("a layer of keras.layers; a file can't hold the code of another one")
        raise unexpected(layer, f"{type(layer).__module__}.{kind}", wanted)
    mode = getattr(layer, "quantization_mode", None)
    if mode:  # its weights are not those of its kernel
        raise unexpected(layer, f"quantization_mode={mode}", "quantization_mode=None")
    try:
        checked_layer(keras.saving.serialize_keras_object(layer))
        _check_function(getattr(layer, "activation", None))
    except ValueError as error:
        problem = _(
            "model, layer {layer}: {problem}. Only such a layer can be read again",
            layer=layer.name,
            problem=error,
        )
        raise ValueError(problem) from None


def _check_function(function) -> None:
    """Raise ValueError if a function has the name of an activation of Keras, but another result.

    Keras saves a function by its name if the name is one of its own. So a function of the same name
    would come back as Keras's.
    """
    name = getattr(function, "__name__", "")
    of_keras = getattr(keras.activations, name, function)
    if of_keras is function:
        return
    numbers = np.linspace(-3, 3, 7, dtype="float32")[None]
    results = [keras.ops.convert_to_numpy(one(numbers)) for one in (function, of_keras)]
    if not np.allclose(*results, atol=1e-5):
        raise unknown_function(name)
