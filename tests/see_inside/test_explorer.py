import numpy as np
import pytest

from helpers import mnist
from helpers.model import SHIPPED_MODEL, build_model, load_model
from helpers.see_inside.explorer import WIDGET_VIEW, FeatureExplorer
from tests.see_inside.networks import corner_network


@pytest.fixture(scope="module")
def images():
    return mnist.prepare(mnist.load_data()[1][0][:4])


@pytest.fixture
def explorer(images):
    trained = load_model(SHIPPED_MODEL)
    return FeatureExplorer(images, trained, trained)


def test_each_slider_changes_the_picture(explorer):
    seen = {explorer.picture.value}
    explorer.image.value = 2
    seen.add(explorer.picture.value)
    explorer.layer.value = 3
    seen.add(explorer.picture.value)
    assert len(seen) == 3
    explorer.image.value, explorer.layer.value = 0, 1
    assert explorer.picture.value in seen


def test_the_sliders_end_where_images_and_layers_end(explorer):
    assert (explorer.image.min, explorer.image.max) == (0, 3)
    assert (explorer.layer.min, explorer.layer.max) == (1, 3)


def test_it_shows_a_widget_and_a_picture_that_stands_in(explorer, images):
    data, metadata = explorer._repr_mimebundle_()
    assert data[WIDGET_VIEW]["model_id"] == explorer.model_id
    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == data["text/plain"]
    trained = load_model(SHIPPED_MODEL)
    again, _ = FeatureExplorer(images, trained, trained)._repr_mimebundle_()
    assert again["text/plain"] == data["text/plain"]
    assert "0x" not in data["text/plain"]


def test_the_picture_in_the_widget_has_its_alternative_text(explorer):
    assert f'alt="{explorer.figure.alt}"' in explorer.picture.value


def test_bad_arguments_are_named(images):
    with pytest.raises(ValueError, match=r"images: got .*\(0, 28, 28, 1\)"):
        FeatureExplorer(images[:0], build_model(), build_model())
    with pytest.raises(ValueError, match="untrained, trained"):
        FeatureExplorer(images, corner_network(), build_model())
    assert np.shape(images) == (4, 28, 28, 1)
