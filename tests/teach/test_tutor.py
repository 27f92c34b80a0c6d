"""The instructions for a chatbot: that they hold the exercises and hints, and no solution."""

import re

import nbformat
import pytest

from helpers import checks
from helpers.common.files import ROOT
from helpers.common.language import translated_languages, use_language
from teach import tutor
from tests.editions import needs_chinese
from tests.for_teachers import all_answers, plain
from tools import find_translation, four_notebooks
from tools.answers import find_check_calls

LANGUAGES = ["en", *translated_languages()]
NUMBER = re.compile(r"\d+(?:\.\d+)?")
CODE = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
LESSONS = pytest.mark.parametrize("path", four_notebooks(), ids=lambda path: path.stem)


def read(path, language):
    return nbformat.read(find_translation(path, language), as_version=4)


@pytest.mark.parametrize("language", LANGUAGES)
@LESSONS
def test_the_instructions_have_no_line_of_a_solution_and_no_answer_of_a_key(path, language):
    with use_language(language):
        text = tutor.tutor_text(path)
    cells = read(path, language).cells
    ids = [cell.id for cell in cells]
    solutions = "\n".join(cell.source for cell in cells[ids.index("solutions") :])
    asked = "\n".join(cell.source for cell in cells[: ids.index("solutions")])
    lines = {line.strip() for code in CODE.findall(solutions) for line in code.splitlines()}
    lines = {line for line in lines if "=" in line and line not in asked}
    assert lines and [line for line in lines if line in text] == []
    assert [answer for answer in all_answers() if answer in plain(text)] == []


@LESSONS
def test_the_wrong_answers_leave_more_than_the_right_one(path):
    notebook = read(path, "en")
    cells = [cell for cell in notebook.cells if "exercise" in cell.metadata.get("tags", [])]
    tasks = tutor.find_tasks(notebook, path.stem)
    assert len(tasks) == len(cells)
    for cell, task in zip(cells, tasks, strict=True):
        ((name, _answer),) = find_check_calls(cell.source)
        wrong = " ".join(answer for answer, _meaning in task.wrong_answers)
        for right, sentence in getattr(getattr(checks, name), "cases", []):
            if sentence is not None or len(right) != 2:
                continue
            low, high = right
            # The heading of an exercise has its number.
            choices = {float(number) for number in NUMBER.findall(task.text.partition("\n")[2])}
            wrong_numbers = {float(number) for number in NUMBER.findall(wrong)}
            # Not the right number with another sign, and not all numbers of the text but the right.
            assert not [one for one in wrong_numbers if low <= one <= high], name
            left = choices - wrong_numbers
            assert not left or [one for one in left if not low <= one <= high], name


@pytest.mark.parametrize("language", LANGUAGES)
@LESSONS
def test_the_instructions_hold_each_exercise_hint_and_prediction(path, language):
    with use_language(language):
        text = tutor.tutor_text(path)
        notebook = read(path, language)
        hints = [hint for task in tutor.find_tasks(notebook, path.stem) for hint in task.hints]
        predictions = tutor.find_predictions(notebook)
    guesses = [cell for cell in notebook.cells if "guesses.compare(" in cell.source]
    assert len(predictions) == len(guesses) and all(text.count(one) for _s, one in predictions)
    assert len(hints) >= 6 and all(hint in text for hint in hints)
    assert "](" not in text  # links would lead nowhere in a chat


def test_an_assistant_in_an_editor_finds_the_same_rules():
    rules = re.compile(r"^\d\. (.+)$", re.MULTILINE)
    with use_language("en"):
        in_chat = tutor.tutor_text(four_notebooks()[0]).partition("# The notebook")[0]
    in_editor = (ROOT / "AGENTS.md").read_text(encoding="utf-8")
    assert len(rules.findall(in_chat)) > 5 and rules.findall(in_chat) == rules.findall(in_editor)


def test_the_command_names_the_notebooks_if_it_does_not_know_one(capsys):
    with pytest.raises(SystemExit):
        tutor.run_command(["7"])
    assert "there are 01_load, 02_architecture, 03_train, 04_evaluate" in capsys.readouterr().err


@needs_chinese
def test_the_command_writes_the_instructions_in_a_language(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tutor, "ROOT", tmp_path)
    tutor.run_command(["02", "zh_CN"])
    written = tmp_path / "build" / "tutor" / "zh_CN" / "02_architecture.md"
    assert str(written) in capsys.readouterr().out
    assert "练习 1" in written.read_text(encoding="utf-8")
