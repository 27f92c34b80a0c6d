import numpy as np

from helpers import mnist
from tools import make_model


def test_the_recipe_learns_and_repeats_itself(mnist_data):
    model, again = make_model.train(0, 640), make_model.train(0, 640)
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    images, labels = mnist.prepare(mnist_data[0][0][:640]), mnist_data[0][1][:640]
    assert np.mean(np.argmax(model(images), axis=1) == labels) > 0.7
