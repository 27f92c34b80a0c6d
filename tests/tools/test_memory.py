"""The memory of a learner: what the lesson shows comes from the tool, and the tool measures."""

import os
import sys

import pytest

from helpers.scaling_out import records
from tests.scratch import write_notebook
from tools import memory
from tools.execute import lesson

KEYS = {"command", "measured", "machine", "python", "server_mb", "notebooks"}


def test_the_record_has_all_notebooks_and_says_how_it_was_made():
    record = records.memory()
    assert record.keys() == KEYS and record["command"] == "python -m tools.memory"
    assert 30 < record["server_mb"] < 500
    assert list(record["notebooks"]) == [path.stem for path in lesson()]
    for notebook in record["notebooks"].values():
        assert 100 < notebook["peak_mb"] < 4_000
        assert 0 < notebook["start_seconds"] <= notebook["run_seconds"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's account of a process")
def test_the_tool_measures_200_megabytes_and_writes_what_the_function_reads(tmp_path, monkeypatch):
    small = write_notebook(tmp_path / "a.ipynb", "# A", "x = 1")
    large = write_notebook(tmp_path / "b.ipynb", "# B", "x = b'x' * 200_000_000", "del x")
    monkeypatch.setattr(memory, "lesson", lambda: [small, large])
    for module in (memory, records):
        monkeypatch.setattr(module, "MEMORY_FILE", tmp_path / "memory.json")
    before = os.environ.get("HELLO_MNIST_ARTIFACTS")
    memory.main()
    assert os.environ.get("HELLO_MNIST_ARTIFACTS") == before
    record = records.memory()
    assert record.keys() == KEYS
    assert 30 < record["server_mb"] < 500
    a, b = record["notebooks"]["a"], record["notebooks"]["b"]
    assert 190 < b["peak_mb"] - a["peak_mb"] < 230
    assert 0 < a["start_seconds"] <= a["run_seconds"]


def test_other_systems_and_failing_notebooks_are_said(tmp_path):
    with pytest.raises(RuntimeError, match="Linux does"):
        memory.peak_mb("")
    broken = write_notebook(tmp_path / "a.ipynb", "# A", "1 / 0")
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        memory.measure(broken)
