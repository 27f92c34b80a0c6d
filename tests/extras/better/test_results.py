"""What the study has measured has names in the language of the notebook."""

import pytest

from helpers.extras.better import plots, results
from tests.marks import find_unmarked_words, speak_in_marks


@pytest.mark.parametrize("part", ["ablation", "budget", "lenet"])
def test_what_a_figure_of_the_study_names_is_in_the_notebooks_language(part, monkeypatch):
    speak_in_marks("xx", monkeypatch)
    figure = plots.gains(getattr(results, part)())
    axes = figure.axes[0]
    words = [figure.alt, axes.get_xlabel(), *(label.get_text() for label in axes.get_yticklabels())]
    own_names = {"Adam", "LeNet"}
    assert "«" in axes.get_xlabel()
    assert set(find_unmarked_words("\n".join(words))) <= own_names
