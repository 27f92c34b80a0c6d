"""What the parts of the project import from each other, also within functions."""

import ast

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
