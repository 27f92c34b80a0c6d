"""The exercises of the four and of each optional lesson that is there."""

import inspect
import re
from contextlib import redirect_stdout, suppress
from importlib import import_module
from io import StringIO
from unittest.mock import Mock

import nbformat
import numpy as np
import pytest

from helpers import mnist
from helpers.backend import keras
from helpers.checks import core, evaluate, load, train
from helpers.files import ROOT
from tests.cells import bound_and_needed, code_cells, run, tagged
from tests.marks import speak, without_marks
from tools import english_notebooks, four_notebooks, lacks

# What no exercise asks for; a `Mock` is like a network, or a function.
ANYTHING = [None, "text", -1, 3, 0.5, np.nan, np.inf, [], [[1], [1, 2]], {}, object(), 1j]
ANYTHING += [np.zeros((28, 28)), np.full((3, 3), np.nan), np.array(["a"]), np.eye(3) > 0]
ANYTHING += [np.uint8([1, 2]), Mock(side_effect=StopIteration)]
LEAST_INK = "This digit uses the least ink. Look at the other end of your ten means."
ROOMS = sorted(path.parent.name for path in ROOT.glob("tests/*/answers.py"))
FOUR = four_notebooks()
OPTIONAL = [path for path in english_notebooks() if path not in FOUR]
PATHS = FOUR + [pytest.param(path, marks=pytest.mark.slow) for path in OPTIONAL]
# Cells that train, or that need a process in which TensorFlow hasn't started; no exercise does.
NOT_HERE = ("workers.", "tf.config", "five_seeds(", "model.fit(")


def needed_for(code: str, cells: list) -> list[str]:
    """Return, in their order, the sources of the cells that give the names which code needs."""
    _unused, wanted = bound_and_needed(code)
    chosen = []
    for cell in reversed(cells):
        bound, needed = bound_and_needed(cell.source)
        if bound & wanted and not tagged(cell, "exercise"):
            wanted |= needed
            chosen.insert(0, cell.source)
    return chosen


@pytest.mark.parametrize("room", ROOMS)
def test_answers_and_their_hints_and_any_answer_gets_a_verdict(room, monkeypatch):
    """What those of the four say is a message, but for kinds of objects, such as (int)."""
    speak("xx", monkeypatch)
    folder = "helpers" if room == "checks" else f"helpers.{room}"
    functions = inspect.getmembers(import_module(f"{folder}.checks"), inspect.isfunction)
    checks = {name: check for name, check in functions if hasattr(check, "__wrapped__")}
    answers = import_module(f"tests.{room}.answers")
    assert answers.ANSWERS.keys() == checks.keys()
    for name, check in checks.items():
        needed = getattr(answers, "NEEDED", {}).get(name, ())
        anything = [(answer, "") for answer in (..., *ANYTHING)]
        for answer, words in answers.ANSWERS[name] + anything:
            check.wrong_answers.clear()
            with redirect_stdout(StringIO()) as out:
                check(answer, *needed)
            verdict = re.sub(r'[«»]|"<|>"', "", out.getvalue())
            assert words in verdict, (name, answer, verdict)
            assert verdict.startswith(("Not yet. ", "Right. ", "Not answered yet. ")), verdict
            assert verdict.count("\n") == 1
            if room == "checks":
                assert without_marks(re.sub(r"\(»\w+«\)", "", out.getvalue())) == [], verdict


@pytest.fixture
def tell():
    """A function that returns what a check says, which has remembered no wrong answer before."""

    def tell(check, *arguments):
        with redirect_stdout(StringIO()) as out:
            check(*arguments)
        return out.getvalue().rstrip("\n")

    for check in (load.most_ink, train.steps_in_all, evaluate.misread):
        check.wrong_answers.clear()
    return tell


UNDER_SOLUTIONS = "The solution stands at the end, under Solutions."


def test_wrong_answers_get_the_hint_of_the_fault_then_a_second_one_then_the_solutions_place(tell):
    first, second, third, fourth = (tell(load.most_ink, digit) for digit in (1, 8, 7, 1.5))
    assert first == f"Not yet. {LEAST_INK}"
    assert second.startswith("Not yet. Another digit has a larger mean.") and "in a loop" in second
    assert third.startswith("Not yet. Another digit has") and UNDER_SOLUTIONS in third
    assert fourth == third and "in a loop" not in third
    assert tell(load.most_ink, 0).startswith("Right. ")


def test_an_untouched_exercise_tells_no_hint_and_a_first_unreadable_answer_does(tell):
    untouched, unreadable = tell(load.most_ink, ...), tell(load.most_ink, "zero")
    assert "train_labels" not in untouched and "three dots" in untouched
    assert unreadable.endswith(load.most_ink.hints[0])


def test_a_wrong_answer_that_runs_again_brings_no_further_hint(tell):
    first = tell(train.steps_in_all, 391)
    for answer in (391, 391.0, np.float64(391), np.array([391])):
        assert tell(train.steps_in_all, answer) == first
    second = tell(train.steps_in_all, 1170)
    assert second.endswith(train.steps_in_all.hints[1])
    assert tell(train.steps_in_all, 391).endswith(train.steps_in_all.hints[1])  # the count stays


def test_a_network_that_is_built_again_counts_once_and_a_large_array_is_not_kept(tell):
    check = core.exercise(lambda answer: answer, "First.", "Praise.")(lambda answer: "")
    for _run in range(3):
        assert tell(check, object()) == "Not yet. First."
    assert tell(check, np.zeros(10**6)) == "Not yet. First."  # of the second step: it has no other
    assert tell(check, np.ones(10**6)).startswith(f"Not yet. {UNDER_SOLUTIONS}")
    assert len(repr(check.wrong_answers)) < 300


def test_a_picture_without_ink_on_the_pad_gets_a_hint(capsys):
    evaluate.misread.wrong_answers.clear()
    evaluate.misread(5, Mock(drawing_or_recorded=Mock(side_effect=ValueError("no ink"))), None)
    assert capsys.readouterr().out.startswith("Not yet. no ink")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_solutions_pass_and_an_untouched_exercise_gives_a_hint(path, mnist_data, monkeypatch):
    """The solutions run after the cells that they need."""
    if library := lacks(path):
        pytest.skip(f"{library} is not installed")
    monkeypatch.setattr(mnist, "load_data", lambda: mnist_data)
    cells = code_cells(path)
    exercises = [cell for cell in cells if tagged(cell, "exercise")]
    assert all(cell.outputs[0].text.startswith("Not answered yet. ") for cell in exercises)
    prose = "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
    tasks = re.findall(r"^### (Exercise \d+:.*?)^answer = \.\.\.", prose, re.DOTALL | re.MULTILINE)
    before, _heading, after = prose.partition("\n## Solutions\n")
    assert "<summary>Solution</summary>" not in before, "a solution stands beside its exercise"
    parts = after.split("### Solution of exercise ")[1:]
    assert [int(part.partition("\n")[0]) for part in parts] == [*range(1, len(exercises) + 1)]
    for task, part in zip(tasks, parts, strict=True):
        asked, solved = (set(re.findall(r"\d\d+", re.sub("[,_]", "", t))) for t in (task, part))
        lacking = asked - solved if path in FOUR else None
        assert not lacking, f"the solution of {task[:10]} lacks {lacking}: see CONTRIBUTING.md"
    solutions = [
        re.search(r"<details>.*```python\n(.*?)```\n</details>", p, re.S)[1] for p in parts
    ]
    pairs = zip((cell.source for cell in exercises), solutions, strict=True)
    answered = [code.replace("answer = ...\n", solution) for code, solution in pairs]
    space = {"np": np}
    for code in needed_for("\n".join(answered), cells):
        if not any(name in code for name in NOT_HERE):
            with suppress(NameError):  # what such a cell would have given
                run(code, space)
    for code in answered:
        with redirect_stdout(StringIO()) as out:
            run(code, space)
        assert out.getvalue().splitlines()[-1].startswith("Right. "), f"{code}\n{out.getvalue()}"
    keras.config.enable_interactive_logging()  # which some notebooks disable
