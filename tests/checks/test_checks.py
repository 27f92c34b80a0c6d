"""The exercises of the four and of each optional lesson that is there."""

import inspect
import re
from contextlib import redirect_stdout, suppress
from importlib import import_module
from io import StringIO
from itertools import count, repeat
from unittest.mock import Mock

import nbformat
import numpy as np
import pytest

from helpers import mnist
from helpers.backend import keras
from helpers.checks import architecture, evaluate
from helpers.files import ROOT
from helpers.web.pad import DrawingPad
from tests.cells import bound_and_needed, code_cells, run, tagged
from tests.checks.answers import halved
from tests.marks import speak, without_marks
from tools import english_notebooks, four_notebooks, lacks

# What no exercise asks for; a `Mock` is like a network, or a function.
ANYTHING = [None, "text", -1, 3, 0.5, np.nan, np.inf, [], [[1], [1, 2]], {}, object(), 1j]
ANYTHING += [np.zeros((28, 28)), np.full((3, 3), np.nan), np.array(["a"]), np.eye(3) > 0]
ANYTHING += [np.uint8([1, 2]), Mock(side_effect=StopIteration)]
ANYTHING += [(None,), (None, None), (0, 7252), "5" * 5000, {1}, iter([]), [*range(5)] * 2]


class Raising:
    """An answer that ends the process, or stops it, where it is looked at."""

    def __init__(self, error):
        self.error = error

    def end(self, *_arguments):
        raise self.error

    __iter__ = __len__ = __float__ = __array__ = __eq__ = end


def in_itself() -> list:
    """Return a list that is its own entries, so that it has no shape and no end."""
    (entries := []).extend([entries] * 9)
    return entries


ANYTHING += [Raising(error) for error in (SystemExit, KeyboardInterrupt, GeneratorExit)]
# These are larger than any memory, or endless.
ANYTHING += [range(10**12), count(), repeat([1, 2]), repeat(np.empty(0))]
ANYTHING += [in_itself(), np.broadcast_to(0.5, (10**6, 10**7)), Mock(shape=(10**9,), ndim=1)]
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
            with redirect_stdout(StringIO()) as out:
                check(answer, *needed)
            verdict = re.sub(r'[«»]|"<|>"', "", out.getvalue())
            assert words in verdict, (name, answer, verdict)
            assert verdict.startswith(("Not yet. ", "Right. ", "Not answered yet. ")), verdict
            assert verdict.count("\n") == 1
            if room == "checks":
                assert without_marks(re.sub(r"\(»\w+«\)", "", out.getvalue())) == [], verdict


def test_a_picture_without_ink_on_the_pad_gets_a_hint(capsys):
    evaluate.misread(5, Mock(drawing_or_recorded=Mock(side_effect=ValueError("no ink"))), None)
    assert capsys.readouterr().out.startswith("Not yet. no ink")


def test_a_blank_pad_gets_a_hint_though_a_recorded_5_would_be_misread(shipped_model, capsys):
    evaluate.misread(3, DrawingPad(shipped_model), shipped_model)
    assert capsys.readouterr().out.startswith("Not yet. The pad is blank.")


def test_the_digit_that_is_named_most_often_is_counted_over_the_first_1000_images(capsys):
    (network := halved()).build((None, 28, 28, 1))
    for layer in network.layers:
        layer.set_weights([0.01 * (array.ndim > 1) + 0 * array for array in layer.get_weights()])
    kernel, bias = (np.zeros_like(array) for array in network.layers[-1].get_weights())
    kernel[:, 3], bias[8] = 1, 2  # without ink the answer is 8, with ink it is 3
    network.layers[-1].set_weights([kernel, bias])
    images = np.zeros((3000, 28, 28), np.uint8)
    images[400:1000] = 255
    for digit, verdict in ((3, "Right."), (8, "Not yet. The network is right. For 1,000 images")):
        architecture.halved_network((network, digit), images)
        assert capsys.readouterr().out.startswith(verdict)


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
    for task in re.split(r"### (?=Exercise \d)", re.sub("[,_]", "", prose))[1:]:
        asked, solved = (re.findall(r"\d\d+", text) for text in task.split("answer = ...", 1))
        lacking = {*asked} - {*solved} if path in FOUR else None
        assert not lacking, f"the solution of {task[:10]} lacks {lacking}: see CONTRIBUTING.md"
    solutions = re.findall(r"<details>.*?```python\n(.*?)```\n</details>", prose, re.DOTALL)
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
