"""A kind of layer has an entry in each place that has to know it: docs/maintain/layers.md."""

import inspect
import re

import pytest

from helpers.common.backend import keras
from helpers.common.files import ROOT
from helpers.saved.layers import ACTIVATIONS, KINDS
from tests import zoo
from tests.explained import EXPLAINED
from tests.networks import PARTS

PAGE = ROOT / "helpers" / "page"
# For the page, a leaky ReLU is a ReLU with a slope.
PAGE_ACTIVATIONS = {*ACTIVATIONS} - {"leaky_relu"}
TABLES = {
    ("network/operations.js", "OPERATIONS"): "what it computes",
    ("network/backward_operations.js", "BACKWARD"): "how to go back through it",
    ("network/traits.js", "TRAITS"): "what the other folders have to know of it",
    ("viewer/explanation.js", "EXPLANATIONS"): "where one of its numbers comes from",
}
ACTIVATION_TABLES = {
    ("network/activations.js", "ACTIVATIONS"): "what it computes",
    ("viewer/activation_explanation.js", "ACTIVATION_EXPLANATIONS"): "what it makes of a score",
}


def table(file, name):
    """Return the text of a table in a script."""
    text = (PAGE / file).read_text(encoding="utf-8")
    found = re.search(rf"^(?:export )?const {name} = \{{$(.*?)^\}};$", text, re.M | re.S)
    assert found, f"helpers/page/{file} has no table {name}"
    return found[1]


def compare(file, name, what, wanted):
    keys = {*re.findall(r"^  (\w+)(?=[:(])", table(file, name), re.M)}
    where = f"{name} in helpers/page/{file} ({what})"
    assert not wanted - keys, f"{where} lacks {', '.join(sorted(wanted - keys))}"
    assert not keys - wanted, f"{where} has {', '.join(sorted(keys - wanted))}, not on the list"


@pytest.mark.parametrize(("file", "name"), TABLES)
def test_each_kind_has_an_entry_in_each_table_of_the_page(file, name):
    """The page computes what `describe` writes. These are the kinds that it can read again."""
    kinds = {kind for kind, record in KINDS.items() if record.read}
    compare(file, name, TABLES[file, name], kinds)


def test_each_kind_has_an_entry_in_the_table_of_explanations():
    """The kinds of tests/page/viewer/test_explanations.py are opened there."""
    described = {kind for kind, record in KINDS.items() if record.read}
    missing = described - {*EXPLAINED, *PARTS}
    where = "EXPLAINED in tests/explained.py (what the page has to tell of one of its numbers)"
    assert not missing, f"{where} lacks {', '.join(sorted(missing))}"


@pytest.mark.parametrize(("file", "name"), ACTIVATION_TABLES)
def test_each_activation_has_an_entry_in_each_table_of_the_page(file, name):
    compare(file, name, ACTIVATION_TABLES[file, name], PAGE_ACTIVATIONS)


def test_a_step_tells_of_the_weights_of_each_kind():
    described = [layer for network in zoo.describe_zoo().values() for layer in network["layers"]]
    arrays = {(layer["kind"], name) for layer in described for name in layer["weights"]}
    text = table("training/one_step.js", "WEIGHTS_SHOWN")
    labels = {
        name
        for part in re.findall(r"labels: \{(.*?)\}", text)
        for name in re.findall(r"(\w+):", part)
    }
    missing = sorted(f"{name} of {kind}" for kind, name in arrays if name not in labels)
    assert not missing, f"WEIGHTS_SHOWN in helpers/page/training/one_step.js lacks {missing}"
    assert labels == {name for _kind, name in arrays}


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_names_settings_of_keras(kind):
    layer = getattr(keras.layers, kind)
    names = {name for c in layer.__mro__ for name in inspect.signature(c.__init__).parameters}
    record = KINDS[kind]
    assert names >= {*record.lists, *record.fixed} - {"rms_scaling"}  # of older versions


def test_the_page_for_maintainers_names_each_kind_and_each_place():
    text = (ROOT / "docs" / "maintain" / "layers.md").read_text(encoding="utf-8")
    paths = [file for file, _name in [*TABLES, *ACTIVATION_TABLES]] + ["training/one_step.js"]
    for name in [*KINDS, *ACTIVATIONS, *paths]:
        assert f"{name}`" in text, name


def test_what_the_exercises_lead_to_is_on_the_list():
    assert {*PARTS} <= KINDS.keys()
