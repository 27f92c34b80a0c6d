"""The table of faults names tests that exist, for every fault."""

import ast
import re

from helpers.files import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w/]*test_\w+\.py)::(test_\w+)`")


def functions_in(name):
    tree = ast.parse((ROOT / "tests" / name).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_fault_names_a_test_that_exists():
    named = NAMED.findall(TEXT)
    rows = [line for line in TEXT.splitlines() if line.startswith("| ")][2:]
    assert len(named) > 30 and len(rows) > 20
    assert [f"{file}::{test}" for file, test in named if test not in functions_in(file)] == []
    assert [row for row in rows if row.count("|") != 4 or not NAMED.search(row)] == []
    assert "](CONTRIBUTING.md" in (ROOT / "README.md").read_text(encoding="utf-8")
