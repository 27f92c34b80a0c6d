"""What a class knows by the quiz: the letters that were given, shares right, and gains."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import ttest_rel

from teach.quiz_questions import (
    DONT_KNOW,
    Question,
    misconception_of,
    read_misconceptions,
    read_questions,
)
from teach.quiz_sheets import Reading, Sheet, read_sheets


class QuestionLetters(NamedTuple):
    """A question, and how many sheets have each letter for it; "" is no answer."""

    question: Question
    letters: Counter


@dataclass
class Gain:
    """Each learner's shares right in two forms, and the interval of the mean gain.

    `shares` is an array (learners, 2) of percentages. For each learner, those questions count that
    are answered in both forms. `strict` is the same array if a question without an answer counts
    as wrong. `unanswered` has the percentages of questions without an answer, and `dont_know` has
    those with the answer "I don't know", which isn't right. `interval` is the 95% interval of the
    mean gain. It is None for fewer than three learners, or if all have gained the same.
    `without_gain` has the names of the learners for whom no question counts.
    """

    forms: str
    shares: np.ndarray
    strict: np.ndarray
    unanswered: np.ndarray
    dont_know: np.ndarray
    interval: tuple[float, float] | None
    without_gain: list[str]


class QuizReport(NamedTuple):
    """What the report says about the quiz.

    `gains` has the gain from form A to form B, and from B to C. `shares_elsewhere` is like the
    first one's `shares`, for the questions that stand in no notebook. `misconceptions` is the
    result of `count_misconceptions`.
    """

    reading: Reading
    questions: list[QuestionLetters]
    gains: list[Gain]
    shares_elsewhere: np.ndarray
    misconceptions: dict[str, dict]


def build_quiz_report(folder: Path, paths: list[Path]) -> QuizReport:
    """Return what the tables at `paths` in a folder say."""
    questions = read_questions()
    reading = read_sheets(folder, questions, paths)
    in_no_notebook = [question for question in questions if not question.in_notebook]
    return QuizReport(
        reading=reading,
        questions=count_letters(reading.sheets, questions),
        gains=[learning_gain(reading, questions, forms) for forms in ("AB", "BC")],
        shares_elsewhere=learning_gain(reading, in_no_notebook, "AB").shares,
        misconceptions=count_misconceptions(reading.sheets, questions),
    )


def count_letters(sheets: list[Sheet], questions: list[Question]) -> list[QuestionLetters]:
    """Return how many sheets have each letter for each question that was asked."""
    counted = []
    for question in questions:
        letters = Counter(
            sheet.letters[question.name]
            for sheet in sheets
            if sheet.form == question.form and question.name in sheet.letters
        )
        if letters:
            counted.append(QuestionLetters(question, letters))
    return counted


def count_misconceptions(sheets: list[Sheet], questions: list[Question]) -> dict[str, dict]:
    """Return, for each misconception and each form, how many answers show it, and of how many.

    The second number counts the answers to those questions of the form in which an answer shows
    the misconception. A question without an answer doesn't count.
    """
    counts = {name: {} for name in read_misconceptions()}
    for question in questions:
        letters = [
            sheet.letters[question.name]
            for sheet in sheets
            if sheet.form == question.form and sheet.letters.get(question.name)
        ]
        for letter, shown in question.shows.items():
            name = misconception_of(shown)
            if name in counts and letters:
                chosen, given = counts[name].get(question.form, (0, 0))
                chosen += letters.count(letter)
                counts[name][question.form] = (chosen, given + len(letters))
    return {name: by_form for name, by_form in counts.items() if by_form}


def learning_gain(reading: Reading, questions: list[Question], forms: str) -> Gain:
    """Return the gain of a class from one form to another, such as "AB", in some questions."""
    right = {(question.form, question.name): question.right for question in questions}
    sheets_by_learner = defaultdict(list)
    for sheet in reading.sheets:
        if sheet.learner not in reading.ambiguous:
            sheets_by_learner[sheet.learner].append(sheet)
    results = []
    names_without_gain = []
    for sheets in sheets_by_learner.values():
        answers = {
            (sheet.form, name): letter for sheet in sheets for name, letter in sheet.letters.items()
        }
        is_right, is_blank, is_unknown = _compare_forms(answers, right, forms)
        is_complete = ~is_blank.any(axis=-1)
        if is_complete.any():
            shares = is_right[is_complete].mean(axis=0)
            parts = (is_right, is_blank, is_unknown)
            results.append([shares, *(part.mean(axis=0) for part in parts)])
        elif any(sheet.form in forms for sheet in sheets):
            names_without_gain.append(sheets[0].name)
    shares, strict, unanswered, dont_know = 100 * np.reshape(results, (-1, 4, 2)).swapaxes(0, 1)
    gains = shares[:, 1] - shares[:, 0]
    interval = None
    if len(gains) > 2 and not np.allclose(gains, gains[0]):
        interval = ttest_rel(shares[:, 1], shares[:, 0]).confidence_interval()
    return Gain(
        forms=forms,
        shares=shares,
        strict=strict,
        unanswered=unanswered,
        dont_know=dont_know,
        interval=interval,
        without_gain=sorted(names_without_gain, key=str.casefold),
    )


def _compare_forms(
    answers: dict[tuple[str, str], str], right: dict[tuple[str, str], str], forms: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which of a learner's answers are right, which are blank, and which "I don't know".

    They are of shape (questions, 2), for the questions that the learner was asked in both forms.
    `answers` and `right` have a letter for each form and question.
    """
    first, second = forms
    names = [
        name
        for form, name in answers
        if form == second and (first, name) in answers and (form, name) in right
    ]
    pairs = [[answers[form, name] for form in forms] for name in names]
    right_pairs = [[right[form, name] for form in forms] for name in names]
    letters = np.array(pairs, dtype=str).reshape(-1, 2)  # also where there is no question
    right_letters = np.array(right_pairs, dtype=str).reshape(-1, 2)
    return letters == right_letters, letters == "", letters == DONT_KNOW
