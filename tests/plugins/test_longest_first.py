"""The file that took longest in the last run is the first one of the next run."""

import os

import pytest

from helpers.common.files import ROOT

pytest_plugins = ["pytester"]
PLUGIN = "tests.plugins.longest_first"


@pytest.fixture
def project(pytester, monkeypatch):
    """A project with three files of tests, of which the last one takes longest."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    pytester.makeini("[pytest]")
    slow = "import time\ndef test_long(): time.sleep(0.3)\ndef test_short(): pass"
    pytester.makepyfile(test_a="def test(): pass", test_b="def test(): pass", test_c=slow)
    return pytester


def order(result):
    """Return the files of a run of tests, in their order."""
    return [line.split()[0] for line in result.outlines if line.startswith("test_")]


def test_the_longest_file_begins(project):
    assert order(project.runpytest_inprocess("-p", PLUGIN)) == [
        "test_a.py",
        "test_b.py",
        "test_c.py",
    ]
    assert order(project.runpytest_inprocess("-p", PLUGIN))[0] == "test_c.py"


def test_two_processes_note_how_long_a_file_takes(project):
    options = "-n2", "--dist=loadfile", "--no-loadscope-reorder"
    project.runpytest_subprocess("-p", PLUGIN, *options).assert_outcomes(passed=4)
    assert order(project.runpytest_inprocess("-p", PLUGIN))[0] == "test_c.py"


def test_a_run_of_a_few_tests_of_a_file_leaves_its_place(project):
    project.runpytest_inprocess("-p", PLUGIN)
    short = project.runpytest_inprocess("-p", PLUGIN, "test_c.py::test_short")
    short.assert_outcomes(passed=1)
    assert order(project.runpytest_inprocess("-p", PLUGIN))[0] == "test_c.py"
