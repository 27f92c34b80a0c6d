"""The lesson about letters: its text, its step, what it writes, and what its prose claims."""

import numpy as np
import pytest

from helpers.extras.next_letter import plots, texts
from tests.cells import code_cells, run_cell
from tests.figures import assert_same, check_visible, drawn_arrays, titles

LESSON = "extras/next_letter"
IN_ORDER = "text = texts.", "def examples(", "def step(", "def train(", "known, held_out ="


def cell_with(name, text):
    (source,) = (cell.source for cell in code_cells(name) if text in cell.source)
    return source


@pytest.fixture(scope="module")
def space():
    """The names that the cells before the first training have bound."""
    names = {}
    for text in IN_ORDER:
        run_cell(cell_with(LESSON, text), names)
    return names


def test_the_step_is_the_one_of_notebook_3():
    assert cell_with(LESSON, "def step(") == cell_with("03_train", "def step(")


def test_letters_lose_accents_and_all_else_becomes_one_space():
    assert texts.plain_letters("  “Éß, 7 naïve-Ökos”\n") == "ess naive okos"
    for text in ("", "数字", "7 8"):
        with pytest.raises(ValueError, match=r"text: got .*, expected a text with letters"):
            texts.plain_letters(text)


def test_both_texts_are_long_enough_to_learn_from():
    prose, german = (texts.plain_letters(t) for t in (texts.read_prose(), texts.read_german()))
    assert len(set(prose)) == 27 and len(prose) > 55_000
    assert len(german) > 2_500 and " das netz " in german and " the " not in german


def test_a_row_holds_the_characters_before_its_answer(space):
    rows, answers = space["examples"]("abcd", 3)
    assert_same([rows.reshape(3, 27), answers], [np.eye(27)[:3], np.eye(27)[3:4]])


def test_the_next_character_is_drawn_by_the_probabilities_of_those_seen_last(space, capsys):
    following = np.roll(np.eye(27), 1, axis=1)  # after a comes b, and after a space comes a
    names = space | {"untrained": lambda rows: rows, "one_letter": lambda rows: rows @ following}
    run_cell(cell_with(LESSON, "def write("), names)
    assert capsys.readouterr().out.splitlines()[1].startswith("trained:   abcdefghi")
    counted = np.concatenate([np.zeros((27, 27)), following])  # of two, the second one decides
    assert names["write"](lambda rows: rows @ counted, seen=2, length=5) == "abcde"


def test_the_tables_of_pairs_stand_side_by_side_and_one_pair_is_framed():
    tables = dict(
        zip(["counted", "learned"], np.random.default_rng(0).random((2, 3, 3)), strict=True)
    )
    figure = plots.pair_tables(tables, "ab ", "b ")
    assert_same(drawn_arrays(figure)[:2], tables.values())
    assert titles(figure) == ["counted", "learned"]
    for axes in figure.axes[:2]:
        (frame,) = axes.patches
        assert frame.get_xy() == (1.5, 0.5)
        assert [label.get_text() for label in axes.get_xticklabels()] == ["a", "b", "_"]
    check_visible(figure)
