"""The exercises: every solution passes its check, an untouched cell gives a hint, and so on."""

import inspect
import json
import re
from contextlib import suppress
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings

from helpers import checks, mnist, plots
from helpers.backend import keras
from helpers.checks.core import exercise, fraction
from helpers.plots import canvas
from helpers.scaling_out import cluster
from tests.anything import any_array
from tests.cells import bound_and_needed, code_cells, run, tagged
from tests.marks import speak, without_marks
from tools.execute import english_notebooks

EACH = pytest.mark.parametrize("path", english_notebooks(), ids=lambda path: path.stem)
EXERCISES = dict(sorted(inspect.getmembers(checks, inspect.isfunction)))
# They start workers and divide the processor, which can't be done once TensorFlow has started, or
# train; no exercise needs them.
NOT_HERE = ("workers.", "tf.config", "three_seeds(", "in_turn(", "better.", "model.fit(")


def exercise_cells(path):
    return [cell for cell in code_cells(path) if tagged(cell, "exercise")]


def said(capsys, check, *arguments):
    getattr(checks, check)(*arguments)
    return capsys.readouterr().out


@EACH
def test_each_of_three_exercises_has_its_check_which_gives_a_hint_when_untouched(path):
    code = "\n".join(cell.source for cell in exercise_cells(path))
    module = "helpers.checks." + re.sub(r"^\d+_", "", path.stem)
    of_module = [name for name in EXERCISES if EXERCISES[name].__module__ == module]
    assert sorted(re.findall(r"^checks\.(\w+)\(", code, re.MULTILINE)) == of_module
    hints = {cell.outputs[0]["text"] for cell in exercise_cells(path)}
    assert len(hints) == 3 and all(hint.startswith("Not answered yet. ") for hint in hints)


def needed_for(code, path):
    """Return, in their order, the cells of a notebook that give the names which code needs."""
    _unused, wanted = bound_and_needed(code)
    chosen = []
    for cell in reversed(code_cells(path)):
        bound, needed = bound_and_needed(cell.source)
        if bound & wanted and not tagged(cell, "exercise"):
            wanted |= needed
            chosen.insert(0, cell.source)
    return chosen


@EACH
def test_the_solutions_pass(path, mnist_data, capsys, monkeypatch, request, tmp_path):
    """They run after the cells that they need, without figures, in another working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(mnist, "load_data", lambda: mnist_data)
    for name, value in vars(plots).items():
        if inspect.isfunction(value):
            monkeypatch.setattr(plots, name, lambda *_args, **_settings: canvas.LessonFigure())
    request.addfinalizer(keras.config.enable_interactive_logging)  # some notebooks disable it
    prose = "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
    folded = re.findall(r"<details>.*?```python\n(.*?)```\n</details>", prose, re.DOTALL)
    exercises = [cell.source for cell in exercise_cells(path)]
    assert all("answer = ...\n" in code for code in exercises)
    pairs = zip(exercises, folded, strict=True)  # three exercises, each with its solution
    answered = [code.replace("answer = ...\n", solution) for code, solution in pairs]
    space = {"np": np}
    for code in needed_for("\n".join(answered), path):
        if not any(name in code for name in NOT_HERE):
            with suppress(NameError):  # what such a cell would have given
                run(code, space)
    for code in answered:
        capsys.readouterr()
        run(code, space)
        text = capsys.readouterr().out
        assert text.splitlines()[-1].startswith("Right. "), f"{code}\n{text}"


MATRIX = np.diag(np.full(10, 90))
MATRIX[4, 9], MATRIX[9, 4], MATRIX[3, 5] = 5, 3, 6
LABELS = np.array([0, 1, 2, 3])
PROBABILITIES = np.eye(10)[[0, 1, 2, 4]] * 0.995 + 0.0005
PROBABILITIES[0] = 0.1
RIGHT = np.arange(1000) % 50 != 1
CONFIDENCE = np.where(RIGHT, 0.99, 0.5)
RESULTS = {
    "document": {"accuracy": np.array([0.990, 0.991, 0.992])},
    "accurate": {"accuracy": np.array([0.995, 0.996, 0.997])},
    "fast": {"seconds": np.array([1.0, 2.0, 1.1]), "cold": np.array([5.0, 5.5, 5.6])},
}
STUB = SimpleNamespace(predict=lambda images, verbose: np.eye(10)[images[:, 0, 0, 0].astype(int)])
# What a notebook hands over besides the answer.
NEEDED = {
    "most_confused": [MATRIX],
    "accuracy_when_sure": [LABELS, PROBABILITIES],
    "accuracy_when_moved": [STUB, np.arange(4.0).reshape(4, 1, 1, 1), LABELS],
    "beyond_chance": [RESULTS],
    "before_and_after": [RESULTS],
    "split_without_shuffling": [RIGHT],
    "answer_with_care": [RIGHT, CONFIDENCE],
    "maps_of_their_own": [None, np.zeros((28, 28, 1)), 1, "edges"],
}


class Strange:
    """Looks like a network, and like a function, and fails in its own way."""

    def fail(self, *_args, **_settings):
        raise StopIteration

    count_params = __call__ = __array__ = fail


@pytest.mark.parametrize("check", EXERCISES)
def test_any_answer_gets_a_verdict(check, capsys):
    for answer in (None, "text", [], {}, -1, np.zeros((2, 3)), object(), 1j, np.nan, Strange()):
        text = said(capsys, check, answer, *NEEDED.get(check, []))
        assert text.startswith("Not yet. ") and text.count("\n") == 1

    @settings(max_examples=30)
    @given(any_array())
    def try_array(answer):
        assert said(capsys, check, answer, *NEEDED.get(check, [])).startswith(("Not", "Right. "))

    try_array()


def test_an_error_in_a_learners_function_is_named_as_theirs(capsys):
    def theirs(model, image, digit, layer):
        raise RuntimeError("no layer of this name.\nand more")

    text = said(capsys, "maps_of_their_own", theirs, *NEEDED["maps_of_their_own"])
    assert text.startswith("Not yet. Your function ends in RuntimeError: no layer of this name. In")


def test_an_error_of_our_own_is_not_blamed_on_the_answer():
    for check, answer, data, error in (
        ("beyond_chance", 5.0, [{"document": 3}], TypeError),
        ("most_confused", (4, 9), [None], AttributeError),
        ("accuracy_when_sure", 0.9, [LABELS[:2], PROBABILITIES], ValueError),
    ):
        with pytest.raises(error):
            getattr(checks, check)(answer, *data)
    with pytest.raises(KeyError, match="a missing key"):
        exercise(fraction, "Begin.", "Well done.")(lambda answer: {}["a missing key"])(1)


def network(filters, kernel_size=3, padding="valid"):
    x = inputs = keras.Input(shape=(28, 28, 1))
    for number, count in enumerate(filters):
        x = keras.layers.Conv2D(count, kernel_size, padding=padding)(x)
        x = keras.layers.MaxPooling2D(2)(x) if number < 2 else x
    x = keras.layers.Flatten()(x)
    return keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(x))


def network_of(parameters):
    """Return what looks like a network of so many parameters and no convolutions."""
    shapes = {"input_shape": (None, 28, 28, 1), "output_shape": (None, 10)}
    return SimpleNamespace(layers=[], count_params=lambda: parameters, **shapes)


THREE = [f"10.0.0.{number}:12345" for number in (1, 2, 3)]
CONFIG = cluster.config(THREE, 2)
BY_LESSON = [32, 64, 128]

# What a learner may answer as well, under words of what it is told.
ANSWERS = [
    ("middle_of_five", {"Right": [5, 20, 20], "How many rows": (5, 21, 21)}),
    ("middle_of_five", {"Right": np.array([5, 20, 20]), "how many images": (60000, 20, 20)}),
    ("middle_of_five", {"three axes": (20, 20)}),
    ("most_ink", {"Right": np.int64(0), "least ink": 1, "larger mean": 8}),
    ("black_and_white", {"Right": 72.52, "from before": 0.8307, "fewest differences": 0.9}),
    ("shape_of_layers", {"Right": (None, 14, 14, 16), "Three numbers": (None, 14, 14)}),
    ("shape_of_layers", {"Right": [14, 14, 16], "Pooling comes next": (28, 28, 16)}),
    ("shape_of_layers", {"last number": (14, 14, 3), "one of size 5": (15, 15, 16)}),
    (
        "left_edges",
        {"Right": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "right edges": [[1, 0, -1]] * 3},
    ),
    ("left_edges", {"Right": [[-1, 1, 0]] * 3, "upper one": [[-1] * 3, [0] * 3, [1] * 3]}),
    ("left_edges", {"Right": np.array([[-1, 0, 1]] * 3) * 0.1, "add up to 0": np.ones((3, 3))}),
    ("left_edges", {"3x3": np.ones((5, 5)), "another kind": np.ones((3, 3)) * np.nan}),
    ("halved_network", {"Right": 29_066, "[32, 64, 128]": network(BY_LESSON)}),
    ("halved_network", {"Right": network([16, 32, 64]), "kernel sizes": network([16, 32, 64], 2)}),
    ("loss_of_a_half", {"Right": 0.69, "sign": -0.693, "base 10": 0.301, "formula": 0.5}),
    ("steps_in_all", {"Right": 1173.0, "one epoch": 391, "left over": 1171.875, "round up": 7}),
    ("more_examples", {"Right": 97.1, "held out": 1.0, "2,000": 0.94}),
    ("most_confused", {"Right": (9, 4), "6 times": (3, 5), "diagonal": (3, 3), "Two": (3, 12)}),
    ("accuracy_when_sure", {"Right": 2 / 3, "mask": 0.1}),
    ("third_convolution", {"Right": 663_552.0, "At how many places": 1_843_200}),
    ("third_convolution", {"one place": 73_728, "Multiply": 73_856}),
    ("wider_network", {"104,202 parameters. There is room": network(BY_LESSON)}),
    ("wider_network", {"as it was": network_of(85_226), "more than": network_of(104_724)}),
    ("wider_network", {"Right": network_of(104_106), "room for more": network_of(103_519)}),
    ("before_and_after", {"Right": 0.8, "clock that you want": 4.4, "is training": 0.2}),
    ("before_and_after", {"Right": 80.0, "Take the training time away": 0.5}),
    ("by_luck", {"Right": 0.37, "that none does": 0.63, "Add up to more": 0.45, "nine": 0.05}),
    ("seeds_needed", {"Right": 11, "0.00051: too few": 10, "more than needed": 12}),
    ("beyond_chance", {"Right": 5.0, "ddof=1": 6.124, "That is the gain": 0.005, "divide": 2}),
    ("expected_mistakes", {"Right": np.array([20.0]), "How many are wrong": 380}),
    ("expected_mistakes", {"kind (complex)": 20 + 0j, "kind (ndarray)": np.array([20 + 1j])}),
    ("split_without_shuffling", {"Right": (1.0, 0.96), "even ones come first": (0.96, 1.0)}),
    ("answer_with_care", {"Right": 0.5, "smaller": 0.7, "Above this only": 0.3}),
    ("bytes_of_an_epoch", {"Right": 390_965_904, "both directions": 2 * 390_965_904}),
    ("bytes_of_an_epoch", {"global batch": 469 * 416_808, "float32": 938 * 104_202}),
    # Without the last, smaller batch it is right as well.
    ("bytes_of_an_epoch", {"Right": 937 * 416_808, "Two numbers": 1}),
    ("third_of_three", {"Right": CONFIG, "expected JSON": "{"}),
    (
        "third_of_three",
        {"Right": json.loads(CONFIG), "Counting starts at 0": cluster.config(THREE, 1)},
    ),
    ("third_of_three", {"counted from 0": cluster.config(THREE, 3)}),
    ("third_of_three", {"The workers are": cluster.config(THREE[:2], 1)}),
    ("second_card", {"Right": 2 * 4 / 0.01, "only half": 400, "as long as the exchange": 200}),
    ("field_of_a_fourth", {"two pools": (20, 1), "is right": (26, 3), "steps of 4": (30, 1)}),
    ("whole_view", {"Right": network(BY_LESSON, 3, "same"), "padding": network(BY_LESSON)}),
    ("maps_of_their_own", {"as large": lambda *_args: np.ones((3, 3))}),
    ("maps_of_their_own", {"finite": lambda *_args: np.full((28, 28), np.nan)}),
]


OF_THE_LESSON = ("load", "architecture", "train", "evaluate")
OF_PYTHON = re.compile("complex|ndarray")


@pytest.mark.parametrize(("check", "answers"), ANSWERS)
def test_answers_and_their_hints_which_are_messages_in_the_lesson(
    check, answers, capsys, monkeypatch
):
    for words, answer in answers.items():
        assert words in said(capsys, check, answer, *NEEDED.get(check, []))
    if EXERCISES[check].__module__.rpartition(".")[2] in OF_THE_LESSON:
        speak("xx", monkeypatch)
        for answer in (..., *answers.values()):
            text = said(capsys, check, answer, *NEEDED.get(check, []))
            assert "«" in text and without_marks(OF_PYTHON.sub("", text)) == []


def test_answers_of_which_no_threshold_makes_enough_right(capsys):
    unsure = [RIGHT, CONFIDENCE * 0 + 0.95]
    assert "no threshold" in said(capsys, "answer_with_care", 0.9, *unsure)
