"""The memory of a learner: the record comes from the tool, and the tool measures."""

import json
import sys

import pytest

from tests.scratch import write_notebook
from tools import memory
from tools.execute import lesson


def recorded(notebooks):
    """Check the record, which is of these notebooks, and return the megabytes that each took."""
    record = json.loads(memory.MEMORY_FILE.read_bytes())
    keys = {"command", "measured", "machine", "python", "server_mb", "notebooks"}
    assert record.keys() == keys and record["command"] == "python -m tools.memory"
    assert 30 < record["server_mb"] < 500
    assert list(record["notebooks"]) == [path.stem for path in notebooks]
    for measured in record["notebooks"].values():
        assert 0 < measured["start_seconds"] <= measured["run_seconds"]
    return [measured["peak_mb"] for measured in record["notebooks"].values()]


def test_the_record_has_all_notebooks_and_says_how_it_was_made():
    assert all(100 < peak < 4_000 for peak in recorded(lesson()))


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's account of a process")
def test_the_tool_measures_200_megabytes_and_writes_them(tmp_path, monkeypatch):
    small = write_notebook(tmp_path / "a.ipynb", "# A", "0", "x = 1")
    large = write_notebook(tmp_path / "b.ipynb", "# B", "0", "x = b'x' * 200_000_000")
    monkeypatch.setattr(memory, "lesson", lambda: [small, large])
    monkeypatch.setattr(memory, "MEMORY_FILE", tmp_path / "memory.json")
    memory.main()
    a, b = recorded([small, large])
    assert 190 < b - a < 230


def test_a_failing_notebook_is_said(tmp_path):
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        memory.measure(write_notebook(tmp_path / "a.ipynb", "# A", "1 / 0"))
