"""The project uses those private parts of other libraries that maintaining.md lists."""

import ast
import re

from helpers.common.files import ROOT

FOLDERS = ("helpers", "tools", "teach", "publish")
FILES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
ROW = re.compile(r"^\| `(\w[\w.]*)` \| `([\w/.]+)` \|", re.MULTILINE)
PUBLIC = {"_replace"}  # of a NamedTuple, whose fields are to have other names
KERAS_NAME = re.compile(r"keras\.src\.[\w.]+|__keras_\w+")


def own_names(tree: ast.Module) -> set[str]:
    """Return the names of functions, methods and attributes that a file defines."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
    return names


def private_names(tree: ast.Module) -> set[str]:
    """Return the names that a file uses and that begin with an underscore, or are Keras's own."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            names.update([*node.module.split("."), *(alias.name for alias in node.names)])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.update(KERAS_NAME.findall(node.value))
    return {name for name in names if re.match(r"_[a-z]|keras\.src|__keras_", name)}


def test_the_table_of_private_parts_names_all_that_are_used_and_no_others():
    trees = {path: ast.parse(path.read_text("utf-8")) for path in FILES}
    ours = PUBLIC.union(*map(own_names, trees.values()))
    used = {
        (name, path.relative_to(ROOT).as_posix())
        for path, tree in trees.items()
        for name in private_names(tree) - ours
    }
    listed = ROW.findall((ROOT / "docs" / "maintain" / "maintaining.md").read_text("utf-8"))
    present = {(name, file) for name, file in listed if (ROOT / file).exists()}  # parts may go
    assert used == present
