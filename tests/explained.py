"""What the page has to tell of a number of each kind of layer, beside Keras and NumPy.

`EXPLAINED` has an entry for each kind. It is a function of a `Step` and of the index `i` of a
number in the flattened `step.values`. It returns the `Explanation` of this number.
The tests of tests/page/viewer/test_explained_kinds.py open numbers of each kind in networks of
tests/zoo.py and compare.
"""

from dataclasses import dataclass, field

import numpy as np
import pytest

from helpers import mnist
from helpers.common.backend import keras
from helpers.saved.topology import topology


@dataclass
class Step:
    """The image or a call of a layer, with what Keras computes for one image.

    `sources` are the indices of the steps that give the `inputs`. Step 0 is the image.
    The `scores` are the numbers before the activation, and the `values` those behind it.
    """

    kind: str
    name: str
    values: np.ndarray
    layer: keras.layers.Layer | None = None
    sources: tuple[int, ...] = ()
    inputs: list[np.ndarray] = field(default_factory=list)
    scores: np.ndarray | None = None
    activation: str = "linear"


@dataclass
class Explanation:
    """What the page tells of a number: the parts that its kind makes in explanation.js, in order.

    - `lines` has a pair for each `line(text, values)`. The first half is a name, which you choose,
      for this sentence in the snapshot. Give each sentence a name of its own. The second half has
      the values by their names in the braces, as Keras computes them. A `layer` is added by the
      test: the names of all sources. A value that the sentence lacks is no fault.
    - `tables` has the numbers of each `table(...)`. None if the tables aren't compared.
    - `links` has where a press leads. `sourceButton(selection, input, k)` leads to number `input`
      of source `k`, and so does `([-1, 0], (step.sources[k], input))`. The 0 says that it is the
      first button. A cell of a table is `[table, cell]` in place of `[-1, 0]`. `explainSamePlace`
      makes one line, and one button that leads to number `i`.
    - `frame` is the `patch` on a map before: top, left, height and width, in percent of the map.
    """

    lines: list[tuple[str, dict]]
    tables: list[np.ndarray] | None = field(default_factory=list)
    links: list[tuple[list[int], tuple[int, int]]] = field(default_factory=list)
    frame: list[float] | None = None


def passed(model: keras.Model, image: np.ndarray) -> list[Step]:
    """Return the steps of a model for an image of bytes; the first one is the image."""
    steps = [Step("image", "The image", mnist.prepare(image[None])[0])]
    for layer, sources, *_shapes in topology(model):
        inputs = [steps[source].values for source in sources]
        batches = [values[None] for values in inputs]
        activation = getattr(layer, "activation", keras.activations.linear)
        layer.activation = keras.activations.linear
        scores = np.array(layer(batches if len(batches) > 1 else batches[0], training=False))
        layer.activation = activation
        values = np.array(activation(scores))[0]
        kind, name = type(layer).__name__, activation.__name__
        steps.append(Step(kind, kind, values, layer, sources, inputs, scores[0], name))
    kinds = [step.kind for step in steps]
    for k, step in enumerate(steps[1:], start=1):
        if kinds.count(step.kind) > 1:
            step.name += f" {kinds[: k + 1].count(step.kind)}"
    return steps


def place_of(i, shape):
    """Return the values of a text that says where number `i` of an array stands."""
    index = [int(k) for k in np.unravel_index(i, shape)]
    if len(shape) == 1:
        return {"number": index[0]}
    row, column, channel = index
    place = {"row": row, "column": column}
    return place if shape[2] == 1 else {"map": channel, **place}


def expect_rescaling(step, i):
    """Explain a number that is brought to another scale."""
    values = {"input": float(step.inputs[0].ravel()[i]), "value": float(step.values.ravel()[i])}
    values |= {"factor": float(step.layer.scale), "offset": float(step.layer.offset)}
    return Explanation([("rescaled", values)], links=[([-1, 0], (step.sources[0], i))])


def activation_line(step, i):
    """Return the name of the sentence about what an activation makes of a score, and its values."""
    score, value = float(step.scores.ravel()[i]), float(step.values.ravel()[i])
    name = step.activation
    if name in ("relu", "leaky_relu"):
        name += " above 0" if score > 0 else " of 0 and below"
    values = {"score": score, "value": value, "opposite": -score, "slope": 0.2}
    values |= {"power": float(np.exp(score)), "inverse": float(np.exp(-score))}
    return name, values | {"share": value / score if score else 0.5}


def sum_line(step, i, total):
    """Return the name of the sentence about a sum, its bias and its activation, and its values."""
    name, values = activation_line(step, i)
    has_bias = step.layer.use_bias
    bias = float(step.layer.bias.numpy()[i % step.values.shape[-1]]) if has_bias else 0.0
    assert total + bias == pytest.approx(values["score"], abs=1e-4)  # of the right numbers
    start = "sum" if has_bias else "sum without bias"
    return f"{start}, {name}", values | {"sum": float(total), "bias": bias}


def window_of(step, i):
    """Return the rows and the columns before that a window covers, some of them beyond the edge."""
    layer, shape = step.layer, step.inputs[0].shape
    sizes = getattr(layer, "kernel_size", getattr(layer, "pool_size", shape[:2]))
    strides = getattr(layer, "strides", sizes)
    dilation = getattr(layer, "dilation_rate", (1, 1))
    place = np.unravel_index(i, step.values.shape) if step.values.ndim == 3 else (0, 0)
    lines = []
    for axis, (size, stride, apart) in enumerate(zip(sizes, strides, dilation, strict=True)):
        padding = 0
        if getattr(layer, "padding", "valid") == "same":
            reach = (step.values.shape[axis] - 1) * stride + (size - 1) * apart + 1
            padding = max(reach - shape[axis], 0) // 2
        start = int(place[axis]) * stride - padding
        lines.append([start + apart * k for k in range(size)])
    return lines


def window_lines(step):
    """Return the values of the sentences about strides and dilation, where these aren't usual."""
    layer, lines = step.layer, []
    usual = getattr(layer, "pool_size", (1, 1))
    strides, dilation = getattr(layer, "strides", usual), getattr(layer, "dilation_rate", (1, 1))
    if tuple(strides) != tuple(usual):
        lines.append(("strides", dict(zip(("rows", "columns"), strides, strict=True))))
    if tuple(dilation) != (1, 1):
        lines.append(("dilation", dict(zip(("rows", "columns"), dilation, strict=True))))
    return lines


def frame_of(step, rows, columns):
    """Return top, left, height and width of a window, in percent of the map before."""
    height, width = step.inputs[0].shape[:2]
    sides = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    shares = rows[0] / height, columns[0] / width, sides[0] / height, sides[1] / width
    return [100 * share for share in shares]


def expect_convolution(step, i):
    """Explain a number of a convolution: of each map before or, depthwise, of a single one."""
    [before] = step.inputs
    rows, columns = window_of(step, i)
    height, width, channels = before.shape
    unit = i % step.values.shape[2]
    places = [(row, column) for row in rows for column in columns]
    inside = [0 <= row < height and 0 <= column < width for row, column in places]
    patch = [
        before[place] if is_in else np.zeros(channels)
        for place, is_in in zip(places, inside, strict=True)
    ]
    patch, kernel = np.array(patch), step.layer.kernel.numpy()
    if step.kind == "DepthwiseConv2D":
        channel, number = divmod(unit, kernel.shape[3])
        patch, kernel = patch[:, [channel]], kernel[:, :, [channel], number]
        about = "patch of a single map"
    else:
        channel, kernel = None, kernel[..., unit]
        about = "patch of maps"
        if channels == 1:
            about = "patch of the image" if step.sources == (0,) else "patch of a map"
    kernel = kernel.reshape(len(places), -1)
    products = patch * kernel
    group = int(products.sum(axis=0).argmax())
    term = int(products[:, group].argmax())
    counts = {"rows": len(rows), "columns": len(columns), "maps": channels, "count": products.size}
    one = {"input": float(patch[term, group]), "weight": float(kernel[term, group])}
    one |= {"value": float(products[term, group]), "number": 0.0}
    lines = [
        (about, counts | {"map": channel}),
        *window_lines(step),
        sum_line(step, i, products.sum()),
        ("one product" if inside[term] else "one product beyond the edge", one),
    ]
    tables = [products.sum(axis=0)] if products.shape[1] > 1 else []
    tables += [array[:, group] for array in (patch, kernel, products)]
    map_before = group if channel is None else channel
    source = (
        np.ravel_multi_index((*places[term], map_before), before.shape) if inside[term] else None
    )
    links = [] if source is None else [([-1, 0], (step.sources[0], int(source)))]
    return Explanation(lines, tables, links, frame_of(step, rows, columns))


def expect_dense(step, i):
    """Explain a number of a dense layer on a row of numbers, or on one place of maps."""
    [before] = step.inputs
    kernel, unit = step.layer.kernel.numpy(), i % step.values.shape[-1]
    place = i // step.values.shape[-1]
    numbers = before.reshape(-1, kernel.shape[0])[place]
    products = numbers * kernel[:, unit]
    where = "before" if before.ndim == 1 else "at this place"
    lines = [
        (f"unit with weights for the numbers {where}", {"count": products.size}),
        sum_line(step, i, products.sum()),
    ]
    return Explanation(lines, tables=None)


def expect_pooling(step, i):
    """Explain a number of a pooling: the largest of a window, or its mean."""
    [before] = step.inputs
    rows, columns = window_of(step, i)
    channel = i % step.values.shape[-1]
    inside = [
        [k for k in line if 0 <= k < side]
        for line, side in zip((rows, columns), before.shape, strict=False)
    ]
    places = [(row, column, channel) for row in inside[0] for column in inside[1]]
    block = np.array([before[place] for place in places])
    name = "largest" if "Max" in step.kind else "mean"
    values = {"count": block.size, "value": float(step.values.ravel()[i])}
    lines = [(name, values), *window_lines(step)]
    assert (block.max() if name == "largest" else block.mean()) == pytest.approx(
        values["value"], abs=1e-5
    )
    index = [(step.sources[0], int(np.ravel_multi_index(place, before.shape))) for place in places]
    links = [([-1, 0], index[block.argmax()]), ([0, 0], index[0]), ([0, len(index) - 1], index[-1])]
    return Explanation(lines, [block], links, frame_of(step, rows, columns))


def expect_sum(step, i):
    """Explain a number that is the sum of the numbers at one place of several layers."""
    terms = [float(array.ravel()[i]) for array in step.inputs]
    values = {"term": terms, "value": float(step.values.ravel()[i])}
    signs = " + ".join("term" if k == 0 or term >= 0 else "(term)" for k, term in enumerate(terms))
    links = [([-1, k], (source, i)) for k, source in enumerate(step.sources)]
    return Explanation([(f"sum of layers, {signs}", values)], links=links)


def expect_copy(step, i):
    """Explain a number that is moved: Keras moves the numbers 1, 2, 3 ... in the same way."""
    sizes = [array.size for array in step.inputs]
    numbers = np.split(np.arange(1, sum(sizes) + 1, dtype=np.float32), np.cumsum(sizes)[:-1])
    batches = [
        row.reshape(1, *array.shape) for row, array in zip(numbers, step.inputs, strict=True)
    ]
    moved = np.array(step.layer(batches if len(batches) > 1 else batches[0])).ravel()[i]
    k = next(k for k, row in enumerate(numbers) if moved in row)
    origin = int(moved - numbers[k][0])
    place = place_of(origin, step.inputs[k].shape)
    start = "moved from one of several layers" if len(batches) > 1 else "moved"
    name = ", ".join([start, *place])
    values = place | {"value": float(step.values.ravel()[i])}
    return Explanation([(name, values)], links=[([-1, 0], (step.sources[k], origin))])


def expect_layer_normalization(step, i):
    """Explain a number that is normalized among the numbers of its place, or of its row."""
    [before] = step.inputs
    count = before.shape[-1]
    first, member = i - i % count, i % count
    group = before.ravel()[first : first + count]
    mean, variance, layer = float(group.mean()), float(group.var()), step.layer
    deviation = float(np.sqrt(variance + layer.epsilon))
    normalized = (float(group[member]) - mean) / deviation
    values = {
        "count": count,
        "mean": mean,
        "variance": variance,
        "epsilon": float(layer.epsilon),
        "deviation": deviation,
        "input": float(group[member]),
        "normalized": normalized,
        "factor": float(layer.gamma.numpy()[member]) if layer.scale else 1.0,
        "offset": float(layer.beta.numpy()[member]) if layer.center else 0.0,
        "value": float(step.values.ravel()[i]),
    }
    lines = [(name, values) for name in ("mean and variance", "deviation", "factor and offset")]
    source = step.sources[0]
    links = [([-1, 0], (source, i)), ([0, count - 1], (source, first + count - 1))]
    return Explanation(lines, [group] if count <= 512 else [], links)


# The kinds that tests/page/viewer/test_explanations.py opens in all detail aren't here, but those
# that strides, dilation, paddings or several inputs explain in another way.
EXPLAINED = {
    **dict.fromkeys(["Conv2D", "DepthwiseConv2D"], expect_convolution),
    **dict.fromkeys(["MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D"], expect_pooling),
    **dict.fromkeys(["Flatten", "Reshape", "Concatenate"], expect_copy),
    "Add": expect_sum,
    "Dense": expect_dense,
    "Rescaling": expect_rescaling,
    "LayerNormalization": expect_layer_normalization,
}
