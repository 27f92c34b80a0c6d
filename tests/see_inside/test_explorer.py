import numpy as np

from helpers.features import layer_outputs
from helpers.model import build_model
from helpers.see_inside.explorer import FeatureExplorer
from tests.browser import show_widget, watch
from tests.marks import speak, texts

RED = """canvas => [canvas.width, ...canvas.getContext("2d").getImageData(
    0, 0, canvas.width, canvas.height).data.filter((value, i) => i % 4 === 0)]"""


def test_each_slider_changes_the_maps(chromium, test_images, shipped_model, monkeypatch):
    networks = build_model(), shipped_model
    explorer = FeatureExplorer(test_images[:4], *networks)
    page = chromium.new_page()
    wrong = watch(page)
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
    speak("xx", monkeypatch)  # an explorer speaks the language in which it is made
    page = chromium.new_page()
    show_widget(page, FeatureExplorer(test_images[:2], *networks))
    assert any("maps of" in text for text in texts(page))
