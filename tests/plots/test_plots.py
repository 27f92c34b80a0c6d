"""What the figures of the four notebooks say is what they were given, in each language."""

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.text import Text

from helpers import language, plots
from tests.figures import arrays, lines, same, titles, widths
from tests.marks import speak, without_marks

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (30, 28, 28), dtype=np.uint8)
INK, SHARES = IMAGES / 255, RNG.dirichlet(np.ones(10), size=2)
KERNEL, EDGES = np.arange(9.0).reshape(3, 3), RNG.normal(size=(26, 26))


@pytest.fixture
def draw(monkeypatch):
    """A function that returns a figure in English, after it has tried the other languages."""

    def draw(name, *arguments, **more):
        for spoken in language.translations():
            with language.using(spoken):  # a letter that no font has is a warning, so an error
                getattr(plots, name)(*arguments, **more).draw_without_rendering()
        with monkeypatch.context() as patch:
            speak("xx", patch)
            figure = getattr(plots, name)(*arguments, **more)
            words = [figure.alt, *(text.get_text() for text in figure.findobj(Text))]
            assert "«" in figure.alt and without_marks("\n".join(words)) == []
        return getattr(plots, name)(*arguments, **more)

    return draw


def test_images_stand_under_their_titles(draw):
    missed = draw("missed_digits", IMAGES[:2], [4, 8], [9, 3])
    means = draw("mean_images", INK[:10])
    same([*arrays(missed), *arrays(means)], [*IMAGES[:2], *INK[:10]])
    assert titles(missed) == ["is 4,\nguess 9", "is 8,\nguess 3"]
    assert titles(means) == [f"mean {digit}" for digit in range(10)]
    assert means.axes[0].images[0].get_clim() == (0, INK[0].max())  # the full ink
    examples = draw("examples_of_each_digit", IMAGES, np.arange(30) % 10)
    same(arrays(examples), [image for digit in range(10) for image in IMAGES[digit::10]])
    assert [row.texts[0].get_text() for row in examples.axes[::10]] == list("0123456789")


def test_a_figure_shows_itself_with_its_text(draw):
    figure = draw("pixel_values", IMAGES[0])
    data, metadata = InteractiveShell.instance().display_formatter.format(figure)
    assert data["text/plain"] == metadata["image/png"]["alt"] == figure.alt
    assert data["image/png"].startswith(b"\x89PNG") and metadata["image/png"]["width"] == 900
    for text in figure.axes[0].texts:
        column, row = text.get_position()
        assert text.get_text() == str(IMAGES[0, row, column])


def test_bars_belong_to_their_digits(draw):
    (counts,) = draw("label_counts", np.repeat(range(10), range(1, 11))).axes
    assert [bar.get_height() for bar in counts.patches] == [*range(1, 11)]
    assert counts.get_title().startswith("55 training images")
    _digit, right = draw("nearest_mean", IMAGES[0], np.arange(10.0, 0, -1)).axes
    assert widths(right) == [*range(10, 0, -1)] and right.yaxis_inverted()
    prediction = draw("prediction", INK[0], SHARES[0]).axes
    logits, probabilities = draw("softmax", EDGES[0, :10], SHARES[0]).axes
    same(map(widths, (logits, probabilities, prediction[1])), [EDGES[0, :10], *SHARES[[0, 0]]])
    assert (logits.get_xlabel(), prediction[1].get_xlabel()) == ("logit", "probability")


def test_convolutions_pooling_a_moved_map_and_receptive_fields(draw):
    patch = INK[0, :3, :3]
    step = draw("one_step", patch, KERNEL)
    same(arrays(step), [patch, KERNEL, patch * KERNEL])
    assert step.axes[2].texts[5].get_text() == f"{5 * patch[1, 2]:.3f}"
    assert step.axes[2].get_xlabel() == f"their sum: {(patch * KERNEL).sum():.3f}"
    convolution = draw("convolution", INK[0], KERNEL, EDGES)
    pooling = draw("pooling", EDGES, EDGES[::2, ::2])
    same(arrays(convolution)[:3], [INK[0], KERNEL, EDGES])
    same(arrays(pooling)[:2], [EDGES, EDGES[::2, ::2]])
    assert titles(pooling) == ["before: 26x26", "after: 13x13"]

    image, moved = np.zeros((2, 28, 28))
    image[:, 5:9] = moved[:, 8:12] = 1
    figure = draw("moved_map", [image, moved], [EDGES, 2 * EDGES])
    same(arrays(figure), [image, EDGES, moved, 2 * EDGES])
    starts = [[line.get_xdata()[0] for line in axes.lines] for axes in figure.axes]
    assert starts == [[4.5], [2.5], [4.5, 7.5], [2.5, 5.5]]
    fields = draw("receptive_fields", INK[0], [(12, 9, 3), (10, 2, 8)])
    squares = [axes.patches[0] for axes in fields.axes]
    corners = [(*square.get_xy(), square.get_width()) for square in squares]
    assert corners == [(8.5, 11.5, 3), (1.5, 9.5, 8)]


def test_maps_on_one_scale_or_each_on_its_own_and_the_strongest_of_each_layer(draw):
    maps = INK[0, :, :, None] * [1, 4, 0, 3, 2]
    steps = [("DropoutLayer", INK[0, ..., None]), ("Conv2D", maps), ("Flatten", maps.ravel())]
    figure = draw("network", [*steps, ("Dense", SHARES[0])])
    same(arrays(figure), [INK[0], *np.moveaxis(maps[..., [1, 3, 4]], 2, 0)])
    assert titles(figure) == ["Dropout\n28x28x1", "Conv2D\n28x28x5", "Dense\n10"]
    same([widths(figure.axes[-1])], [SHARES[0]])
    maps = {"1": INK[:5].transpose(1, 2, 0), "2": EDGES[:3, :9].reshape(3, 3, 3)}
    both = draw("tiles", maps, 4, one_scale=True)
    same(arrays(both), [*INK[:5], *maps["2"].transpose(2, 0, 1)])
    assert [figure.get_suptitle() for figure in both.subfigs] == ["1", "2"]
    assert len({image.get_clim() for axes in both.axes for image in axes.images}) == 1
    maps = draw("tiles", {"3": INK[:2].transpose(1, 2, 0) * (0.5, 1)}, 4).axes
    assert [axes.images[0].get_clim()[1] for axes in maps[:2]] == [INK[0].max() / 2, INK[1].max()]


def test_the_loss_over_probability_rate_and_steps(draw):
    known, answers = SHARES.T, np.eye(2)[np.arange(10) % 2]  # ten examples of two classes
    descent = draw("descent", known, answers).axes[0]
    curve, _low, at_01, at_3, at_10 = (line.get_xydata() for line in descent.lines)
    gradients = [array.T @ (0.5 - answers) / 10 for array in (known, np.ones(10))]
    powers = np.exp(-10 * (known @ gradients[0] + gradients[1]))
    right = (powers / powers.sum(axis=1, keepdims=True))[answers > 0]
    same([curve[0], curve[-1], at_10[0]], [(0, np.log(2)), *2 * [(10, -np.log(right).mean())]])
    assert at_01[0, 0] == 0.1 and descent.texts[2].get_text() == f"3: loss {at_3[0, 1]:.3f}"
    chain = draw("chain", (1, 0.5, 0.5, 0.4, 0.2, 0.55), (-0.18, -0.1, -0.225, -0.45)).axes[0]
    columns = {text.get_text(): text.get_position()[0] for text in chain.texts}
    assert columns["w2 = 0.4"] == columns["-0.225"] == 3
    assert columns["0.2"] == columns["logit"] == columns["-0.450"] == 4
    weights = RNG.normal(size=(784, 10))
    images = draw("weight_images", weights)
    same(arrays(images)[:10], weights.T.reshape(10, 28, 28))
    assert titles(images) == [f"for the {digit}" for digit in range(10)]


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
    same(arrays(figure)[:1], [matrix * (1 - np.eye(10, dtype=int))])
    axes, numbers = figure.axes[0], np.zeros((10, 10), int)
    for text in axes.texts:
        numbers[text.get_position()[::-1]] = text.get_text()
    same([numbers], [matrix])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted digit", "true digit")
    if "zh_CN" in language.translations():  # where a short label stands upright
        with language.using("zh_CN"):
            true, mistakes = (a.yaxis.label for a in plots.confusion(matrix).axes)
        assert (true.get_rotation(), true.get_text().count("\n")) == (0, len(true.get_text()) // 2)
        assert mistakes.get_rotation() == 90 and "\n" not in mistakes.get_text()


def test_mistakes_and_intervals_that_miss_stand_out_not_by_colour_alone(draw):
    mistakes = draw("confident_mistakes", INK[:2], [4, 8], np.eye(10)[[9, 3]], [False, True])
    same(arrays(mistakes), INK[:2])
    assert titles(mistakes) == ["label 4", "label 8, doubtful"]
    answers = [axes.texts[0].get_text() for axes in mistakes.axes[:2]]
    assert answers == ["network: 9 (>0.999)", "network: 3 (>0.999)"]
    figure = draw("intervals", [0.98, 0.99], [(0.97, 0.985), (0.985, 0.995)], 0.99)
    first, dot, second, _dot, truth = figure.axes[0].lines
    same([first.get_ydata(), second.get_ydata()], [(0.97, 0.985), (0.985, 0.995)])
    assert dot.get_xydata().tolist() == [[1, 0.98]] and {*truth.get_ydata()} == {0.99}
    assert (first.get_linestyle(), second.get_linestyle()) == ("--", "-")
    assert figure.alt.endswith("intervals that miss it: 1.")


def test_kernels_stand_beside_yours_with_their_correlation(draw):
    figure = draw("similar_kernels", KERNEL, {"1": 2 * KERNEL, "2": -KERNEL})
    same(arrays(figure), [KERNEL, 2 * KERNEL, -KERNEL])
    assert titles(figure) == ["your kernel", "1", "2"]
    below = [axes.get_xlabel() for axes in figure.axes]
    assert below == ["", "correlation 1.00", "correlation -1.00"]
    assert figure.axes[0].texts[8].get_text() == "8"
    assert figure.axes[1].texts[8].get_text() == "16.00"


def test_accuracies_over_pixels_are_the_two_methods_own_and_stand_on_the_figure(draw):
    figure = draw("moved_digits", [0.97, 0.7], [0.99, 0.96])
    curves = lines(figure.axes[0])
    assert curves["the network"] == [[0, 0.99], [1, 0.96]]
    assert curves["the nearest neighbour"] == [[0, 0.97], [1, 0.7]]
    numbers = {text.get_text(): text.xy for text in figure.axes[0].texts}
    assert numbers["96%"] == (1, 0.96) and numbers["70%"] == (1, 0.7)


def test_what_networks_say_of_moved_images_and_of_two_preparations(draw):
    moved = {"0": np.array([0.98, 0.99]), "4 up": np.array([0.4, 0.5])}
    figure = draw("moved_networks", {"lesson": moved, "dense": moved})
    same(arrays(figure), [[[0.985, 0.985], [0.45, 0.45]]])
    axes = figure.axes[0]
    labels = [label.get_text() for label in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    assert labels == ["the lesson's", "Dense layers alone", "unmoved", "↑ 4 pixels"]
    assert axes.texts[1].get_text() == "0.450  (0.400 to 0.500)"
    assert axes.texts[1].get_position() == (0, 1)

    two = draw("two_preparations", INK[0], {"1": INK[1], "2": INK[2]}, SHARES)
    says = [f"{way}:\nthe network says {SHARES[way - 1].argmax()}" for way in (1, 2)]
    same(arrays(two), INK[:3])
    same(map(widths, two.axes[3:]), SHARES)
    assert titles(two) == ["the drawing", *says]
