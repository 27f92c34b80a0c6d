"""Where a number comes from, for kinds of layers beyond the lesson's, beside Keras and NumPy.

Three networks have all kinds of layers and all activations. Of each layer the first, the middle,
the last, the largest and the smallest number are opened. Each link in an explanation is followed.
"""

import base64
import re
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
from tests.sentences import NUMBER, difference, is_rounded, spoken

layers = keras.layers
STRIDES = "Strides {rows}x{columns}: neighbouring windows lie so many rows or columns apart."
DILATION = (
    "Dilation {rows}x{columns}: neighbours under the kernel lie so many rows or columns apart in "
    "the map."
)
# What each activation makes of a score that is above 0, and of one that isn't.
ACTIVATIONS = {
    "tanh": [
        "tanh: e (about 2.718) to the power of {score} is {power}, and to the power of {opposite} "
        "it is {inverse}. Their difference, divided by their sum, is {value}."
    ],
    "sigmoid": [
        "Sigmoid: e (about 2.718) to the power of {opposite} is {inverse}. "
        "1 / (1 + {inverse}) = {value}."
    ],
    "leaky_relu": [
        "ReLU keeps what is above 0: {value}.",
        "That is not above 0, so leaky ReLU multiplies it by 0.2: {value}.",
    ],
    "gelu": [
        "GELU: the share of the normal distribution that lies below {score} is {share}. {score} "
        "times {share} is {value}."
    ],
    "linear": ["It stays so: {value}."],
    "relu": [
        "ReLU keeps what is above 0: {value}.",
        "That is not above 0, so ReLU makes it {value}.",
    ],
}
SUM = "The sum of the numbers that {layers} have for this place: {a} + {b} = {value}"


def activations():
    """Return a network whose dense layers have all activations."""
    names = [name for name in ACTIVATIONS if name not in ("linear", "relu")]
    dense = [layers.Dense(20, activation=name) for name in names]
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
    """Say where number `i` of an array stands, as a page does."""
    index = np.unravel_index(i, shape)
    if len(shape) == 1:
        return f"number {index[0]}"
    row, column, channel = index
    place = f"row {row}, column {column}"
    return place if shape[2] == 1 else f"map {channel}, {place}"


def activation_line(step, i, start=""):
    """Return the sentence about what an activation makes of a score, with its values."""
    score, value = float(step.scores.ravel()[i]), float(step.values.ravel()[i])
    sentences = ACTIVATIONS[step.activation]
    case = 0 if score > 0 or len(sentences) == 1 else 1
    values = {"score": score, "value": value, "opposite": -score}
    values |= {"power": float(np.exp(score)), "inverse": float(np.exp(-score))}
    values |= {"share": value / score if score else 0.5}
    return start + sentences[case], values


def sum_line(step, i, total, bias):
    """Return the sentence about a sum, its bias and its activation, with its values."""
    start = "They add up to {sum}; with the bias, {bias}, that is {score}. "
    sentence, values = activation_line(step, i, start)
    assert total + bias == pytest.approx(values["score"], abs=1e-4)  # of the right numbers
    return sentence, values | {"sum": float(total), "bias": float(bias)}


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
    """Return the sentences about strides and dilation, where they aren't the usual ones."""
    layer, lines = step.layer, []
    usual = getattr(layer, "pool_size", (1, 1))
    strides, dilation = getattr(layer, "strides", usual), getattr(layer, "dilation_rate", (1, 1))
    if tuple(strides) != tuple(usual):
        lines.append((STRIDES, dict(zip(("rows", "columns"), strides, strict=True))))
    if tuple(dilation) != (1, 1):
        lines.append((DILATION, dict(zip(("rows", "columns"), dilation, strict=True))))
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
        about = "Its kernel lies on {rows}x{columns} numbers of a single map before, map {map}: "
    else:
        channel, kernel = None, kernel[..., unit]
        about = "Its kernel lies on {rows}x{columns} numbers of each of the {maps} maps before: "
        if channels == 1:
            source = "image" if step.sources == (0,) else "map before"
            about = f"Its kernel lies on {{rows}}x{{columns}} numbers of the {source}: "
    kernel = kernel.reshape(len(places), -1)
    products = patch * kernel
    group = int(products.sum(axis=0).argmax())
    term = int(products[:, group].argmax())
    counts = {"rows": len(rows), "columns": len(columns), "maps": channels, "count": products.size}
    one = {"input": float(patch[term, group]), "weight": float(kernel[term, group])}
    beyond = "" if inside[term] else " (beyond the edge, so 0)"
    lines = [
        (f"{about}{{count}} products.", counts | {"map": channel}),
        *window_lines(step),
        sum_line(step, i, products.sum(), step.layer.bias.numpy()[unit]),
        (
            f"One of them: {{input}}{beyond} times {{weight}} is {{product}}.",
            one | {"product": float(products[term, group])},
        ),
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
        (
            f"Its unit has a weight for each of the {{count}} numbers {where}: {{count}} products.",
            {"count": products.size},
        ),
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
    lines = [
        (f"The {name} of {{count}} numbers of the map before: {{value}}.", values),
        *window_lines(step),
    ]
    assert (block.max() if name == "largest" else block.mean()) == pytest.approx(
        values["value"], abs=1e-5
    )
    index = [(step.sources[0], int(np.ravel_multi_index(place, before.shape))) for place in places]
    links = [([-1, 0], index[block.argmax()]), ([0, 0], index[0]), ([0, len(index) - 1], index[-1])]
    return lines, [block], links, frame_of(step, rows, columns)


def expect_sum(step, i):
    """Explain a number that is the sum of the numbers at one place of two layers."""
    a, b = (float(array.ravel()[i]) for array in step.inputs)
    values = {"a": a, "b": b, "value": float(step.values.ravel()[i])}
    sentence = SUM if b >= 0 else SUM.replace("{b}", "({b})")
    links = [([-1, k], (source, i)) for k, source in enumerate(step.sources)]
    return [(sentence, values)], [], links, None


def expect_copy(step, i):
    """Explain a number that is moved: Keras moves the numbers 1, 2, 3 ... in the same way."""
    sizes = [array.size for array in step.inputs]
    numbers = np.split(np.arange(1, sum(sizes) + 1, dtype=np.float32), np.cumsum(sizes)[:-1])
    batches = [
        row.reshape(1, *array.shape) for row, array in zip(numbers, step.inputs, strict=True)
    ]
    moved = np.array(step.layer(batches if len(batches) > 1 else batches[0])).ravel()[i]
    value = {"value": float(step.values.ravel()[i])}
    k = next(k for k, row in enumerate(numbers) if moved in row)
    origin = int(moved - numbers[k][0])
    start = "In {layer}" if len(batches) > 1 else "In the maps before"
    place = place_of(origin, step.inputs[k].shape)
    sentence = f"{start} it stands at {place}, and it stays as it is: {{value}}"
    return [(sentence, value)], [], [([-1, 0], (step.sources[k], origin))], None


def expect_rescaling(step, i):
    values = {"input": float(step.inputs[0].ravel()[i]), "value": float(step.values.ravel()[i])}
    return (
        [("{input} times 2.5, plus -1: {value}", values)],
        [],
        [([-1, 0], (step.sources[0], i))],
        None,
    )


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
    values["value"] = float(step.values.ravel()[i])
    lines = [
        "The {count} numbers that are normalized together have the mean {mean} and the variance "
        "{variance}.",
        "The root of the variance, to which 0.001 is added so that it isn't 0, is {deviation}. "
        "So ({input} - mean) / {deviation} is {normalized}.",
        "{normalized} times the factor {factor}, plus the offset {offset}: {value}",
    ]
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


@pytest.fixture(scope="module")
def explanations(chromium):
    """Return each explanation with what is expected, and where each of its links leads."""
    greys = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    greys[20:] = 0
    found = []
    for name, make_network in NETWORKS.items():
        model = build(make_network)
        steps = passed(model, greys)
        opened = []
        for k, step in enumerate(steps):
            if step.kind not in EXPECTED or step.activation == "softmax":
                continue
            for i in numbers_to_open(step.values):
                opened.append((k, i, EXPECTED[step.kind](step, i)))
        numbers = [[k, i, []] for k, i, _expected in opened]
        links = [(at, link) for at, (_k, _i, expected) in enumerate(opened) for link in expected[2]]
        presses = [[*opened[at][:2], [press]] for at, (press, _target) in links]
        image = base64.b64encode(greys.tobytes()).decode()
        page = page_with(chromium, "viewer/viewer.js")
        shown, *_others = page.evaluate(
            "explanationsOf", [describe(model), image, numbers + presses]
        )
        page.close()
        for (k, i, expected), explanation in zip(opened, shown, strict=False):
            where = f"{name}, {steps[k].name}, number {i}"
            found.append(
                SimpleNamespace(
                    where=where,
                    steps=steps,
                    k=k,
                    i=i,
                    expected=expected,
                    shown=explanation,
                    links=[],
                )
            )
        for (at, (_press, target)), explanation in zip(links, shown[len(numbers) :], strict=True):
            found[len(found) - len(opened) + at].links.append((target, explanation))
    return found


def of_kind(explanations, kind):
    chosen = [one for one in explanations if one.steps[one.k].kind == kind]
    assert len(chosen) > 2
    return chosen


@pytest.mark.parametrize("kind", EXPECTED)
def test_the_sentences_about_a_number_of_each_kind_are_true(explanations, kind):
    for one in of_kind(explanations, kind):
        step = one.steps[one.k]
        lines = one.expected[0]
        texts = one.shown["lines"]
        assert len(texts) >= len(lines), f"{one.where}: {texts}"
        names = " and ".join(one.steps[source].name for source in step.sources)
        for text, (sentence, values) in zip(texts, lines, strict=False):
            layer = names
            if step.kind == "Concatenate":
                layer = one.steps[one.links[0][0][0]].name
            wrong = difference(text, sentence, {"layers": names, "layer": layer} | values, 2e-5)
            assert not wrong, f"{one.where}: {wrong}"


@pytest.mark.parametrize("kind", EXPECTED)
def test_the_tables_and_the_frame_show_the_numbers_it_comes_from(explanations, kind):
    for one in of_kind(explanations, kind):
        _lines, tables, _links, frame = one.expected
        assert one.shown["frame"] == (frame and pytest.approx(frame, abs=0.01)), one.where
        if tables is None:
            continue
        assert len(one.shown["tables"]) == len(tables), one.where
        for table, numbers in zip(one.shown["tables"], tables, strict=True):
            for text, number in zip(table["numbers"], numbers, strict=True):
                assert is_rounded(text, float(number), 2e-5), f"{one.where}, {table['caption']}"


@pytest.mark.parametrize("kind", [kind for kind in EXPECTED if kind != "Dense"])
def test_each_link_leads_to_the_number_in_the_layer_that_it_names(explanations, kind):
    count = 0
    for one in of_kind(explanations, kind):
        for (k, i), shown in one.links:
            step = one.steps[k]
            assert shown["step"] == k, one.where
            values = {"value": float(step.values.ravel()[i])}
            sentence = f"{step.name}, {place_of(i, step.values.shape)}: {{value}}"
            wrong = difference(shown["title"], sentence, values, 2e-5)
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


def test_a_layer_says_from_which_layers_it_takes_its_input(chromium):
    model = build(branches)
    page = page_with(chromium, "viewer/viewer.js")
    image = base64.b64encode(bytes(784)).decode()
    page.evaluate("explanationsOf", [describe(model), image, []])
    texts = page.locator(".viewer-layer[data-kind=Add] .viewer-input").all_inner_texts()
    assert texts == ["Its input comes from Conv2D 1 and Conv2D 2."]
    assert page.locator(".viewer-layer[data-kind=Flatten] .viewer-input").count() == 0


def test_a_dense_layer_on_maps_and_a_pooling_of_whole_maps_have_words_of_their_own(chromium):
    dense = layers.Dense(3), layers.MaxPooling2D(2), layers.GlobalMaxPooling2D(), layers.Dense(10)
    model = build(lambda: keras.Sequential([keras.Input((28, 28, 1)), *dense, layers.Softmax()]))
    page = page_with(chromium, "viewer/viewer.js")
    page.evaluate("explanationsOf", [describe(model), base64.b64encode(bytes(784)).decode(), []])
    words = page.locator(".viewer-layer > p:first-child").all_inner_texts()[1:]
    assert [text.partition("numbers, ")[2].partition(";")[0] for text in words[:4]] == [
        "at each place a sum over all maps before, by weight",
        "the largest number of each block",
        "the largest number of each map",
        "each a sum of all numbers before, by weight",
    ]


def test_the_two_halves_of_a_separable_convolution_are_named_and_explained(chromium):
    separable = layers.SeparableConv2D(4, 3), layers.SeparableConv2D(2, 3)
    end = layers.Flatten(), layers.Dense(10, activation="softmax")
    model = build(lambda: keras.Sequential([keras.Input((28, 28, 1)), *separable, *end]))
    page = page_with(chromium, "viewer/viewer.js")
    image = base64.b64encode(bytes(784)).decode()
    [shown], *_others = page.evaluate("explanationsOf", [describe(model), image, [[4, 0, []]]])
    names = page.locator(".viewer-layer strong").all_inner_texts()
    assert names[1:5] == [
        "SeparableConv2D 1, first half",
        "SeparableConv2D 1, second half",
        "SeparableConv2D 2, first half",
        "SeparableConv2D 2, second half",
    ]
    assert shown["title"].startswith("SeparableConv2D 2, second half, map 0, row 0, column 0: ")
    halves = page.locator(".viewer-half").all_inner_texts()
    assert len(halves) == 4 and halves[:2] == halves[2:]
    assert "In the first half, each filter looks at a single map." in halves[0]
    assert halves[1].startswith("In the second half, kernels of 1x1 add the maps")


def others():
    """Return a network with the kinds of layers that the other networks lack."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.SeparableConv2D(4, 5, strides=3, padding="same"),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
            layers.LeakyReLU(0.1),
            layers.Activation("tanh"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )


# Words that other languages keep. Names of Keras's layers come to these.
KEPT_WORDS = {"e", "ReLU", "GELU", "leaky", "tanh", "sigmoid", "softmax", "dilation", "Keras"}


def texts_shown(chromium, spoken_language, model, numbers):
    """Return the texts of a viewer in a language: above the layers, and about some numbers."""
    image = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    with language.use_language(spoken_language):
        page = page_with(chromium, "viewer/viewer.js")
    sent = [describe(model), base64.b64encode(image.tobytes()).decode(), numbers]
    explanations, headings, _classes = page.evaluate("explanationsOf", sent)
    texts = [*headings, *page.locator(".viewer-input, .viewer-half").all_inner_texts()]
    for shown in explanations:
        captions = [table["caption"] for table in shown["tables"]]
        texts += [shown["title"], *shown["lines"], *captions, shown["source"] or ""]
    page.close()
    return texts


@pytest.mark.parametrize("name", [*NETWORKS, "others"])
@pytest.mark.parametrize("spoken_language", spoken({"zh_CN": {}}))
def test_no_english_word_is_left_in_an_explanation_and_all_numbers_are_there(
    chromium, spoken_language, name
):
    model = build((NETWORKS | {"others": others})[name])
    numbers = [[0, 400, []]]
    for k, layer in enumerate(describe(model)["layers"], start=1):
        places = np.linspace(0, np.prod(layer["shape"]) - 1, 9).astype(int)
        numbers += [[k, int(i), []] for i in dict.fromkeys(places)]
    in_english, translated = (
        texts_shown(chromium, chosen, model, numbers) for chosen in ("en", spoken_language)
    )
    kinds = {type(step.layer).__name__ for step in topology(model)}
    names = re.compile("|".join(sorted(kinds, key=len, reverse=True)))
    assert len(in_english) == len(translated) > len(numbers)
    for text, original in zip(translated, in_english, strict=True):
        found, wanted = (names.findall(each) for each in (text, original))
        assert sorted(found) == sorted(wanted), f"{text!r} of {original!r}"
        text, original = (names.sub("", each) for each in (text, original))
        original = original.replace("zeros", "0")
        found, wanted = ([m[0] for m in NUMBER.finditer(each)] for each in (text, original))
        assert sorted(found) == sorted(wanted), f"{text!r} of {original!r}"
        words = set(re.findall("[A-Za-z]+", NUMBER.sub("", text)))
        assert words <= KEPT_WORDS, f"{text!r} of {original!r}"
        assert not re.search(r"[{}]|[,;:?!](?= |$)", text), f"{text!r} has marks of English"


def test_each_kind_and_each_activation_is_shown_in_other_languages(chromium):
    kinds, activations = set(), set()
    for make_network in [*NETWORKS.values(), others]:
        for layer in describe(build(make_network))["layers"]:
            kinds.add(layer["kind"])
            activations.add(layer["activation"])
    page = page_with(chromium, "viewer/viewer.js")
    keys = "[EXPLANATIONS, ACTIVATION_EXPLANATIONS].map((table) => Object.keys(table).sort())"
    assert page.evaluate(keys) == [sorted(kinds), sorted(activations)]
