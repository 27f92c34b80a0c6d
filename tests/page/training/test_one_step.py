"""One step in numbers: what a page tells of it, beside TensorFlow's gradients and Keras's RMSprop.

Two steps are taken by the same few images, and the second one is read, so that RMSprop has an
earlier mean. Weights, biases and numbers of each layer are opened, for several of the images.
"""

import base64
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import mnist
from helpers.common import language
from helpers.common.backend import keras, tf
from helpers.saved.topology import topology
from helpers.widgets.described_network import describe
from tests.browser import SEVEN, Pad, page_with
from tests.networks import branches, build, functional, layers, network, windows
from tests.sentences import check_sentences, is_rounded, snapshot_languages, wrong_value

RATE, COUNT = 0.002, 6
PLACE = ("number", "map", "row", "column")  # of a text that says where a number stands
NETWORKS = {
    "convolutions and poolings": lambda: functional(
        *(layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(3)),
        *(layers.Conv2D(5, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten()),
    ),
    "same padding": lambda: network("same, even kernels, not square"),
    "one layer": lambda: network("one layer"),
}


def add_up(layer, values):
    """Return what a layer makes of a batch before its activation."""
    activation = getattr(layer, "activation", keras.activations.linear)
    layer.activation = keras.activations.linear
    added = layer(values)
    layer.activation = activation
    return added


def take_two_steps(model, images, labels):
    """Train a model twice with a batch; return TensorFlow's numbers of the second step, by layer.

    Entry 0 is the image, and the others are the layers. Each has its `values` and the `derivatives`
    of the loss with respect to them, both of shape (images, ...). A layer also has `by_added`, the
    derivatives with respect to its sums before the activation, and its `weights`. For the kernel
    and the bias these are the numbers `before` and `after` the step, their `gradient`, and
    RMSprop's mean, `earlier` and now.
    """
    optimizer = keras.optimizers.RMSprop(RATE)
    optimizer.build(model.trainable_variables)

    def read():
        velocities = [one for one in optimizer.variables if "velocity" in one.path]
        return [
            [array.numpy() for array in some] for some in (model.trainable_variables, velocities)
        ]

    for _step in range(2):
        before, earlier = read()
        steps = [SimpleNamespace(layer=None, values=tf.constant(mnist.prepare(images)), weights={})]
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(steps[0].values)
            for layer in model.layers:
                if not isinstance(layer, keras.layers.InputLayer):
                    added = add_up(layer, steps[-1].values)
                    values = getattr(layer, "activation", keras.activations.linear)(added)
                    steps.append(
                        SimpleNamespace(layer=layer, values=values, added=added, weights={})
                    )
            loss = keras.losses.sparse_categorical_crossentropy(labels, added, from_logits=True)
            loss = tf.reduce_mean(loss)
        gradient = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradient, model.trainable_variables, strict=True))
    after, means = read()
    for variable, array in zip(model.trainable_variables, before, strict=True):
        variable.assign(array)  # the page shows the network as it was before the step
    order = [id(variable) for variable in model.trainable_variables]
    for step in steps:
        step.derivatives = np.array(tape.gradient(loss, step.values))
        if step.layer:
            step.by_added = np.array(tape.gradient(loss, step.added))
        for name in ("kernel", "bias") if getattr(step.layer, "trainable_variables", ()) else ():
            k = order.index(id(getattr(step.layer, name)))
            numbers = before[k], after[k], gradient[k].numpy(), earlier[k], means[k]
            names = "before", "after", "gradient", "earlier", "mean"
            step.weights[name] = SimpleNamespace(**dict(zip(names, numbers, strict=True)))
        step.values = np.array(step.values)
    # A page begins with the derivatives by the logits, and has none by the probabilities.
    steps[-1].derivatives = steps[-1].by_added
    kinds = [type(step.layer).__name__ for step in steps]
    for i, kind in enumerate(kinds):
        steps[i].name = f"{kind} {kinds[: i + 1].count(kind)}" if kinds.count(kind) > 1 else kind
        steps[i].weightless = not steps[i].weights
    return steps


def inputs_of(step, before, index):
    """Return by what a weight of a layer is multiplied: shape (images, rows, columns) of places.

    `before` are the values of the layer before, and `index` is the weight's in the kernel.
    """
    if isinstance(step.layer, keras.layers.Dense):
        return before[:, index[0], None, None]
    rows, columns = step.layer.kernel_size
    down, along = step.values.shape[1:3]
    y, x = index[0] + rows, index[1] + columns
    if step.layer.padding == "same":
        y, x = y - (rows - 1) // 2, x - (columns - 1) // 2
    wide = np.pad(before, ((0, 0), (rows, rows), (columns, columns), (0, 0)))
    return wide[:, y : y + down, x : x + along, index[2]]


def weight_told(steps, k, name, index):
    """Return what should be told of a weight or a bias of layer `k`, and its products."""
    step, unit = steps[k], index[-1]
    derivatives = np.array(step.by_added[..., unit])
    derivatives = derivatives.reshape(COUNT, *(derivatives.shape[1:] or (1, 1)))
    factors = np.ones_like(derivatives)
    if name == "kernel":
        factors = inputs_of(step, steps[k - 1].values, index)
    whole = float((factors * derivatives).sum())
    arrays = vars(step.weights[name]).items()
    values = {key: float(array[index]) for key, array in arrays}
    assert whole == pytest.approx(values["gradient"], abs=1e-5)  # of the right weight
    values |= {"derivative": values.pop("gradient"), "whole": whole, "rate": RATE, "count": COUNT}
    values |= {"change": values["after"] - values["before"], "places": derivatives[0].size}
    return values, factors, derivatives


def number_told(steps, k, image, i):
    """Return what should be told of a number of a layer, and which ways led on from it."""
    step, after = steps[k], steps[k + 1]
    values = {"derivative": float(step.derivatives[image].ravel()[i])}
    one = np.zeros(step.values.shape[1:], np.float32)
    one.ravel()[i] = 1
    if not after.weightless:
        both = np.stack([one, np.zeros_like(one)])
        on, off = np.array(add_up(after.layer, both))
        return values, on - off
    shape, ways = step.values.shape[1:], np.zeros(after.values.shape[1:], np.float32)
    if after.values[0].size == step.values[0].size:  # Flatten
        ways.ravel()[i] = 1
        return values, ways
    size = getattr(after.layer, "pool_size", shape[:2])
    row, column, channel = np.unravel_index(i, shape)
    top, left = row // size[0] * size[0], column // size[1] * size[1]
    block = step.values[image, top : top + size[0], left : left + size[1], channel]
    largest = np.unravel_index(block.argmax(), block.shape)
    if block.shape == tuple(size) and (row - top, column - left) == largest:
        ways = ways.reshape(shape[0] // size[0], shape[1] // size[1], -1)
        ways[row // size[0], column // size[1], channel] = 1
    return values, ways.reshape(after.values.shape[1:])


def place_of(index, shape):
    """Return the values of a text that says where the number at an index of a layer stands."""
    if len(shape) == 1:
        return {"number": index[0]}
    row, column, channel = index
    place = {"row": row, "column": column}
    return place if shape[2] == 1 else {"map": channel, **place}


def head_of(values):
    """Return what says of a product where it comes from: a set of names, each with its value."""
    return frozenset((name, str(value)) for name, value in values.items())


def weights_to_open(steps, k):
    """Return weights of a layer, by their names and indices, and what to press to get there.

    They are corners and the middle of the kernel, and a bias.
    """
    step = steps[k]
    kernel = step.weights["kernel"].before.shape
    picks = [(0, 0, 0, 0), (1, 1, 1, 1), (2, 2, 2, 2), (2, 0, 1, 1), (0, 2, 2, 0)]
    ends = [(0, side // 2, side - 1) for side in kernel]
    indices = [tuple(end[n] for end, n in zip(ends, pick, strict=False)) for pick in picks]
    if len(kernel) == 2:
        indices.append((int(steps[k - 1].values.sum(axis=0).argmax()), kernel[1] - 1))
    for index in indices:
        unit = index[-1]
        if len(kernel) == 4:
            number, group, term = unit, index[2], index[0] * kernel[1] + index[1]
            groups, first = kernel[2], 0
        else:
            shape = next(
                one
                for one in steps[k - 1 :: -1]
                if one.values[0].size == kernel[0] and type(one.layer).__name__ != "Flatten"
            ).values.shape[1:]
            channels = shape[-1]
            number, (group, term) = unit, divmod(index[0], channels)
            groups, first = kernel[0] // channels, int(step is steps[-1])
        presses = [[first, group]] if groups > 1 else []
        tables = first + (groups > 1) + (3 if len(kernel) == 4 else 1)
        presses.append([tables - 1, term])
        yield "kernel", index, [k, number, presses]
        yield "bias", index[-1:], [k, number, [*presses, [tables, 1]]]


def numbers_to_open(step, image):
    """Return numbers of what a layer makes of an image: corners, the middle, and extreme ones."""
    values, derivatives = step.values[image].ravel(), step.derivatives[image].ravel()
    ends = [(0, side // 2, side - 1) for side in step.values.shape[1:]]
    picks = [(0, 0, 0), (1, 1, 1), (2, 2, 2), (1, 0, 2), (1, 2, 0)]
    places = [tuple(end[n] for end, n in zip(ends, pick, strict=False)) for pick in picks]
    numbers = [int(np.ravel_multi_index(place, step.values.shape[1:])) for place in places]
    extremes = values.argmax(), values.argmin(), derivatives.argmax(), derivatives.argmin()
    return dict.fromkeys([*numbers, *map(int, extremes)])


@pytest.fixture(scope="module", params=NETWORKS)
def training(request, chromium, mnist_data):
    """A network, TensorFlow's numbers of its second step, and pages that have taken it too."""
    keras.utils.set_random_seed(1)
    model = NETWORKS[request.param]()
    images, labels = (array[:COUNT] for array in mnist_data[0])
    sent = [describe(model), base64.b64encode(images.tobytes()).decode(), labels.tolist(), RATE]
    pages = {}
    for spoken_language in snapshot_languages():
        with language.use_language(spoken_language):
            pages[spoken_language] = page_with(chromium, "training/one_step.js")
        for _step in range(2):
            pages[spoken_language].evaluate("take", sent)
    steps = take_two_steps(model, images, labels)
    yield SimpleNamespace(steps=steps, labels=labels, pages=pages)
    for page in pages.values():
        page.close()


def read(training, spoken_language, image, numbers):
    """Return what a page tells of numbers of an image of the batch."""
    first = next(k for k, step in enumerate(training.steps) if step.weights)
    another = image + 1 if image else 0
    sent = [first, 1, another, numbers]
    return training.pages[spoken_language].evaluate("stepsOf", sent)


def compare(where, shown, values):
    """Fail, and say where, unless the numbers of a sentence have the values that are wanted."""
    wrong = wrong_value(shown, values, 1e-7)
    assert not wrong, f"{where}: {wrong}"


def compare_list(where, shown, heads, factors, derivatives):
    """Compare the largest products, and the sum of the others and of all; return those told of.

    `heads` says of a product where it comes from: a dictionary to its place in the two arrays.
    """
    products = (factors * derivatives).ravel()
    sizes = np.sort(np.abs(products[np.abs(products) > 0]))[::-1]
    listed = [product for product in shown["products"] if "factor" in product["values"]]
    assert len(listed) == min(5, len(sizes)), f"{where}: {shown['products']}"
    told = []
    for product, size in zip(listed, sizes, strict=False):
        values = {name: texts[0] for name, texts in product["values"].items()}
        numbers = [values.pop(name) for name in ("factor", "derivative", "result")]
        head = head_of(values)
        assert head in heads, f"{where}: {product['text']!r} is of no place of the layer"
        told.append(heads[head])
        wanted = factors.ravel()[told[-1]], derivatives.ravel()[told[-1]], products[told[-1]]
        for number, value in zip(numbers, wanted, strict=True):
            text = f"{where}: {product['text']!r}, not {value}"
            assert is_rounded(number, float(value), 1e-7), text
        assert abs(products[told[-1]]) == pytest.approx(size, rel=1e-3, abs=1e-7), (
            f"{where}: {product['text']}"
        )
    assert len(set(told)) == len(told), where
    return told


def compare_rest(where, shown, values, others, rest):
    """Compare the sentence about the whole sum, and about `others` products that aren't listed."""
    assert ("rest" in shown["values"]) == bool(others), f"{where}: {shown['text']}"
    compare(where, shown, {"count": others, "rest": rest, "sum": values["whole"]})


@pytest.mark.parametrize("name", ["kernel", "bias"])
@pytest.mark.parametrize("spoken_language", snapshot_languages())
def test_what_a_step_made_of_a_weight_is_told_as_in_rmsprop(training, spoken_language, name):
    steps, count = training.steps, 0
    for k in range(1, len(steps)):
        opened = (
            [one for one in weights_to_open(steps, k) if one[0] == name] if steps[k].weights else []
        )
        told = read(training, spoken_language, 0, [look for _name, _index, look in opened])
        for (_name, index, _look), shown in zip(opened, told, strict=True):
            where = f"{steps[k].name}, {name} {index}"
            values, factors, derivatives = weight_told(steps, k, name, index)
            section = shown["steps"][0]
            lines = dict(
                zip(
                    ("weight", "before", "sum", "list", "mean", "step", "after"),
                    section["lines"],
                    strict=True,
                )
            )
            shape = steps[k].values.shape[1:]
            heads = {}
            for place in np.ndindex(factors.shape):
                at = (*place[1:], index[-1]) if len(shape) > 1 else index[-1:]
                head = head_of({"image": place[0], **place_of(at, shape)})
                heads[head] = int(np.ravel_multi_index(place, factors.shape))
            listed = compare_list(where, section, heads, factors, derivatives)
            products = (factors * derivatives).ravel()
            rest = values["whole"] - float(products[listed].sum())
            compare_rest(where, lines.pop("list"), values, products.size - len(listed), rest)
            for line in lines.values():
                compare(where, line, values)
            count += 1
    assert count > 3


@pytest.mark.parametrize("image", [0, 2, COUNT - 1])
@pytest.mark.parametrize("spoken_language", snapshot_languages())
def test_the_derivative_of_a_number_is_the_sum_of_what_comes_back(training, spoken_language, image):
    steps = training.steps
    for k in range(len(steps) - 1):
        numbers = numbers_to_open(steps[k], image)
        told = read(training, spoken_language, image, [[k, i, []] for i in numbers])
        for i, shown in zip(numbers, told, strict=True):
            where = f"{steps[k].name}, number {i}"
            values, ways = number_told(steps, k, image, i)
            derivatives, shape = steps[k + 1].by_added[image], ways.shape
            heads = {}
            for place in np.ndindex(shape):
                head = head_of({"layer": steps[k + 1].name, **place_of(place, shape)})
                heads[head] = int(np.ravel_multi_index(place, shape))
            section = shown["steps"][-1]
            listed = compare_list(where, section, heads, ways, derivatives)
            products = (ways * derivatives).ravel()
            whole = float(products.sum())
            assert whole == pytest.approx(values["derivative"], abs=1e-6), where
            values |= {"image": image, "label": str(training.labels[image]), "whole": whole}
            title, derivative, chain, last = section["lines"]
            for line in (title, derivative, chain):
                compare(where, line, values)
            if steps[k + 1].weightless:
                ways = products
            others = np.count_nonzero(ways) - len(listed)
            compare_rest(where, last, values, others, whole - float(products[listed].sum()))


@pytest.mark.parametrize("image", [0, 2, COUNT - 1])
@pytest.mark.parametrize("spoken_language", snapshot_languages())
def test_backpropagation_begins_with_p_minus_y_of_the_images_own_label(
    training, spoken_language, image
):
    last, label = training.steps[-1], int(training.labels[image])
    told = read(
        training, spoken_language, image, [[len(training.steps) - 1, i, []] for i in range(10)]
    )
    for i, shown in enumerate(told):
        values = {"p": float(last.values[image, i]), "y": int(i == label), "count": COUNT}
        values |= {
            "derivative": float(last.by_added[image, i]),
            "image": image,
            "label": str(label),
        }
        title, error = shown["steps"][-1]["lines"]
        compare(f"number {i}", title, values)
        compare(f"number {i}", error, values)


def test_a_product_leads_to_its_image_and_its_number(training):
    steps = training.steps
    for k in range(1, len(steps)):
        if not steps[k].weights:
            continue
        [shown] = read(training, "en", 0, [[k, 1, []]])
        for press, product in enumerate(shown["steps"][0]["products"]):
            [led] = read(training, "en", 0, [[k, 1, [[-1, press + (shown["source"] is not None)]]]])
            place = {name: texts for name, texts in product["values"].items() if name in PLACE}
            said = led["title"]["values"]
            assert led["step"] == k and said.items() >= place.items()
            assert said["layer"] == [steps[k].name]
            [image] = product["values"]["image"]
            values = led["steps"][-1]["lines"][0]["values"]
            assert values == {"image": [image], "label": [str(training.labels[int(image)])]}


def test_what_comes_back_leads_to_the_number_that_it_comes_from(training):
    steps = training.steps
    for k in range(len(steps) - 1):
        i = int(np.abs(steps[k].derivatives[2]).argmax())
        [shown] = read(training, "en", 2, [[k, i, []]])
        buttons = sum(len(section["products"]) for section in shown["steps"][:-1])
        buttons += shown["source"] is not None
        for press, product in enumerate(shown["steps"][-1]["products"]):
            [led] = read(training, "en", 2, [[k, i, [[-1, buttons + press]]]])
            names = product["values"].keys() & {"layer", *PLACE}
            said = led["title"]["values"]
            assert led["step"] == k + 1
            assert {name: said[name] for name in names} == {
                name: product["values"][name] for name in names
            }


def tell_of_sure_answer(chromium, mnist_data, spoken_language):
    """Return the sentence about an answer whose probability rounds to 1, and the probability."""
    model, image = network("one layer"), mnist_data[0][0][:1]
    kernel, bias = model.get_weights()
    scores = model.layers[-1].kernel.numpy().T @ mnist.prepare(image).ravel()
    model.set_weights([kernel * 16.5 / np.diff(np.sort(scores)[-2:]), 0 * bias])
    label = int(scores.argmax())
    p = model.predict(mnist.prepare(image), verbose=0)[0, label]
    assert 0 < 1 - p < 5e-7
    with language.use_language(spoken_language):
        page = page_with(chromium, "training/one_step.js")
    page.evaluate(
        "take", [describe(model), base64.b64encode(image.tobytes()).decode(), [label], RATE]
    )
    [shown] = page.evaluate("stepsOf", [2, 1, 0, [[2, label, []]]])
    page.close()
    return shown["steps"][-1]["lines"][1], p


@pytest.mark.parametrize("spoken_language", snapshot_languages())
def test_a_probability_that_rounds_to_1_is_told_by_its_distance_from_1(
    chromium, mnist_data, spoken_language
):
    shown, p = tell_of_sure_answer(chromium, mnist_data, spoken_language)
    values = {"rest": float(1 - p), "y": 1, "count": 1, "derivative": float(p - 1)}
    assert shown["values"].keys() == values.keys()
    compare("the answer", shown, values)


@pytest.mark.parametrize("spoken_language", snapshot_languages())
def test_a_step_has_the_sentences_of_the_snapshot(chromium, mnist_data, spoken_language):
    images, labels = (array[:3] for array in mnist_data[0])
    said = []
    for name, make_network in {**NETWORKS, "windows": windows, "branches": branches}.items():
        model = build(make_network)
        described = describe(model)
        kinds = ["image", *(layer["name"] for layer in described["layers"])]
        shapes = [(784,), *(layer["shape"] for layer in described["layers"])]
        with language.use_language(spoken_language):
            page = page_with(chromium, "training/one_step.js")
        text = base64.b64encode(images.tobytes()).decode()
        page.evaluate("take", [described, text, labels.tolist(), RATE])
        numbers = [[k, i, []] for k, shape in enumerate(shapes) for i in (0, np.prod(shape) // 2)]
        numbers = [[k, int(i), presses] for k, i, presses in numbers]
        told = page.evaluate("stepsOf", [len(shapes) - 1, 1, 0, numbers])
        for (k, _i, _presses), shown in zip(numbers, told, strict=True):
            roles = ["a weight"] * (len(shown["steps"]) - 1) + ["the way back"]
            for role, section in zip(roles, shown["steps"], strict=True):
                said += [(f"{role}, a product", product) for product in section["products"]]
                for n, line in enumerate(section["lines"]):
                    is_chain = role == "the way back" and "derivative" not in line["values"]
                    case = f"from {kinds[k]} of {name}" if n == 2 and is_chain else f"line {n}"
                    said.append((f"{role}, {case}", line))
        page.close()
    said.append(("a sure answer", tell_of_sure_answer(chromium, mnist_data, spoken_language)[0]))
    check_sentences(said, spoken_language, "one_step")


def test_a_drawing_has_no_derivatives_since_it_has_no_label(training):
    page = training.pages["en"]
    last = len(training.steps) - 1
    [of_image] = read(training, "en", 0, [[last, 0, []]])
    Pad(page.locator(".pad")).draw(SEVEN)
    [shown] = page.evaluate("([step]) => readNumbers(window.network, [[step, 0, []]])", [last])
    assert "derivative" in of_image["steps"][-1]["lines"][-1]["values"]
    [line] = shown["steps"][-1]["lines"]
    assert line["values"] == {} and "label" in line["text"]


def test_a_step_is_shown_of_the_unit_that_was_chosen_where_its_numbers_lie_far_below_0(
    chromium, mnist_data
):
    model = functional(layers.Conv2D(3, 3), layers.MaxPooling2D(4), layers.Flatten())
    model.layers[1].bias.assign([0, -50, 0])
    images, labels = (array[:2] for array in mnist_data[0])
    page = page_with(chromium, "training/one_step.js")
    text = base64.b64encode(images.tobytes()).decode()
    page.evaluate("take", [describe(model), text, labels.tolist(), RATE])
    page.evaluate("stepsOf", [1, 1, 0, []])
    values = page.evaluate("readExplanation().title.values")
    assert values["layer"] == ["Conv2D"] and values["map"] == ["1"]


def test_the_weights_of_a_first_layer_that_reads_no_image_are_drawn(chromium):
    model = functional(layers.GlobalMaxPooling2D(), layers.Dense(12))
    shown = "given => { const images = kernelImages(readNetwork(given)); images.draw(); return "
    shown += "[images.label, images.root.firstChild.width]; }"
    page = page_with(chromium, "training/kernel_images.js")
    label, width = page.evaluate(shown, describe(model))
    assert label == "The first layer: 12 images of weights" and width == 4 * (24 + 1) - 1


def value_of(section, name):
    """Return the first number of a section that has a name, of those in its lines."""
    return float(
        next(line["values"][name][0] for line in section["lines"] if name in line["values"])
    )


@pytest.mark.parametrize("make_network", [windows, branches])
def test_a_step_tells_of_each_kind_of_layer_the_derivatives_of_keras(
    chromium, mnist_data, make_network
):
    model = build(make_network)
    images, labels = (array[:3] for array in mnist_data[0])
    described = describe(model)
    steps = topology(model)
    with tf.GradientTape(persistent=True) as tape:
        values = [tf.constant(mnist.prepare(images))]
        tape.watch(values[0])
        for step in steps:
            inputs = [values[source] for source in step.sources]
            values.append(step.layer(inputs if len(inputs) > 1 else inputs[0], training=False))
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, values[-1]))
    # Keras finds the logits behind the probabilities, and these have no derivative of their own.
    derivatives = [np.array(tape.gradient(loss, value)[0]) for value in values[:-1]]
    gradient = {}
    for k, step in enumerate(steps, start=1):
        variables = step.layer.trainable_variables
        arrays = tape.gradient(loss, variables)
        gradient[k] = [
            (before.numpy().ravel(), array.numpy().ravel())
            for before, array in zip(variables, arrays, strict=True)
        ]

    page = page_with(chromium, "training/one_step.js")
    text = base64.b64encode(images.tobytes()).decode()
    page.evaluate("take", [described, text, labels.tolist(), RATE])
    numbers = [
        [k, int(i), []]
        for k, array in enumerate(derivatives)
        for i in {np.abs(array).argmax(), array.size // 2}
    ]
    weights_told = set()
    told = page.evaluate("stepsOf", [len(steps), 1, 0, numbers])
    for (k, i, _presses), shown in zip(numbers, told, strict=True):
        where = f"{described['layers'][k - 1]['name'] if k else 'image'}, number {i}"
        *sections, back = shown["steps"]
        wanted = pytest.approx(float(derivatives[k].ravel()[i]), rel=1e-3, abs=2e-6)
        assert value_of(back, "derivative") == wanted, where
        assert value_of(back, "sum") == wanted, where
        for section in sections:
            before, derivative, whole = (
                value_of(section, name) for name in ("before", "derivative", "sum")
            )
            assert whole == pytest.approx(derivative, rel=1e-3, abs=2e-6), where
            found = [
                array[np.abs(weights - before).argmin()]
                for weights, array in gradient[k]
                if np.abs(weights - before).min() < 1e-6
            ]
            assert any(derivative == pytest.approx(d, rel=1e-3, abs=2e-6) for d in found), where
            weights_told.add(k)
    assert weights_told == {k for k, arrays in gradient.items() if arrays and k < len(steps)}
