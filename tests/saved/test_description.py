"""Networks of many kinds come back from a file as they were saved, with each kind of layer."""

from functools import cache

import numpy as np
import pytest

from helpers.common.backend import keras
from helpers.lenet import build_lenet5
from helpers.saved import archive
from helpers.saved import layers as keras_layers
from helpers.saved.topology import topology

layers = keras.layers
ops = keras.ops


def chain(*parts, classes=10):
    """Build a network of layers that follow one another, with softmax at the end."""
    outputs = inputs = keras.Input((28, 28, 1))
    for layer in [*parts, layers.Flatten(), layers.Dense(classes, activation="softmax")]:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


def branched(*branches, join=None, classes=10):
    """Build a network whose branches take the image; their outputs are joined."""
    inputs = keras.Input((28, 28, 1))
    ends = []
    for branch in branches:
        output = inputs
        for layer in branch:
            output = layer(output)
        ends.append(output)
    joined = layers.Flatten()((join or layers.Concatenate())(ends))
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(joined))


def residual(add):
    """Build a network with a connection that skips a convolution and its normalization."""
    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(inputs)
    y = layers.BatchNormalization()(layers.Conv2D(8, 3, padding="same", use_bias=False)(x))
    x = layers.GlobalAveragePooling2D()(layers.ReLU()(add(x, y)))
    return keras.Model(inputs, layers.Softmax()(layers.Dense(10)(x)))


def transformer():
    inputs = keras.Input((28, 28, 1))
    x = layers.Reshape((49, 16))(layers.Conv2D(16, 4, strides=4)(inputs))
    y = layers.LayerNormalization()(x)
    x = layers.Add()([x, layers.MultiHeadAttention(4, 4)(y, y)])
    x = layers.Add()([x, layers.Attention()([x, y])])
    x = layers.GlobalAveragePooling1D()(layers.RMSNormalization()(x))
    return keras.Model(inputs, layers.Dense(26, activation="softmax")(x))


def nested():
    """Build a network of networks: one with two branches, used twice, and chains."""
    image = keras.Input((None, None, 1))
    branches = [layers.Conv2D(3, 3, activation="elu")(image), layers.Conv2D(3, 3)(image)]
    inner = keras.Model(image, layers.Maximum()(branches))
    inputs = keras.Input((28, 28, 1))
    moved = keras.Sequential([layers.RandomFlip(), layers.RandomRotation(0.1)])(inputs)
    first, second = inner(moved), inner(inputs)
    joined = layers.Average()([layers.Subtract()([first, second]), second])
    head = [layers.Flatten(), layers.Dense(7, "relu"), layers.Dense(10, activation="softmax")]
    return keras.Model(inputs, keras.Sequential(head)(joined))


def ends_in_a_network():
    image = keras.Input((28, 28, 1))
    end = layers.Dense(5, activation="softmax")(layers.Flatten()(image))
    inputs = keras.Input((28, 28, 1))
    return keras.Model(inputs, keras.Model(image, end)(layers.Rescaling(2)(inputs)))


def operations():
    """Build a network with operations that are no layers: each becomes a layer."""
    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(4, 3, strides=3)(inputs * 2 - 1)
    y = ops.tanh(ops.relu(x / 4) + x)
    x = ops.concatenate([1 - x, ops.maximum(x, y), ops.sigmoid(y) * x], axis=-1)
    return keras.Model(inputs, ops.softmax(layers.Dense(10)(layers.Flatten()(x))))


def one_dimension():
    return chain(
        *(layers.Reshape((28, 28)), layers.Conv1D(8, 3, padding="causal"), layers.ZeroPadding1D(2)),
        *(layers.SeparableConv1D(6, 3), layers.DepthwiseConv1D(3), layers.SpatialDropout1D(0.1)),
        *(layers.Conv1DTranspose(5, 4, strides=2), layers.Cropping1D(3), layers.UpSampling1D(2)),
        *(layers.MaxPooling1D(2), layers.AveragePooling1D(3, 2, padding="same")),
    )


def three_dimensions():
    return chain(
        *(layers.Reshape((14, 14, 4, 1)), layers.Conv3D(2, (3, 2, 1), strides=(2, 1, 1))),
        *(layers.ZeroPadding3D(1), layers.Cropping3D(1), layers.SpatialDropout3D(0.1)),
        *(layers.Conv3DTranspose(2, 2), layers.UpSampling3D(2), layers.MaxPooling3D(2)),
        layers.AveragePooling3D((2, 2, 1)),
    )


def two_dimensions():
    return chain(
        *(layers.Rescaling(2, -1), layers.Cropping2D(((1, 0), (2, 3))), layers.ZeroPadding2D(1)),
        layers.SeparableConv2D(8, (3, 5), depth_multiplier=2, activation="gelu"),
        *(layers.DepthwiseConv2D(3, dilation_rate=2), layers.PReLU(shared_axes=[1, 2])),
        *(layers.Conv2DTranspose(4, 3, strides=2), layers.GroupNormalization(2)),
        *(layers.UpSampling2D((1, 2)), layers.UnitNormalization(), layers.Resizing(9, 9)),
        *(layers.CenterCrop(8, 7), layers.MaxPooling2D(3, 2, padding="same"), layers.LeakyReLU()),
        *(layers.Permute((3, 1, 2)), layers.ELU(), layers.Identity()),
    )


def training_only():
    kinds = keras_layers.TRAINING_ONLY
    settings = {"ActivityRegularization": {"l2": 0.1}, "RandomFlip": {"mode": "vertical"}}
    parts = {k: settings.get(k, {"factor": 0.1}) for k in kinds if k.startswith(("Ra", "Ac"))}
    parts |= {k: {"rate": 0.1} for k in kinds if "Drop" in k and k[-2] not in "13"}
    parts |= {"GaussianNoise": {"stddev": 0.1}, "Normalization": {"mean": 0.1, "variance": 0.2}}
    parts["RandomTranslation"] = {"height_factor": 0.1, "width_factor": (-0.1, 0.2)}
    parts["RandomZoom"] = {"height_factor": 0.1}
    return chain(*(getattr(layers, kind)(**some) for kind, some in parts.items()))


def pooled_globally():
    flat = [layers.Reshape((28, 28))], [layers.Reshape((14, 14, 4, 1))], []
    kinds = keras_layers.POOLINGS
    return branched(
        *(
            [*flat[(1, 3, 2).index(int(kind[-2]))], getattr(layers, kind)(), layers.Flatten()]
            for kind in kinds
            if kind.startswith("Global")
        )
    )


def recurrent():
    rows = layers.Reshape((28, 28))
    both = layers.Bidirectional(layers.LSTM(4, return_sequences=True), merge_mode="sum")
    return branched(
        [rows, both, layers.GRU(5, go_backwards=True)],
        [rows, layers.LSTM(3)],
        [rows, layers.SimpleRNN(3, activation="relu"), layers.RepeatVector(2), layers.Flatten()],
    )


def all_activations():
    """Build a network with a branch for each activation by name, and for each that is a layer."""
    names = [name for name in keras_layers.ACTIVATIONS if hasattr(keras.activations, name)]
    of_layers = [getattr(layers, kind)() for kind in keras_layers.SIMPLE_ACTIVATIONS]
    flat = layers.Flatten()
    ends = [[flat, layers.Dense(3, activation=end)] for end in [*names, *of_layers]]
    return branched(*ends, [flat, layers.Dense(3), layers.Activation("tanh")])


NETWORKS = {
    "LeNet-5": build_lenet5,
    "strides": lambda: chain(layers.Conv2D(8, (2, 5), strides=(1, 3)), layers.MaxPooling2D(3, 2)),
    "scales": lambda: chain(
        *(layers.Rescaling([2.0]), layers.Rescaling((1,), [-1])),
        *(layers.Conv2D(4, 3, strides=3), layers.Rescaling([1.0, 2.0, 0.5, 3.0])),
        layers.Rescaling(np.array([1, 2, 3, 0.5]), np.array([[0.25]])),
    ),
    "26 classes": lambda: chain(layers.Conv2D(3, 7, strides=4, activation="selu"), classes=26),
    "sum by a layer": lambda: residual(lambda x, y: layers.Add()([x, y])),
    "sum by +": lambda: residual(lambda x, y: x + y),
    "product": lambda: residual(lambda x, y: layers.Multiply()([x, layers.Minimum()([x, y])])),
    "cosine": lambda: branched(
        *([layers.Reshape((28, 28)), layers.Dense(3)] for _ in range(2)), join=layers.Dot(axes=1)
    ),
    "three branches": lambda: branched(
        [layers.Conv2D(4, (5, 1), strides=(3, 2), padding="same", activation="swish")],
        [layers.Conv2D(4, (5, 1), strides=(3, 2), padding="same", activation="swish")],
        [layers.MaxPooling2D(3, (3, 2), padding="same"), layers.Conv2D(2, 1)],
        classes=5,
    ),
    "two classes, half precision": lambda: chain(
        layers.Conv2D(4, 3, dtype="mixed_bfloat16"), layers.Dropout(0.1, seed=1), classes=2
    ),
    **{network.__name__: network for network in (transformer, nested, ends_in_a_network)},
    **{network.__name__: network for network in (operations, one_dimension, two_dimensions)},
    **{network.__name__: network for network in (three_dimensions, training_only)},
    **{network.__name__: network for network in (pooled_globally, recurrent, all_activations)},
}


@cache  # to build all of them takes seconds, and two tests look at each
def build(name):
    keras.utils.set_random_seed(0)
    return NETWORKS[name]()


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_read_as_it_was_saved(name, tmp_path):
    model, rng = build(name), np.random.default_rng(0)
    for weight in model.weights:
        if len(weight.shape) == 1 and "float" in weight.dtype:  # biases, means and variances
            weight.assign(weight + rng.uniform(0.05, 0.2, weight.shape))
    model.save(tmp_path / "network.keras")
    found = archive.read_model(tmp_path / "network.keras")
    images = rng.random((5, 28, 28, 1), "float32") * rng.random((5, 1, 1, 1), "float32")
    # RandomFlip and its like change images in `model(images)`, unless the network was read.
    expected = ops.convert_to_numpy(model(images, training=False))
    np.testing.assert_allclose(ops.convert_to_numpy(found(images)), expected, atol=1e-6)
    assert np.ptp(expected, axis=0).max() > 1e-4  # the images make a difference
    assert [step._replace(layer=None) for step in topology(found)] == [
        step._replace(layer=None) for step in topology(model)
    ]


def test_a_network_that_was_read_moves_images_only_in_a_training(tmp_path):
    moved = keras.Sequential([layers.RandomTranslation(0.5, 0.5)])
    chain(moved, layers.RandomFlip()).save(tmp_path / "network.keras")
    found = archive.read_model(tmp_path / "network.keras")
    images = np.random.default_rng(0).random((8, 28, 28, 1), "float32")
    still, trained = (ops.convert_to_numpy(found(images, training=t)) for t in (None, True))
    np.testing.assert_array_equal(found(images), still)
    assert np.abs(trained - still).max() > 1e-4


def test_every_kind_of_the_list_is_read_in_a_test():
    steps = [step for name in NETWORKS for step in topology(build(name))]
    kinds = {type(step.layer).__name__ for step in steps}
    names = {getattr(getattr(step.layer, "activation", None), "__name__", "") for step in steps}
    known = {kind for kind in keras_layers.LAYERS if hasattr(layers, kind)}
    assert known - kinds == set()
    activations = map(keras.activations.get, keras_layers.ACTIVATIONS)
    assert {activation.__name__ for activation in activations} - names == set()
