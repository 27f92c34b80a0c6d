"""Each figure can be seen and read, shows the numbers it is given, and says what they say."""

import inspect
import io
import re

import matplotlib
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.text import Text
from PIL import Image

from helpers import language, plots
from helpers.evaluation import mean_interval
from helpers.how_sure.calibration import reliability
from helpers.plots import canvas
from tests.marks import speak, without_marks

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (100, 28, 28), dtype=np.uint8)
IMAGE, INK = IMAGES[0], IMAGES[0] / 255
LABELS = np.repeat(np.arange(10), 10)
KERNEL = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])
EDGES = RNG.normal(size=(26, 26))
SHARES = RNG.dirichlet(np.ones(10), size=12)
SURE = np.eye(10)[LABELS[:12]]
MAPS = {name: RNG.random((size, size, 32)) for name, size in (("a", 26), ("b", 11), ("c", 3))}
HISTORY = {"loss": [0.5, 0.2], "accuracy": [0.8, 0.9]}
FOUND = reliability(SHARES.max(axis=1), LABELS[:12] > 0, 4)
RUNS = {
    name: {key: RNG.uniform(1, 60, 5) for key in ("seconds", "cold")}
    | {"accuracy": RNG.uniform(0.98, 0.99, 5)}
    for name in ("document", "fast", "document, executed well")
}

# One call of each figure: what it is given, as the notebooks give it.
CALLS = {
    "ranking": (RUNS, ("fast",)),
    "answers": (IMAGES[:5], list("ABCDE"), SHARES[:5]),
    "before_and_after_scaling": (IMAGE, INK),
    "before_and_after_training": (INK, 5, SHARES[0], SHARES[1]),
    "clouds": (RNG.normal(size=(200, 2)), np.arange(200) % 10, np.arange(200) < 9),
    "confident_mistakes": (IMAGES[:12] / 255, LABELS[:12], SHARES, LABELS[:12] > 0),
    "confusion": (RNG.integers(0, 9, (10, 10)),),
    "convolution": (INK, KERNEL, EDGES),
    "coverage": (np.linspace(0, 1), np.linspace(1, 0.9), [(0.5, 0.9, 0.8, 0.95)] * 2),
    "covered": (INK, INK, SHARES[0], SHARES[1]),
    "examples_of_each_digit": (IMAGES[::5], LABELS[::5], 2),
    "exciting_patches": (IMAGES[:6].reshape(2, 3, 28, 28), np.full((2, 3, 3), 8), [0, 31], "first"),
    "explorer": (INK, MAPS["b"], MAPS["b"]),
    "first_feature_maps": (INK, MAPS["a"]),
    "first_filters": (RNG.normal(size=(3, 3, 32)),),
    "gains": ({"an idea": [0.001, 0.002], "another": [-0.01, 0.01, 0.0]}, ("another",)),
    "first_images": (IMAGES[:10], LABELS[:10]),
    "ink_histogram": (IMAGES,),
    "journey": (INK, MAPS, SHARES[0]),
    "label_counts": (LABELS, LABELS),
    "learning_rate": ([0.1, 0.2, 0.1, 0.0],),
    "learning_rates": ({"0.1": np.linspace(2, 1, 40), "10": np.full(40, 9.0)},),
    "loss_of_probability": (),
    "many_of_one_digit": (IMAGES[:12], 7),
    "maps_before_and_after_training": (INK, MAPS, MAPS),
    "mean_images": (IMAGES[:10].astype(float),),
    "missed_digits": (IMAGES[:10], LABELS[:10], LABELS[-10:]),
    "moved_map": ([INK, INK], [EDGES, EDGES]),
    "multiplications": ({"a": {"1: convolution": 200_000, "2: dense": 9_000}, "b": {"dense": 9}},),
    "nearest_mean": (IMAGE, np.arange(10.0, 0, -1)),
    "network": ([("Input", INK[..., None]), ("Conv2D", MAPS["a"]), ("Dense", SHARES[0])],),
    "off_centre_digits": (
        [np.ones((280, 280))] * 3,
        LABELS[:3],
        {"a way": IMAGES[:3], "another": IMAGES[:3]},
        {"a way": LABELS[:3], "another": LABELS[-3:]},
    ),
    "one_step": (INK[:3, :3], KERNEL),
    "pixel_values": (IMAGE,),
    "pooling": (EDGES, EDGES.reshape(13, 2, 13, 2).max(axis=(1, 3))),
    "precision_and_recall": (np.linspace(0.97, 0.99, 10), np.linspace(0.99, 0.97, 10)),
    "prediction": (INK, SHARES[0]),
    "receptive_fields": (INK, [(0, 0, 3), (10, 10, 18)]),
    "reliability": ({"before": FOUND, "after": FOUND},),
    "relu": (EDGES, np.maximum(EDGES, 0)),
    "second_machine": (0.2, {"a": 1, "b": 5, "c": 40}, {"a": 10, "b": 50, "c": 400}, 64),
    "seed_spread": (np.linspace(0.99, 0.992, 5), (0.989, 0.993)),
    "softmax": (EDGES[0, :10], SHARES[0]),
    "temperature": (np.linspace(0.8, 3), np.linspace(1, 2), 1.6),
    "times": ({"one way": [60.0, 70.0], "another": [0.7]}, "time for one image"),
    "training_curves": (HISTORY, {"epoch": [0.5], "loss": [0.4]}, (1, 469, 5, 938)),
    "two_preparations": (IMAGE, {"a way": IMAGE, "another": IMAGE}, SHARES[:2]),
    "weight_images": (RNG.normal(size=(784, 10)),),
    "where_it_looks": (
        *(INK[None], ["a"], INK[None] - 0.5, MAPS["b"][..., :1].T, (8, 2), "A digit"),
        [(0, 0, 8)],
    ),
}

LESSON = (".load", ".architecture", ".train", ".evaluate")
OF_THE_LESSON = [name for name in CALLS if getattr(plots, name).__module__.endswith(LESSON)]
IN_EACH_LANGUAGE = [(name, "en") for name in CALLS]
IN_EACH_LANGUAGE += [(name, one) for one in language.translations() for name in OF_THE_LESSON]


def draw(name, **changed):
    names = inspect.signature(getattr(plots, name)).parameters
    return getattr(plots, name)(**dict(zip(names, CALLS[name], strict=False)) | changed)


def test_every_figure_is_called_here():
    assert {name for name, value in vars(plots).items() if inspect.isfunction(value)} == set(CALLS)


@pytest.mark.parametrize(("name", "spoken"), IN_EACH_LANGUAGE)
def test_a_figure_can_be_seen_and_read(name, spoken, monkeypatch):
    """A letter that no font has ends in a warning, which is an error here."""
    monkeypatch.setenv(language.LANGUAGE, spoken)
    figure = draw(name)
    figure.set_dpi(canvas.PIXELS_PER_INCH)  # so that each text stays where the picture has it
    data, metadata = figure._repr_mimebundle_()
    picture = Image.open(io.BytesIO(data["image/png"]))
    assert data["text/plain"] == metadata["image/png"]["alt"] == figure.alt
    assert len(figure.alt.split()) > 8 or (len(figure.alt) > 20 and spoken != "en")
    assert metadata["image/png"]["width"] == round(picture.width * 100 / 150) in (650, 900)
    assert len(data["image/png"]) < 500_000  # noise is the worst that a picture can hold
    for image in figure.findobj(matplotlib.image.AxesImage):
        assert image.get_cmap().name in {"gray_r", "strength", "signed"}  # perceptually uniform
    smallest = 7.5 if name == "pixel_values" else 9.5
    frame = figure.bbox.padded(1.5)
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible() and text.axes is not None and text.axes.axison:
            assert text.get_fontsize() >= smallest, text
            box = Text.get_window_extent(text)
            assert frame.x0 <= box.x0 and box.x1 <= frame.x1, text
            assert frame.y0 <= box.y0 and box.y1 <= frame.y1, text


OF_THE_CALLS = re.compile("a way|another|Input|u?int8|float32")


@pytest.mark.parametrize("name", OF_THE_LESSON)
def test_all_that_a_figure_of_the_lesson_says_is_a_message(name, monkeypatch):
    speak("xx", monkeypatch)
    figure = draw(name)
    said = [figure.alt, *(text.get_text() for text in figure.findobj(Text))]
    assert "«" in figure.alt and without_marks(OF_THE_CALLS.sub("", "\n".join(said))) == []


@pytest.mark.parametrize(
    ("name", "argument", "wrong", "message"),
    [
        ("prediction", "image", INK[None], r"got float64 of shape \(1, 28, 28\), expected numbers"),
        ("prediction", "probabilities", SHARES[0] * np.nan, "got values that are not finite, or"),
        (
            "first_images",
            "labels",
            None,
            r"got object of shape \(\), expected numbers of shape \(im",
        ),
        ("second_machine", "slope", 0, "got 0, expected more than 0"),
    ],
)
def test_a_wrong_argument_is_named(name, argument, wrong, message):
    with pytest.raises(ValueError, match=f"^{argument}.*: {message}"):
        draw(name, **{argument: wrong})


# Numbers for which a text that tells of the lesson's own would be false.
TEXTS = [
    ("answers", "probabilities", SHARES[:5] / 9, "For none"),
    ("answers", "probabilities", SURE[:5], "For several"),
    ("before_and_after_scaling", "scaled", INK / 2, "not the same"),
    ("before_and_after_scaling", "scaled", INK, "identical"),
    ("before_and_after_training", "after", SURE[0], "5 has half or less."),
    ("clouds", "points", np.ones((200, 2)), "right answers half or less"),
    ("confusion", "matrix", np.eye(10), "nearly all of the images; of the other fields, nearly al"),
    ("confusion", "matrix", 1 - np.eye(10), "half or less of the images; of the other fields, hal"),
    ("convolution", "kernel", KERNEL.T, "rows -1 0 1; -1 0 1; -1 0 1,"),
    ("coverage", "accuracies", np.linspace(1, 0), " rises"),
    ("coverage", "accuracies", np.ones(50), "doesn't rise"),
    ("examples_of_each_digit", "count", 2, "with 2 diff"),
    ("examples_of_each_digit", "count", 3, "with up to 3 diff"),
    ("gains", "gains", {"a": [0.1, 0.1], "b": [-1, 1]}, "above 0 for a."),
    ("gains", "gains", {"b": [-1, 1]}, "none"),
    ("ink_histogram", "images", IMAGES // 255 * 9, "has 0% of them, the other fifteen from 0%"),
    ("label_counts", "test_labels", LABELS[5:], "5 of the digit 0 to 10 of the digit 1 in the"),
    ("learning_rate", "rates", [0.1, 0.3], "begins at 0.1, has its highest point, 0.3, at st"),
    ("learning_rates", "losses", {"0.5": np.linspace(5, 3, 40)}, "from 5.00 to 3.49 at 0.5"),
    ("many_of_one_digit", "images", IMAGES[:1] * 0 + 9, "from 9, in the thinnest, to 9"),
    ("maps_before_and_after_training", "trained", dict.fromkeys("xyz", MAPS["c"]), "3 by 3, t"),
    ("missed_digits", "guesses", LABELS[:10] + 2, "with label and guess: 0 taken for 2"),
    ("multiplications", "networks", {"a": {"x": 1, "y": 2, "z": 3}}, "are z in a"),
    ("pixel_values", "image", IMAGE // 4, "up to 63"),
    ("pooling", "after", EDGES[:5, :4], "of 5 by 4 values after"),
    ("precision_and_recall", "recall", np.linspace(0, 1, 10), "all between 0.00 and 1"),
    ("prediction", "probabilities", SHARES[0], "half or less of it"),
    ("prediction", "probabilities", SURE[0], "nearly all"),
    ("reliability", "panels", {"a": [[0.1], [0.5], [0.4], [0.6]]}, "a, 1 of 1 intervals above"),
    ("reliability", "panels", {"a": [[1, 0], [1, 0], [0, 0], [1, 1]]}, "a, 0 of 1 intervals above"),
    ("relu", "kept", EDGES * 0 - 2, "from -2.0 to -2.0 after it"),
    ("seed_spread", "interval", (0, 1), "is wider than"),
    ("seed_spread", "interval", (0.99, 0.991), "is no wider than"),
    ("softmax", "scores", -np.arange(10), "9 of them below 0"),
    ("temperature", "best", 0.9, "of 1 or below"),
    ("temperature", "best", 1.1, "above 1"),
    ("weight_images", "weights", -np.ones((784, 10)), "the 0 is below 0"),
]


@pytest.mark.parametrize(("name", "argument", "value", "words"), TEXTS)
def test_the_text_says_what_the_numbers_say(name, argument, value, words):
    assert words in draw(name, **{argument: value}).alt


def test_growing_curves_keep_their_text_and_a_training_that_fails_is_drawn_too():
    first = plots.training_curves({}, {"epoch": []}, (0, 0, 5, 938), True)
    failed = {"loss": [np.nan, np.inf], "val_loss": [np.nan, np.nan]}
    for history in ({"loss": [1, 2], "val_loss": [1, 2]}, failed):
        assert first.alt == plots.training_curves(history, held_out=True).alt


def test_ipython_shows_the_text_with_a_picture_and_leaves_the_settings_of_matplotlib_alone():
    before = dict(matplotlib.rcParams)
    figure = draw("prediction")
    shown = InteractiveShell.instance().display_formatter.format(figure)
    assert shown == figure._repr_mimebundle_() == draw("prediction")._repr_mimebundle_()
    assert set(shown[0]) == {"image/png", "text/plain"}
    assert dict(matplotlib.rcParams) == before


def test_figures_show_the_numbers():
    bars = draw("nearest_mean").axes[1].patches
    assert [bar.get_width() for bar in bars] == list(range(10, 0, -1))
    assert [text.get_text() for text in draw("label_counts").axes[0].texts] == ["10"] * 10
    written = np.array([int(text.get_text()) for text in draw("pixel_values").axes[0].texts])
    np.testing.assert_array_equal(written.reshape(28, 28), IMAGE)
    titles = [axes.get_title() for axes in draw("confident_mistakes").axes]
    assert (titles[0], titles[10]) == ("label 0", "label 1, doubtful")  # not by colour alone


def test_curves_of_held_out_images_and_a_bar_as_long_as_what_is_done():
    history = HISTORY | {"val_loss": [0.6, 0.7]}
    figure = draw("training_curves", history=history, blocks=None, held_out=True)
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    np.testing.assert_array_equal(lines["held out"].get_xydata(), [[1, 0.6], [2, 0.7]])
    training = lines["training, whole epoch"].get_xydata()
    np.testing.assert_array_equal(training, [[0.5, 0.5], [1.5, 0.2]])
    whole, done = figure.axes[-1].patches
    assert done.get_width() / whole.get_width() == pytest.approx(1.5 / 5)
    finished = draw("training_curves", history=history, progress=None, held_out=True).axes[0]
    assert finished.get_title() == "ring: lowest held-out loss, 0.60"
    np.testing.assert_array_equal(finished.lines[-1].get_xydata(), [[1, 0.6]])


def test_no_map_is_left_out_and_each_is_on_its_own_scale():
    maps = np.ones((2, 4, 1)) * range(5)  # the first is empty
    shown = draw("explorer", untrained=maps, trained=maps).axes[1].images[0].get_array()
    assert shown.shape == (6, 12) and set(np.unique(shown)) == {0, 1} and shown.sum() == 4 * 8
    empty = draw("where_it_looks", cams=np.zeros((1, 11, 11)))
    assert not empty.axes[2].images[1].get_array().any()


def test_every_crossing_is_on_the_figure_and_the_legend_beside_the_lines():
    exchange = {"fast": 0.2, "slower": 5.0, "slow": 90.0}
    crossing = {"fast": 2, "slower": 50, "slow": 900}
    figure = draw("second_machine", exchange=exchange, crossing=crossing)
    figure.draw_without_rendering()  # so that everything has its place
    axes = figure.axes[0]
    dots = [line.get_xydata() for line in axes.lines if len(line.get_xydata()) == 1]
    np.testing.assert_allclose(np.concatenate(dots), [[2, 0.2], [50, 5], [900, 90]])
    assert all(axes.viewLim.contains(*dot[0]) for dot in dots)
    assert [text.get_text().split()[-2] for text in axes.texts] == ["2", "50", "900"]
    assert not figure.legends[0].get_window_extent().overlaps(axes.get_window_extent())


def test_the_best_stands_on_top_and_each_number_at_its_dot():
    runs = {"a": (1.0, 9.0, 0.99), "b": (20.0, 29.0, 0.995), "c": (3.0, 4.0, 0.98)}
    keys = "seconds", "cold", "accuracy"
    points = {
        name: {key: [value] for key, value in zip(keys, values, strict=True)}
        for name, values in runs.items()
    }
    left, right, cold = plots.ranking(points).axes
    assert [label.get_text() for label in left.get_yticklabels()] == ["c", "a", "b"]
    assert [text.get_text() for text in left.texts] == ["98.00%", "99.00%", "99.50%"]
    assert [text.xy[0] for text in right.texts] == [3, 1, 20]
    assert [text.xy[0] for text in cold.texts] == [4, 9, 29]
    assert re.search("highest for b.* shortest for a.* shortest for c", left.figure.alt)


def test_a_gain_is_drawn_with_its_interval_and_its_seeds():
    values = np.array([0.001, 0.003, 0.002])
    axes = plots.gains({"idea": values}).axes[0]
    seeds, interval, mean = axes.lines[1:]  # after the line at 0
    np.testing.assert_allclose(seeds.get_xdata(), 100 * values)
    np.testing.assert_allclose(interval.get_xdata(), 100 * np.array(mean_interval(values)))
    assert mean.get_xdata() == pytest.approx(0.2) and axes.texts[0].get_text() == "+0.20"


@pytest.mark.parametrize(("longest", "scale"), [(19.0, "linear"), (21.0, "log")])
def test_times_that_differ_tenfold_are_drawn_on_a_logarithmic_axis(longest, scale):
    taken = {"one": [2.0], "other": [longest - 1, longest, longest + 1]}
    axes = plots.times(taken, "time in seconds").axes[0]
    assert axes.get_xscale() == scale
    assert [text.get_text() for text in axes.texts] == ["2", f"{longest:.3g}"]
    assert axes.get_xlim()[0] < 2 < longest < axes.get_xlim()[1]
