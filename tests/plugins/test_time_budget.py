"""The end of a run names the tests that take too long, and no others."""

import os

import pytest

from helpers.common.files import ROOT
from tests.plugins import time_budget

pytest_plugins = ["pytester"]

TESTS = """
import time
import pytest

@pytest.fixture
def slow_fixture():
    time.sleep(0.5)

def test_quick(): pass
def test_long(): time.sleep(0.5)
def test_with_a_fixture(slow_fixture): pass
@pytest.mark.slow
def test_marked(): time.sleep(0.5)
"""
HEADING = "*longer than * s, and not marked slow*"


@pytest.fixture
def run(pytester, monkeypatch):
    """A function that runs tests of which three take 0.5 s, with another budget in seconds."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    pytester.makeini("[pytest]\nmarkers = slow")
    pytester.makepyfile(test_file=TESTS)

    def run(budget):
        monkeypatch.setattr(time_budget, "MAX_SECONDS", budget)
        return pytester.runpytest_inprocess("-p", "tests.plugins.time_budget")

    return run


def test_a_test_that_takes_longer_is_named_unless_it_is_marked_slow(run):
    result = run(0.4)
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines([HEADING])
    named = {line.split("::")[1] for line in result.outlines if " s  test_file.py::" in line}
    assert named == {"test_long", "test_with_a_fixture"}


def test_nothing_is_said_where_all_are_quick(run):
    run(60).stdout.no_fnmatch_line(HEADING)
