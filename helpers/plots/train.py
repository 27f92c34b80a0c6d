"""The figures of notebook 3: steps of training, by hand and over epochs."""

import itertools
import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from helpers.common.language import _
from helpers.plots import canvas

ABOVE_A_GUESS = 2.4  # a loss that is a little above ln 10 = 2.3, the loss of a blind guess


@canvas.figure(3.7)
def training_curves(figure, history, blocks=None, progress=None, first=0) -> str:
    """Draw loss and accuracy over the epochs, and while training runs how far it has come.

    `history` is a dictionary like `History.history`. It may have the keys `loss`, `accuracy`,
    `val_loss` and `val_accuracy`, with one number for each epoch, which may be NaN. `blocks` has
    the same measures for parts of an epoch. Its key `epoch` says where these lie. `progress` is a
    tuple of four numbers: the current epoch, counted from 0, the steps done in it, the number of
    epochs, and the steps in each of them. `first` is the first epoch of `history`, which is 0
    unless a network trains further.
    """
    epochs_done = max(map(len, history.values()), default=1)
    last = first + epochs_done if progress is None else progress[2]
    loss_axes, accuracy_axes = figure.subplots(1, 2)
    for axes, name, label in (
        (loss_axes, "loss", _("loss")),
        (accuracy_axes, "accuracy", _("accuracy")),
    ):
        _draw_curves(axes, history, blocks or {}, name, first)
        axes.set(xlabel=_("epoch"), ylabel=label)
        margin = 0.03 * (last - first)  # so that the axis hides no steep fall at the start
        axes.set_xlim(first - margin, last + margin)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        limits = _limits_of_curves(history, name)
        if limits is not None:
            axes.set_ylim(_include_first_blocks(limits, name, blocks))
    lines = loss_axes.get_legend_handles_labels()
    figure.legend(*lines, loc="outside lower center", ncols=3, frameon=False)
    if progress is None:
        _mark_lowest(loss_axes, history.get("val_loss", []), first)
    else:
        epoch, step, epochs, steps = progress
        title = _(
            "epoch {epoch} of {epochs}: {step} of {steps} steps",
            epoch=epoch + 1,
            epochs=epochs,
            step=step,
            steps=steps or "?",
        )
        figure.suptitle(title, ha="left", x=0)
    return _("Curves over {count} epochs: left the loss, right the accuracy.", count=last - first)


def _draw_curves(axes: Axes, history: dict, blocks: dict, name: str, first: int) -> None:
    """Draw one measure: a pale line, dots of the training and dots of the validation set."""
    if name in blocks:
        axes.plot(
            blocks.get("epoch", []),
            blocks[name],
            color=canvas.BLUE,
            alpha=0.45,
            linewidth=1,
            label=_("training, 1/20 epoch"),
        )
    # Training is the mean over an epoch, so a dot is drawn at the epoch's middle.
    training = history.get(name, [])
    middles = first + np.arange(len(training)) + 0.5
    label = _("training, whole epoch")
    axes.plot(middles, training, "o-", color=canvas.BLUE, markersize=5, label=label)
    # The validation set is measured when an epoch has ended.
    validation = history.get(f"val_{name}", [])
    if validation:
        ends = first + np.arange(len(validation)) + 1
        axes.plot(ends, validation, "s--", color=canvas.GREEN, markersize=5, label=_("validation"))


def _limits_of_curves(history: dict, name: str) -> tuple[float, float] | None:
    """Return the limits of an axis in which a measure is seen, or None where it doesn't change.

    The first eighth of the epochs and jumps may lie outside, because they are far off.
    """
    curves = history.get(name, []), history.get(f"val_{name}", [])
    later = np.concatenate([curve[len(curve) // 8 :] for curve in curves])
    later = later[np.isfinite(later)]
    if not len(later) or np.ptp(later) == 0:
        return None
    low, high = np.percentile(later, (5, 95))
    margin = 0.4 * (high - low) or 0.1
    return (-0.03 * high, high + margin) if name == "loss" else (low - margin, 1)


def _mark_lowest(axes: Axes, losses: list[float], first: int) -> None:
    """Put a ring around the lowest validation loss, where there is one, and say how low it is."""
    losses = np.asarray(losses)
    if not np.isfinite(losses).any():
        return
    lowest = int(np.nanargmin(losses))
    axes.plot(
        first + lowest + 1, losses[lowest], "o", markersize=13, fillstyle="none", color="black"
    )
    title = _("ring: lowest validation loss, {loss:.3f}", loss=losses[lowest])
    axes.set_title(title, fontsize=10)


def _include_first_blocks(limits: tuple, name: str, blocks: dict | None) -> tuple:
    """Return limits of an axis that hold the fall of the first steps as well, but no worse ones.

    A network that begins with a larger loss than a guess has jumped.
    """
    values = np.asarray((blocks or {}).get(name, []), float)
    values = values[np.isfinite(values)]
    if not len(values):
        return limits
    if name == "loss":
        highest = max(limits[1], min(1.05 * values.max(), ABOVE_A_GUESS))
        return -0.03 * highest, highest
    return min(limits[0], values.min() - 0.03), limits[1]


@canvas.figure(3.6)
def overfitting(figure, random_labels, right_labels, right_share) -> str:
    """Draw two trainings on the same images, one of them with random labels among the right ones.

    Both trainings are dictionaries like `History.history`, with the keys `loss`, `accuracy`,
    `val_loss` and `val_accuracy`. `right_share` is the share of the labels that are right in the
    first training, from 0 to 1. A line shows it among the accuracies.
    """
    loss_axes, accuracy_axes = figure.subplots(1, 2)
    training = {"color": canvas.BLUE, "linewidth": 1.6}
    validation = {"color": canvas.GREEN, "linewidth": 1.6, "markersize": 4, "markevery": 3}
    for axes, name in ((loss_axes, "loss"), (accuracy_axes, "accuracy")):
        ends = np.arange(len(random_labels[name])) + 1
        text = _("training, a fifth of the labels random")
        axes.plot(ends - 0.5, random_labels[name], "-", label=text, **training)
        text = _("its validation")
        axes.plot(ends, random_labels[f"val_{name}"], "s--", label=text, **validation)
        ends = np.arange(len(right_labels[name])) + 1
        text = _("validation, trained with right labels")
        axes.plot(ends, right_labels[f"val_{name}"], "o:", label=text, **validation)
        axes.set_xlabel(_("epoch"))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    loss_axes.set(ylabel=_("loss"), ylim=(0, ABOVE_A_GUESS))
    accuracy_axes.set(ylabel=_("accuracy"), ylim=(0.5, 1))
    accuracy_axes.axhline(right_share, color="black", linewidth=1)
    text = _("line: {share:.0f}% of the labels are right", share=100 * right_share)
    accuracy_axes.set_title(text, fontsize=10)
    lines = loss_axes.get_legend_handles_labels()
    figure.legend(*lines, loc="outside lower center", ncols=2, frameon=False)
    return _(
        "Curves of two trainings, left the loss, right the accuracy, with a line at {share:.0f}%.",
        share=100 * right_share,
    )


@canvas.figure(3.0)
def rate_curves(figure, losses) -> str:
    """Draw the losses of several trainings over the steps, each as the mean over 20 steps.

    `losses` has a list of losses, one for each step, for each learning rate. At most four are
    drawn. The mean shows the course of a curve where single steps jump up and down.
    """
    axes = figure.subplots()
    styles = (canvas.GREY, ":"), (canvas.BLUE, "-"), (canvas.PURPLE, "-."), (canvas.ORANGE, "--")
    for (rate, curve), (colour, line) in zip(losses.items(), styles, strict=False):
        length = min(20, len(curve))
        whole_blocks = curve[: len(curve) // length * length]
        means = np.reshape(whole_blocks, (-1, length)).mean(axis=1)
        middles = length * (np.arange(len(means)) + 0.5)
        label = _("learning rate {rate}", rate=format(rate, "g"))
        axes.plot(middles, means, line, color=colour, linewidth=1.8, label=label)
    axes.set(xlabel=_("step"), ylabel=_("loss (mean over 20 steps)"))
    # The jumps of a few steps would press all curves down. With a rate that is far too high, losses
    # become infinite, or no numbers.
    finite_losses = [np.extract(np.isfinite(curve), curve) for curve in losses.values()]
    highest = max((np.quantile(curve, 0.9) for curve in finite_losses if len(curve)), default=1)
    axes.set_ylim(0, 1.1 * highest)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    rates = _(", ").join(format(rate, "g") for rate in losses)
    return _("The loss over the steps of an epoch, for the learning rates {rates}.", rates=rates)


@canvas.figure(3.8)
def valley(figure, loss, positions) -> str:
    """Draw the loss over one weight, the tangent at the first position, and the steps downhill.

    `loss` is a function that takes a weight and returns the loss. `positions` are the weight
    before the first step and after each step.
    """
    axes = figure.subplots()
    weights = np.linspace(-1.2, 5, 250)
    losses = [loss(weight) for weight in weights]
    axes.plot(weights, losses, color=canvas.BLUE, linewidth=2)
    _draw_tangent(axes, loss, positions[0])
    _draw_steps(axes, positions, [loss(position) for position in positions])
    lowest = int(np.argmin(losses))
    axes.annotate(
        _("lowest point: slope 0"),
        (weights[lowest], losses[lowest]),
        (30, -22),
        textcoords="offset points",
        fontsize=11,
        va="center",
        color=canvas.GREY,
        arrowprops={"arrowstyle": "-", "color": canvas.GREY},
    )
    low = losses[lowest]
    high = max(losses)
    axes.set(xlabel=_("weight"), ylabel=_("loss"), ylim=(low - 0.25 * (high - low), high))
    return _(
        "The loss over one weight is a valley; from the start, with its tangent, {count} steps "
        "lead down, each shorter than the one before.",
        count=len(positions) - 1,
    )


def _draw_tangent(axes: Axes, loss, start: float) -> None:
    """Draw the tangent of a loss at a weight, dashed, and say how steep it is."""
    width = 0.01
    slope = (loss(start + width) - loss(start)) / width
    reach = np.array([-0.9, 1.05])
    axes.plot(start + reach, loss(start) + slope * reach, color=canvas.ORANGE, linestyle="--")
    axes.annotate(
        _("tangent at the start: slope {slope:.2f}", slope=slope),
        (start, loss(start)),
        (14, 34),
        textcoords="offset points",
        fontsize=11,
        color=canvas.ORANGE,
    )


def _draw_steps(axes: Axes, weights: list[float], losses: list[float]) -> None:
    """Draw a dot with its number for each position, and an arrow from each one to the next."""
    axes.plot(weights, losses, "o", color="black")
    points = list(zip(weights, losses, strict=True))
    for number, point in enumerate(points):
        text = _("start") if number == 0 else str(number)
        axes.annotate(
            text,
            point,
            (-4, -17),
            textcoords="offset points",
            fontsize=11,
            ha="right",
            va="center",
        )
    arrow = {"arrowstyle": "->", "shrinkA": 5, "shrinkB": 5, "connectionstyle": "arc3,rad=-0.35"}
    for point, next_point in itertools.pairwise(points):
        axes.annotate("", next_point, point, arrowprops=arrow)


@canvas.figure(2.6)
def chain(figure, forward, backward=()) -> str:
    """Draw a network of one pixel, one hidden unit and two logits, the second always 0.

    `forward` are the pixel, its weight, the hidden unit, the weight of the hidden unit, the
    logit, the probability and the loss. `backward` are the derivatives of the loss with
    respect to the four numbers from the first weight to the logit.
    """
    axes = figure.subplots()
    axes.set(xlim=(-0.6, 8.6), ylim=(-2.4, 1))
    axes.set_axis_off()
    names = _("pixel"), "w1", _("hidden unit"), "w2", _("logit"), "p", _("loss")
    texts = [f"{name} = {value:.3g}" for name, value in zip(names, forward, strict=True)]
    for x, number in {0: 0, 2: 2, 4: 4, 6: 5, 8: 6}.items():
        canvas.write_text(axes, x, 0.85, names[number])
        canvas.write_in_circle(axes, x, 0, f"{forward[number]:.3g}")
    canvas.write_in_circle(axes, 4, -2.1, "0")
    canvas.write_text(axes, 2.6, -2.1, _("second logit"))
    arrow = {"arrowstyle": "->", "shrinkA": 22, "shrinkB": 22}
    for start in ((0, 0), (2, 0), (4, 0), (6, 0), (4, -2.1)):
        end = start[0] + 2, 0
        axes.annotate("", end, start, arrowprops=arrow)
    for x, text in {1: texts[1], 3: texts[3], 5: _("softmax"), 7: _("-ln")}.items():
        canvas.write_text(axes, x, 0.28, text)
    canvas.write_text(axes, 1, -0.28, "ReLU")
    if backward:
        texts.append(_write_derivatives(axes, names[1:5], backward))
    return _("A chain from left to right: {numbers}.", numbers=_(", ").join(texts))


def _write_derivatives(axes: Axes, names: tuple[str, ...], derivatives: tuple[float, ...]) -> str:
    """Write derivatives below the places of the chain that they belong to; return their text."""
    words = _("derivative of the loss for")
    texts = []
    for x, name, value in zip(range(1, 5), names, derivatives, strict=True):
        canvas.write_text(axes, x, -1.0, name.replace(" ", "\n"), color=canvas.ORANGE)
        canvas.write_text(axes, x, -1.55, f"{value:.3f}", color=canvas.ORANGE)
        texts.append(f"{name} {value:.3f}")
    heading = "\n".join(textwrap.wrap(words, 12))
    axes.text(-0.6, -1.25, heading, color=canvas.ORANGE, va="center", ha="left", fontsize=10)
    return f"{words} {_(', ').join(texts)}"


@canvas.figure(2.3)
def two_paths(figure, hidden, weights, errors) -> str:
    """Draw a hidden unit that leads to two logits, and what comes back to it along each path.

    `hidden` is the number of the unit, `weights` are its weights to the two logits, and `errors`
    the derivatives of the loss with respect to these logits.
    """
    axes = figure.subplots()
    axes.set(xlim=(-1.2, 5.4), ylim=(-1.7, 1.7))
    axes.set_axis_off()
    canvas.write_in_circle(axes, 0, 0, f"{hidden:.3g}")
    canvas.write_text(axes, 0, 0.75, _("hidden unit"))
    products = [error * weight for error, weight in zip(errors, weights, strict=True)]
    names = _("right logit"), _("other logit")
    for y, name, weight, error, product in zip(
        (1, -1), names, weights, errors, products, strict=True
    ):
        canvas.write_in_circle(axes, 3.2, y, f"{weight * hidden:.3g}")
        canvas.write_text(axes, 4.5, y + 0.22, name)
        canvas.write_text(axes, 4.5, y - 0.22, f"{error:.3f}", color=canvas.ORANGE)
        arrow = {"arrowstyle": "->", "shrinkA": 22, "shrinkB": 22}
        axes.annotate("", (3.2, y), (0, 0), arrowprops=arrow)
        canvas.write_text(axes, 1.5, 1.05 * y, _("weight {weight:g}", weight=weight))
        factor = f"({weight:g})" if weight < 0 else f"{weight:g}"
        text = f"{error:.3f} · {factor} = {product:.3f}"
        canvas.write_text(axes, 1.5, 1.45 * y, text, color=canvas.ORANGE)
    total = f"{sum(products):.3f}"
    canvas.write_text(axes, 0, -0.6, total, color=canvas.ORANGE)
    return _(
        "A hidden unit with arrows to two logits; {first:.3f} and {second:.3f} come back, together "
        "{total}.",
        first=products[0],
        second=products[1],
        total=total,
    )
