"""The figures of notebook 3: steps of training, by hand and over epochs."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.language import _
from helpers.plots import canvas


@canvas.figure(3.7)
def training_curves(figure, history, blocks=None, progress=None, first=0) -> str:
    """Draw loss and accuracy over the epochs, and while training runs how far it has come.

    `history` is as `History.history`, a dictionary: each of `loss`, `accuracy`, `val_loss` and
    `val_accuracy` that is there has one number an epoch, NaN too where training fails. `blocks` are
    the same measures at finer steps, over the key `epoch`; `progress` is the epoch (from 0), steps
    done in it, number of epochs, steps in each. `first` is the first epoch of `history`, which is
    0 unless a network trains further.
    """
    names = {"loss": _("loss"), "accuracy": _("accuracy")}
    last = first + max(map(len, history.values()), default=1) if progress is None else progress[2]
    for axes, name in zip(figure.subplots(1, 2), names, strict=True):
        if blocks and name in blocks:
            style = {"alpha": 0.45, "linewidth": 1, "label": _("training, 1/20 epoch")}
            axes.plot(blocks.get("epoch", []), blocks[name], color=canvas.BLUE, **style)
        # Training: the mean over an epoch, so at its middle. Validation: measured at its end.
        training, measured = history.get(name, []), history.get(f"val_{name}", [])
        middles = first + np.arange(len(training)) + 0.5
        ends = first + np.arange(len(measured)) + 1
        style = {"color": canvas.BLUE, "markersize": 5, "label": _("training, whole epoch")}
        axes.plot(middles, training, "o-", **style)
        if measured:
            style |= {"color": canvas.GREEN, "label": _("validation")}
            axes.plot(ends, measured, "s--", **style)
        axes.set(xlabel=_("epoch"), ylabel=names[name])
        axes.set_xlim(first, last + 0.03 * (last - first))
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
        ring = {"markersize": 13, "fillstyle": "none", "color": "black"}
        figure.axes[0].plot(first + lowest + 1, measured[lowest], "o", **ring)
        title = _("ring: lowest validation loss, {loss:.3f}", loss=measured[lowest])
        figure.axes[0].set_title(title, fontsize=10)
    if progress is not None:
        epoch, step, epochs, steps = progress
        values = {"epoch": epoch + 1, "epochs": epochs, "step": step, "steps": steps or "?"}
        title = _("epoch {epoch} of {epochs}: {step} of {steps} steps", **values)
        figure.suptitle(title, ha="left", x=0)
    return _("Curves over {count} epochs: left the loss, right the accuracy.", count=last - first)


@canvas.figure(3.2)
def descent(figure, images, answers) -> str:
    """Draw the loss of softmax regression after its first step, over the learning rate.

    The step goes against the gradient of all images, shape (n, pixels), with their one-hot
    answers; weights and biases begin at 0. Four rates are marked.
    """
    error = (answers - answers.mean()) / len(images)  # at first all digits are as probable
    logits = (images @ (images.T @ error) + error.sum(axis=0)).astype(float)  # by a rate of 1
    offsets, losses = {0.001: (10, 8), 0.1: (12, -6), 3: (0, -18), 10: (-100, 6)}, {}
    for rate in np.union1d(np.linspace(0, 10, 41), [*offsets]):
        right = (rate * logits * answers).sum(axis=1)
        losses[rate] = (np.log(np.exp(rate * logits).sum(axis=1)) - right).mean()
    axes = figure.subplots()
    axes.plot([*losses], [*losses.values()], color=canvas.BLUE)
    for rate, offset in offsets.items():
        axes.plot(rate, losses[rate], "o", color="black")
        text = _("{rate}: loss {loss:.3f}", rate=format(rate, "g"), loss=losses[rate])
        axes.annotate(text, (rate, losses[rate]), offset, textcoords="offset points")
    axes.set(xlabel=_("learning rate"), ylabel=_("loss after the step"), ylim=(0, 2.6))
    return _(
        "The loss after one step over the learning rate: a curve that falls at first, is "
        "lowest near {lowest:g}, and rises again.",
        lowest=min(offsets, key=losses.get),
    )


@canvas.figure(2.3)
def chain(figure, forward, backward=()) -> str:
    """Draw a network of one pixel, one hidden unit and two logits, the second always 0.

    `forward` are the pixel, its weight, the hidden unit, that one's weight, the logit and the
    probability; `backward` the derivatives of the four in the middle.
    """
    axes = figure.subplots()
    axes.set(xlim=(-0.5, 6.5), ylim=(-2, 1))
    axes.set_axis_off()
    middle = {"ha": "center", "va": "center"}
    circle = {"bbox": {"boxstyle": "circle,pad=0.4", "facecolor": "white"}}
    arrow = {"arrowstyle": "->", "shrinkA": 24, "shrinkB": 24}
    names = _("pixel"), "w1", _("hidden unit"), "w2", _("logit"), "p"
    texts = [f"{name} = {value:.3g}" for name, value in zip(names, forward, strict=True)]
    for x, number in {0: 0, 2: 2, 4: 4, 6: 5}.items():
        axes.text(x, 0.8, names[number], **middle)
        axes.text(x, 0, f"{forward[number]:.3g}", **middle, **circle)
    axes.text(4, -1.6, "0", **middle, **circle)
    for start in ((0, 0), (2, 0), (4, 0), (4, -1.6)):
        axes.annotate("", (start[0] + 2, 0), start, arrowprops=arrow)
    for x, text in {1: texts[1], 3: texts[3], 5: _("softmax")}.items():
        axes.text(x, 0.25, text, **middle)
    axes.text(1, -0.25, "ReLU", **middle)
    axes.text(3, -1.6, _("second logit"), **middle)
    if backward:
        below = [_("derivatives"), *(f"{value:.3f}" for value in backward)]
        for x, text in enumerate(below):
            axes.text(x, -0.75, text, color=canvas.ORANGE, **middle)
        texts += below
    return _("A chain from left to right: {numbers}.", numbers=_(", ").join(texts))


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
    return _("Ten images of weights, one for each digit, blue above 0 and orange below.")
