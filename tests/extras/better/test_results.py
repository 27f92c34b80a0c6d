"""What the study has measured is what the lesson quotes, in the language of the notebook."""

import re

import numpy as np

from helpers.common.files import ROOT
from helpers.extras.better import plots, results
from tests.cells import code_cells, read_notebook
from tests.marks import find_unmarked_words, speak_in_marks


def test_what_a_figure_of_the_study_names_is_in_the_notebooks_language(monkeypatch):
    speak_in_marks("xx", monkeypatch)
    figure = plots.gains(results.lenet())
    axes = figure.axes[0]
    words = [figure.alt, axes.get_xlabel(), *(label.get_text() for label in axes.get_yticklabels())]
    assert "«" in axes.get_xlabel()
    assert set(find_unmarked_words("\n".join(words))) <= {"LeNet"}


NUMBER = re.compile(r"\d\.\d{3,}")


def printed(cell):
    """Return what a cell has printed, as it is saved."""
    return "".join(output.get("text", "") for output in cell.outputs)


def test_the_lesson_prints_what_the_studys_files_hold(capsys):
    names = {}
    cells = [cell for cell in code_cells("extras/better") if "results." in cell.source]
    for cell in cells:
        exec(cell.source, names)
        assert capsys.readouterr().out == printed(cell), "make notebooks ONLY=extras/better"


def test_each_number_of_the_lessons_text_comes_from_its_cells():
    cells = read_notebook(ROOT / "notebooks" / "extras" / "better.ipynb").cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    code = "\n".join(printed(c) + c.source for c in cells if c.cell_type == "code")
    known = [*map(float, NUMBER.findall(code)), 0.05 / 2]  # Bonferroni's bound
    unknown = [
        number
        for number in {*NUMBER.findall(text)}
        if not np.isclose(known, float(number), atol=0.51 / 10 ** len(number[2:]), rtol=0).any()
    ]
    assert unknown == []
