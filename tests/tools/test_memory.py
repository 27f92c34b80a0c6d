"""The memory of a learner: what the lesson shows comes from the tool, and the tool measures."""

import os
import sys

import pytest

from helpers.scaling_out import records
from tests.scratch import write_notebook
from tools import memory
from tools.execute import lesson


def test_the_record_has_all_notebooks_and_says_how_it_was_made():
    record = records.memory()
    assert list(record["notebooks"]) == [path.stem for path in lesson()]
    assert record["command"] == "python -m tools.memory"
    assert 30 < record["server_mb"] < 500
    for notebook in record["notebooks"].values():
        assert 100 < notebook["peak_mb"] < 4_000
        assert 0 < notebook["start_seconds"] <= notebook["run_seconds"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's account of a process")
def test_a_notebook_of_200_megabytes_is_measured(tmp_path):
    small = write_notebook(tmp_path / "a.ipynb", "# A", "x = 1")
    large = write_notebook(tmp_path / "b.ipynb", "# B", "x = b'x' * 200_000_000", "del x")
    before = os.environ.get("HELLO_MNIST_ARTIFACTS")
    measured = [memory.measure(path) for path in (small, large)]
    assert 190 < measured[1]["peak_mb"] - measured[0]["peak_mb"] < 230
    assert 0 < measured[0]["start_seconds"] < measured[0]["run_seconds"] + 1
    assert os.environ.get("HELLO_MNIST_ARTIFACTS") == before


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's account of a process")
def test_the_tool_writes_what_the_function_reads(tmp_path, monkeypatch):
    path = tmp_path / "memory.json"
    measured = {"peak_mb": 500, "start_seconds": 1.0, "run_seconds": 2.0}
    monkeypatch.setattr(memory, "measure", lambda notebook: measured)
    memory.main(["--output", str(path)])
    monkeypatch.setattr(records, "MEMORY_FILE", path)
    record = records.memory()
    assert record["notebooks"]["03_train"] == measured
    assert 30 < record["server_mb"] < 500


def test_other_systems_and_failing_notebooks_are_said(tmp_path):
    with pytest.raises(RuntimeError, match="Linux does"):
        memory.peak_mb("")
    broken = write_notebook(tmp_path / "a.ipynb", "# A", "1 / 0")
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        memory.measure(broken)
