"""Where a number comes from: what a page tells of it, beside what Keras and NumPy compute.

Each network of tests/networks.py is shown, and numbers of each of its layers are opened: corners,
edges, the middle, the largest, and one that ReLU made 0.
"""

import base64
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import mnist
from helpers.common import language
from helpers.common.backend import keras
from helpers.plots import canvas
from helpers.saved.layers import KINDS as ALL_KINDS
from helpers.widgets.described_network import describe
from tests.browser import page_with
from tests.networks import NETWORKS, PARTS, network
from tests.sentences import check_sentences, is_rounded, snapshot_languages, wrong_value

FOR_TRAINING = {name for name, kind in ALL_KINDS.items() if kind.for_training}
KINDS = ["image", *PARTS]


def passed(model, image):
    """Return the layers of a model with what each gets, adds up and gives for an image of bytes."""
    values = mnist.prepare(image[None])
    steps = [SimpleNamespace(kind="image", activation="linear", given=values[0])]
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        before, given = values, np.array(layer(values, training=False))
        activation, added = getattr(layer, "activation", None), before
        if activation:
            layer.activation = keras.activations.linear
            added = np.array(layer(values, training=False))
            layer.activation = activation
        kind = type(layer).__name__
        numbers = {"before": np.array(before)[0], "added": np.array(added)[0], "given": given[0]}
        function = {"ReLU": "relu", "Softmax": "softmax"}.get(kind)
        function = function or getattr(activation, "__name__", "linear")
        steps.append(SimpleNamespace(kind=kind, layer=layer, activation=function, **numbers))
        values = given
    kinds = [step.kind for step in steps]
    for i, step in enumerate(steps):
        count = kinds[: i + 1].count(step.kind)
        step.name = f"{step.kind} {count}" if kinds.count(step.kind) > 1 else step.kind
    return steps


def chosen_numbers(values):
    """Return numbers of an array that are worth looking at, by their places in its one long row."""
    ends = [(0, side // 2, side - 1) for side in values.shape]
    picks = [(0, 0, 0), (2, 2, 2), (1, 1, 1), (0, 1, 2), (1, 2, 0), (2, 0, 1)]
    places = [tuple(axis[k] for axis, k in zip(ends, pick, strict=False)) for pick in picks]
    numbers = [int(np.ravel_multi_index(place, values.shape)) for place in places]
    flat = values.ravel()
    return dict.fromkeys([*numbers, int(flat.argmax()), int(flat.argmin())])


def title(one, step, i):
    """Return the sentence above an explanation. The name of a layer is the one above its maps."""
    given, [name] = one.steps[step].given, one.above[step][0]["values"]["layer"]
    return _place("title", given, i) | {"layer": name, "value": float(given.ravel()[i])}


def _place(sentence, values, i):
    """Return the name of a sentence that says which number it is, and its values."""
    place = [int(k) for k in np.unravel_index(i, values.shape)]
    if values.ndim == 1:
        return {"sentence": sentence, "number": place[0]}
    row, column, channel = place
    if values.shape[-1] == 1:
        end = {"title": " in a map", "flattened": " from a map"}[sentence]
        return {"sentence": sentence + end, "row": row, "column": column}
    end = {"title": " in maps", "flattened": " from maps"}[sentence]
    return {"sentence": sentence + end, "map": channel, "row": row, "column": column}


def result(here, i):
    """Return the sentence about what the activation makes of a number that was added up."""
    score, value = float(here.added.ravel()[i]), float(here.given.ravel()[i])
    if here.activation == "relu":
        return {"sentence": "kept" if score > 0 else "made 0", "value": value}
    if here.activation == "linear":
        return {"sentence": "unchanged", "value": value}
    powers = np.exp(here.added.astype(float))
    share = {"sentence": "share", "power": float(powers[i]), "count": powers.size}
    return share | {"powers": float(powers.sum()), "score": score, "value": value}


def scores(here, i):
    """Return the table of all scores, where softmax makes shares of them."""
    if here.activation != "softmax":
        return []
    caption = {"sentence": "table of scores", "count": here.added.size}
    return [{"caption": caption, "columns": "auto-fill", "numbers": here.added, "chosen": i}]


def table(name, numbers, across, chosen, **places):
    caption = {"sentence": f"table of {name}", **places}
    shown = {"columns": str(across), "numbers": np.ravel(numbers), "chosen": int(chosen)}
    return {"caption": caption, **shown}


def percent(*shares):
    return [100 * share for share in shares]


def expectation(step, i, presses, lines, tables=(), frame=None, source=None, map=None):
    """Return what should be told of a number when tables have been pressed.

    `frame` is drawn on a `map` before. It is top, left, height and width, in percent of the map.
    `source` is the number of the layer before to which the button leads, if there is one.
    """
    about = {"lines": lines, "tables": list(tables), "frame": frame, "source": source, "map": map}
    return SimpleNamespace(at=[step, i, presses], **about)


def convolutions(steps, step, i):
    """Tell of a number of a convolution: first as it opens, then each map and some products."""
    here = steps[step]
    rows, columns = here.layer.kernel_size
    height, width, maps = here.before.shape
    row, column, unit = (int(k) for k in np.unravel_index(i, here.given.shape))
    if here.layer.padding == "same":
        row, column = row - (rows - 1) // 2, column - (columns - 1) // 2
    wide = np.pad(here.before, ((rows, rows), (columns, columns), (0, 0)))
    patch = wide[row + rows :, column + columns :][:rows, :columns].reshape(-1, maps)
    kernel = here.layer.kernel.numpy()[..., unit].reshape(-1, maps)
    products = patch * kernel
    bias = float(here.layer.bias.numpy()[unit]) if here.layer.use_bias else 0.0
    added = {"sum": float(products.sum()), "bias": bias, "score": float(here.added.ravel()[i])}
    assert added["sum"] + bias == pytest.approx(added["score"], abs=1e-4)  # of the right patch
    is_image = all(one.kind in FOR_TRAINING for one in steps[1:step])
    about = {"sentence": "patch of the image" if is_image else "patch of a map"}
    if maps > 1:
        about = {"sentence": "patch of maps", "maps": maps}
    about |= {"rows": rows, "columns": columns, "count": products.size}
    name = "sum" if here.layer.use_bias else "sum without bias"
    lines = [about, {"sentence": name, **added, "result": result(here, i)}]

    def expect(group, term, presses):
        y, x = row + term // columns, column + term % columns
        inside = 0 <= y < height and 0 <= x < width
        factors = {"input": float(patch[term, group]), "weight": float(kernel[term, group])}
        factors["value"] = float(products[term, group])
        one = {"sentence": "one product", **factors}
        if not inside:
            one = {"sentence": "one product beyond the edge", "number": 0.0, **factors}
        source = np.ravel_multi_index((y, x, group), here.before.shape) if inside else None
        sums = table("maps", products.sum(axis=0), "auto-fill", group, map=group)
        three = ("patch", patch), ("kernel", kernel), ("products", products)
        tables = [table(name, all_[:, group], columns, term) for name, all_ in three]
        tables = [sums, *tables] if maps > 1 else tables
        frame = percent(row / height, column / width, rows / height, columns / width)
        return expectation(step, i, presses, [*lines, one], tables, frame, source, group)

    group = int(products.sum(axis=0).argmax())
    if not products.sum(axis=0).any():
        group = int(here.before[max(row, 0), max(column, 0)].argmax())
    yield expect(group, int(products[:, group].argmax()), [])
    for group in {0, maps // 2, maps - 1} if maps > 1 else ():
        yield expect(group, int(products[:, group].argmax()), [[0, group]])
    for term in {0, columns - 1, len(products) // 2, len(products) - 1}:
        press = [[3, term]] if maps > 1 else [[2, term]]
        yield expect(maps - 1, term, [[0, maps - 1], *press] if maps > 1 else press)


def dense(steps, step, i):
    """Tell of a number of a dense layer: first as it opens, then some places and products."""
    here = steps[step]
    maps = next(one for one in steps[step - 1 :: -1] if one.kind in COMPUTING).given
    products = here.before * here.layer.kernel.numpy()[:, i]
    shape = maps.shape if maps.ndim == 3 else (1, 1, products.size)
    rows, columns, channels = shape
    groups = products.reshape(-1, channels)
    bias = float(here.layer.bias.numpy()[i])
    added = {"sum": float(products.sum()), "bias": bias, "score": float(here.added[i])}
    lines = [{"sentence": "unit", "count": products.size}]
    lines.append({"sentence": "sum", **added, "result": result(here, i)})
    first = scores(here, i)

    def expect(group, term, presses):
        number = group * channels + term
        tables, one = [*first], {"sentence": "product of a number", "number": term}
        if len(groups) > 1:
            place = {"row": group // columns, "column": group % columns}
            one = {"sentence": "product of a map", "map": term}
            if channels == 1:
                one = {"sentence": "product of a pixel", **place}
            place |= {"rows": rows, "columns": columns}
            name = "places" if channels > 1 else "pixels"
            tables.append(table(name, groups.sum(axis=1), columns, group, **place))
        one |= {"input": float(here.before[number]), "value": float(products[number])}
        one["weight"] = float(here.layer.kernel.numpy()[number, i])
        tables.append(table("all products", groups[group], "auto-fill", term))
        return expectation(step, i, presses, [*lines, one], tables, None, number)

    group = int(groups.sum(axis=1).argmax())
    yield expect(group, int(groups[group].argmax()), [])
    at = len(first)  # the place of the next table
    for group in {0, len(groups) - 1} if len(groups) > 1 else ():
        yield expect(group, int(groups[group].argmax()), [[at, group]])
    for term in {0, channels // 2, channels - 1}:
        press = [[at, len(groups) - 1], [at + 1, term]] if len(groups) > 1 else [[at, term]]
        yield expect(len(groups) - 1, term, press)


COMPUTING = {"image", "Conv2D", "Dense", *(kind for kind in PARTS if "Pooling" in kind)}


def poolings(steps, step, i):
    """Tell of a number of a pooling: its block, the largest number there, and the mean."""
    here = steps[step]
    height, width, maps = here.before.shape
    rows, columns = getattr(here.layer, "pool_size", (height, width))
    row, column, channel = np.unravel_index(i, (height // rows, width // columns, maps))
    row, column = int(row) * rows, int(column) * columns
    block = here.before[row : row + rows, column : column + columns, channel]
    line = {"sentence": "largest" if "Max" in here.kind else "mean", "count": block.size}
    line["value"] = float(here.given.ravel()[i])
    y, x = np.unravel_index(block.argmax(), block.shape)
    source = np.ravel_multi_index((row + y, column + x, channel), here.before.shape)
    frame = percent(row / height, column / width, rows / height, columns / width)
    tables = [table("a block", block, columns, block.argmax())]
    yield expectation(step, i, [], [line], tables, frame, source, int(channel))


def others(steps, step, i):
    """Tell of a number that comes from the one at the same place of the layer before."""
    here = steps[step]
    value = float(here.given.ravel()[i])
    if here.kind == "image":
        yield expectation(
            step, i, [], [{"sentence": "pixel", "grey": round(255 * value), "value": value}]
        )
        return
    if here.kind == "Flatten":
        line = _place("flattened", here.before, i)
    elif here.kind == "BatchNormalization":
        layer, channel = here.layer, i % here.given.shape[-1]
        mean, variance = (a.numpy()[channel] for a in (layer.moving_mean, layer.moving_variance))
        factor = (layer.gamma.numpy()[channel] if layer.scale else 1) / np.sqrt(variance + 1e-3)
        offset = (layer.beta.numpy()[channel] if layer.center else 0) - mean * factor
        line = {"sentence": "normalized", "factor": float(factor), "offset": float(offset)}
        line["input"] = float(here.before.ravel()[i])
    elif here.kind in FOR_TRAINING:
        line = {"sentence": "only in training", "layer": here.kind}
    else:
        score = float(here.added.ravel()[i])
        line = {"sentence": "alone", "score": score, "result": result(here, i)}
    yield expectation(step, i, [], [{"value": value, **line}], scores(here, i), None, i)


EXPECTED_OF = {"Conv2D": convolutions, "Dense": dense}


def expect(steps, step, i):
    """Return all that should be told of a number: first as it opens, then as things are pressed."""
    kind = steps[step].kind
    return list((poolings if "Pooling" in kind else EXPECTED_OF.get(kind, others))(steps, step, i))


def leading(steps, expected):
    """Return what to press below an explanation, and which number that leads to."""
    step, i, _presses = expected.at
    here = steps[step]
    if "Pooling" in here.kind:
        shape = here.before.shape
        rows, columns = getattr(here.layer, "pool_size", shape[:2])
        row, column = (round(expected.frame[axis] * shape[axis] / 100) for axis in (0, 1))
        last = np.ravel_multi_index((row + rows - 1, column + columns - 1, i % shape[2]), shape)
        yield [step, i, [[0, rows * columns - 1]]], (step - 1, int(last))
    if scores(here, i):
        yield [step, i, [[0, 3]]], (step, 3)
    if expected.source is not None:
        yield [step, i, [[-1, 0]]], (step - 1, int(expected.source))


@pytest.fixture(scope="module")
def image():
    """An image in which no two numbers of a map are the same, but where it is blank."""
    greys = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    greys[20:] = 0
    return greys


@pytest.fixture(scope="module")
def readings(chromium, shipped_model, image):
    """For each language, the explanations of each network, beside the expected ones."""
    found = {spoken_language: [] for spoken_language in snapshot_languages()}
    for name in ["the lesson's", *NETWORKS]:
        model = shipped_model if name == "the lesson's" else network(name)
        steps = passed(model, image)
        expectations = [
            expected
            for step, here in enumerate(steps)
            for i in chosen_numbers(here.given)
            for expected in expect(steps, step, i)
        ]
        leads = [
            lead
            for expected in expectations
            if not expected.at[2]
            for lead in leading(steps, expected)
        ]
        for spoken_language, networks in found.items():
            if spoken_language != "en":  # to be quick: sentences alone, and not of large networks
                leads = []
                if name == "the lesson's":
                    continue
            numbers = [expected.at for expected in expectations] + [at for at, _to in leads]
            sent = [describe(model), base64.b64encode(image.tobytes()).decode(), numbers]
            with language.use_language(spoken_language):
                page = page_with(chromium, "viewer/viewer.js")
            shown, above, classes = page.evaluate("explanationsOf", sent)
            page.close()
            networks.append(
                SimpleNamespace(
                    name=name,
                    steps=steps,
                    expectations=list(zip(expectations, shown[: len(expectations)], strict=True)),
                    leads=list(zip(leads, shown[len(expectations) :], strict=True)),
                    above=above,
                    classes=classes,
                )
            )
    return found


def explanations_of_kind(readings, kind, spoken_language="en"):
    """Return for each number of a kind of layer its name, its network, and both explanations."""
    found = [
        (f"{one.name}, {one.steps[expected.at[0]].name}, {expected.at[1:]}", one, expected, shown)
        for one in readings[spoken_language]
        for expected, shown in one.expectations
        if one.steps[expected.at[0]].kind == kind
    ]
    assert len(found) > 2
    return found


def compare(where, shown, values):
    """Fail, and say where, unless the numbers of a sentence have the values that are wanted."""
    wrong = wrong_value(shown, values.get("result", {}) | values)
    assert not wrong, f"{where}: {wrong}"


def case_of(values):
    """Name a sentence by the case in which it is told, such as "sum, made 0"."""
    result = values.get("result")
    return f"{values['sentence']}, {result['sentence']}" if result else values["sentence"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("spoken_language", snapshot_languages())
def test_the_numbers_in_the_sentences_are_those_of_keras(readings, spoken_language, kind):
    for where, _one, expected, shown in explanations_of_kind(readings, kind, spoken_language):
        assert len(shown["lines"]) == len(expected.lines), f"{where}: {shown['lines']}"
        for line, values in zip(shown["lines"], expected.lines, strict=True):
            compare(where, line, values)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("spoken_language", snapshot_languages())
def test_the_title_says_which_number_it_is(readings, spoken_language, kind):
    for where, one, expected, shown in explanations_of_kind(readings, kind, spoken_language):
        assert shown["step"] == expected.at[0], where
        compare(where, shown["title"], title(one, *expected.at[:2]))


@pytest.mark.parametrize("spoken_language", snapshot_languages())
def test_each_case_has_the_sentence_of_the_snapshot(readings, spoken_language):
    said = []
    for one in readings[spoken_language]:
        for expected, shown in one.expectations:
            said.append((title(one, *expected.at[:2])["sentence"], shown["title"]))
            for values, line in zip(expected.lines, shown["lines"], strict=True):
                said.append((case_of(values), line))
            for table, found in zip(expected.tables, shown["tables"], strict=True):
                said.append((table["caption"]["sentence"], found["caption"]))
            if shown["source"]:
                said.append(("source", shown["source"]))
        for paragraphs in one.above:
            [layer] = paragraphs[0]["values"]["layer"]
            said += [(f"above {layer} of '{one.name}'", shown) for shown in paragraphs]
    check_sentences(said, spoken_language, "explanations")


@pytest.mark.parametrize("kind", KINDS)
def test_the_tables_hold_each_number_and_product_and_frame_the_one_told_of(readings, kind):
    for where, _one, expected, shown in explanations_of_kind(readings, kind):
        assert len(shown["tables"]) == len(expected.tables), where
        for found, wanted in zip(shown["tables"], expected.tables, strict=True):
            compare(where, found["caption"], wanted["caption"])
            name = f"{where}, {found['caption']['text']}"
            assert found["columns"] == wanted["columns"], name
            for k, (text, number) in enumerate(
                zip(found["numbers"], wanted["numbers"], strict=True)
            ):
                assert is_rounded(text, float(number)), f"{name}, {k}: {text}, not {number}"
            assert found["chosen"] == wanted["chosen"], name


@pytest.mark.parametrize("kind", KINDS)
def test_the_frame_on_the_map_before_lies_around_the_patch_or_the_block(readings, kind):
    for where, _one, expected, shown in explanations_of_kind(readings, kind):
        wanted = expected.frame and pytest.approx(expected.frame, abs=0.01)
        assert shown["frame"] == wanted, where


@pytest.mark.parametrize("kind", KINDS[1:])
def test_the_button_names_the_number_that_it_leads_to(readings, kind):
    for where, one, expected, shown in explanations_of_kind(readings, kind):
        if expected.source is None:
            assert shown["source"] is None, where
            continue
        number = one.steps[expected.at[0] - 1].given.ravel()[expected.source]
        compare(where, shown["source"], {"number": float(number)})


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_button_or_a_number_of_a_table_leads_where_it_says(readings, kind):
    count = 0
    for one in readings["en"]:
        for ((step, i, presses), to), shown in one.leads:
            if one.steps[step].kind == kind:
                where = f"{one.name}, {one.steps[step].name}, {i}, pressed {presses}"
                assert shown["step"] == to[0], where
                compare(where, shown["title"], title(one, *to))
                count += 1
    assert count > 3


@pytest.mark.parametrize("spoken_language", snapshot_languages())
def test_the_words_above_a_layer_have_its_name_and_count_its_numbers(readings, spoken_language):
    for one in readings[spoken_language]:
        for step, (heading, *_more) in zip(one.steps, one.above, strict=True):
            rows, columns, maps = (*step.given.shape, 0, 0)[:3]
            values = {"count": rows, "rows": rows, "columns": columns, "maps": maps}
            name = step.name if step.kind != "image" else heading["values"]["layer"][0]
            compare(f"{one.name}, {step.name}", heading, values | {"layer": name})


def test_the_classes_stand_below_their_scores_and_shares_and_below_no_other_ten_numbers(readings):
    for one in readings["en"]:
        wanted = []
        for step in one.steps[:0:-1]:
            wanted.insert(0, step.name)
            if step.kind in COMPUTING:
                break
        assert one.classes == wanted, one.name


@pytest.mark.parametrize("name", ["the lesson's", "same, even kernels, not square", "normalised"])
def test_each_number_has_its_colour_in_all_maps_in_one_and_in_the_map_before(
    chromium, shipped_model, image, name
):
    model = shipped_model if name == "the lesson's" else network(name)
    steps, page = passed(model, image), page_with(chromium, "viewer/viewer.js")
    numbers = [[k, int(step.given.argmin())] for k, step in enumerate(steps) if k]
    sent = [describe(model), base64.b64encode(image.tobytes()).decode(), numbers]
    of_all, of_opened = page.evaluate("coloursOf", sent)

    def check(found, values, least, where):
        most = np.maximum(np.abs(values).max(axis=tuple(range(values.ndim - 1))), max(least, 1e-9))
        if values.ndim == 1:
            most = max(np.abs(values).max(), least)
        wanted = canvas.SIGNED((values / most + 1) / 2, bytes=True)[..., :3].astype(float)
        assert np.abs(np.reshape(found, wanted.shape) - wanted).max() <= 4, where

    grey = 255 - image[..., None].repeat(3, axis=-1).astype(float)
    assert np.abs(np.reshape(of_all[0], grey.shape) - grey).max() <= 1
    for k, step in enumerate(steps[1:], start=1):
        least = 1 if step.activation == "softmax" else 0
        check(of_all[k], step.given, least, f"all maps of {step.name}")
        one, before = of_opened[k - 1]
        channels = step.given.shape[-1]
        if one:
            i = numbers[k - 1][1]
            check(one, step.given[..., i % channels, None], least, f"a map of {step.name}")
        assert bool(before) == (step.kind == "Conv2D" or "Pooling" in step.kind)
        if before and k > 1:
            channel = expect(steps, k, numbers[k - 1][1])[0].map
            check(before, step.before[..., channel, None], 0, f"the map before {step.name}")


def test_a_tap_opens_the_largest_number_of_a_map_and_arrow_keys_keep_the_place(chromium, image):
    model = network("same, even kernels, not square")
    steps, page = passed(model, image), page_with(chromium, "viewer/viewer.js")
    page.evaluate(
        "explanationsOf", [describe(model), base64.b64encode(image.tobytes()).decode(), []]
    )
    layer = page.locator(".viewer-layer").nth(2)  # four maps
    given = steps[2].given
    rows, columns, maps = given.shape

    def opened():
        shown = page.evaluate("readExplanation()")
        values = shown["title"]["values"]
        return shown["step"], [int(values[name][0]) for name in ("map", "row", "column")]

    def tap(target, number, rows, columns):
        target.evaluate("(node, at) => tapCell(node, ...at)", [number, rows, columns])

    all_maps, one = layer.locator("> .map > canvas"), layer.locator(".map-one > canvas")
    tap(all_maps, 2, 1, maps)
    row, column = np.unravel_index(given[..., 2].argmax(), (rows, columns))
    assert opened() == (2, [2, row, column])
    tap(one, 5 * columns + 7, rows, columns)
    assert opened() == (2, [2, 5, 7])
    all_maps.press("ArrowRight")
    assert opened() == (2, [3, 5, 7])
    one.press("ArrowDown")
    one.press("ArrowLeft")
    assert opened() == (2, [3, 6, 6])
    layer.locator(".explain .numbers").first.locator("button").nth(1).press("Enter")
    height, width, _channels = steps[1].given.shape
    tap(layer.locator(".map-before > canvas"), 3 * width + 4, height, width)
    assert opened() == (1, [1, 3, 4])
