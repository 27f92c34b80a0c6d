"""What a learner sees if the pixels have another range than those that a network was trained on."""

import numpy as np
import pytest
from tensorflow import keras

from helpers import mnist
from helpers.model import build_model, compile_model

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture(scope="module")
def quiet():
    keras.config.disable_interactive_logging()


@pytest.fixture(scope="module")
def data():
    return mnist.load_data()


def test_pixels_up_to_255_hardly_change_the_answers_but_make_them_all_sure(data, shipped_model):
    _, (images, labels) = data
    prepared, labels = mnist.prepare(images[:2000]), labels[:2000]
    loss, accuracy = shipped_model.evaluate(prepared, labels)
    raw_loss, raw_accuracy = shipped_model.evaluate(255 * prepared, labels)
    assert raw_accuracy == pytest.approx(accuracy, abs=0.005)
    assert raw_loss > 50 * loss
    assert np.mean(shipped_model.predict(255 * prepared).max(axis=1) > 0.999) > 0.99


def test_a_network_for_pixels_up_to_255_is_unsure_of_all_pixels_up_to_1(data):
    (images, labels), _ = data
    keras.utils.set_random_seed(0)
    network = build_model()
    compile_model(network)
    raw = 255 * mnist.prepare(images[:4000])
    first_loss, _ = network.evaluate(raw[:1000], labels[:1000])
    assert first_loss > 10
    network.fit(raw, labels[:4000], epochs=2, batch_size=64)
    known = mnist.prepare(images[50_000:51_000])
    _, raw_accuracy = network.evaluate(255 * known, labels[50_000:51_000])
    loss, accuracy = network.evaluate(known, labels[50_000:51_000])
    assert raw_accuracy > 0.85 and accuracy < raw_accuracy - 0.05
    assert loss == pytest.approx(np.log(10), abs=0.1)
    assert network.predict(known).max() < 0.2
