"""A notebook that has passed isn't executed again, until something that it needs has changed."""

import os

import nbformat
import pytest

from helpers.common.files import ROOT
from tests.plugins import unchanged

pytest_plugins = ["pytester"]
PLUGIN = "tests.plugins.unchanged"

# In place of nbval: each cell is a test that passes. It starts no kernel, which takes seconds.
CELLS_PASS = """
import json
import pytest

class Cell(pytest.Item):
    def runtest(self):
        pass

class Notebook(pytest.File):
    def collect(self):
        for number, cell in enumerate(json.loads(self.path.read_text())["cells"]):
            yield Cell.from_parent(self, name=f"Cell {number}")

def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".ipynb":
        return Notebook.from_parent(parent, path=file_path)
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """A project with one notebook of two cells, a helper and the plugin."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    code = nbformat.v4.new_code_cell
    notebook = nbformat.v4.new_notebook(cells=[code("x = 1"), code("x += 1")])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    pytester.mkdir("notebooks")
    nbformat.write(notebook, pytester.path / "notebooks" / "lesson.ipynb")
    pytester.mkdir("helpers")
    (pytester.path / "helpers" / "model.py").write_text("FILTERS = 32\n")
    pytester.makeini("[pytest]")
    return pytester


@pytest.fixture
def run(project):
    """A function that runs the tests of the project with arguments of pytest."""
    project.makeconftest(CELLS_PASS)
    return lambda *arguments: project.runpytest_inprocess("-p", PLUGIN, *arguments)


def test_a_notebook_that_has_passed_is_not_executed_again(run):
    run().assert_outcomes(passed=2)
    again = run()
    again.assert_outcomes()
    again.stdout.fnmatch_lines(["notebooks/lesson.ipynb has passed, and nothing has changed"])


def test_it_is_not_executed_again_by_nbval_in_two_processes(project):
    options = ["--nbval", "--nbval-current-env", "--numprocesses=2", "--dist=loadfile"]
    outcomes = [project.runpytest_subprocess("-p", PLUGIN, *options) for _ in range(2)]
    outcomes[0].assert_outcomes(passed=2)
    outcomes[1].assert_outcomes()


@pytest.mark.parametrize("changed", ["notebooks/lesson.ipynb", "helpers/model.py"])
def test_it_is_executed_after_a_change_of_what_it_needs(run, project, changed):
    run().assert_outcomes(passed=2)
    path = project.path / changed
    path.write_text(path.read_text() + "\n")
    run().assert_outcomes(passed=2)


def test_it_is_executed_after_a_change_of_a_package(run, monkeypatch):
    run().assert_outcomes(passed=2)
    monkeypatch.setattr(unchanged, "distributions", lambda: [])
    run().assert_outcomes(passed=2)


def test_it_is_executed_if_tensorflow_computes_in_another_way(run, monkeypatch):
    run().assert_outcomes(passed=2)
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    run().assert_outcomes(passed=2)


def test_it_is_executed_where_it_is_named(run):
    run().assert_outcomes(passed=2)
    again = run("notebooks/lesson.ipynb")
    again.assert_outcomes(passed=2)
    again.stdout.no_fnmatch_line("*nothing has changed*")


def test_nothing_is_said_of_it_where_other_tests_are_named(run, project):
    run().assert_outcomes(passed=2)
    again = run(project.makepyfile("def test(): pass"))
    again.assert_outcomes(passed=1)
    again.stdout.no_fnmatch_line("*nothing has changed*")


def test_it_is_not_executed_again_where_its_folder_is_named(run):
    run("notebooks").assert_outcomes(passed=2)
    run("notebooks").assert_outcomes()


def test_it_is_executed_in_ci(run, monkeypatch):
    run().assert_outcomes(passed=2)
    monkeypatch.setenv("CI", "true")
    run().assert_outcomes(passed=2)


def test_it_is_executed_if_only_some_of_its_cells_have_run(run):
    run("--deselect=notebooks/lesson.ipynb::Cell 1").assert_outcomes(passed=1, deselected=1)
    run().assert_outcomes(passed=2)
