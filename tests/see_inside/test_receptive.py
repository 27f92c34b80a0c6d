import numpy as np
import pytest

from helpers.backend import keras
from helpers.model import build_model
from helpers.see_inside.receptive import exciting_patches, receptive_field

layers = keras.layers


def in_a_row(*steps, side=28):
    inputs = x = keras.Input((side, side, 1))
    for step in steps:
        x = step(x)
    return keras.Model(inputs, x)


def test_the_lessons_network_sees_3_then_8_then_18_pixels(shipped_model):
    fields = [receptive_field(shipped_model, layer.name) for layer in shipped_model.layers[1:6]]
    assert fields == [(3, 1), (4, 2), (8, 2), (10, 4), (18, 4)]
    single = in_a_row(layers.Conv2D(1, 5, strides=3, name="one"))
    assert receptive_field(single, "one") == (5, 3)


def test_the_field_is_where_a_change_of_a_pixel_arrives():
    # Naive: change each pixel in turn and see whether the number changes. The weights are all
    # positive, so that no change is lost in ReLU or in the maximum.
    model = build_model()
    model.set_weights([np.abs(weights) + 0.01 for weights in model.get_weights()])
    part = keras.Model(model.inputs[0], model.layers[5].output)
    changed = 10 * np.eye(784, dtype="float32").reshape(784, 28, 28, 1)
    numbers = part.predict(changed, batch_size=784, verbose=0)[..., 0]
    blank = part(np.zeros((1, 28, 28, 1), dtype="float32")).numpy()[..., 0]
    size, step = receptive_field(model, model.layers[5].name)
    for row, column in [(0, 0), (1, 2), (2, 2)]:
        expected = np.zeros((28, 28), dtype=bool)
        expected[row * step :, column * step :][:size, :size] = True
        seen = np.abs(numbers - blank)[:, row, column].reshape(28, 28) > 1e-5
        np.testing.assert_array_equal(seen, expected)


def test_layers_it_does_not_know_are_named():
    for step in (
        layers.Conv2D(1, 3, padding="same", name="odd"),
        layers.Conv2D(1, (3, 5), name="odd"),
        layers.Conv2D(1, 3, dilation_rate=2, name="odd"),
        layers.Flatten(name="odd"),
    ):
        with pytest.raises(ValueError, match="model: odd"):
            receptive_field(in_a_row(step), "odd")
    with pytest.raises(ValueError, match=r"layer: .*nothing"):
        receptive_field(in_a_row(step), "nothing")


@pytest.mark.parametrize("batch", [500, 3])
def test_exciting_patches_agree_with_a_loop(batch, monkeypatch):
    monkeypatch.setattr("helpers.see_inside.receptive.BATCH", batch)
    images = np.random.default_rng(0).random((7, 9, 9, 1)).astype("float32")
    model = in_a_row(layers.Conv2D(3, 2, activation="relu", name="one"), side=9)
    found = exciting_patches(model, images, "one", [2, 0], 4)
    maps = model(images).numpy()
    for row, channel in enumerate([2, 0]):
        peaks = []
        for number in range(7):
            values = maps[number, :, :, channel]
            place = np.unravel_index(values.argmax(), values.shape)
            peaks.append((-values.max(), number, *place))
        for column, (value, number, *place) in enumerate(sorted(peaks)[:4]):
            assert found.images[row, column] == number
            assert [found.rows[row, column], found.columns[row, column]] == place
            assert found.values[row, column] == pytest.approx(-value, rel=1e-5)
    equal = np.ones_like(images)  # they come in their order
    assert exciting_patches(model, equal, "one", [0], 5).images.tolist() == [[0, 1, 2, 3, 4]]
