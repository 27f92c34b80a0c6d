"""Each figure shows itself with its alternative text, and shows the numbers it was given."""

import inspect
import io

import matplotlib
import numpy as np
import pytest
from PIL import Image

from helpers import plots
from helpers.plots.canvas import LessonFigure, canvas
from tests.plots.test_plots_extras import FIGURES as OPTIONAL

RNG = np.random.default_rng(0)
IMAGE = RNG.integers(0, 256, (28, 28), dtype=np.uint8)
IMAGES = RNG.integers(0, 256, (100, 28, 28), dtype=np.uint8)
LABELS = np.repeat(np.arange(10), 10)
KERNEL = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])
EDGES = RNG.normal(size=(26, 26))
PROBABILITIES = RNG.dirichlet(np.ones(10), size=12)
MAPS = {name: RNG.random((size, size, 32)) for name, size in (("a", 26), ("b", 11), ("c", 3))}
HISTORY = {"loss": [0.5, 0.2], "accuracy": [0.8, 0.9]}

# One call of each figure: what it is given, as the notebooks give it.
CALLS = {
    "before_and_after_scaling": (IMAGE, IMAGE / 255),
    "before_and_after_training": (IMAGE, 5, PROBABILITIES[0], PROBABILITIES[1]),
    "confident_mistakes": (IMAGES[:12] / 255, LABELS[:12], PROBABILITIES, LABELS[:12] > 0),
    "confusion": (RNG.integers(0, 9, (10, 10)),),
    "convolution": (IMAGE / 255, KERNEL, EDGES),
    "examples_of_each_digit": (IMAGES, LABELS),
    "first_feature_maps": (IMAGE / 255, MAPS["a"]),
    "first_images": (IMAGES[:10], LABELS[:10]),
    "journey": (IMAGE / 255, MAPS, PROBABILITIES[0]),
    "label_counts": (LABELS, LABELS),
    "loss_of_probability": (),
    "many_of_one_digit": (IMAGES[:40], 7),
    "maps_before_and_after_training": (IMAGE / 255, MAPS, MAPS),
    "mean_images": (IMAGES[:10].astype(float),),
    "missed_digits": (IMAGES[:10], LABELS[:10], LABELS[-10:]),
    "nearest_mean": (IMAGE, np.arange(10.0, 0, -1)),
    "network": ([("Input", (28, 28, 1)), ("Conv2D", (26, 26, 32)), ("Dense", (10,))],),
    "off_centre_digits": (
        [np.ones((280, 280))] * 3,
        LABELS[:3],
        {"a way": IMAGES[:3], "another": IMAGES[:3]},
        {"a way": LABELS[:3], "another": LABELS[-3:]},
    ),
    "one_step": (IMAGE[:3, :3] / 255, KERNEL),
    "ink_histogram": (IMAGES,),
    "pixel_values": (IMAGE,),
    "pooling": (EDGES, EDGES.reshape(13, 2, 13, 2).max(axis=(1, 3))),
    "precision_and_recall": (np.linspace(0.97, 0.99, 10), np.linspace(0.99, 0.97, 10)),
    "prediction": (IMAGE / 255, PROBABILITIES[0]),
    "relu": (EDGES, np.maximum(EDGES, 0)),
    "softmax": (EDGES[0, :10], PROBABILITIES[0]),
    "training_curves": (HISTORY,),
    "two_preparations": (IMAGE, {"a way": IMAGE, "another": IMAGE}, PROBABILITIES[:2]),
}


def draw(name):
    return getattr(plots, name)(*CALLS[name])


def test_every_figure_is_called_here():
    functions = {name for name, value in vars(plots).items() if inspect.isfunction(value)}
    assert functions == set(CALLS) | set(OPTIONAL)


@pytest.mark.parametrize("name", CALLS)
def test_a_figure_comes_as_a_picture_with_its_text(name):
    figure = draw(name)
    data, metadata = figure._repr_mimebundle_()
    picture = Image.open(io.BytesIO(data["image/png"]))
    assert data["text/plain"] == metadata["image/png"]["alt"] == figure.alt
    assert len(figure.alt.split()) > 8
    assert metadata["image/png"]["width"] == round(picture.width * 100 / 150)
    assert len(data["image/png"]) < 500_000  # noise is the worst that a picture can hold


@pytest.mark.parametrize("name", CALLS)
def test_no_text_is_too_small_or_cut_off(name):
    figure = draw(name)
    figure.draw_without_rendering()
    smallest = 7.5 if name == "pixel_values" else 9.5
    frame = figure.bbox.padded(1)
    for text in figure.findobj(matplotlib.text.Text):
        if text.get_text() and text.get_visible() and text.axes is not None and text.axes.axison:
            assert text.get_fontsize() >= smallest, text
            box = text.get_window_extent()
            assert frame.x0 <= box.x0 and box.x1 <= frame.x1, text
            assert frame.y0 <= box.y0 and box.y1 <= frame.y1, text


@pytest.mark.parametrize("name", CALLS)
def test_colour_maps_are_perceptually_uniform(name):
    for image in draw(name).findobj(matplotlib.image.AxesImage):
        assert image.get_cmap().name in {"gray_r", "viridis", "managua"}


def test_drawing_leaves_the_settings_of_matplotlib_alone():
    before = dict(matplotlib.rcParams)
    draw("prediction")._repr_mimebundle_()
    assert dict(matplotlib.rcParams) == before


def test_the_same_numbers_give_the_same_bytes():
    first, second = draw("prediction"), draw("prediction")
    assert first._repr_mimebundle_() == second._repr_mimebundle_()


def test_ipython_shows_the_text_with_the_picture():
    from IPython.core.interactiveshell import InteractiveShell

    figure = canvas(1, "a text that says what there is to be seen")
    data, metadata = InteractiveShell.instance().display_formatter.format(figure)
    assert isinstance(figure, LessonFigure) and set(data) == {"image/png", "text/plain"}
    assert metadata["image/png"]["alt"] == figure.alt


def test_bars_show_the_numbers():
    bars = draw("nearest_mean").axes[1].patches
    assert [bar.get_width() for bar in bars] == list(range(10, 0, -1))


def test_the_counts_stand_on_the_bars():
    texts = [text.get_text() for text in draw("label_counts").axes[0].texts]
    assert texts == ["10"] * 10


def test_pixel_values_are_written_in_their_places():
    texts = draw("pixel_values").axes[0].texts
    written = np.array([int(text.get_text()) for text in texts]).reshape(28, 28)
    np.testing.assert_array_equal(written, IMAGE)


def test_curves_of_held_out_images():
    history = HISTORY | {"val_loss": [0.6, 0.7], "val_accuracy": [0.7, 0.6]}
    figure = plots.training_curves(history, held_out=True)
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    np.testing.assert_array_equal(lines["held out"].get_xydata(), [[1, 0.6], [2, 0.7]])
    np.testing.assert_array_equal(lines["training"].get_xydata(), [[0.5, 0.5], [1.5, 0.2]])


def test_the_progress_bar_is_as_long_as_what_is_done():
    figure = plots.training_curves({}, progress=(1, 469, 5, 938))
    whole, done = figure.axes[-1].patches
    assert done.get_width() / whole.get_width() == pytest.approx(1.5 / 5)
