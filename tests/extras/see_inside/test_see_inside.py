"""Which pixels an answer depends on, and what is shown of it."""

import numpy as np
import pytest
from scipy.special import softmax

from helpers.common.backend import keras
from helpers.extras.see_inside import plots
from helpers.extras.see_inside.explorer import FeatureExplorer
from helpers.extras.see_inside.places import hires_cam, occlusion, score_network
from helpers.features import convolutions, layer_outputs
from tests.browser import show_widget, watch_requests
from tests.figures import assert_same
from tests.marks import page_texts, speak_in_marks

RNG = np.random.default_rng(0)
IMAGES = RNG.random((3, 28, 28))
RED = """canvas => [canvas.width, ...canvas.getContext("2d").getImageData(
    0, 0, canvas.width, canvas.height).data.filter((value, i) => i % 4 === 0)]"""


@pytest.mark.parametrize("output", ["probability", "score"])
def test_occlusion_agrees_with_covering_by_hand(output, shipped_model):
    model = shipped_model if output == "probability" else score_network(shipped_model)
    image = np.random.default_rng(0).random((28, 28, 1), dtype="float32")  # ink at all edges
    before = model(image[None]).numpy()[0]
    falls = occlusion(model, image, digit := before.argmax())
    for pixel in [(0, 0), (7, 10), (14, 27), (27, 13)]:
        distance = np.abs(np.indices((28, 28)) - np.reshape(pixel, (2, 1, 1))).max(axis=0)
        hidden = np.where(distance[..., None] > 2, image, 0)
        fall = (before - model(hidden[None]).numpy()[0])[digit]
        assert falls[pixel] == pytest.approx(fall, abs=1e-4)


def test_scores_less_their_mean_give_the_same_probabilities(shipped_model, test_images):
    scores = score_network(shipped_model)(test_images[:5]).numpy()
    np.testing.assert_allclose(scores.mean(axis=1), 0, atol=1e-4)
    probabilities = shipped_model(test_images[:5]).numpy()
    np.testing.assert_allclose(softmax(scores, axis=1), probabilities, atol=1e-5)


def test_hires_cam_of_the_last_maps_is_each_place_s_part_of_the_score(shipped_model, test_images):
    """Behind the last maps there is only one sum, so its weights are the gradient."""
    name = convolutions(shipped_model)[-1].name
    to_maps = keras.Model(shipped_model.inputs[0], shipped_model.get_layer(name).output)
    maps = to_maps(test_images[:1]).numpy()[0]
    weights = shipped_model.layers[-1].kernel.numpy()
    for digit in (7, 0):
        weights_of_digit = (weights[:, digit] - weights.mean(axis=1)).reshape(maps.shape)
        parts = (maps * weights_of_digit).sum(axis=-1)
        cam = hires_cam(shipped_model, test_images[0], digit, name)
        np.testing.assert_allclose(cam, np.maximum(parts, 0), atol=1e-4)
    assert (parts < 0).any()  # a 7 hardly speaks for a 0


def test_where_it_looks_lays_each_number_on_the_middle_of_its_field():
    drops, cams = IMAGES - 0.5, RNG.random((3, 11, 11))
    figure = plots.where_it_looks(IMAGES, list("abc"), drops, cams, (8, 2))
    drawn = [arrays[-1] for arrays in (axes.images for axes in figure.axes[:9])]
    assert_same([image.get_array() for image in drawn[1::3]], drops)
    assert_same([image.get_array() for image in drawn[2::3]], [cam / cam.max() for cam in cams])
    # The fields of the first and the last number have their middles at 3.5 and 3.5 + 2 * 10.
    assert drawn[2].get_extent() == [3.5 - 1, 23.5 + 1, 23.5 + 1, 3.5 - 1]


def test_each_slider_changes_the_maps(chromium, test_images, shipped_model, monkeypatch):
    networks = keras.models.clone_model(shipped_model), shipped_model
    explorer = FeatureExplorer(test_images[:4], *networks)
    page = chromium.new_page()
    wrong = watch_requests(page)
    show_widget(page, explorer)
    page.get_by_label("image", exact=False).first.focus()
    for keys, image, layer in (("", 0, 0), ("ArrowRight ArrowRight", 2, 0), ("Tab End", 2, 2)):
        for key in keys.split():
            page.keyboard.press(key)
        for number, network in enumerate(networks, start=1):
            maps = layer_outputs(network, test_images[image])[2 * layer + 1][1]
            height, width, channels = maps.shape
            assert f"{channels} maps of {height}x{width}" in page.inner_text(".explorer-title")
            side, *red = page.locator("canvas").nth(number).evaluate(RED)
            zoom = round((side + 1) / np.ceil(np.sqrt(channels)) - 1) // width
            first = np.reshape(red, (-1, side))[: zoom * height : zoom, : zoom * width : zoom]
            # The darker, the larger: red falls with each step of the colours.
            shares = maps[:, :, 0] / max(maps[:, :, 0].max(), 1e-9)
            assert first.flat[shares.argmax()] == first.min()
            np.testing.assert_array_equal(first == 255, shares < 1 / 510)
    assert wrong == []
    speak_in_marks("xx", monkeypatch)  # an explorer speaks the language in which it is made
    page = chromium.new_page()
    show_widget(page, FeatureExplorer(test_images[:2], *networks))
    assert any("maps of" in text for text in page_texts(page))
