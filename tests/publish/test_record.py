"""What comes with the lesson is recorded by the recipe that is taught; here, of few images."""

import json
import re
from unittest.mock import Mock

import numpy as np
import pytest

from helpers import mnist, records
from helpers.common.backend import keras
from helpers.common.files import DATA, ROOT
from helpers.saved.models import HELD_OUT_MODEL, MOVED_MODEL, SHIPPED_MODEL, load_model
from publish import record
from tests.cells import code_cells, run_cell


def test_all_of_it_is_recorded_and_read_again(tmp_path, mnist_data, monkeypatch):
    (images, labels), (test_images, test_labels) = mnist_data
    few = (images[:60], labels[:60]), (test_images[:900], test_labels[:900])
    monkeypatch.setattr(mnist, "load_data", lambda: few)
    monkeypatch.setattr(record, "SEEDS", range(1))
    data = tmp_path / "data"
    *parts, _page = record.RECORDS.values()  # see below
    for part in parts:
        part(data)

    paths = [data / name for name in (SHIPPED_MODEL.name, HELD_OUT_MODEL.name, MOVED_MODEL.name)]
    first, *others = (load_model(path).get_weights() for path in paths)
    assert all(np.abs(weights[0] - first[0]).max() > 0 for weights in others)
    monkeypatch.setattr(records, "DATA", data)
    guesses = load_model(paths[0]).predict(mnist.prepare(few[1][0]), verbose=0).argmax(axis=1)
    np.testing.assert_array_equal(records.right_by_seed()[0, :900], guesses == few[1][1])
    for path in data.glob("*.json"):
        shipped = json.loads((DATA / path.name).read_bytes())
        assert json.loads(path.read_bytes()).keys() == shipped.keys()


def test_the_recipe_is_the_one_of_the_cells(mnist_data, monkeypatch):
    taught, recorded = Mock(), Mock()
    names = {"keras": keras, "build_model": lambda: taught, "training": Mock()}
    names |= {"train_images": None, "train_labels": None}
    for cell in code_cells("03_train"):
        if "model.compile(optimizer" in cell.source or "epochs=5" in cell.source:
            run_cell(cell.source, names)
    monkeypatch.setattr(record, "build_model", lambda: recorded)
    record.train_network(0, mnist_data[0][0][:1], mnist_data[0][1][:1])
    assert taught.compile.call_args == recorded.compile.call_args
    fits = [model.fit.call_args.kwargs for model in (taught, recorded)]
    assert fits[0] | {"verbose": 0} == fits[1] | {"callbacks": fits[0]["callbacks"]}


def test_the_page_to_try_is_the_one_that_the_code_makes(tmp_path):
    """But for the images of digits in it, which gzip packs otherwise on other machines."""
    record.write_try_it(tmp_path)
    for path in (tmp_path / "docs").iterdir():
        shipped = ROOT / "docs" / path.name
        made, there = (re.sub('"images": ".+?"', "", p.read_text("utf-8")) for p in (path, shipped))
        assert shipped.stat().st_size < 1_120_000
        if made != there:
            pytest.fail(f"`python -m publish.record try_it` makes {path.name} anew", pytrace=False)
