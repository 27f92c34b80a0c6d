"""The figures of the four notebooks, in each language, also of other numbers than theirs."""

import base64
import io
import os
import subprocess
import sys

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.colors import to_rgba
from matplotlib.text import Text
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image

from helpers import plots
from helpers.common import language
from helpers.common.files import ROOT
from helpers.plots.canvas import BLUE, PURPLE
from tests.editions import needs_chinese
from tests.figures import assert_same, check_visible, drawn_arrays, lines, titles, widths
from tests.marks import find_unmarked_words, speak_in_marks
from tools.execute import execute_notebook

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (30, 28, 28), dtype=np.uint8)
INK, SHARES = IMAGES / 255, RNG.dirichlet(np.ones(10), size=2)
KERNEL, EDGES = np.arange(9.0).reshape(3, 3), RNG.normal(size=(26, 26))


@pytest.fixture
def draw(monkeypatch):
    """A function that returns a figure in English, after it has tried the other languages."""

    def draw(name, *arguments, **more):
        for spoken in language.translated_languages():
            with language.use_language(spoken):
                # A letter that no font has is a warning, which the tests take for an error.
                getattr(plots, name)(*arguments, **more).draw_without_rendering()
        with monkeypatch.context() as patch:
            speak_in_marks("xx", patch)
            figure = getattr(plots, name)(*arguments, **more)
            words = [figure.alt, *(text.get_text() for text in figure.findobj(Text))]
            assert "«" in figure.alt and find_unmarked_words("\n".join(words)) == []
        check_visible(figure := getattr(plots, name)(*arguments, **more))
        return figure

    return draw


# The committed pictures say how these look. Here each is drawn once more, of any numbers.
MOVES = {"0": [0.975, 0.985]}
for number, direction in enumerate(("right", "left", "down", "up")):
    MOVES[f"4 {direction}"] = [0.35 + 0.1 * number, 0.45 + 0.1 * number]
CURVES = {"loss": [0.5, 0.2], "val_loss": [0.6, 0.3]}
CURVES |= {"accuracy": [0.8, 0.9], "val_accuracy": [0.7, 0.8]}
FIGURES = {
    "missed_digits": (IMAGES[:2], [4, 8], [9, 3]),
    "mean_images": (INK[:10],),
    "examples_of_each_digit": (IMAGES, np.arange(30) % 10),
    "label_counts": (np.repeat(range(10), range(1, 11)),),
    "nearest_mean": (IMAGES[0], np.arange(10.0, 0, -1)),
    "prediction": (INK[0], SHARES[0]),
    "softmax": (EDGES[0, :10], SHARES[0]),
    "unit": ([0.0, 0.07, 0.99], [-1, 0, 1], -0.5),
    "patch_times_kernel": (INK[0, :3, :3], KERNEL / 8),
    "convolution": (INK[0], KERNEL / 8, EDGES),
    "pooling": (EDGES, EDGES[::2, ::2]),
    "two_channels": (INK[0], abs(EDGES), abs(EDGES.T), abs(EDGES[1:-1, 1:-1])),
    "moved_map": ([INK[0], INK[1]], [EDGES, 2 * EDGES]),
    "receptive_fields": (INK[0], [(12, 9, 3), (10, 2, 8)]),
    "valley": (lambda weight: (weight - 2) ** 2 + 1, [0.0, 1.0, 1.5]),
    "weight_images": (RNG.normal(size=(784, 10)),),
    "moved_networks": ({"lesson": MOVES, "dense": MOVES},),
    "two_preparations": (INK[0], {"1": INK[1], "2": INK[2]}, SHARES),
    "pixel_values": (IMAGES[0],),
    "network": ([("Conv2D", EDGES[..., None]), ("Flatten", EDGES[0]), ("Dense", SHARES[0])],),
    "chain": ((0.8, 0.5, 0.4, 0.6, 0.24, 0.56, 0.58), (-0.211, -0.264, -0.176, -0.44)),
    "two_paths": (0.4, (0.6, -0.5), (-0.4, 0.4)),
    "rate_curves": ({3: [*range(40)], 0.1: [2.0] * 40},),
    "training_curves": (CURVES, {"epoch": [0.5], "loss": [0.4], "accuracy": [0.7]}),
    "overfitting": (CURVES, CURVES, 0.82),
    "confusion": (RNG.integers(1, 9, (10, 10)),),
    "confident_mistakes": (INK[:2], [4, 8], SHARES, [False, True]),
    "intervals": ([0.98, 0.99], [(0.97, 0.985), (0.985, 0.995)], 0.99),
    "tiles": ({"1": INK[:5].transpose(1, 2, 0)}, 4),
    "moved_digits": ([0.97, 0.7], [0.99, 0.96]),
    "flags": (IMAGES[:4].reshape(2, 2, 28, 28), np.array([[1, 7], [1, 4]])),
}
FIGURES_OF_THE_LESSON = [name for name, figure in vars(plots).items() if callable(figure)]


@pytest.mark.parametrize("name", FIGURES_OF_THE_LESSON)
def test_all_of_a_figure_is_seen_in_each_language(draw, name):
    assert name in FIGURES, f"the new figure {name} needs its arguments in FIGURES"
    draw(name, *FIGURES[name])


def test_a_figure_shows_itself_with_its_text(draw):
    figure = draw("pixel_values", IMAGES[0])
    data, metadata = InteractiveShell.instance().display_formatter.format(figure)
    assert data["text/plain"] == metadata["image/png"]["alt"] == figure.alt
    assert data["image/png"].startswith(b"\x89PNG") and metadata["image/png"]["width"] == 900


PYPLOT_FIRST = """
import matplotlib.pyplot as plt
import numpy as np
plt.plot([1, 2])
plt.show()
"""
FIGURE_NEXT = """
from helpers import plots
plots.mean_images(np.zeros((10, 28, 28)))
"""


def test_a_figure_stays_sharp_in_a_notebook_that_draws_by_pyplot(tmp_path):
    # After a cell that draws by pyplot, IPython draws figures with 100 dots an inch.
    notebook = new_notebook(cells=[new_code_cell(PYPLOT_FIRST), new_code_cell(FIGURE_NEXT)])
    path = tmp_path / "two_cells.ipynb"
    executed, failure = execute_notebook(path, notebook)
    assert failure is None
    (output,) = executed.cells[1].outputs
    picture = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
    assert picture.width == 975 and output.metadata["image/png"]["width"] == 650


OWN_FIGURE = """
import matplotlib
settings = dict(matplotlib.rcParams)
from helpers import plots
from helpers.plots import canvas
assert dict(matplotlib.rcParams) == settings
canvas.use_language_font()
import matplotlib.pyplot as plt
plt.title("\u635f\u5931")  # a letter that no font has is a warning
plt.gcf().draw_without_rendering()
"""


@needs_chinese
def test_a_learners_figure_shows_chinese_and_an_import_changes_no_setting_of_matplotlib():
    command = [sys.executable, "-W", "error::UserWarning", "-c", OWN_FIGURE]
    settings = {"HELLO_MNIST_LANGUAGE": "zh_CN", "MPLBACKEND": "agg"}
    done = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_a_unit_shows_its_sum_with_the_bias_and_what_relu_makes_of_it(draw):
    figure = draw("unit", [0.5, 1.0], [-2, 0.25], -0.5)
    words = [text.get_text() for text in figure.axes[0].texts if text.get_text()]
    assert {"times -2", "times 0.25", "bias -0.5"} <= {*words}
    assert [word for word in words if word[-1].isdigit() and " " not in word] == [
        *("0.50", "1.00"),  # the inputs
        *("-1.25", "0.00"),  # the sum and the output
    ]


def test_the_sums_of_a_filter_lie_in_the_middle_of_the_image_where_they_are_large(draw):
    strokes = np.arange(576.0).reshape(24, 24)
    figure = draw("two_channels", INK[0], abs(EDGES), abs(EDGES.T), strokes)
    image, sums = figure.axes[2].images
    assert_same([image.get_array(), sums.get_array()], [INK[0], strokes])
    assert sums.get_extent() == [1.5, 25.5, 25.5, 1.5]  # two pixels from each side of 28
    assert_same([sums.get_alpha()], [strokes >= 575 / 2])
    assert figure.axes[2].get_ylim() == (27.5, -0.5)


def test_a_network_whose_layers_give_numbers_below_0_is_drawn_with_0_in_white(draw):
    steps = [("Conv2D", np.full((4, 4, 3), -2.0)), ("Flatten", np.array([-1.0, 0.5]))]
    figure = draw("network", [*steps, ("Dense", SHARES[0])])
    images = [axes.images[0] for axes in figure.axes if axes.images]
    assert [image.get_clim() for image in images] == [(-2, 2)] * 3 + [(-1, 1)]
    assert {image.cmap.name for image in images} == {"signed"}


def test_a_network_shows_the_strongest_map_of_a_layer_and_two_that_differ_from_it(draw):
    others = [INK[0], 4 * INK[0], 0 * INK[0], 3 * INK[1], 2 * INK[2]]
    maps = np.stack(others, axis=-1)
    steps = [("DropoutLayer", INK[0, ..., None]), ("Conv2D", maps), ("Flatten", maps.ravel())]
    figure = draw("network", [*steps, ("Dense", SHARES[0])])
    image, strongest, *different, stripe = drawn_arrays(figure)
    assert_same([image, strongest, stripe], [INK[0], others[1], maps.reshape(-1, 1)])
    assert_same(sorted(different, key=np.max), sorted(others[3:], key=np.max))
    shapes = ["0\nDropout\n28x28x1", "1\nConv2D\n28x28x5", "2\nFlatten\n3920", "3\nDense\n10"]
    assert titles(figure) == shapes
    assert_same([widths(figure.axes[-1])], [SHARES[0]])
    maps = {"1": INK[:5].transpose(1, 2, 0), "2": EDGES[:3, :9].reshape(3, 3, 3)}
    both = draw("tiles", maps, 4, one_scale=True)
    assert_same(drawn_arrays(both), [*INK[:5], *maps["2"].transpose(2, 0, 1)])
    assert [figure.get_suptitle() for figure in both.subfigs] == ["1", "2"]
    assert len({image.get_clim() for axes in both.axes for image in axes.images}) == 1
    maps = draw("tiles", {"3": INK[:2].transpose(1, 2, 0) * (0.5, 1)}, 4).axes
    assert [axes.images[0].get_clim()[1] for axes in maps[:2]] == [INK[0].max() / 2, INK[1].max()]


def test_a_pooled_map_has_the_colours_of_the_map_before_it(draw):
    figure = draw("pooling", 2 * EDGES, EDGES[::2, ::2])
    before, after = (axes.images[0].get_clim() for axes in figure.axes[:2])
    assert before == after == (0, 2 * EDGES.max())


def test_each_number_of_the_chain_stands_at_its_place(draw):
    """In a picture, w1 = 0.5 and w2 = 0.6 look too much alike to be told apart."""
    forward, backward = (0.8, 0.5, 0.4, 0.6, 0.24, 0.56, 0.58), (-0.211, -0.264, -0.176, -0.44)
    figure = draw("chain", forward, backward)
    columns = {text.get_text(): text.get_position()[0] for text in figure.axes[0].texts}
    assert columns["w1 = 0.5"] == columns["w1"] == columns["-0.211"] == 1
    assert columns["w2 = 0.6"] == columns["w2"] == columns["-0.176"] == 3


def test_losses_of_several_rates_are_means_over_twenty_steps(draw):
    """A training that is shorter than 20 steps has one point."""
    steps = {3: [*range(40), 1e6], 0.001: [2.0] * 41}
    figure = draw("rate_curves", steps)
    curves = lines(figure.axes[0])
    assert_same([curves["learning rate 3"]], [[(10, 9.5), (30, 29.5)]])
    assert figure.axes[0].get_ylim()[1] < 50
    assert_same(
        [lines(draw("rate_curves", {0.1: [1, 3]}).axes[0])["learning rate 0.1"]], [[(1, 2)]]
    )


@pytest.mark.parametrize("loss", [np.inf, np.nan])
def test_a_rate_whose_losses_are_not_finite_hides_no_other_curve(draw, loss):
    axes = draw("rate_curves", {1000: [2.3] + 39 * [loss], 0.1: 40 * [2.0]}).axes[0]
    assert_same([lines(axes)["learning rate 0.1"]], [[(10, 2), (30, 2)]])
    assert 2 < axes.get_ylim()[1] < 3
    draw("rate_curves", {1000: 40 * [loss]})


def test_the_share_of_right_labels_is_a_line_among_the_accuracies(draw):
    history = {"loss": [2, 1], "accuracy": [0.6, 0.9], "val_loss": [1, 2]}
    history["val_accuracy"] = [0.6, 0.7]
    figure = draw("overfitting", history, {**history, "val_accuracy": [0.8, 0.9]}, 0.82)
    loss, accuracy = (lines(axes) for axes in figure.axes)
    assert loss["its validation"] == [[1, 1], [2, 2]]
    assert accuracy["validation, trained with right labels"] == [[1, 0.8], [2, 0.9]]
    assert [*figure.axes[1].lines[-1].get_ydata()] == [0.82, 0.82]
    assert figure.axes[1].get_title() == "line: 82% of the labels are right"


def test_what_comes_back_along_two_paths_stands_with_its_sum(draw):
    figure = draw("two_paths", 0.4, (0.6, -0.5), (-0.4, 0.4))
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert "-0.400 · 0.6 = -0.240" in texts and "0.400 · (-0.5) = -0.200" in texts
    assert "-0.440" in texts


def test_the_axes_show_the_fall_of_the_first_steps(draw):
    """Unless a network begins with a loss that is far above that of a guess."""
    history = {"loss": [0.2, 0.05, 0.03], "accuracy": [0.95, 0.98, 0.99]}
    blocks = {"epoch": [0.1, 0.5, 2], "loss": [0.9, 0.1, 0.03], "accuracy": [0.7, 0.95, 0.99]}
    loss, accuracy = draw("training_curves", history, blocks).axes
    assert 0.9 < loss.get_ylim()[1] < 1 and 0.6 < accuracy.get_ylim()[0] < 0.7
    blocks["loss"][0] = 60
    assert draw("training_curves", history, blocks).axes[0].get_ylim()[1] == 2.4


def test_curves_of_training_a_ring_at_the_lowest_and_what_is_done(draw):
    history = {"loss": [0.5, 0.2, 0.1], "val_loss": [0.6, 0.3, 0.7], "accuracy": [0.8, 0.9, 1]}
    figure = draw("training_curves", history)
    loss, accuracy = figure.axes
    assert lines(loss)["validation"] == [[1, 0.6], [2, 0.3], [3, 0.7]]
    assert lines(loss)["training, whole epoch"] == [[0.5, 0.5], [1.5, 0.2], [2.5, 0.1]]
    assert lines(accuracy)["training, whole epoch"] == [[0.5, 0.8], [1.5, 0.9], [2.5, 1]]
    assert loss.lines[-1].get_xydata().tolist() == [[2, 0.3]]
    assert loss.get_title() == "ring: lowest validation loss, 0.300"
    assert (loss.get_ylabel(), accuracy.get_ylabel()) == ("loss", "accuracy")
    blocks = {"epoch": [0.5], "loss": [0.4]}
    running = draw("training_curves", history, blocks, (1, 469, 5, 938))
    assert lines(running.axes[0])["training, 1/20 epoch"] == [[0.5, 0.4]]
    assert running.get_suptitle() == "epoch 2 of 5: 469 of 938 steps"
    failed = {"loss": [np.nan] * 3, "val_loss": [np.nan] * 3}
    assert plots.training_curves(failed).alt == figure.alt


def test_a_confusion_matrix(draw):
    matrix = RNG.integers(1, 9, (10, 10))
    figure = draw("confusion", matrix)
    assert_same(drawn_arrays(figure)[:1], [matrix * (1 - np.eye(10, dtype=int))])
    axes, numbers = figure.axes[0], np.zeros((10, 10), int)
    for text in axes.texts:
        numbers[text.get_position()[::-1]] = text.get_text()
    assert_same([numbers], [matrix])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted digit", "true digit")
    if "zh_CN" in language.translated_languages():  # where a short label stands upright
        with language.use_language("zh_CN"):
            true, mistakes = (a.yaxis.label for a in plots.confusion(matrix).axes)
        assert (true.get_rotation(), true.get_text().count("\n")) == (0, len(true.get_text()) // 2)
        assert mistakes.get_rotation() == 90 and "\n" not in mistakes.get_text()


def test_mistakes_and_intervals_that_miss_stand_out_not_by_colour_alone(draw):
    shares = np.eye(10)[[9, 3]] * [[1], [0.95]]
    mistakes = draw("confident_mistakes", INK[:2], [4, 8], shares, [False, True])
    assert_same(drawn_arrays(mistakes), INK[:2])
    assert titles(mistakes) == ["label 4", "label 8, doubtful"]
    answers = [axes.texts[0].get_text() for axes in mistakes.axes[:2]]
    assert answers == ["network: 9 (>0.999)", "network: 3 (0.950)"]
    frames = [axes.spines["left"].get_edgecolor() for axes in mistakes.axes[:2]]
    assert frames[1] == to_rgba(PURPLE) != frames[0]
    figure = draw("intervals", [0.98, 0.99], [(0.97, 0.985), (0.985, 0.995)], 0.99)
    first, dot, second, _dot, truth = figure.axes[0].lines
    assert_same([first.get_ydata(), second.get_ydata()], [(0.97, 0.985), (0.985, 0.995)])
    assert dot.get_xydata().tolist() == [[1, 0.98]] and {*truth.get_ydata()} == {0.99}
    assert (first.get_linestyle(), second.get_linestyle()) == ("--", "-")
    assert (first.get_color(), second.get_color()) == (PURPLE, BLUE)
    assert figure.alt.endswith("intervals that miss it: 1.")


def test_a_one_that_is_read_as_another_digit_is_framed_in_a_grid_of_flags(draw):
    images = (INK[:4] * 255).astype(np.uint8).reshape(2, 2, 28, 28)
    figure = draw("flags", images, np.array([[1, 7], [1, 4]]))
    assert_same(drawn_arrays(figure), images.reshape(4, 28, 28))
    assert titles(figure) == ["1", "7", "1", "4"]
    frames = [axes.spines["left"].get_edgecolor() == to_rgba(PURPLE) for axes in figure.axes]
    assert frames == [False, True, False, True]
    assert "reads 2 of them as a 1" in figure.alt


def test_bars_of_moved_networks_have_the_mean_of_the_seeds_and_a_line_for_their_range(draw):
    figure = draw("moved_networks", {"dense": MOVES, "lesson": MOVES})
    axes = figure.axes[0]
    assert [bar.get_height() for bar in axes.patches] == pytest.approx([0.4, 0.5, 0.6, 0.7] * 2)
    assert_same([line.get_ydata() for line in axes.lines[:2]], [(0.35, 0.45), (0.45, 0.55)])
    numbers = [text.get_text() for text in axes.texts]
    assert numbers[:4] == ["40%", "50%", "60%", "70%"] and "unmoved 98%" in numbers[4]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == [*"→←↓↑→←↓↑"]


def test_accuracies_over_pixels_are_the_two_methods_own_and_stand_on_the_figure(draw):
    figure = draw("moved_digits", [0.97, 0.7], [0.99, 0.96])
    curves = lines(figure.axes[0])
    assert curves["the network"] == [[0, 0.99], [1, 0.96]]
    assert curves["the nearest neighbour"] == [[0, 0.97], [1, 0.7]]
    numbers = {text.get_text(): text.xy for text in figure.axes[0].texts}
    assert numbers["96%"] == (1, 0.96) and numbers["70%"] == (1, 0.7)
