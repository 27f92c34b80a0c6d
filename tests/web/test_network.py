"""What a lesson's network may consist of: saved, loaded, and in a browser as in Keras."""

import base64

import numpy as np

from helpers import mnist
from helpers.model import load_model
from helpers.network_parts import PARTS
from helpers.training import save_run
from helpers.web import scripts
from helpers.web.layers import describe
from tests.networks import NETWORKS, network

ANSWERS = """([description, text]) => {
    const network = readNetwork(description);
    const images = Float32Array.from(readBytes(text), (grey) => grey / 255);
    return Array.from({length: images.length / 784}, (unused, i) =>
        [...forward(network, imageOf(images, i)).at(-1)]);
}"""


def test_each_kind_is_saved_loaded_and_computed_in_a_browser(chromium, mnist_data, shipped_model):
    page, seen, images = chromium.new_page(), {"InputLayer"}, mnist_data[1][0][:300]
    page.add_script_tag(content=scripts.bundle("network.js"))
    for model in [shipped_model, *map(network, NETWORKS)]:
        described = describe(model)
        assert describe(load_model(save_run(model, {"loss": [0.5]}))) == described
        seen.update(layer["name"] for layer in described["layers"])
        expected = model.predict(mnist.prepare(images), verbose=0)
        assert np.ptp(expected, axis=0).max() > 1e-3  # the images make a difference
        text = base64.b64encode(images.tobytes()).decode()
        found = np.array(page.evaluate(ANSWERS, [described, text]))
        np.testing.assert_allclose(found, expected, atol=1e-4)
    assert seen == set(PARTS)
