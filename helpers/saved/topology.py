"""A network as a graph: the calls of its layers, and what each of them takes."""

import math
from typing import NamedTuple

import numpy as np

from helpers.common import arguments, classes
from helpers.common.backend import keras
from helpers.common.language import _
from helpers.saved.layers import (
    MAX_ALL_OUTPUTS,
    RECURRENT,
    TRAINING_ONLY,
    checked_settings,
    output_of,
    unexpected,
    unknown_function,
)
from helpers.saved.operations import is_operation, layer_of_operation

IMAGE = (28, 28, 1)  # height, width and channels of an image that a network reads
MAX_LAYERS = 500  # calls of layers; a crafted file could claim millions


class Step(NamedTuple):
    """A call of a layer in a network. All shapes are for one image.

    `sources` are the places of what the layer takes. Place 0 is the image, and place k is the
    output of the k-th step.
    """

    layer: keras.layers.Layer
    sources: tuple[int, ...]
    input_shapes: tuple[tuple[int, ...], ...]
    output_shape: tuple[int, ...]


def topology(model: keras.Model) -> list[Step]:
    """Return the calls of layers in a network, each behind those whose outputs it takes.

    The last one gives the probabilities. A layer that is used twice makes two steps. A network
    within the network is opened into its layers.

    Raises ValueError, which names the layer, for one of these reasons:

    - The network doesn't lead from images of shape (28, 28, 1) to the probabilities of 2 to 26
      classes.
    - It has a layer that `layers.py` doesn't list.
    - Some of its weights are not finite.
    """
    _check_kind(model)
    _check_input(model)
    graph = _Graph()
    graph.open(model, [0])
    _check_last(graph.steps, model)
    classes.names_of_model(model)
    for layer in dict.fromkeys(step.layer for step in graph.steps):
        for array in layer.get_weights():
            _check_weights(layer, array)
    return graph.steps


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
    is_of_keras = isinstance(model, keras.Model) and type(model).__module__.startswith("keras.")
    inputs = getattr(model, "inputs", None) or ()
    outputs = getattr(model, "outputs", None) or ()
    if is_of_keras and isinstance(model, keras.Sequential) and not inputs:
        got = _("a keras.Sequential that doesn't know yet how large its images are")
        wanted = _("keras.Input((28, 28, 1)) before its first layer")
        raise ValueError(arguments.mismatch(label, got, wanted))
    got = type(model).__name__
    wanted = _("keras.Sequential or keras.Model(inputs, outputs) with one input and one output")
    if not is_of_keras and isinstance(model, keras.Model):
        wanted = _(
            "keras.Sequential or keras.Model(inputs, outputs). A file can't hold the code of your "
            "own class. Call your layers on keras.Input((28, 28, 1)) one after the other, and make "
            "keras.Model(inputs, outputs) of the first and the last tensor"
        )
    if is_of_keras:
        counts = {"inputs": len(inputs), "outputs": len(outputs)}
        got = _("{inputs} input(s) and {outputs} output(s)", **counts)
    if not is_of_keras or len(inputs) != 1 or len(outputs) != 1:
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
            wanted = _(
                "(28, 28, 1). Write keras.Input((28, 28, 1)), and put "
                "keras.layers.Reshape((28, 28)) behind it"
            )
        raise ValueError(arguments.mismatch(_("model, shape of its images"), shape, wanted))


def _check_last(steps: list[Step], model: keras.Model) -> None:
    """Raise ValueError unless a network ends in the probabilities of 2 to 26 classes."""
    shape = steps[-1].output_shape if steps else IMAGE
    layer = steps[-1].layer if steps else model
    if len(shape) != 1 or not 2 <= shape[0] <= classes.MAX_CLASSES:
        wanted = _("a vector of 2 to {most} probabilities", most=classes.MAX_CLASSES)
        if shape and math.prod(shape[:-1]) == 1 and 2 <= shape[-1] <= classes.MAX_CLASSES:
            wanted = _("{wanted}. Put keras.layers.Flatten() at the end", wanted=wanted)
        raise unexpected(layer, shape, wanted)
    sums = _sums_of_outputs(steps)
    if math.isclose(sums[-1] or 0, 1):
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
    if steps and any(sums[place] for place in steps[-1].sources):
        got = _("numbers that are made of probabilities, and may not add up to 1")
        wanted = _(
            "probabilities. keras.layers.Average() makes probabilities of the probabilities that "
            "several layers give"
        )
        raise unexpected(layer, got, wanted)
    name = getattr(activation, "__name__", str(activation))
    raise unexpected(layer, _("scores (activation={name})", name=name), wanted)


def _sums_of_outputs(steps: list[Step]) -> list[float | None]:
    """Return the sum of the numbers at each place of a network, if it is the same for all images.

    It is known for softmax, and for layers that only keep or average what softmax gives. There, no
    number is below 0. Otherwise it is None.
    """
    sums = [None]  # of the image, and of the output of each step
    for layer, sources, input_shapes, shape in steps:
        sums.append(_sum_of_step(layer, [sums[k] for k in sources], input_shapes, shape))
    return sums


def _sum_of_step(layer: keras.layers.Layer, sums: list, input_shapes, shape) -> float | None:
    """Return the sum of a layer's outputs from the sums of its inputs, or None."""
    kind = type(layer).__name__
    activation = getattr(layer, "activation", None)
    softmax = layer if kind == "Softmax" else activation
    if kind in RECURRENT:  # a gate multiplies what its activation gives
        return None
    if softmax is keras.activations.softmax or isinstance(softmax, keras.layers.Softmax):
        is_of_last_axis = getattr(softmax, "axis", -1) in (-1, len(shape))
        return math.prod(shape[:-1]) if is_of_last_axis else None
    if None in sums:
        return None
    if kind in ("Flatten", "Reshape", "Permute", "Identity", *TRAINING_ONLY):
        return sums[0]
    if kind == "Rescaling" and np.size(layer.scale) == 1 and not np.any(layer.offset):
        scale = float(np.squeeze(layer.scale))
        return scale * sums[0] if scale > 0 else None
    if kind in ("Add", "Average") and set(input_shapes) == {shape}:
        return sum(sums) / (len(sums) if kind == "Average" else 1)
    return None


class _Graph:
    """The steps of a network, as Keras's graph leads from its outputs to its inputs.

    Each call of a layer is a node of Keras's graph, and each tensor knows the node that gave it.
    """

    def __init__(self):
        self.steps = []
        self.values = [keras.KerasTensor((None, *IMAGE))]  # the image, and what each step gives

    def open(self, model: keras.Model, inputs: list[int]) -> int:
        """Add the steps of a model that takes the values at `inputs`; return where its output is.

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
        args, kwargs = node.arguments.convert(
            lambda value: self.values[places[id(value)]] if id(value) in places else value
        )
        if is_operation(type(layer).__module__):
            layer, args = layer_of_operation(type(layer).__name__, layer.get_config(), [*args])
        else:
            _check_layer(layer)
        output = output_of(layer, args, kwargs)
        input_shapes = tuple(self.values[place].shape[1:] for place in sources)
        self.steps.append(Step(layer, tuple(sources), input_shapes, output.shape[1:]))
        self.values.append(output)
        check_size(len(self.steps), sum(math.prod(step.output_shape) for step in self.steps))
        return len(self.steps)


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
        checked_settings(keras.saving.serialize_keras_object(layer))
        for key in ("activation", "recurrent_activation"):
            _check_function(getattr(layer, key, None))
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
