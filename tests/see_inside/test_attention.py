import numpy as np
import pytest

from helpers import mnist
from helpers.features import convolutions, feature_maps
from helpers.model import SHIPPED_MODEL, load_model
from helpers.see_inside.attention import grad_cam, occlusion
from tests.see_inside.networks import CORNER, corner_network, full_image


@pytest.fixture(scope="module")
def trained():
    return load_model(SHIPPED_MODEL)


@pytest.fixture(scope="module")
def image():
    return mnist.prepare(mnist.load_data()[1][0][:1])[0]


@pytest.mark.parametrize("size", [1, 3, 5])
def test_occlusion_finds_the_corner_and_nothing_else(size):
    found = occlusion(corner_network(), full_image(), 1, size)
    reach = CORNER + size // 2  # a square reaches into the corner from here
    assert (found[:reach, :reach] > 0).all()
    found[:reach, :reach] = 0
    np.testing.assert_allclose(found, 0, atol=1e-6)


def test_covering_the_corner_raises_the_other_class():
    found = occlusion(corner_network(), full_image(), 0)
    np.testing.assert_allclose(found, -occlusion(corner_network(), full_image(), 1), atol=1e-6)


def test_occlusion_agrees_with_covering_by_hand(trained, image):
    found = occlusion(trained, image, 7, 5)
    before = trained(image[None]).numpy()[0, 7]
    for row, column in [(0, 0), (7, 10), (14, 27), (27, 13)]:
        hidden = image.copy()
        for r, c in np.ndindex(28, 28):
            if abs(r - row) <= 2 and abs(c - column) <= 2:
                hidden[r, c] = 0
        fall = before - trained(hidden[None]).numpy()[0, 7]
        assert found[row, column] == pytest.approx(fall, abs=1e-5)


def test_covering_paper_changes_nothing(trained, image):
    np.testing.assert_allclose(occlusion(trained, np.zeros_like(image), 3), 0, atol=1e-6)


def test_grad_cam_finds_the_corner_if_only_the_corner_reaches_the_maps():
    found = grad_cam(corner_network(masked=True), full_image(), 1, "copy")
    assert (found[:CORNER, :CORNER] > 0).all()
    found[:CORNER, :CORNER] = 0
    np.testing.assert_array_equal(found, 0)


def test_grad_cam_marks_all_ink_if_the_last_layer_alone_knows_the_place():
    # Not what one would like, but what its definition says: the gradient is averaged over the map.
    found = grad_cam(corner_network(), full_image(), 1, "copy")
    np.testing.assert_allclose(found, 0.5 * CORNER**2 / 28**2, rtol=1e-5)


def test_nothing_speaks_for_a_class_without_weights():
    np.testing.assert_array_equal(grad_cam(corner_network(), full_image(), 0, "copy"), 0)


@pytest.mark.parametrize("digit", range(10))
def test_after_the_last_convolution_the_gradient_is_the_last_layers_kernel(trained, image, digit):
    name = convolutions(trained)[-1].name
    maps = feature_maps(trained, image)[name]
    kernel = trained.layers[-1].kernel.numpy().reshape(*maps.shape, 10)[..., digit]
    expected = np.zeros(maps.shape[:2])
    for channel in range(maps.shape[2]):
        expected += kernel[..., channel].mean() * maps[..., channel]
    found = grad_cam(trained, image, digit, name)
    np.testing.assert_allclose(found, np.maximum(expected, 0), atol=1e-4)


def test_bad_arguments_are_named(trained, image):
    with pytest.raises(ValueError, match=r"image: .*28, 28"):
        occlusion(trained, image[..., 0], 7)
    with pytest.raises(ValueError, match="digit: got 10"):
        occlusion(trained, image, 10)
    with pytest.raises(ValueError, match="size: got 4"):
        occlusion(trained, image, 7, 4)
    with pytest.raises(ValueError, match="digit: got -1"):
        grad_cam(trained, image, -1, convolutions(trained)[0].name)
    with pytest.raises(ValueError, match=r"layer: .*nothing"):
        grad_cam(trained, image, 7, "nothing")
