"""Where a number comes from, for kinds of layers beyond the lesson's, beside Keras and NumPy.

Three networks have all kinds of layers and all activations. Of each layer the first, the middle,
the last, the largest and the smallest number are opened. Each link in an explanation is followed.
"""

import base64
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import mnist
from helpers.common import language
from helpers.common.backend import keras
from helpers.saved.topology import topology
from helpers.widgets.described_network import describe
from tests.browser import page_with
from tests.graph_networks import branches, build, windows
from tests.sentences import check_sentences, is_rounded, snapshot_languages, wrong_value

layers = keras.layers
ACTIVATIONS = ["tanh", "sigmoid", "leaky_relu", "gelu"]  # beside those of the lesson


def activations():
    """Return a network whose dense layers have all activations."""
    dense = [layers.Dense(20, activation=name) for name in ACTIVATIONS]
    end = layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), *dense, end])


NETWORKS = {"windows": windows, "branches": branches, "activations": activations}


def passed(model, image):
    """Return the steps of a model, each with its inputs, its scores and its values for an image."""
    steps = [SimpleNamespace(kind="image", name="The image", values=mnist.prepare(image[None])[0])]
    for layer, sources, *_shapes in topology(model):
        inputs = [steps[source].values for source in sources]
        batches = [values[None] for values in inputs]
        activation = getattr(layer, "activation", keras.activations.linear)
        layer.activation = keras.activations.linear
        scores = np.array(layer(batches if len(batches) > 1 else batches[0], training=False))
        layer.activation = activation
        steps.append(
            SimpleNamespace(
                kind=type(layer).__name__,
                layer=layer,
                sources=sources,
                inputs=inputs,
                scores=scores[0],
                values=np.array(activation(scores))[0],
                activation=activation.__name__,
            )
        )
    kinds = [step.kind for step in steps]
    for k, step in enumerate(steps[1:], start=1):
        number = f" {kinds[: k + 1].count(step.kind)}" if kinds.count(step.kind) > 1 else ""
        step.name = step.kind + number
    return steps


def place_of(i, shape):
    """Return the values of a text that says where number `i` of an array stands."""
    index = [int(k) for k in np.unravel_index(i, shape)]
    if len(shape) == 1:
        return {"number": index[0]}
    row, column, channel = index
    place = {"row": row, "column": column}
    return place if shape[2] == 1 else {"map": channel, **place}


def activation_line(step, i):
    """Return the name of the sentence about what an activation makes of a score, and its values."""
    score, value = float(step.scores.ravel()[i]), float(step.values.ravel()[i])
    name = step.activation
    if name in ("relu", "leaky_relu"):
        name += " above 0" if score > 0 else " of 0 and below"
    values = {"score": score, "value": value, "opposite": -score, "slope": 0.2}
    values |= {"power": float(np.exp(score)), "inverse": float(np.exp(-score))}
    return name, values | {"share": value / score if score else 0.5}


def sum_line(step, i, total, bias):
    """Return the name of the sentence about a sum, its bias and its activation, and its values."""
    name, values = activation_line(step, i)
    assert total + bias == pytest.approx(values["score"], abs=1e-4)  # of the right numbers
    return f"sum, {name}", values | {"sum": float(total), "bias": float(bias)}


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
        sum_line(step, i, products.sum(), step.layer.bias.numpy()[unit]),
        ("one product" if inside[term] else "one product beyond the edge", one),
    ]
    tables = [products.sum(axis=0)] if products.shape[1] > 1 else []
    tables += [array[:, group] for array in (patch, kernel, products)]
    map_before = group if channel is None else channel
    source = (
        np.ravel_multi_index((*places[term], map_before), before.shape) if inside[term] else None
    )
    links = [] if source is None else [([-1, 0], (step.sources[0], int(source)))]
    return lines, tables, links, frame_of(step, rows, columns)


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
        sum_line(step, i, products.sum(), step.layer.bias.numpy()[unit]),
    ]
    return lines, None, [], None


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
    return lines, [block], links, frame_of(step, rows, columns)


def expect_sum(step, i):
    """Explain a number that is the sum of the numbers at one place of two layers."""
    a, b = (float(array.ravel()[i]) for array in step.inputs)
    values = {"term": [a, b], "value": float(step.values.ravel()[i])}
    name = "sum of layers" if b >= 0 else "sum of layers, the second number below 0"
    links = [([-1, k], (source, i)) for k, source in enumerate(step.sources)]
    return [(name, values)], [], links, None


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
    return [(name, values)], [], [([-1, 0], (step.sources[k], origin))], None


def expect_rescaling(step, i):
    values = {"input": float(step.inputs[0].ravel()[i]), "factor": 2.5, "offset": -1}
    values["value"] = float(step.values.ravel()[i])
    return [("rescaled", values)], [], [([-1, 0], (step.sources[0], i))], None


def expect_layer_normalization(step, i):
    [before] = step.inputs
    count = before.shape[-1]
    first, member = i - i % count, i % count
    group = before.ravel()[first : first + count]
    mean, variance = float(group.mean()), float(group.var())
    deviation = float(np.sqrt(variance + 0.001))
    values = {"count": count, "mean": mean, "variance": variance, "deviation": deviation}
    values |= {
        "input": float(group[member]),
        "normalized": (float(group[member]) - mean) / deviation,
    }
    values |= {
        "factor": float(step.layer.gamma.numpy()[member]),
        "offset": float(step.layer.beta.numpy()[member]),
    }
    values |= {"epsilon": 0.001, "value": float(step.values.ravel()[i])}
    lines = ["mean and variance", "deviation", "factor and offset"]
    links = [
        ([-1, 0], (step.sources[0], i)),
        ([0, count - 1], (step.sources[0], first + count - 1)),
    ]
    return [(line, values) for line in lines], [group] if count <= 512 else [], links, None


EXPECTED = {
    **dict.fromkeys(["Conv2D", "DepthwiseConv2D"], expect_convolution),
    **dict.fromkeys(["MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D"], expect_pooling),
    **dict.fromkeys(["Flatten", "Reshape", "Concatenate"], expect_copy),
    "Add": expect_sum,
    "Dense": expect_dense,
    "Rescaling": expect_rescaling,
    "LayerNormalization": expect_layer_normalization,
}


def numbers_to_open(values):
    """Return the first, the middle, the last, the largest and the smallest number of an array."""
    flat = values.ravel()
    return sorted({0, flat.size // 2, flat.size - 1, int(flat.argmax()), int(flat.argmin())})


def open_numbers(chromium, spoken_language, model, image, numbers):
    """Open numbers of a network in a language; return what is told of them and above each layer."""
    with language.use_language(spoken_language):
        page = page_with(chromium, "viewer/viewer.js")
    sent = [describe(model), base64.b64encode(image.tobytes()).decode(), numbers]
    told, above, _classes = page.evaluate("explanationsOf", sent)
    page.close()
    return told, above


@pytest.fixture(scope="module")
def image():
    """An image in which no two numbers of a map are the same, but where it is blank."""
    greys = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    greys[20:] = 0
    return greys


@pytest.fixture(scope="module")
def readings(chromium, image):
    """For each language, each network with the explanations of its numbers.

    Each explanation stands beside the expected one. In English, it also has where its links lead.
    """
    found = {spoken_language: [] for spoken_language in snapshot_languages()}
    for name, make_network in NETWORKS.items():
        model = build(make_network)
        steps = passed(model, image)
        opened = [
            (k, i, EXPECTED[step.kind](step, i))
            for k, step in enumerate(steps)
            if step.kind in EXPECTED and step.activation != "softmax"
            for i in numbers_to_open(step.values)
        ]
        numbers = [[k, i, []] for k, i, _expected in opened]
        links = [(at, link) for at, (_k, _i, expected) in enumerate(opened) for link in expected[2]]
        presses = [[*opened[at][:2], [press]] for at, (press, _target) in links]
        for spoken_language, networks in found.items():
            if spoken_language != "en":
                links, presses = [], []
            sent = numbers + presses
            told, above = open_numbers(chromium, spoken_language, model, image, sent)
            explanations = [
                SimpleNamespace(
                    where=f"{name}, {steps[k].name}, number {i}",
                    steps=steps,
                    k=k,
                    i=i,
                    expected=expected,
                    shown=shown,
                    links=[],
                )
                for (k, i, expected), shown in zip(opened, told, strict=False)
            ]
            for (at, (_press, target)), shown in zip(links, told[len(numbers) :], strict=True):
                explanations[at].links.append((target, shown))
            networks.append(
                SimpleNamespace(name=name, steps=steps, above=above, explanations=explanations)
            )
    return found


def of_kind(readings, kind, spoken_language="en"):
    chosen = [
        one
        for network in readings[spoken_language]
        for one in network.explanations
        if one.steps[one.k].kind == kind
    ]
    assert len(chosen) > 2
    return chosen


@pytest.mark.parametrize("kind", EXPECTED)
@pytest.mark.parametrize("spoken_language", snapshot_languages())
def test_the_numbers_in_the_sentences_are_those_of_keras(readings, spoken_language, kind):
    for one in of_kind(readings, kind, spoken_language):
        lines, step = one.expected[0], one.steps[one.k]
        names = [one.steps[source].name for source in step.sources]
        assert len(one.shown["lines"]) >= len(lines), f"{one.where}: {one.shown['lines']}"
        for shown, (_name, values) in zip(one.shown["lines"], lines, strict=False):
            if step.kind == "Concatenate":
                [(_press, (source, _i))] = one.expected[2]
                names = [one.steps[source].name]
            wrong = wrong_value(shown, {"layer": names} | values, 2e-5)
            assert not wrong, f"{one.where}: {wrong}"


@pytest.mark.parametrize("kind", EXPECTED)
def test_the_tables_and_the_frame_show_the_numbers_it_comes_from(readings, kind):
    for one in of_kind(readings, kind):
        _lines, tables, _links, frame = one.expected
        assert one.shown["frame"] == (frame and pytest.approx(frame, abs=0.01)), one.where
        if tables is None:
            continue
        assert len(one.shown["tables"]) == len(tables), one.where
        for table, numbers in zip(one.shown["tables"], tables, strict=True):
            for text, number in zip(table["numbers"], numbers, strict=True):
                assert is_rounded(text, float(number), 2e-5), f"{one.where}, {table['numbers']}"


@pytest.mark.parametrize("kind", [kind for kind in EXPECTED if kind != "Dense"])
def test_each_link_leads_to_the_number_in_the_layer_that_it_names(readings, kind):
    count = 0
    for one in of_kind(readings, kind):
        for (k, i), shown in one.links:
            step = one.steps[k]
            assert shown["step"] == k, one.where
            values = {"layer": step.name, **place_of(i, step.values.shape)}
            values["value"] = float(step.values.ravel()[i])
            assert shown["title"]["values"].keys() == values.keys(), one.where
            wrong = wrong_value(shown["title"], values, 2e-5)
            assert not wrong, f"{one.where}: {wrong}"
            count += 1
    assert count > 2


def test_every_kind_and_every_activation_has_an_explanation(chromium):
    page = page_with(chromium, "viewer/viewer.js")
    missing = page.evaluate(
        """() => [
            ...Object.keys(OPERATIONS).filter((kind) => !EXPLANATIONS[kind]),
            ...Object.keys(ACTIVATIONS).filter((name) => !ACTIVATION_EXPLANATIONS[name]),
        ]"""
    )
    assert missing == []


def test_a_layer_says_from_which_layers_it_takes_its_input(readings):
    for network in readings["en"]:
        for k, step in enumerate(network.steps[1:], start=1):
            names = [network.steps[source].name for source in step.sources]
            wanted = [] if step.sources == (k - 1,) else [names]
            _heading, *more = network.above[k]
            named = [shown["values"]["layer"] for shown in more if "layer" in shown["values"]]
            assert named == wanted, f"{network.name}, {step.name}"


def test_the_two_halves_of_a_separable_convolution_have_names_of_their_own(chromium, image):
    told, above = open_numbers(chromium, "en", build(others), image, [[2, 0, []], [4, 0, []]])
    names = [heading["values"]["layer"][0] for heading, *_more in above[1:5]]
    assert [name.split(",")[0] for name in names] == [
        *["SeparableConv2D 1"] * 2,
        *["SeparableConv2D 2"] * 2,
    ]
    assert len(set(names)) == 4
    assert [shown["title"]["values"]["layer"] for shown in told] == [[names[1]], [names[3]]]


def others():
    """Return a network with the kinds of layers that the other networks lack."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.SeparableConv2D(4, 5, strides=3, padding="same"),
            layers.SeparableConv2D(2, 3),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
            layers.LeakyReLU(0.1),
            layers.Activation("tanh"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def on_maps():
    """Return a network in which a dense layer and two poolings have words of their own."""
    some = layers.Dense(3), layers.MaxPooling2D(2), layers.GlobalMaxPooling2D(), layers.Dense(10)
    return keras.Sequential([keras.Input((28, 28, 1)), *some, layers.Softmax()])


def sentences_of(kind, shown, names):
    """Name the sentences of an explanation by the kind of layer. The first lines have `names`."""
    yield ", ".join(["title", *shown["title"]["values"]]), shown["title"]
    for n, line in enumerate(shown["lines"]):
        yield (names[n] if n < len(names) else f"line {n} of {kind}"), line
    for n, table in enumerate(shown["tables"]):
        if table["caption"]:
            yield f"table {n} of {kind}", table["caption"]
    if shown["source"]:
        yield f"source of {kind}", shown["source"]


@pytest.mark.parametrize("spoken_language", snapshot_languages())
def test_each_kind_has_the_sentences_of_the_snapshot(readings, chromium, image, spoken_language):
    said, above = [], {network.name: network.above for network in readings[spoken_language]}
    for network in readings[spoken_language]:
        for one in network.explanations:
            names = [name for name, _values in one.expected[0]]
            said += sentences_of(one.steps[one.k].kind, one.shown, names)
    for make_network in (others, on_maps):
        model = build(make_network)
        described = describe(model)["layers"]
        numbers = [
            [k, i, []]
            for k, layer in enumerate(described, start=1)
            for i in (0, int(np.prod(layer["shape"])) - 1)
        ]
        told, above[make_network.__name__] = open_numbers(
            chromium, spoken_language, model, image, numbers
        )
        for (k, _i, _presses), shown in zip(numbers, told, strict=True):
            kind = described[k - 1]["name"]
            said += sentences_of(f"{kind} of {make_network.__name__}", shown, [])
    for name, paragraphs_of_layers in above.items():
        for paragraphs in paragraphs_of_layers:
            [layer] = paragraphs[0]["values"]["layer"]
            said += [(f"above {layer} of {name}", shown) for shown in paragraphs]
    check_sentences(said, spoken_language, "kinds")


def test_each_kind_and_each_activation_is_in_the_snapshot(chromium):
    kinds, activations = set(), set()
    for make_network in [*NETWORKS.values(), others]:
        for layer in describe(build(make_network))["layers"]:
            kinds.add(layer["kind"])
            activations.add(layer["activation"])
    page = page_with(chromium, "viewer/viewer.js")
    keys = "[EXPLANATIONS, ACTIVATION_EXPLANATIONS].map((table) => Object.keys(table).sort())"
    assert page.evaluate(keys) == [sorted(kinds), sorted(activations)]
