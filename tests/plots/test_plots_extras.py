import itertools

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from helpers import plots
from helpers.how_sure.calibration import reliability, temper

rng = np.random.default_rng(0)
images = rng.random((12, 28, 28))
probabilities = temper(rng.normal(size=(12, 10)), 1)
labels = np.arange(12) % 10
maps = rng.random((11, 11, 64))
found = reliability(labels, probabilities)

FIGURES = {
    "explorer": lambda: plots.explorer(images[0], maps, maps),
    "first_filters": lambda: plots.first_filters(rng.normal(size=(3, 3, 32))),
    "receptive_fields": lambda: plots.receptive_fields(images[0], [(0, 0, 3), (10, 10, 18)]),
    "exciting_patches": lambda: plots.exciting_patches(
        images[:6].reshape(2, 3, 28, 28), np.full((2, 3, 3), 8), [0, 31], "first convolution"
    ),
    "covered": lambda: plots.covered(images[0], images[1], probabilities[0], probabilities[1]),
    "where_it_looks": lambda: plots.where_it_looks(
        images[:2], ["a", "b"], images[:2] - 0.5, maps[..., :2].T, (8, 2), "Two digits"
    ),
    "clouds": lambda: plots.clouds(
        rng.normal(size=(200, 2)), np.arange(200) % 10, np.arange(200) < 9
    ),
    "seed_spread": lambda: plots.seed_spread(np.linspace(0.99, 0.992, 5), (0.989, 0.993)),
    "reliability": lambda: plots.reliability({"before": found, "after": found}),
    "temperature": lambda: plots.temperature(np.linspace(0.8, 3), np.linspace(1, 2), 1.6),
    "accuracy_against_time": lambda: plots.accuracy_against_time(
        {
            name: {"seconds": rng.uniform(1, 60, 5), "accuracy": rng.uniform(0.98, 0.99, 5)}
            for name in ("document", "fast", "document, executed well")
        },
        ("fast",),
    ),
    "learning_rate": lambda: plots.learning_rate([0.1, 0.2, 0.1, 0.0]),
    "multiplications": lambda: plots.multiplications(
        {"the document": {"1: convolution": 200_000, "2: dense": 9_000}, "another": {"1: dense": 9}}
    ),
    "times": lambda: plots.times({"one way": 60.0, "another": 0.7}, "time for one image"),
    "step_times": lambda: plots.step_times(
        np.array([16, 64, 256]),
        np.array([4.0, 12.0, 50.0]),
        (0.2, 1.0),
        {"a fast network": 1.0, "a slower one": 5.0, "a slow one": 40.0},
    ),
    "memory": lambda: plots.memory({"01_load": 400, "02_architecture": 900}, 100),
    "answers": lambda: plots.answers(images[:5] * 255, list("ABCDE"), probabilities[:5]),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_fits_a_column_and_can_be_read(name):
    figure = FIGURES[name]()
    assert figure.get_figwidth() == 6.5
    data, metadata = figure._repr_mimebundle_()  # draws it, so that every text is set
    assert metadata["image/png"]["width"] == 650
    assert len(data["text/plain"].split()) >= 12
    sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_text()]
    assert min(sizes) >= 9.5
    assert data["image/png"].startswith(b"\x89PNG")


def test_an_image_without_any_weight_gives_an_empty_map():
    nothing = np.zeros((1, 11, 11))
    figure = plots.where_it_looks(images[:1], ["a"], images[:1] * 0, nothing, (8, 2), "A digit")
    assert figure._repr_mimebundle_()[0]["image/png"]


def test_a_doubtful_label_is_said_in_words_too():
    figure = plots.confident_mistakes(images[:2], labels[:2], probabilities[:2], np.array([1, 0]))
    titles = [axes.get_title() for axes in figure.axes]
    assert titles[:2] == ["label 0, doubtful", "label 1"]


def test_accuracy_rises_upwards_however_it_is_scaled():
    runs = {"seconds": np.ones(1), "accuracy": np.ones(1)}
    points = {
        name: runs | {"accuracy": runs["accuracy"] * a} for name, a in (("a", 0.99), ("b", 0.9))
    }
    axes = plots.accuracy_against_time(points).axes[0]
    heights = {text.get_text(): axes.transData.transform(text.xy)[1] for text in axes.texts}
    assert heights["a"] > heights["b"]
    places = {text.get_text(): text.get_position()[1] for text in axes.texts}
    assert places["a"] > places["b"]  # the names stand in that order too


def test_every_crossing_is_on_the_figure_and_the_legend_beside_the_lines():
    exchange = {"fast": 0.2, "slower": 5.0, "slow": 90.0}  # cross at 2, 50 and 900
    figure = plots.step_times(np.array([16, 256]), np.array([4.0, 50.0]), (0.2, 1.0), exchange)
    FigureCanvasAgg(figure).draw()  # so that everything has its place
    axes = figure.axes[0]
    dots = [line.get_xydata() for line in axes.lines if len(line.get_xydata()) == 1]
    np.testing.assert_allclose(np.concatenate(dots), [[2, 1.4], [50, 11], [900, 181]])
    assert all(axes.viewLim.contains(*dot[0]) for dot in dots)
    assert not figure.legends[0].get_window_extent().overlaps(axes.get_window_extent())


def test_names_stand_beside_their_dots_and_apart():
    points = {
        str(accuracy): {"seconds": np.ones(1), "accuracy": np.array([accuracy])}
        for accuracy in (0.9, 0.9949, 0.995, 0.9951, 0.9952)
    }
    axes = plots.accuracy_against_time(points).axes[0]
    FigureCanvasAgg(axes.figure).draw()  # so that every name has its place
    boxes = [Text.get_window_extent(text) for text in axes.texts]  # without their lines
    assert not any(one.overlaps(other) for one, other in itertools.pairwise(boxes))
    assert all(box.y0 >= 0 and box.y1 <= axes.figure.bbox.height for box in boxes)
    dot = axes.transData.transform((1, 1 - 0.9))
    assert abs((boxes[0].y0 + boxes[0].y1) / 2 - dot[1]) < 5  # nothing pushes this one away


@pytest.mark.parametrize(("longest", "scale"), [(19.0, "linear"), (21.0, "log")])
def test_times_that_differ_tenfold_are_drawn_on_a_logarithmic_axis(longest, scale):
    figure = plots.times({"one": 2.0, "other": longest}, "time in seconds")
    axes = figure.axes[0]
    assert axes.get_xscale() == scale
    assert axes.get_xlim()[0] < 2 < longest < axes.get_xlim()[1]
