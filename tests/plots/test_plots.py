"""Each figure can be seen and read, shows the numbers it is given, and says what they say."""

import inspect
import io
import re
from importlib import import_module
from itertools import product

import matplotlib
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.text import Text

from helpers import language, plots
from helpers.files import ROOT
from tests.marks import speak, without_marks

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (100, 28, 28), dtype=np.uint8)
IMAGE, INK = IMAGES[0], IMAGES[0] / 255
LABELS = np.repeat(np.arange(10), 10)
KERNEL = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])
EDGES = RNG.normal(size=(26, 26))
SHARES = RNG.dirichlet(np.ones(10), size=12)
MAPS = {name: RNG.random((size, size, 32)) for name, size in (("a", 26), ("b", 11), ("c", 3))}
FOUND = [[0.5, 1.0], [0.3, 0.9], [0.0, 0.8], [0.6, 0.99], [3, 99_999]]
HISTORY = {"loss": [0.5, 0.2], "val_loss": [0.6, 0.7], "accuracy": [0.8, 0.9]}
LOOKS = INK[None], ["a"], INK[None] - 0.5, MAPS["b"][..., :1].T, (8, 2), "A digit"

# One call of each figure: what it is given, as the notebooks give it.
CALLS = {
    "accuracy_by_writer": ([(0.9, 0.8, 0.95), (0.7, 0.6, 0.8)], 0.8, (0.75, 0.95)),
    "answers": (IMAGES[:5], list("ABCDE"), SHARES[:5]),
    "confident_mistakes": (IMAGES[:12] / 255, LABELS[:12], SHARES, LABELS[:12] > 0),
    "confusion": (RNG.integers(0, 9, (10, 10)),),
    "convolution": (INK, KERNEL, EDGES),
    "descent": (np.linspace(0, 10, 5), np.linspace(2.3, 1, 5), {0.1: 2.2, 10: 1.0}),
    "examples_of_each_digit": (IMAGES[::5], LABELS[::5], 2),
    "exciting_patches": (IMAGES[:6].reshape(2, 3, 28, 28), np.full((2, 3, 3), 8), ["first\n7"] * 2),
    "explorer": (INK, MAPS["b"], MAPS["b"]),
    "first_filters": (RNG.normal(size=(3, 3, 32)),),
    "gains": ({"an idea": [0.001, 0.002], "another": [-0.01, 0.01, 0.0]},),
    "first_images": (IMAGES[:10], LABELS[:10]),
    "label_counts": (LABELS, LABELS),
    "learning_rates": ({"0.1": np.linspace(2, 1, 40), "10": np.full(40, 9.0)},),
    "loss_of_probability": (),
    "mean_images": (IMAGES[:10].astype(float),),
    "missed_digits": (IMAGES[:10], LABELS[:10], LABELS[-10:]),
    "moved_map": ([INK, INK], [EDGES, EDGES]),
    "nearest_mean": (IMAGE, np.arange(10.0, 0, -1)),
    "network": ([("Input", INK[..., None]), ("Conv2D", MAPS["a"]), ("Dense", SHARES[0])],),
    "off_centre_digits": ([INK] * 3, LABELS[:3], {"a way": IMAGES[:3]}, {"a way": LABELS[-3:]}),
    "one_step": (INK[:3, :3], KERNEL),
    "pixel_values": (IMAGE,),
    "pooling": (EDGES, EDGES.reshape(13, 2, 13, 2).max(axis=(1, 3))),
    "precision_and_recall": (np.linspace(0.97, 0.99, 10), np.linspace(0.99, 0.97, 10)),
    "prediction": (INK, SHARES[0]),
    "receptive_fields": (INK, [(0, 0, 3), (10, 10, 18)]),
    "reliability": ({"before": FOUND, "after": FOUND},),
    "relu": (EDGES, np.maximum(EDGES, 0)),
    "rows_of_digits": ({"a digit taken for another": IMAGES[:12], "MNIST's": IMAGES[:3]},),
    "second_machine": (0.2, {"a": 1, "b": 5, "c": 40}, {"a": 10, "b": 50, "c": 400}, 64),
    "seed_spread": (np.linspace(0.99, 0.992, 5), 0.9914, (0.989, 0.993)),
    "softmax": (EDGES[0, :10], SHARES[0]),
    "training_curves": (HISTORY, {"epoch": [0.5], "loss": [0.4]}, (1, 469, 5, 938)),
    "two_clocks": ({"document, 99.07%": (45.6, 51.3), "fast": (0.8, 6.9)},),
    "two_preparations": (IMAGE, {"a way": IMAGE, "another": IMAGE}, SHARES[:2]),
    "weight_images": (RNG.normal(size=(784, 10)),),
    "where_it_looks": (*LOOKS, [(0, 0, 8)]),
}

OF_THE_CALLS = re.compile("a way|another|Input|u?int8|float32")
LESSON = (".load", ".architecture", ".train", ".evaluate")
ROOMS = [path.parent.name for path in ROOT.glob("helpers/*/plots.py")]
MODULES = plots, *(import_module(f"helpers.{room}.plots") for room in ROOMS)
FUNCTIONS = dict(pair for module in MODULES for pair in inspect.getmembers(module))
FIGURES = {name: one for name, one in FUNCTIONS.items() if hasattr(one, "__wrapped__")}
OF_THE_LESSON = [name for name, one in FIGURES.items() if one.__module__.endswith(LESSON)]
IN_EACH_LANGUAGE = [*product(FIGURES, ["en"]), *product(OF_THE_LESSON, language.translations())]


def draw(name, **changed):
    call = inspect.signature(FIGURES[name]).bind(*CALLS[name])
    return FIGURES[name](**call.arguments | changed)


@pytest.mark.parametrize(("name", "spoken"), IN_EACH_LANGUAGE)
def test_a_figure_can_be_seen_and_read(name, spoken, monkeypatch):
    """A letter that no font has ends in a warning, which is an error here."""
    monkeypatch.setenv(language.LANGUAGE, spoken)
    settings = dict(matplotlib.rcParams)
    figure = draw(name)
    figure.set_dpi(150)  # so that each text stays where the picture has it
    data, metadata = InteractiveShell.instance().display_formatter.format(figure)
    assert set(data) == {"image/png", "text/plain"} and dict(matplotlib.rcParams) == settings
    pixels = matplotlib.image.imread(io.BytesIO(data["image/png"])).shape[1]
    assert data["text/plain"] == metadata["image/png"]["alt"] == figure.alt
    assert len(figure.alt.split()) > 8 or (len(figure.alt) > 20 and spoken != "en")
    assert metadata["image/png"]["width"] == round(pixels * 100 / 150) in (500, 650, 900)
    assert len(data["image/png"]) < 500_000  # noise is the worst that a picture can hold
    for image in figure.findobj(matplotlib.image.AxesImage):
        assert image.get_cmap().name in {"gray_r", "strength", "signed"}  # perceptually uniform
    smallest, frame = 7.5 if name == "pixel_values" else 9.5, figure.bbox.padded(1.5)
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible() and text.axes is not None and text.axes.axison:
            assert text.get_fontsize() >= smallest, text
            box = Text.get_window_extent(text)
            assert frame.contains(*box.min) and frame.contains(*box.max), text


@pytest.mark.parametrize("name", OF_THE_LESSON)
def test_all_that_a_figure_of_the_lesson_says_is_a_message(name, monkeypatch):
    speak("xx", monkeypatch)
    figure = draw(name)
    said = [figure.alt, *(text.get_text() for text in figure.findobj(Text))]
    assert "«" in figure.alt and without_marks(OF_THE_CALLS.sub("", "\n".join(said))) == []


# Numbers for which a text that tells of the lesson's own would be false.
TEXTS = [
    ("accuracy_by_writer", "chance", (0, 1), "; 0 of them lie outside"),
    ("answers", "probabilities", np.eye(10)[:5], "For several"),
    ("confusion", "matrix", 1 - np.eye(10), "half or less of the images; of the other fields, hal"),
    ("label_counts", "test_labels", LABELS[5:], "5 of the digit 0 to 10 of the digit 1 in the"),
    ("prediction", "probabilities", np.eye(10)[3], "nearly all"),
    ("reliability", "panels", {"a": np.full((5, 1), 1)}, "stand not below it"),
    ("seed_spread", "interval", (0.99, 0.991), "is no wider than"),
]
TEXTS = [one for one in TEXTS if one[0] in FIGURES]  # a fork may have fewer lessons


@pytest.mark.parametrize(("name", "argument", "value", "words"), TEXTS)
def test_the_text_says_what_the_numbers_say(name, argument, value, words):
    assert words in draw(name, **{argument: value}).alt


def test_figures_show_the_numbers():
    bars = draw("nearest_mean").axes[1].patches
    assert [bar.get_width() for bar in bars] == list(range(10, 0, -1))
    written = np.array([int(text.get_text()) for text in draw("pixel_values").axes[0].texts])
    np.testing.assert_array_equal(written.reshape(28, 28), IMAGE)
    titles = [axes.get_title() for axes in draw("confident_mistakes").axes]
    assert (titles[0], titles[10]) == ("label 0", "label 1, doubtful")  # not by colour alone


@pytest.mark.skipif("explorer" not in FIGURES, reason="there is no lesson see_inside")
def test_the_explorer_leaves_no_map_out():
    maps = np.ones((2, 4, 1)) * range(5)  # the first is empty
    shown = draw("explorer", untrained=maps, trained=maps).axes[1].images[0].get_array()
    assert shown.shape == (6, 12) and set(np.unique(shown)) == {0, 1} and shown.sum() == 4 * 8


def test_curves_of_a_validation_set_a_bar_as_long_as_what_is_done_and_a_training_that_fails():
    axes = draw("training_curves", validation=True, blocks=None).axes
    lines = {line.get_label(): line.get_xydata() for line in axes[0].lines}
    np.testing.assert_array_equal(lines["validation"], [[1, 0.6], [2, 0.7]])
    np.testing.assert_array_equal(lines["training, whole epoch"], [[0.5, 0.5], [1.5, 0.2]])
    whole, done = axes[-1].patches
    assert done.get_width() / whole.get_width() == pytest.approx(1.5 / 5)
    finished = plots.training_curves(HISTORY, validation=True)
    assert finished.axes[0].get_title() == "ring: lowest validation loss, 0.600"
    failed = {"loss": [np.nan, np.inf], "val_loss": [np.nan, np.nan]}
    assert plots.training_curves(failed, validation=True).alt == finished.alt


@pytest.mark.skipif("gains" not in FIGURES, reason="there is no lesson better")
def test_an_interval_of_gains_and_a_bar_with_its_part():
    axes = FIGURES["gains"]({"idea": [0.001, 0.003, 0.002]}).axes[0]
    assert axes.lines[2].get_xdata() == pytest.approx((-0.0484, 0.4484), abs=1e-4)  # Student's t
    assert axes.lines[3].get_xdata() == pytest.approx(0.2) and axes.texts[0].get_text() == "+0.20"
    whole, part = draw("two_clocks").axes[0].containers
    assert [bar.get_width() for bar in (*whole, *part)] == [51.3, 6.9, 45.6, 0.8]
