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
from helpers.checks import architecture, comparisons, core, evaluate, kinds, load, train
from helpers.common.backend import keras
from helpers.common.files import ROOT
from helpers.widgets.pad import DrawingPad
from tests.cells import bound_and_needed, code_cells, has_tag, run_cell
from tests.checks import answers as answers_of_the_four
from tests.checks.answers import halved_network
from tests.marks import find_unmarked_words, speak_in_marks
from tools import english_notebooks, four_notebooks, missing_library

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


def recursive_list() -> list:
    """Return a list that is its own entries, so that it has no shape and no end."""
    (entries := []).extend([entries] * 9)
    return entries


ANYTHING += [Raising(error) for error in (SystemExit, KeyboardInterrupt, GeneratorExit)]
# These are larger than any memory, or endless.
ANYTHING += [range(10**12), count(), repeat([1, 2]), repeat(np.empty(0))]
ANYTHING += [recursive_list(), np.broadcast_to(0.5, (10**6, 10**7)), Mock(shape=(10**9,), ndim=1)]
LEAST_INK = "This digit uses the least ink. Look at the other end of your ten means."
PATHS = sorted(ROOT.glob("tests/**/answers.py"))
ROOMS = [".".join(path.relative_to(ROOT / "tests").parts[:-1]) for path in PATHS]
FOUR = four_notebooks()
OPTIONAL = [path for path in english_notebooks() if path not in FOUR]
PATHS = FOUR + [pytest.param(path, marks=pytest.mark.slow) for path in OPTIONAL]
# Cells that train, or that need a process in which TensorFlow hasn't started; no exercise does.
GAPS = re.compile(r"(^\w+ = \.\.\.\n)+", re.MULTILINE)
NOT_HERE = ("workers.", "tf.config", "five_seeds(", ".fit(")


def needed_for(code: str, cells: list) -> list[str]:
    """Return, in their order, the sources of the cells that give the names which code needs."""
    _unused, wanted = bound_and_needed(code)
    chosen = []
    for cell in reversed(cells):
        bound, needed = bound_and_needed(cell.source)
        if bound & wanted and not has_tag(cell, "exercise"):
            wanted |= needed
            chosen.insert(0, cell.source)
    return chosen


def fill_gaps(code: str, solution: str) -> str:
    """Put a solution in place of the lines of an exercise that wait for it."""
    gaps = GAPS.search(code)
    return code[: gaps.start()] + solution + code[gaps.end() :]


@pytest.mark.parametrize("room", ROOMS)
def test_answers_and_their_hints_and_any_answer_gets_a_verdict(room, monkeypatch):
    """What those of the four say is a message, but for kinds of objects, such as (int)."""
    speak_in_marks("xx", monkeypatch)
    module = f"helpers.{room}" if room == "checks" else f"helpers.{room}.checks"
    functions = inspect.getmembers(import_module(module), inspect.isfunction)
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
                assert find_unmarked_words(re.sub(r"\(»\w+«\)", "", out.getvalue())) == [], verdict


@pytest.fixture
def tell():
    """A function that returns what a check says, which has remembered no wrong answer before."""

    def tell(check, *arguments):
        with redirect_stdout(StringIO()) as out:
            check(*arguments)
        return out.getvalue().rstrip("\n")

    for check in (load.most_ink, train.loss_of_a_half, train.backward_pass, evaluate.misread):
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
    first = tell(train.loss_of_a_half, 2)
    for answer in (2, 2.0, np.float64(2), np.array([2])):
        assert tell(train.loss_of_a_half, answer) == first
    second = tell(train.loss_of_a_half, 1)
    assert second.endswith(train.loss_of_a_half.hints[1])
    assert tell(train.loss_of_a_half, 2).endswith(train.loss_of_a_half.hints[1])  # the count stays


def test_gaps_in_an_answer_of_several_lines_count_as_no_wrong_answer(tell):
    needed = answers_of_the_four.NEEDED["backward_pass"]
    steps = answers_of_the_four.STEPS
    for written in range(6):
        lines = (*steps[:written], *(...,) * (6 - written))
        assert tell(train.backward_pass, lines, *needed).startswith("Not answered yet. ")
    wrong = tell(train.backward_pass, (2 * steps[0], *steps[1:]), *needed)
    assert wrong == "Not yet. d_logits has the right shape, but its numbers are wrong."


def test_a_slip_in_each_line_of_an_answer_is_no_reason_to_name_the_solution(tell):
    needed = answers_of_the_four.NEEDED["backward_pass"]
    steps = answers_of_the_four.STEPS
    for written in range(6):
        slip = (*steps[:written], -steps[written], *(...,) * (5 - written))
        verdict = tell(train.backward_pass, slip, *needed)
        assert verdict.endswith("has the opposite sign. The error is p - y, not y - p."), verdict
    again = [(2 * steps[0], *steps[1:]), (5 * steps[0], *steps[1:])]
    second, third = (tell(train.backward_pass, lines, *needed) for lines in again)
    assert second.endswith(train.backward_pass.hints[1])
    assert third.endswith("ask your teacher.") and UNDER_SOLUTIONS in third


def test_a_network_that_is_built_again_counts_once_and_a_large_array_is_not_kept(tell):
    check = core.exercise(lambda answer: answer, hint="First.", praise="Praise.")(lambda answer: "")
    for _run in range(3):
        assert tell(check, object()) == "Not yet. First."
    assert tell(check, np.zeros(10**6)) == "Not yet. First."  # of the second step: it has no other
    assert tell(check, np.ones(10**6)).startswith(f"Not yet. {UNDER_SOLUTIONS}")
    assert len(repr(check.wrong_answers)) < 300


def test_an_answer_is_compared_with_ranges_that_a_tolerance_widens(tell):
    check = comparisons.comparison(
        kinds.number,
        right=[(2, 3), 7],
        near_misses={(None, 1): "Low.", (8, None): "High."},
        tolerance=0.125,
        hint="Hint.",
        praise="Yes.",
    )
    for verdict, answers in {
        "Right. Yes.": (1.875, 2.5, 3.125, 7, 6.875),
        "Not yet. Low.": (1.125, -1000),
        "Not yet. High.": (7.875, 1e9),
        "Not yet. Hint.": (1.5, 3.25, 6.75),  # what nothing is known about
    }.items():
        for answer in answers:
            check.wrong_answers.clear()
            assert tell(check, answer) == verdict, answer


def test_a_shape_is_compared_with_patterns_for_any_number_and_any_further_ones(tell):
    near = {(2, None, 4): "Two.", (5, ...): "Five."}
    texts = {"hint": "Hint.", "praise": "Yes."}
    check = comparisons.comparison(kinds.integers, right=(2, 3, 4), near_misses=near, **texts)
    for verdict, answers in {
        "Right. Yes.": [(2, 3, 4), (None, 2, 3, 4)],
        "Not yet. Two.": [(2, 9, 4)],
        "Not yet. Five.": [(5,), (5, 1, 1, 1)],
        "Not yet. Hint.": [(2, 3), (2, 3, 4, 5), (2, 3, 5), (6, 5)],
    }.items():
        for answer in answers:
            check.wrong_answers.clear()
            assert tell(check, answer) == verdict, answer


def test_an_answer_that_a_reader_without_words_refuses_gets_the_hint_alone(tell):
    check = core.exercise(int, hint="First.", praise="Praise.")(lambda answer: "")
    assert tell(check, "five") == "Not yet. First."


def test_a_picture_without_ink_on_the_pad_gets_a_hint(capsys):
    evaluate.misread.wrong_answers.clear()
    evaluate.misread(5, Mock(drawing_or_recorded=Mock(side_effect=ValueError("no ink"))), None)
    assert capsys.readouterr().out.startswith("Not yet. no ink")


def test_strokes_outside_of_the_pad_get_a_hint(shipped_model, capsys):
    evaluate.misread.wrong_answers.clear()
    pad = DrawingPad(shipped_model)
    pad.strokes = [[[500, 500], [510, 510]]]
    evaluate.misread(5, pad, shipped_model)
    assert capsys.readouterr().out.startswith("Not yet. drawing: it is blank. Draw a digit first")


def test_a_blank_pad_gets_a_hint_though_a_recorded_5_would_be_misread(shipped_model, capsys):
    evaluate.misread(3, DrawingPad(shipped_model), shipped_model)
    assert capsys.readouterr().out.startswith("Not yet. The pad is blank.")


def test_the_digit_that_is_named_most_often_is_counted_over_the_first_1000_images(capsys):
    (network := halved_network()).build((None, 28, 28, 1))
    for layer in network.layers:
        layer.set_weights([0.01 * (array.ndim > 1) + 0 * array for array in layer.get_weights()])
    kernel, bias = (np.zeros_like(array) for array in network.layers[-1].get_weights())
    kernel[:, 3], bias[8] = 1, 2  # without ink the answer is 8, with ink it is 3
    network.layers[-1].set_weights([kernel, bias])
    images = np.zeros((3000, 28, 28), np.uint8)
    images[400:1000] = 255
    another = "Not yet. The network is right. For the 1,000 images, it answers another digit"
    for digit, verdict in ((3, "Right."), (8, another)):
        architecture.halved_network((network, digit), images)
        assert capsys.readouterr().out.startswith(verdict)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_solutions_pass_and_an_untouched_exercise_gives_a_hint(path, mnist_data, monkeypatch):
    """The solutions run after the cells that they need."""
    if library := missing_library(path):
        pytest.skip(f"{library} is not installed")
    monkeypatch.setattr(mnist, "load_data", lambda: mnist_data)
    cells = code_cells(path)
    exercises = [cell for cell in cells if has_tag(cell, "exercise")]
    assert all(cell.outputs[0].text.startswith("Not answered yet. ") for cell in exercises)
    parts = nbformat.read(path, 4).cells
    told = (cell for cell in parts if cell.cell_type == "markdown" or has_tag(cell, "exercise"))
    prose = "\n".join(cell.source for cell in told)
    tasks = re.findall(r"^### (Exercise \d+:.*?)^\w+ = \.\.\.", prose, re.DOTALL | re.MULTILINE)
    before, _heading, after = prose.partition("\n## Solutions\n")
    assert "<summary>Solution</summary>" not in before, "a solution stands beside its exercise"
    parts = after.split("### Solution of exercise ")[1:]
    assert [int(part.partition("\n")[0]) for part in parts] == [*range(1, len(exercises) + 1)]
    for task, part in zip(tasks, parts, strict=True):
        asked, solved = (set(re.findall(r"\d\d+", re.sub("[,_]", "", t))) for t in (task, part))
        lacking = asked - solved if path in FOUR else None
        assert not lacking, (
            f"the solution of {task[:10]} lacks {lacking}: see docs/maintain/exercises.md"
        )
    solutions = [
        re.search(r"<details>.*```python\n(.*?)```\n</details>", p, re.S)[1] for p in parts
    ]
    pairs = zip((cell.source for cell in exercises), solutions, strict=True)
    answered = [fill_gaps(code, solution) for code, solution in pairs]
    space = {"np": np}
    for code in needed_for("\n".join(answered), cells):
        if not any(name in code for name in NOT_HERE):
            with suppress(NameError):  # what such a cell would have given
                run_cell(code, space)
    for code in answered:
        with redirect_stdout(StringIO()) as out:
            run_cell(code, space)
        assert out.getvalue().splitlines()[-1].startswith("Right. "), f"{code}\n{out.getvalue()}"
    keras.config.enable_interactive_logging()  # which some notebooks disable
