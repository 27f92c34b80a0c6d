"""The exercises: every solution passes its check, an untouched cell gives a hint, and so on."""

import inspect
import re
from contextlib import redirect_stdout, suppress
from io import StringIO
from types import SimpleNamespace
from unittest.mock import Mock

import nbformat
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis.strategies import sampled_from

from helpers import checks, mnist, plots
from helpers.backend import keras
from helpers.model import build_model
from helpers.plots import canvas
from tests.anything import any_array
from tests.cells import bound_and_needed, code_cells, run, tagged
from tests.marks import speak, without_marks
from tools.execute import english_notebooks, lacks

# They start workers and divide the processor, which can't be done once TensorFlow has started, or
# train; no exercise needs them.
NOT_HERE = ("workers.", "tf.config", "five_seeds(", "model.fit(")
MATRIX = np.diag(np.full(10, 90))
MATRIX[4, 9], MATRIX[9, 4], MATRIX[3, 5] = 5, 3, 6
LABELS = np.array([0, 1, 2, 3])
PROBABILITIES = np.eye(10)[[0, 1, 2, 4]] * 0.995 + 0.0005
PROBABILITIES[0] = 0.1
RIGHT = np.arange(1000) % 50 != 1
CONFIDENCE = np.where(RIGHT, 0.99, 0.5)
BRIGHTNESS = SimpleNamespace(predict=lambda images, verbose: np.eye(10)[images[:, 0, 0, 0]])
# What a notebook hands over besides the answer.
NEEDED = {
    "most_confused": [MATRIX],
    "accuracy_when_sure": [LABELS, PROBABILITIES],
    "accuracy_when_moved": [BRIGHTNESS, LABELS.reshape(4, 1, 1, 1), LABELS],
    "pairs_needed": [0.0005],
    "answer_with_care": [RIGHT, CONFIDENCE],
    "maps_of_their_own": [None, np.zeros((28, 28, 1)), 1, "edges"],
}
LESSON = build_model()
NO_ARRAYS = [None, "text", -1, 3, 0.5, float("nan"), [], [[1], [1, 2]], {}, object()]
# By check, what a learner may answer, under words of what it is told.
ANSWERS = {
    "middle_of_five": {"Right": np.array([5, 20, 20]), "how many images": (60000, 20, 20)},
    "most_ink": {"Right": np.int64(0), "least ink": 1},
    "black_and_white": {"Right": 72.52, "from before": 0.8307},
    "shape_of_layers": {"Right": (None, 14, 14, 16), "Pooling comes next": (28, 28, 16)},
    "left_edges": {"Right": [[-2, 0, 2]] * 3, "upper one": [[-1] * 3, [0] * 3, [1] * 3]},
    "halved_network": {"Right": 29_066, "[32, 64, 128]": LESSON},
    "loss_of_a_half": {"Right": 0.69, "base 10": 0.301},
    "steps_in_all": {"Right": 1173.0, "left over": 1171.875},
    "more_examples": {"Right": 97.1, "val_accuracy": 1.0},
    "most_confused": {"Right": (9, 4), "6 times": (3, 5)},
    "accuracy_when_sure": {"Right": 2 / 3, "mask": 0.1},
    "accuracy_when_moved": {"Right": 1, "axis=2": 0.5},
    "by_luck": {"Right": 0.37, "that none does": 0.63},
    "pairs_needed": {"Right": 33, "too few": 29, "more than needed": 35},
    "significant": {"Right": 27.0, "Fewer do": 30, "in 5 of 100": 26},
    "answer_with_care": {"Right": 0.5, "Above this only": 0.3},
    "most_helped": {"Right": 7, "read worst": 4},
    "digits_needed": {"Right": 120, "Too few": 30},
    "writers_on_both_sides": {"Right": 14, "split by writer": 0},
    "place_in_the_row": {"Right": np.int64(50), "Keras's order": 645},
    "softmax_twice": {"Right": 1.46, "taken as a logit": 0},
    "second_card": {"Right": 2 * 4 / 0.01, "only half": 400},
    "field_of_a_fourth": {"Right": (26, 1), "two pools": (20, 1)},
    "maps_of_their_own": {"as large": lambda *_arguments: np.ones((3, 3))},
}
CHECKS = dict(inspect.getmembers(checks, inspect.isfunction))  # a fork may have fewer lessons


def said(check, answer):
    with redirect_stdout(StringIO()) as out:
        getattr(checks, check)(answer, *NEEDED.get(check, []))
    return out.getvalue()


@pytest.mark.parametrize("check", CHECKS)
def test_answers_and_their_hints_which_are_messages_in_the_lesson(check, monkeypatch):
    for words, answer in ANSWERS[check].items():
        assert words in said(check, answer)
    speak("xx", monkeypatch)
    if getattr(checks, check).__module__.endswith(("load", "architecture", "train", "evaluate")):
        texts = [said(check, answer) for answer in (..., *ANSWERS[check].values())]
        assert all("«" in text for text in texts) and without_marks(" ".join(texts)) == []


@settings(max_examples=50)
@example(Mock(side_effect=StopIteration))  # like a network, or a function
@given(any_array() | sampled_from(NO_ARRAYS))
def test_any_answer_gets_a_verdict(answer):
    for check in CHECKS:
        text = said(check, answer)
        assert text.startswith(("Not yet. ", "Right. ")) and text.count("\n") == 1


def test_an_error_is_named_as_the_learners_if_it_is_theirs():
    def theirs(model, image, digit, layer):
        raise RuntimeError("no layer of this name.\nand more")

    if "maps_of_their_own" in CHECKS:
        text = said("maps_of_their_own", theirs)
        assert text.startswith("Not yet. Your function ends in RuntimeError: no layer of this nam")
    with pytest.raises(AttributeError):
        checks.most_confused((4, 9), None)


def needed_for(code, cells):
    """Return, in their order, the sources of the cells that give the names which code needs."""
    _unused, wanted = bound_and_needed(code)
    chosen = []
    for cell in reversed(cells):
        bound, needed = bound_and_needed(cell.source)
        if bound & wanted and not tagged(cell, "exercise"):
            wanted |= needed
            chosen.insert(0, cell.source)
    return chosen


@pytest.mark.parametrize("path", english_notebooks(), ids=lambda path: path.stem)
def test_the_solutions_pass_and_an_untouched_exercise_gives_a_hint(
    path, mnist_data, monkeypatch, request
):
    """They run after the cells that they need, without figures."""
    if library := lacks(path):
        pytest.skip(f"{library} is not installed")
    monkeypatch.setattr(mnist, "load_data", lambda: mnist_data)
    for name, _function in inspect.getmembers(plots, inspect.isfunction):
        monkeypatch.setattr(plots, name, lambda *_args, **_settings: canvas.LessonFigure())
    request.addfinalizer(keras.config.enable_interactive_logging)  # some notebooks disable it
    cells = code_cells(path)
    exercises = [cell for cell in cells if tagged(cell, "exercise")]
    assert all(cell.outputs[0].text.startswith("Not answered yet. ") for cell in exercises)
    prose = "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
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
