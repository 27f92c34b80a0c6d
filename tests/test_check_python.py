import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import check_python

SCRIPT = Path(check_python.__file__)


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 9, 20), (3, 14, 0), (4, 0, 0)])
def test_other_pythons_are_refused_with_the_range(version):
    message = check_python.problem(version, has_venv=True)
    assert f"This is Python {version[0]}.{version[1]};" in message
    assert "3.10 to 3.13" in message


@pytest.mark.parametrize("version", [(3, 10, 0), (3, 11, 7), (3, 13, 9)])
def test_supported_pythons_are_accepted(version):
    assert check_python.problem(version, has_venv=True) is None


def test_a_missing_venv_names_debians_package():
    assert "apt install python3.12-venv" in check_python.problem((3, 12, 1), has_venv=False)


def test_script_is_silent_where_all_is_well():
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_script_says_that_venv_is_missing(tmp_path):
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, SCRIPT], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert re.fullmatch(r".*venv module is missing.*\n", done.stderr)


def test_old_pythons_can_read_the_script():
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8"))):
        assert not isinstance(node, newer), f"line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            assert node.returns is None and not node.args.kwonlyargs
        if isinstance(node, ast.arg):
            assert node.annotation is None
