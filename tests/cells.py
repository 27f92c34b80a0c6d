"""The code cells of a notebook, what they pass on, and the one way to run one in this process."""

import dis
from pathlib import Path
from types import CodeType
from unittest.mock import Mock

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.magics.osm import OSMagics

from helpers.files import ROOT


def code_cells(name: str | Path) -> list[nbformat.NotebookNode]:
    """Return the code cells of a notebook: of its path, or its name, such as "extras/how_sure"."""
    notebook = nbformat.read(ROOT / "notebooks" / Path(name).with_suffix(".ipynb"), as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tagged(cell: nbformat.NotebookNode, tag: str) -> bool:
    """Return whether a cell has the tag."""
    return tag in cell.metadata.get("tags", [])


def python(source: str) -> str:
    """Return a cell's source as Python, as IPython reads it: magics become calls."""
    return TransformerManager().transform_cell(source)


def run(source: str, names: dict) -> None:
    """Run a cell in the names that the cells before have given; nothing of it is shown."""
    names.update(get_ipython=lambda: _shell(names), display=Mock())
    exec(compile(python(source), "<cell>", "exec"), names)


def _shell(names: dict) -> Mock:
    """Return what magics need: `%env`, and `%time` or `%%time`; the others do nothing.

    A test keeps its own folder of artifacts, whatever a learner's cell says: it writes into it.
    """

    def magic(name, line, cell=None):
        if name == "env" and not line.startswith("HELLO_MNIST_ARTIFACTS"):
            OSMagics().env(line)
        elif name == "time":
            run(cell or line, names)

    return Mock(run_line_magic=magic, run_cell_magic=magic)


def bound_and_needed(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell binds, and those that it needs to have been bound before.

    A name that it binds before it reads it isn't needed; what a function reads counts as read
    where the function is defined.
    """
    bound, needed = set(), set()

    def read(code: CodeType, inside: bool = False) -> None:
        for step in dis.get_instructions(code):
            if isinstance(step.argval, CodeType):
                read(step.argval, inside=True)
            elif step.opname in ("LOAD_NAME", "LOAD_GLOBAL") and step.argval not in bound:
                needed.add(step.argval)
            elif step.opname == "STORE_NAME" and not inside:
                bound.add(step.argval)

    read(compile(python(source), "<cell>", "exec"))
    return bound, needed
