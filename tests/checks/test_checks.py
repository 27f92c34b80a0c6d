"""The exercises: every solution passes its check, an untouched cell gives a hint, and so on."""

import inspect
import json
import re
import symtable
from contextlib import suppress
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings

from helpers import checks, mnist, plots
from helpers.backend import keras
from helpers.checks.core import exercise, share
from helpers.files import ROOT
from helpers.plots import canvas
from helpers.scaling_out import cluster
from tests.anything import any_array

NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
EXERCISES = sorted(name for name, value in vars(checks).items() if inspect.isfunction(value))
CALL = re.compile(r"^checks\.(\w+)\(", re.MULTILINE)


# They start workers and divide the processor, which can't be done once TensorFlow has started, or
# train; no exercise needs them.
NOT_HERE = ("workers.", "tf.config", "judge(")


def cells(path):
    return nbformat.read(path, as_version=4).cells


def exercise_cells(path):
    return [cell for cell in cells(path) if "exercise" in cell.metadata.get("tags", [])]


def solutions(path):
    """Return the code that is folded away in a notebook, in its order."""
    folded = re.compile(r"<details>.*?```python\n(.*?)```\n</details>", re.DOTALL)
    prose = "\n".join(cell.source for cell in cells(path) if cell.cell_type == "markdown")
    return folded.findall(prose)


def said(capsys, check, *arguments):
    getattr(checks, check)(*arguments)
    return capsys.readouterr().out


def test_every_check_belongs_to_one_exercise():
    used = [CALL.search(cell.source)[1] for path in NOTEBOOKS for cell in exercise_cells(path)]
    assert sorted(used) == EXERCISES
    assert len(used) == 3 * len(NOTEBOOKS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_an_untouched_exercise_gives_a_hint(path):
    outputs = [cell.outputs[0]["text"] for cell in exercise_cells(path)]
    assert all(text.startswith("Not answered yet. ") for text in outputs)
    assert len(set(outputs)) == 3


def names(code):
    """Return the names that a cell gives to something, and those that it uses."""
    scopes = [symtable.symtable(code, "cell", "exec")]
    given_to = {name.get_name() for name in scopes[0].get_symbols() if name.is_local()}
    used = set()
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        top = scope.get_type() == "module"
        used |= {name.get_name() for name in scope.get_symbols() if top or name.is_global()}
    return given_to, used


def needed_for(code, path):
    """Return, in their order, the cells of a notebook that give the names which code uses."""
    given_to, used = names(code)
    wanted, chosen = used - given_to, []
    for cell in reversed(cells(path)):
        if cell.cell_type == "code" and "exercise" not in cell.metadata.get("tags", []):
            given_to, used = names(cell.source)
            if given_to & wanted:
                wanted |= used
                chosen.insert(0, cell.source)
    return chosen


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_solutions_pass(path, mnist_data, capsys, monkeypatch, request, tmp_path):
    """They run after the cells that they need, without figures, in another working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(mnist, "load_data", lambda: mnist_data)
    for name, value in vars(plots).items():
        if inspect.isfunction(value):
            monkeypatch.setattr(plots, name, lambda *_, **__: canvas.blank(1, "not drawn"))
    request.addfinalizer(keras.config.enable_interactive_logging)  # some notebooks disable it
    folded, exercises = solutions(path), exercise_cells(path)
    assert len(folded) == 3
    assert all("answer = ...\n" in cell.source for cell in exercises)
    answered = [
        "import numpy as np\n" + cell.source.replace("answer = ...\n", solution)
        for cell, solution in zip(exercises, folded, strict=True)
    ]
    space = {"display": lambda *shown: None}
    for code in needed_for("\n".join(answered), path):
        if not any(name in code for name in NOT_HERE):
            with suppress(NameError):  # what such a cell would have given
                exec(code, space)
    for code in answered:
        capsys.readouterr()
        exec(code, space)
        text = capsys.readouterr().out
        assert text.splitlines()[-1].startswith("Right. "), f"{code}\n{text}"


MATRIX = np.diag(np.full(10, 90))
MATRIX[4, 9], MATRIX[9, 4], MATRIX[3, 5] = 5, 3, 6
LABELS = np.array([0, 1, 2, 3])
PROBABILITIES = np.eye(10)[[0, 1, 2, 4]] * 0.95 + 0.005
PROBABILITIES[0] = 0.1
RIGHT = np.arange(1000) % 50 != 1
CONFIDENCE = np.where(RIGHT, 0.99, 0.5)
RESULTS = {
    "document": {"accuracy": np.array([0.990, 0.991, 0.992])},
    "accurate": {"accuracy": np.array([0.995, 0.996, 0.997])},
}
MEMORY = {"server_mb": 99, "notebooks": {"01_a": {"peak_mb": 500}, "02_b": {"peak_mb": 900}}}
# What a notebook hands over besides the answer.
STUB = SimpleNamespace(predict=lambda images, verbose: np.eye(10)[images[:, 0, 0, 0].astype(int)])
NEEDED = {
    "most_confused": [MATRIX],
    "accuracy_when_sure": [LABELS, PROBABILITIES],
    "accuracy_when_moved": [STUB, np.arange(4.0).reshape(4, 1, 1, 1), LABELS],
    "beyond_chance": [RESULTS],
    "split_without_shuffling": [RIGHT],
    "answer_with_care": [RIGHT, CONFIDENCE],
    "learners": [MEMORY],
    "maps_of_their_own": [None, np.zeros((28, 28, 1)), 1, "copy"],
}


class Strange:
    """Looks like a network, and like a function, and fails in its own way."""

    def count_params(self):
        raise ZeroDivisionError("inside of count_params")

    def __call__(self, *_):
        raise StopIteration

    def __array__(self, *_, **__):
        raise OSError("inside of __array__")


@pytest.mark.parametrize("check", EXERCISES)
def test_every_answer_gets_a_verdict(check, capsys):
    for answer in (None, "text", [], {}, -1, np.zeros((2, 3)), object(), 1j, np.nan, Strange()):
        text = said(capsys, check, answer, *NEEDED.get(check, []))
        assert text.startswith("Not yet. ") and text.count("\n") == 1


@pytest.mark.parametrize("check", EXERCISES)
def test_any_array_as_an_answer_gets_a_verdict(check, capsys):
    @settings(max_examples=30)
    @given(any_array())
    def try_it(answer):
        assert said(capsys, check, answer, *NEEDED.get(check, [])).startswith(("Not", "Right. "))

    try_it()


def test_a_complex_number_is_none_and_a_kernel_of_nan_answers_to_nothing(capsys, recwarn):
    for answer in (20 + 0j, np.array([20 + 1j])):
        assert "another kind" in said(capsys, "expected_mistakes", answer)
    for weight in (1j, np.nan):
        kernel = np.array([[-1, 0, 1]] * 3) * weight
        assert "another kind" in said(capsys, "left_edges", kernel)
    assert not recwarn.list


def test_an_error_in_a_learners_function_is_named_as_theirs(capsys):
    def theirs(model, image, digit, layer):
        raise RuntimeError("no layer of this name.\nand more")

    text = said(capsys, "maps_of_their_own", theirs, *NEEDED["maps_of_their_own"])
    assert text.startswith("Not yet. Your function ends in RuntimeError: no layer of this name. In")
    small = lambda *_: np.ones((3, 3))  # noqa: E731
    for function, hint in ((small, "as large"), (lambda *_: np.full((28, 28), np.nan), "finite")):
        assert hint in said(capsys, "maps_of_their_own", function, *NEEDED["maps_of_their_own"])


@pytest.mark.parametrize(
    ("check", "answer", "needed", "error"),
    [
        ("beyond_chance", 5.0, [{"document": 3}], TypeError),
        ("learners", 28, [{"server_mb": 99}], KeyError),
        ("most_confused", (4, 9), [None], AttributeError),
        ("accuracy_when_sure", 0.9, [LABELS[:2], PROBABILITIES], ValueError),
    ],
)
def test_an_error_in_our_data_is_not_blamed_on_the_answer(check, answer, needed, error):
    with pytest.raises(error):
        getattr(checks, check)(answer, *needed)


def test_a_bug_in_a_check_shows_as_itself():
    check = exercise(share, "Begin.", "Well done.")(lambda answer: {}["a missing key"])
    with pytest.raises(KeyError, match="a missing key"):
        check(1)


THREE = [f"10.0.0.{number}:12345" for number in (1, 2, 3)]

# What a learner may answer as well, and what each of these is told.
ANSWERS = [
    ("middle_of_five", [5, 20, 20], "Right"),
    ("middle_of_five", np.array([5, 20, 20]), "Right"),
    ("middle_of_five", (5, 21, 21), "How many rows"),
    ("middle_of_five", (60000, 20, 20), "how many images"),
    ("middle_of_five", (20, 20), "three axes"),
    ("bytes_of_an_epoch", 390_965_904, "Right"),
    ("bytes_of_an_epoch", 937 * 416_808, "Right"),  # without the last, smaller batch
    ("bytes_of_an_epoch", 2 * 390_965_904, "both directions"),
    ("bytes_of_an_epoch", 469 * 416_808, "global batch"),
    ("bytes_of_an_epoch", 938 * 104_202, "float32"),
    ("bytes_of_an_epoch", 1, "Multiply"),
    ("third_of_three", cluster.config(THREE, 2), "Right"),
    ("third_of_three", json.loads(cluster.config(THREE, 2)), "Right"),
    ("third_of_three", cluster.config(THREE, 1), "Counting starts at 0"),
    ("third_of_three", cluster.config(THREE, 3), "with the indices 0 to 2"),
    ("third_of_three", cluster.config(THREE[:2], 1), "The workers are"),
    ("third_of_three", "{", "not JSON"),
    ("most_ink", np.int64(0), "Right"),
    ("most_ink", 0.0, "Right"),
    ("most_ink", 1, "least ink"),
    ("most_ink", 8, "larger mean"),
    ("black_and_white", 72.52, "Right"),
    ("black_and_white", 0.725, "Right"),
    ("black_and_white", 0.8307, "from before"),
    ("black_and_white", 0.9, "fewest differences"),
    ("shape_of_layers", [14, 14, 16], "Right"),
    ("shape_of_layers", (28, 28, 16), "Pooling comes next"),
    ("shape_of_layers", (14, 14, 3), "last number"),
    ("shape_of_layers", (15, 15, 16), "one of size 5"),
    ("left_edges", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "Right"),
    ("left_edges", np.array([[-1, 0, 1]] * 3) * 0.1, "Right"),
    ("left_edges", [[-1, 1, 0]] * 3, "Right"),
    ("left_edges", [[1, 0, -1]] * 3, "right edges"),
    ("left_edges", [[-1, -1, -1], [0, 0, 0], [1, 1, 1]], "upper one"),
    ("left_edges", np.ones((3, 3)), "add up to 0"),
    ("left_edges", np.ones((5, 5)), "3x3"),
    ("halved_network", 29_066, "Right"),
    ("loss_of_a_half", 0.69, "Right"),
    ("loss_of_a_half", -0.693, "sign"),
    ("loss_of_a_half", 0.301, "base 10"),
    ("loss_of_a_half", 0.5, "formula"),
    ("steps_in_all", 1173.0, "Right"),
    ("steps_in_all", 391, "one epoch"),
    ("steps_in_all", 1171.875, "left over"),
    ("steps_in_all", 7, "round up"),
    ("more_examples", 97.1, "Right"),
    ("more_examples", 1.0, "held out"),
    ("more_examples", 0.94, "2,000"),
    ("expected_mistakes", np.array([20.0]), "Right"),
    ("expected_mistakes", 380, "How many are wrong"),
    ("third_convolution", 663_552.0, "Right"),
    ("third_convolution", 1_843_200, "At how many places"),
    ("third_convolution", 73_728, "one place"),
    ("third_convolution", 73_856, "Multiply"),
    ("field_of_a_fourth", (20, 1), "two pools"),
    ("field_of_a_fourth", (26, 3), "field is right"),
    ("field_of_a_fourth", (30, 1), "steps of 4"),
]


@pytest.mark.parametrize(("check", "answer", "expected"), ANSWERS)
def test_answers_and_their_hints(check, answer, expected, capsys):
    assert expected in said(capsys, check, answer)


@pytest.mark.parametrize(
    ("check", "answer", "needed", "expected"),
    [
        ("most_confused", (9, 4), [MATRIX], "Right"),
        ("most_confused", (np.int64(4), np.int64(9)), [MATRIX], "Right"),
        ("most_confused", (3, 5), [MATRIX], "6 times"),
        ("most_confused", (3, 3), [MATRIX], "diagonal"),
        ("most_confused", (3, 12), [MATRIX], "Two digits"),
        ("accuracy_when_sure", 2 / 3, [LABELS, PROBABILITIES], "Right"),
        ("accuracy_when_sure", 66.667, [LABELS, PROBABILITIES], "Right"),
        ("accuracy_when_sure", 0.1, [LABELS, PROBABILITIES], "mask"),
        ("beyond_chance", 5.0, [RESULTS], "Right"),
        ("beyond_chance", 6.124, [RESULTS], "ddof=1"),
        ("beyond_chance", 0.005, [RESULTS], "That is the gain"),
        ("beyond_chance", 2, [RESULTS], "divide"),
        ("split_without_shuffling", (1.0, 0.96), [RIGHT], "Right"),
        ("split_without_shuffling", (0.96, 1.0), [RIGHT], "even ones come first"),
        ("answer_with_care", 0.5, [RIGHT, CONFIDENCE], "Right"),
        ("answer_with_care", 50, [RIGHT, CONFIDENCE], "Right"),
        ("learners", 28, [MEMORY], "Right"),
        ("learners", 32, [MEMORY], "keep 4 GB"),
        ("learners", 31, [MEMORY], "Nearly"),
        ("learners", 28_000 / 999, [MEMORY], "round down"),
        ("learners", 2, [MEMORY], "Divide"),
        ("answer_with_care", 0.9, [RIGHT, CONFIDENCE * 0 + 0.95], "no threshold"),
        ("answer_with_care", 0.7, [RIGHT, CONFIDENCE], "smaller"),
        ("answer_with_care", 0.3, [RIGHT, CONFIDENCE], "Above this only"),
    ],
)
def test_answers_that_depend_on_the_model(check, answer, needed, expected, capsys):
    assert expected in said(capsys, check, answer, *needed)


def test_a_network_that_differs_is_told_where(capsys):
    def network(filters, kernel_size=3, padding="valid"):
        x = inputs = keras.Input(shape=(28, 28, 1))
        for number, count in enumerate(filters):
            x = keras.layers.Conv2D(count, kernel_size, padding=padding)(x)
            x = keras.layers.MaxPooling2D(2)(x) if number < 2 else x
        x = keras.layers.Flatten()(x)
        return keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(x))

    assert said(capsys, "halved_network", network([16, 32, 64])).startswith("Right")
    assert "[32, 64, 128]" in said(capsys, "halved_network", network([32, 64, 128]))
    assert "kernel sizes" in said(capsys, "halved_network", network([16, 32, 64], 2))
    assert "96 units" in said(capsys, "wider_network", network([32, 64, 128]))
    assert "padding" in said(capsys, "whole_view", network([32, 64, 128]))
    assert said(capsys, "whole_view", network([32, 64, 128], 3, "same")).startswith("Right")
