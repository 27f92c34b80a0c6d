import pytest

from helpers.backend import keras
from helpers.see_inside.explorer import WIDGET_VIEW, FeatureExplorer


@pytest.fixture
def explorer(test_images, shipped_model):
    return FeatureExplorer(test_images[:4], shipped_model, shipped_model)


def test_each_slider_changes_the_picture(explorer):
    assert (explorer.image.min, explorer.image.max) == (0, 3)
    assert (explorer.layer.min, explorer.layer.max) == (1, 3)
    seen = {explorer.picture.value}
    explorer.image.value = 2
    seen.add(explorer.picture.value)
    explorer.layer.value = 3
    seen.add(explorer.picture.value)
    assert len(seen) == 3


def test_it_shows_a_widget_and_a_picture_that_stands_in(explorer):
    data, metadata = explorer._repr_mimebundle_()
    assert data[WIDGET_VIEW]["model_id"] == explorer.model_id
    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == data["text/plain"]
    assert f'alt="{explorer.figure.alt}"' in explorer.picture.value
    assert "0x" not in data["text/plain"]


def test_bad_arguments_are_named(test_images, shipped_model):
    inputs = keras.Input((28, 28, 1))
    other = keras.Model(inputs, keras.layers.Conv2D(1, 1)(inputs))
    with pytest.raises(ValueError, match="untrained, trained"):
        FeatureExplorer(test_images[:4], other, shipped_model)
