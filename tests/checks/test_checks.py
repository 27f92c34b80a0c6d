"""The exercises: every solution passes its check, an untouched cell gives a hint, and so on."""

import inspect
import json
import re

import nbformat
import numpy as np
import pytest

from helpers import checks
from helpers.backend import keras
from helpers.files import ROOT
from helpers.scaling_out import cluster

NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
EXERCISES = sorted(name for name, value in vars(checks).items() if inspect.isfunction(value))
CALL = re.compile(r"^checks\.(\w+)\(", re.MULTILINE)


# faster_and_better trains there, and scaling_out starts workers and divides the processor, which
# can't be done once TensorFlow has started.
SLOW_OR_FIRST = ("judge(", "better.", "workers.", "tf.config")


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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_solutions_pass(path, capsys, monkeypatch, request, tmp_path):
    """They run after the notebook's cells, up to a long training, in another working directory."""
    monkeypatch.chdir(tmp_path)
    request.addfinalizer(keras.config.enable_interactive_logging)  # some notebooks disable it
    names = {"display": lambda *shown: None, "np": np}
    skipped = False
    for cell in cells(path):
        if cell.cell_type != "code" or "exercise" in cell.metadata.get("tags", []):
            continue
        if "epochs=5" in cell.source:
            break
        if any(name in cell.source for name in SLOW_OR_FIRST):
            skipped = True
            continue
        try:
            exec(cell.source, names)
        except NameError:  # it needs what a skipped cell would have given
            assert skipped
    capsys.readouterr()
    folded = solutions(path)
    assert len(folded) == 3
    for cell, solution in zip(exercise_cells(path), folded, strict=True):
        assert "answer = ...\n" in cell.source
        exec("import numpy as np\n" + cell.source.replace("answer = ...\n", solution), names)
        text = capsys.readouterr().out
        assert text.splitlines()[-1].startswith("Right. "), f"{solution}\n{text}"


@pytest.mark.parametrize("check", EXERCISES)
@pytest.mark.parametrize("answer", [None, "text", [], {}, -1, np.zeros((2, 3)), object()])
def test_no_answer_makes_a_check_fail(check, answer, capsys):
    needed = len(inspect.signature(getattr(checks, check)).parameters) - 1
    text = said(capsys, check, answer, *[np.zeros((10, 10))] * needed)
    assert text.startswith("Not yet. ") and text.count("\n") == 1


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
