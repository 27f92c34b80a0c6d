"""The figures of notebook 3: the loss, and the curves of training."""

import itertools

import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.language import _
from helpers.plots import canvas
from helpers.plots.canvas import BLUE, GREEN


@canvas.figure(3)
def loss_of_probability(figure) -> str:
    """Draw the loss of one prediction over the probability it gave to the right digit."""
    axes = figure.subplots()
    probability = np.linspace(0.005, 1, 400)
    axes.plot(probability, -np.log(probability), color=BLUE)
    axes.plot(0.1, -np.log(0.1), "o", color="black")
    axes.annotate(_("a blind guess: 1 in 10, loss 2.303"), (0.12, -np.log(0.1)), va="center")
    axes.set(xlabel=_("probability given to the right digit"), xlim=(0, 1))
    axes.set(ylabel=_("loss"), ylim=(0, None))
    return _(
        "A curve that falls from far above 4 at probability 0 to 0 at probability 1; a dot marks a "
        "blind guess: probability 0.1, loss 2.3."
    )


@canvas.figure(3.7)
def training_curves(figure, history, blocks=None, progress=None, validation: bool = False) -> str:
    """Draw loss and accuracy over the epochs, and a progress bar while training runs.

    `history` is as `History.history`, a dictionary: each of `loss`, `accuracy`, `val_loss` and
    `val_accuracy` that is there has one number an epoch, NaN too where training fails. `blocks` are
    the same measures at finer steps, over the key `epoch`; `progress` is the epoch (from 0), steps
    done in it, number of epochs, steps in each. `validation`: whether there are, or will be, curves
    of a validation set.
    """
    grid = figure.add_gridspec(2, 2, height_ratios=(0.01 if progress is None else 1, 12))
    names = {"loss": _("loss"), "accuracy": _("accuracy")}
    last = progress[2] if progress is not None else max(map(len, history.values()), default=1)
    for column, name in enumerate(names):
        axes = figure.add_subplot(grid[1, column])
        if blocks and name in blocks:
            style = {"color": BLUE, "alpha": 0.45, "linewidth": 1}
            style["label"] = _("training, 1/20 epoch")
            axes.plot(blocks.get("epoch", []), blocks[name], **style)
        # Training: the mean over an epoch, so at its middle. Validation: measured at its end.
        training, measured = history.get(name, []), history.get(f"val_{name}", [])
        middles, ends = np.arange(len(training)) + 0.5, np.arange(len(measured)) + 1
        whole = _("training, whole epoch")
        axes.plot(middles, training, "o-", color=BLUE, markersize=5, label=whole)
        if validation:
            style = {"color": GREEN, "markersize": 5, "label": _("validation")}
            axes.plot(ends, measured, "s--", **style)
        axes.set(xlabel=_("epoch"), ylabel=names[name], xlim=(0, 1.03 * last))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        later = np.concatenate([training[len(training) // 8 :], measured[len(measured) // 8 :]])
        later = later[np.isfinite(later)]
        if len(later) and np.ptp(later) > 0:  # first steps and jumps may lie outside: far off
            low, high = np.percentile(later, (5, 95))
            margin = 0.4 * (high - low) or 0.1
            limits = (-0.03 * high, high + margin) if name == "loss" else (low - margin, 1)
            axes.set_ylim(limits)
    lines = figure.axes[0].get_legend_handles_labels()
    figure.legend(*lines, loc="outside lower center", ncols=3, frameon=False)
    measured = np.asarray(history.get("val_loss", []))
    if progress is None and np.isfinite(measured).any():
        lowest = int(np.nanargmin(measured))
        spot = lowest + 1, measured[lowest]
        figure.axes[0].plot(*spot, "o", markersize=13, fillstyle="none", color="black")
        title = _("ring: lowest validation loss, {loss:.3f}", loss=spot[1])
        figure.axes[0].set_title(title, fontsize=10)
    bar = figure.add_subplot(grid[0, :])
    bar.set_axis_off()
    if progress is not None:
        epoch, step, epochs, steps = progress
        values = {"epoch": epoch + 1, "epochs": epochs, "step": step, "steps": steps}
        title = _("epoch {epoch} of {epochs}: step {step}", **values)
        if steps:  # 0: nobody knows how many
            title = _("epoch {epoch} of {epochs}: {step} of {steps} steps", **values)
            bar.barh(0, epochs * steps, color="#DDDDDD")
            bar.barh(0, epoch * steps + step, color=BLUE)
            bar.set_xlim(0, epochs * steps)
        bar.set_title(title, loc="left")
    # The same while the curves grow: a notebook keeps the text of the first figure.
    if validation:
        return _(
            "Two panels with two curves each, for the training and the validation set: loss and "
            "accuracy over {count} epochs.",
            count=last,
        )
    return _("Two curves over the epochs of training: left the loss, right the accuracy.")


@canvas.figure(3.2)
def descent(figure, rates, losses, tried: dict[float, float]) -> str:
    """Draw the loss after one step against the gradient, over the learning rate.

    `rates` and `losses` have the same length; `tried` has the loss for each of some learning
    rates, which are marked.
    """
    axes = figure.subplots()
    axes.plot(rates, losses, color=BLUE)
    offsets = itertools.cycle(((10, 8), (12, -6), (0, -18), (-100, 6)))  # so that none overlap
    for (rate, loss), offset in zip(tried.items(), offsets, strict=False):
        axes.plot(rate, loss, "o", color="black")
        text = _("{rate}: loss {loss:.3f}", rate=format(rate, "g"), loss=loss)
        axes.annotate(text, (rate, loss), offset, textcoords="offset points")
    axes.set(xlabel=_("learning rate"), ylabel=_("loss after the step"), ylim=(0, 2.6))
    lowest = min(tried, key=tried.get)
    return _(
        "The loss after one step over the learning rate: a curve that falls from {first:.2f} at 0, "
        "is lowest near {lowest:g}, and rises to {last:.2f} at {most:g}.",
        first=losses[0],
        lowest=lowest,
        last=losses[-1],
        most=rates[-1],
    )


@canvas.figure(3.2)
def learning_rates(figure, losses: dict[str, np.ndarray]) -> str:
    """Draw the loss over the steps, for some learning rates: the first one, then means of 20.

    The losses of a learning rate have the shape (steps,).
    """
    axes = figure.subplots()
    ends = []
    styles = itertools.cycle(((canvas.GREY, "-."), (BLUE, "-"), ("black", "--")))
    for (rate, values), (colour, line) in zip(losses.items(), styles, strict=False):
        values = np.asarray(values)
        means = values[: len(values) // 20 * 20].reshape(-1, 20).mean(axis=1)
        means, steps = [values[0], *means], [0, *(20 * np.arange(len(means)) + 10)]
        axes.plot(steps, means, line, color=colour, label=_("learning rate {rate}", rate=rate))
        first, last = values[0], values[-20:].mean()
        text = _("from {first:.2f} to {last:.2f} at {rate}", first=first, last=last, rate=rate)
        ends.append(text)
    axes.axhline(np.log(10), color=canvas.GREY, linewidth=1)
    axes.text(len(values), np.log(10), _("a blind guess"), ha="right", va="bottom")
    axes.set(xlabel=_("step"), ylabel=_("loss, mean of 20 steps"), ylim=(0, None))
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    return _(
        "The loss over the steps of an epoch, a line for each learning rate: {ends}.",
        ends=_(", ").join(ends),
    )


@canvas.figure(3.3)
def weight_images(figure, weights) -> str:
    """Draw the weights of ten scores, shape (784, 10), as ten images of 28x28 pixels."""
    limit = float(np.abs(weights).max())
    panels = figure.subplots(2, 5)
    for digit, axes in enumerate(panels.flat):
        image = weights[:, digit].reshape(28, 28)
        title = _("for the {digit}", digit=digit)
        canvas.show_image(axes, image, title, canvas.SIGNED, (-limit, limit))
    figure.colorbar(axes.images[0], ax=panels, shrink=0.85, label=_("weight"))
    below = weights.reshape(28, 28, 10)[14, 14, 0] < 0
    return _(
        "Ten images of weights, blue above 0 and orange below: the middle of that for the 0 is "
        "{below} 0.",
        below=_("below") if below else _("above"),
    )
