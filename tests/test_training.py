"""The recipe learns, and a run is saved whole."""

import json

import numpy as np

from helpers import mnist, training
from helpers.backend import keras
from helpers.model import build_model, load_model


def test_the_recipe_learns_and_repeats_itself(mnist_data):
    images, labels = mnist_data[0]
    losses = []
    for _ in range(2):
        keras.utils.set_random_seed(1)
        history = training.compile_and_fit(
            build_model(), mnist.prepare(images[:640]), labels[:640], epochs=3
        )
        losses.append(history.history["loss"])
    assert len(losses[0]) == 3 and losses[0][-1] < 0.6 * losses[0][0]
    assert losses[0] == losses[1]


def test_a_saved_run_comes_back(test_images, tmp_path):
    model = build_model()
    path = training.save_run(model, {"loss": [np.float32(0.5), 0.25]}, tmp_path / "new")
    np.testing.assert_array_equal(load_model(path)(test_images[:3]), model(test_images[:3]))
    assert json.loads((tmp_path / "new" / "history.json").read_text()) == {"loss": [0.5, 0.25]}
    names = sorted(file.name for file in path.parent.iterdir())
    assert names == ["history.json", "mnist_cnn.keras"]
