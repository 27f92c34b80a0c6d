"""The code cells of a notebook, the names that they pass on, and a way to run one here."""

import dis
import re
from functools import cache
from pathlib import Path
from types import CodeType
from unittest.mock import Mock

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from helpers.common.files import ROOT
from tools.execute import normal_text

# Where one image in ten is there, a zero goes from each number of images (50_000, 60000, 5001).
TIMES_FEWER = 10
NUMBER_OF_IMAGES = re.compile(r"(?<=[\d_])0(?=0[01]\b)")
SAVED = "its notebook was saved by somebody; the test that fails says what to do"


@cache
def is_saved(path: Path) -> bool:
    """Has somebody saved a notebook since `make notebooks`, in another form or run otherwise?"""
    notebook = nbformat.read(path, as_version=4)
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    is_whole = counts == list(range(1, len(counts) + 1))
    return not is_whole or path.read_text(encoding="utf-8") != normal_text(notebook)


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Read a committed notebook; where somebody has saved it since, the test is skipped."""
    if is_saved(path):
        pytest.skip(SAVED, allow_module_level=True)
    return nbformat.read(path, as_version=4)


def code_cells(name: str | Path) -> list[nbformat.NotebookNode]:
    """Return the code cells of a notebook: of its path, or its name, such as "extras/how_sure"."""
    notebook = read_notebook(ROOT / "notebooks" / Path(name).with_suffix(".ipynb"))
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def has_tag(cell: nbformat.NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def expand_magics(source: str) -> str:
    """Return a cell's source as Python, as IPython reads it: magics become calls."""
    return TransformerManager().transform_cell(source)


def drop_image_counts(source: str) -> str:
    """Return a cell's source for the tenth of the images that the fixture `few_images` gives."""
    return NUMBER_OF_IMAGES.sub("", source)


def run_cell(source: str, names: dict) -> None:
    """Run a cell in the names that the cells before have given; magics and display do nothing."""
    names.update(get_ipython=Mock(), display=Mock())
    exec(compile(expand_magics(source), "<cell>", "exec"), names)


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

    read(compile(expand_magics(source), "<cell>", "exec"))
    return bound, needed
