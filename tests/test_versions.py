"""make test-versions: which environments it makes, and what it runs in them."""

import subprocess

import pytest

from tools import versions
from tools.execute import lesson


@pytest.fixture
def ran(monkeypatch):
    """Commands that would have run; those with "fails" in them fail."""
    seen = []

    def run(command, shown=False):
        seen.append(command)
        return int("fails" in " ".join(command))

    monkeypatch.setattr(versions, "_run", run)
    monkeypatch.setattr(versions, "_versions", lambda python, which: "keras 3.7.0")
    return seen


def test_only_supported_pythons_that_start_are_taken(monkeypatch, ran):
    there = {"python3.9", "python3.11", "python3.13"}
    monkeypatch.setattr(versions.shutil, "which", lambda name: name if name in there else None)
    assert versions.pythons() == ["python3.11", "python3.13"]


@pytest.mark.parametrize(("which", "way"), [("oldest", "lowest-direct"), ("newest", "highest")])
def test_an_environment_is_made_anew_filled_and_tested(ran, which, way):
    line, passed = versions.row("python3.11", which)
    assert passed and line == f"python3.11 {which}  keras 3.7.0  passed"
    make, install, test = ran
    assert "--clear" in make and make[-1].endswith(f"build/versions/python3.11-{which}")
    assert install[install.index("--resolution") + 1] == way and install[-1] == ".[dev]"
    assert test[1:4] == ["-m", "pytest", "--quiet"]
    assert test[-4:] == [str(path) for path in lesson()]


def test_what_failed_is_named_and_nothing_runs_after_it(monkeypatch, ran):
    monkeypatch.setattr(versions, "commands", lambda *_: [["one"], ["fails"], ["three"]])
    line, passed = versions.row("python3.11", "oldest")
    assert not passed and line.endswith("failed: fails")
    assert ran == [["one"], ["fails"]]


def test_without_uv_it_says_how_to_get_it(monkeypatch, capsys):
    monkeypatch.setattr(versions.shutil, "which", lambda name: None)
    assert versions.main() == 1
    assert "pip install uv" in capsys.readouterr().out


def test_make_lists_it():
    done = subprocess.run(["make", "help"], cwd=versions.ROOT, capture_output=True, text=True)
    assert "make test-versions  " in done.stdout
