"""The sections of the notebooks that docs/teaching.md names exist."""

import re

import nbformat

from helpers.files import ROOT
from tools.execute import four_notebooks


def test_the_sections_that_it_names_exist():
    cells = [cell for path in four_notebooks() for cell in nbformat.read(path, as_version=4).cells]
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    headings = set(re.findall(r"^## (.*)$", prose, re.MULTILINE))
    text = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\*([^*|\n]+)\*", text))
    others = {"Kernel", "Shut Down All Kernels", "Maximum resident set size"}
    others |= {"Deep Learning with Python"}
    assert len(named) > 20 and named - others - headings == set()
