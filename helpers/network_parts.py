"""A network as a graph of layers, and the layers that a network may have to be saved and read."""

import math
from typing import NamedTuple

from helpers import arguments, classes
from helpers.backend import keras
from helpers.language import _

IMAGE = (28, 28, 1)  # height, width and channels of an image that a network reads
# Both limits are far above what a lesson needs. They keep a crafted file from filling the memory.
MAX_LAYERS = 500
MAX_OUTPUTS = 1_000_000  # a layer's numbers for one image
CONVOLUTIONS = "Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose "
CONVOLUTIONS += "DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D"
POOLINGS = "MaxPooling AveragePooling GlobalMaxPooling GlobalAveragePooling"
SHAPES = "Flatten Reshape Permute RepeatVector CenterCrop Resizing Identity"
MERGES = "Add Subtract Multiply Average Maximum Minimum Concatenate Dot"
ACTIVATION_LAYERS = "Activation ReLU LeakyReLU PReLU ELU Softmax"
NORMALIZATIONS = "BatchNormalization LayerNormalization GroupNormalization RMSNormalization "
NORMALIZATIONS += "UnitNormalization Normalization Rescaling"
# Layers that work while one trains, and pass their numbers on as they are afterwards.
TRAINING_ONLY = "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"
TRAINING_ONLY += "AlphaDropout", "GaussianDropout", "GaussianNoise", "ActivityRegularization"
TRAINING_ONLY += "RandomTranslation", "RandomRotation", "RandomZoom", "RandomFlip"
TRAINING_ONLY += "RandomBrightness", "RandomContrast"
# The kinds of layers that a network may have, by their names in Keras.
LAYERS = frozenset(
    [
        *("Dense", *CONVOLUTIONS.split(), *SHAPES.split(), *MERGES.split()),
        *(f"{kind}{n}D" for kind in POOLINGS.split() for n in (1, 2, 3)),
        *(f"{kind}{n}D" for kind in ("Cropping", "ZeroPadding", "UpSampling") for n in (1, 2, 3)),
        *(*ACTIVATION_LAYERS.split(), *NORMALIZATIONS.split(), *TRAINING_ONLY),
    ]
)


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
    within the network is opened into its layers. Raises ValueError, which names the layer, if the
    network doesn't lead from images of shape (28, 28, 1) to the probabilities of 2 to 26 classes,
    or has a layer that is not in `LAYERS`, or weights that are not finite.
    """
    _check_kind(model)
    _check_input(model)
    graph = _Graph()
    graph.open(model, [0])
    _check_last(graph.steps, model)
    classes.names_of_model(model)
    for layer in dict.fromkeys(step.layer for step in graph.steps):
        name = _("model, the weights of layer {layer}", layer=layer.name)
        for array in layer.get_weights():
            arguments.check_numbers(name, array, array.shape)
    return graph.steps


def _check_kind(model: keras.Model) -> None:
    """Raise ValueError unless a model is one of Keras's own, with one input and one output."""
    is_of_keras = isinstance(model, keras.Model) and type(model).__module__.startswith("keras.")
    inputs = getattr(model, "inputs", None) or ()
    outputs = getattr(model, "outputs", None) or ()
    if is_of_keras and isinstance(model, keras.Sequential) and not inputs:
        got = _("a keras.Sequential that doesn't know yet how large its images are")
        wanted = _("keras.Input((28, 28, 1)) before its first layer")
        raise ValueError(arguments.mismatch("model", got, wanted))
    if not is_of_keras or len(inputs) != 1 or len(outputs) != 1:
        wanted = _("keras.Sequential or keras.Model(inputs, outputs) with one input and one output")
        raise ValueError(arguments.mismatch("model", type(model).__name__, wanted))


def _check_input(model: keras.Model) -> None:
    """Raise ValueError unless a model takes MNIST's images."""
    dtype = model.inputs[0].dtype
    if "float" not in dtype:
        raise ValueError(arguments.mismatch(_("model, dtype of its input"), dtype, "float32"))
    shape = model.inputs[0].shape[1:]
    if shape != IMAGE:
        raise ValueError(arguments.mismatch(_("model, shape of its images"), shape, IMAGE))


def _check_last(steps: list[Step], model: keras.Model) -> None:
    """Raise ValueError unless a network ends in the probabilities of 2 to 26 classes."""
    shape = steps[-1].output_shape if steps else IMAGE
    layer = steps[-1].layer if steps else model
    if len(shape) != 1 or not 2 <= shape[0] <= classes.MAX_CLASSES:
        wanted = _("a vector of 2 to {most} probabilities", most=classes.MAX_CLASSES)
        raise unexpected(layer, shape, wanted)
    activation = getattr(layer, "activation", keras.activations.linear)
    if activation is not keras.activations.softmax and type(layer) is not keras.layers.Softmax:
        wanted = _(
            'probabilities; write activation="softmax" into the last Dense layer, or add '
            "keras.layers.Softmax() at the end"
        )
        name = getattr(activation, "__name__", str(activation))
        raise unexpected(layer, _("scores (activation={name})", name=name), wanted)


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
        if len(node.output_tensors) != 1:
            got = _("{n} outputs", n=len(node.output_tensors))
            raise unexpected(layer, got, _("one output"))
        if isinstance(layer, keras.Model):
            _check_kind(layer)
            return self.open(layer, sources)
        check_kind_of_layer(layer)
        args, kwargs = node.arguments.convert(
            lambda value: self.values[places[id(value)]] if keras.ops.is_tensor(value) else value
        )
        output = layer.compute_output_spec(*args, **kwargs)
        if math.prod(output.shape[1:]) > MAX_OUTPUTS:
            wanted = _("at most {n} numbers for an image", n=MAX_OUTPUTS)
            raise unexpected(layer, output.shape[1:], wanted)
        input_shapes = tuple(self.values[place].shape[1:] for place in sources)
        self.steps.append(Step(layer, tuple(sources), input_shapes, output.shape[1:]))
        self.values.append(output)
        if len(self.steps) > MAX_LAYERS:
            got, wanted = _("more than {n} layers", n=MAX_LAYERS), _("at most {n}", n=MAX_LAYERS)
            raise ValueError(arguments.mismatch("model", got, wanted))
        return len(self.steps)


def check_kind_of_layer(layer: keras.layers.Layer) -> None:
    """Raise ValueError, which names the layer, unless it is of a kind that can be read."""
    kind = type(layer).__name__
    is_of_keras = type(layer) is getattr(keras.layers, kind, None)
    if not is_of_keras or kind not in LAYERS:
        kind = kind if is_of_keras else f"{type(layer).__module__}.{kind}"
        raise unexpected(layer, kind, _("a layer of keras.layers that network_parts.py lists"))
    mode = getattr(layer, "quantization_mode", None)
    if mode:  # its weights are not those of its kernel
        raise unexpected(layer, f"quantization_mode={mode}", "quantization_mode=None")


def unexpected(layer: keras.layers.Layer, got, wanted: str) -> ValueError:
    """Return an error that names a layer, what it is and what it should be."""
    return ValueError(arguments.mismatch(_("model, layer {layer}", layer=layer.name), got, wanted))
