"""What the parts of the project import from each other, also within functions."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from helpers.common.files import ROOT

# What each part doesn't import.
FORBIDDEN = {
    "helpers": {"notebooks", "tools", "teach", "tests", "publish"},
    "tools": {"teach", "tests", "publish"},
    "teach": {"tests", "publish"},
    "tests": {"publish"},
    "publish": {"tests"},
}

# Imported where they are there: on Colab, in JupyterLab, which is built on it, and to test.
NOT_LISTED = {"google", "jupyter_server", "playwright"}


def imported_parts(path):
    """Return the first parts of the names of modules that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("part", FORBIDDEN)
def test_a_part_imports_nothing_from_the_parts_that_stand_on_it(part):
    paths = [*(ROOT / part).rglob("*.py")]
    for path in paths:
        is_own_test = path.is_relative_to(ROOT / "tests" / "publish")
        if not is_own_test:
            assert not imported_parts(path) & FORBIDDEN[part], path


@pytest.mark.parametrize("part", ["helpers", "tools", "teach"])
def test_a_plain_installation_has_each_library_that_a_part_imports(part):
    """A library that only another library has asked for may go with its next version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked_for = project["project"]["dependencies"]
    asked_for += project["dependency-groups"]["pytorch"]  # of the one optional lesson
    listed = {re.match(r"[\w.-]+", one)[0].lower() for one in asked_for}
    names = set().union(*(imported_parts(path) for path in (ROOT / part).rglob("*.py")))
    libraries = names - set(sys.stdlib_module_names) - set(FORBIDDEN) - NOT_LISTED
    distributions = packages_distributions()
    unlisted = {
        name
        for name in libraries
        if not {one.lower().replace("_", "-") for one in distributions.get(name, [name])} & listed
    }
    assert libraries and not unlisted
