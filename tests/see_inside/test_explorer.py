import pytest

from helpers.backend import keras
from helpers.see_inside.explorer import WIDGET_VIEW, FeatureExplorer


def test_each_slider_changes_the_picture_and_the_first_one_stands_in(test_images, shipped_model):
    explorer = FeatureExplorer(test_images[:4], shipped_model, shipped_model)
    assert (explorer.image.min, explorer.image.max) == (0, 3)
    assert (explorer.layer.min, explorer.layer.max) == (1, 3)
    seen = [explorer.picture.value]
    for slider, value in ((explorer.image, 2), (explorer.layer, 3)):
        slider.value = value
        seen.append(explorer.picture.value)
    assert len(set(seen)) == 3
    data, metadata = explorer._repr_mimebundle_()
    assert data[WIDGET_VIEW]["model_id"] == explorer.model_id
    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == data["text/plain"]
    assert f'alt="{data["text/plain"]}"' in seen[0]
    assert "0x" not in data["text/plain"]


def test_bad_arguments_are_named(test_images, shipped_model):
    inputs = keras.Input((28, 28, 1))
    other = keras.Model(inputs, keras.layers.Conv2D(1, 1)(inputs))
    with pytest.raises(ValueError, match="untrained, trained"):
        FeatureExplorer(test_images[:4], other, shipped_model)
