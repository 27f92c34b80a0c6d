"""Where a number comes from, for each kind of tests/explained.py, beside Keras and NumPy.

Three networks have most kinds and all activations, and the zoo has networks of each kind. Of each
layer the first, the middle, the last, the largest and the smallest number are opened. Each link in
an explanation is followed.
"""

import base64
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.common import language
from helpers.common.backend import keras
from helpers.widgets.described_network import describe
from tests import zoo
from tests.browser import page_with
from tests.explained import EXPLAINED, passed, place_of
from tests.networks import branches, build, windows
from tests.sentences import check_sentences, is_rounded, snapshot_languages, wrong_value

layers = keras.layers
ACTIVATIONS = ["tanh", "sigmoid", "leaky_relu", "gelu"]  # beside those of the lesson


def activations():
    """Return a network whose dense layers have all activations."""
    dense = [layers.Dense(20, activation=name) for name in ACTIVATIONS]
    end = layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), *dense, end])


NETWORKS = {"windows": windows, "branches": branches, "activations": activations}


def opened_networks():
    """Yield networks by their names, each with the kinds of layers that are opened in it."""
    for name, make_network in NETWORKS.items():
        yield name, build(make_network), EXPLAINED.keys()
    for kind in EXPLAINED:
        name = f"{kind} 0"
        yield name, zoo.build(name), {kind}


def numbers_to_open(values):
    """Return the first, the middle, the last, the largest and the smallest number of an array."""
    flat = values.ravel()
    return sorted({0, flat.size // 2, flat.size - 1, int(flat.argmax()), int(flat.argmin())})


def open_numbers(page, model, image, numbers):
    """Open numbers of a network; return what is told of them and above each layer."""
    sent = [describe(model), base64.b64encode(image.tobytes()).decode(), numbers]
    told, above, _classes = page.evaluate("explanationsOf", sent)
    return told, above


@pytest.fixture(scope="module")
def pages(chromium):
    """A page in each language, which shows one network after the other."""
    opened = {}
    for spoken_language in snapshot_languages():
        with language.use_language(spoken_language):
            opened[spoken_language] = page_with(chromium, "viewer/viewer.js")
    yield opened
    for page in opened.values():
        page.close()


@pytest.fixture(scope="module")
def image():
    """An image in which no two numbers of a map are the same, but where it is blank."""
    greys = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    greys[20:] = 0
    return greys


@pytest.fixture(scope="module")
def readings(pages, image):
    """For each language, each network with the explanations of its numbers.

    Each explanation stands beside the expected one. In English, it also has where its links lead.
    """
    found = {spoken_language: [] for spoken_language in snapshot_languages()}
    for name, model, kinds in opened_networks():
        steps = passed(model, image)
        opened = [
            (k, i, EXPLAINED[step.kind](step, i))
            for k, step in enumerate(steps)
            if step.kind in kinds and step.activation != "softmax"
            for i in numbers_to_open(step.values)
        ]
        numbers = [[k, i, []] for k, i, _expected in opened]
        links = [
            (at, link) for at, (_k, _i, expected) in enumerate(opened) for link in expected.links
        ]
        presses = [[*opened[at][:2], [press]] for at, (press, _target) in links]
        for spoken_language, networks in found.items():
            if spoken_language != "en":
                links, presses = [], []
            sent = numbers + presses
            told, above = open_numbers(pages[spoken_language], model, image, sent)
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


@pytest.mark.parametrize("kind", EXPLAINED)
@pytest.mark.parametrize("spoken_language", snapshot_languages())
def test_the_numbers_in_the_sentences_are_those_of_keras(readings, spoken_language, kind):
    for one in of_kind(readings, kind, spoken_language):
        lines, step = one.expected.lines, one.steps[one.k]
        names = [one.steps[source].name for source in step.sources]
        assert len(one.shown["lines"]) >= len(lines), f"{one.where}: {one.shown['lines']}"
        for shown, (_name, values) in zip(one.shown["lines"], lines, strict=False):
            if step.kind == "Concatenate":
                [(_press, (source, _i))] = one.expected.links
                names = [one.steps[source].name]
            wrong = wrong_value(shown, {"layer": names} | values, 2e-5)
            assert not wrong, f"{one.where}: {wrong}"


@pytest.mark.parametrize("kind", EXPLAINED)
def test_the_tables_and_the_frame_show_the_numbers_it_comes_from(readings, kind):
    for one in of_kind(readings, kind):
        tables, frame = one.expected.tables, one.expected.frame
        assert one.shown["frame"] == (frame and pytest.approx(frame, abs=0.01)), one.where
        if tables is None:
            continue
        assert len(one.shown["tables"]) == len(tables), one.where
        for table, numbers in zip(one.shown["tables"], tables, strict=True):
            for text, number in zip(table["numbers"], numbers, strict=True):
                assert is_rounded(text, float(number), 2e-5), f"{one.where}, {table['numbers']}"


@pytest.mark.parametrize("kind", [kind for kind in EXPLAINED if kind != "Dense"])
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


def test_a_layer_says_from_which_layers_it_takes_its_input(readings):
    for network in readings["en"]:
        for k, step in enumerate(network.steps[1:], start=1):
            names = [network.steps[source].name for source in step.sources]
            wanted = [] if step.sources == (k - 1,) else [names]
            _heading, *more = network.above[k]
            named = [shown["values"]["layer"] for shown in more if "layer" in shown["values"]]
            assert named == wanted, f"{network.name}, {step.name}"


def test_the_two_halves_of_a_separable_convolution_have_names_of_their_own(pages, image):
    told, above = open_numbers(pages["en"], build(others), image, [[2, 0, []], [4, 0, []]])
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
def test_each_kind_has_the_sentences_of_the_snapshot(readings, pages, image, spoken_language):
    said, above = [], {}
    for network in readings[spoken_language]:
        for one in network.explanations:
            names = [name for name, _values in one.expected.lines]
            said += sentences_of(one.steps[one.k].kind, one.shown, names)
        if network.name in NETWORKS:
            above[network.name] = network.above
    for make_network in (others, on_maps):
        model = build(make_network)
        described = describe(model)["layers"]
        numbers = [
            [k, i, []]
            for k, layer in enumerate(described, start=1)
            for i in (0, int(np.prod(layer["shape"])) - 1)
        ]
        told, above[make_network.__name__] = open_numbers(
            pages[spoken_language], model, image, numbers
        )
        for (k, _i, _presses), shown in zip(numbers, told, strict=True):
            kind = described[k - 1]["name"]
            said += sentences_of(f"{kind} of {make_network.__name__}", shown, [])
    for name, paragraphs_of_layers in above.items():
        for paragraphs in paragraphs_of_layers:
            [layer] = paragraphs[0]["values"]["layer"]
            said += [(f"above {layer} of {name}", shown) for shown in paragraphs]
    check_sentences(said, spoken_language, "kinds")


def test_each_kind_and_each_activation_is_in_the_snapshot(pages):
    kinds, activations = set(), set()
    for name, model, opened_kinds in [*opened_networks(), ("others", others(), ())]:
        for layer in describe(model)["layers"]:
            if name in {*NETWORKS, "others"} or layer["name"] in opened_kinds:
                kinds.add(layer["kind"])
                activations.add(layer["activation"])
    keys = "[EXPLANATIONS, ACTIVATION_EXPLANATIONS].map((table) => Object.keys(table).sort())"
    assert pages["en"].evaluate(keys) == [sorted(kinds), sorted(activations)]
