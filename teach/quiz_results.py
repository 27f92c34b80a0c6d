"""What a class has answered in the quiz: sheets read from tables, shares right, and gains."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import ttest_rel

from helpers.common.files import describe_cause
from helpers.common.language import _
from teach.names import name_key, normalize_text, replace_unprintable
from teach.quiz import DONT_KNOW, Question, misconception_of, read_misconceptions, read_questions
from teach.tables import read_table

SUFFIXES = (".csv", ".tsv", ".txt")
COLUMNS = ("name", "form")  # which each table of the quiz has
FORM = re.compile(r"(?:[a-z]{2,}[^a-z]+|form|[^a-z]*)([abc])[^a-z]*")  # "a", "form a", "(a)"
LETTER = re.compile(r"[^a-z0-9]*([abcde])[^a-z0-9]*")  # "c", "c)", "(c)"
# A browser adds this to the name of a second download.
BROWSER_COUNTER = re.compile(r" ?\(\d+\)$")


class Sheet(NamedTuple):
    """One learner's answers to one form about one lesson.

    `letters` has one of "abcde", or "", for each question's name. `place` says where it stands.
    """

    learner: str
    form: str
    title: str
    letters: dict[str, str]
    path: Path
    place: str


@dataclass
class Reading:
    """The sheets in a folder, and the files and rows that were not read.

    `spellings` has, for each learner, the names as they are written. `ambiguous` has the learners
    of two sheets of one kind. `files` are the tables that were read, and `rows` is how many rows
    they have. `remarks` are sentences that a teacher should know of. `files_not_read` and
    `rows_not_read` are pairs of a place and a reason.
    """

    sheets: list[Sheet] = field(default_factory=list)
    spellings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ambiguous: set[str] = field(default_factory=set)
    files: list[Path] = field(default_factory=list)
    rows: int = 0
    remarks: list[str] = field(default_factory=list)
    files_not_read: list[tuple[Path, str]] = field(default_factory=list)
    rows_not_read: list[tuple[str, str]] = field(default_factory=list)

    def name(self, learner: str) -> str:
        """Return a learner's name as it was written first."""
        return self.spellings[learner][0]


def read_sheets(folder: Path, questions: list[Question], paths: list[Path]) -> Reading:
    """Return the sheets that the tables at `paths` in a folder hold."""
    reading = Reading()
    # A browser gives the first of two downloads the shorter name.
    for path in sorted(paths, key=lambda path: (len(path.name), path)):
        try:
            table = read_table(path, *COLUMNS)
        except (OSError, ValueError) as error:
            problem = _("no table of the quiz: {reason}", reason=describe_cause(error))
            reading.files_not_read.append((path, problem))
            continue
        reading.files.append(path)
        file = replace_unprintable(path.relative_to(folder).as_posix())
        _read_rows(reading, table, path, file, questions)
    _resolve_names(reading)
    return reading


def is_quiz_table(path: Path) -> bool:
    """Is there a table of the quiz at a path?"""
    try:
        return bool(read_table(path, *COLUMNS))
    except (OSError, ValueError):
        return False


def _read_rows(
    reading: Reading, table: list[list[str]], path: Path, file: str, questions: list[Question]
) -> None:
    """Add the sheets of one table."""
    head = next(number for number, row in enumerate(table) if row)
    columns = [normalize_text(cell) for cell in table[head]]
    names = {normalize_text(question.name): question.name for question in questions}
    unknown = [name for name in columns if name not in {"", *COLUMNS, *names}]
    if unknown:
        listed = ", ".join(unknown)
        reading.remarks.append(
            _(
                "{file}: the quiz has no question for the columns {columns}",
                file=file,
                columns=listed,
            )
        )
    for number, row in enumerate(table[head + 1 :], start=head + 2):
        cells = dict(zip(columns, map(normalize_text, row), strict=False))
        if not any(cells.values()):
            continue
        reading.rows += 1
        name = row[columns.index("name")] if cells.get("name") else ""
        name = replace_unprintable(" ".join(name.split()))
        sheet = _read_row(
            reading, cells, names, name, path, _("{file} row {row}", file=file, row=number)
        )
        if sheet:
            _add_sheets(reading, sheet, questions)


def _read_row(
    reading: Reading,
    cells: dict[str, str],
    names: dict[str, str],
    learner_name: str,
    path: Path,
    place: str,
) -> Sheet | None:
    """Return a row of a table as one sheet, which may be about several lessons.

    `cells` has the row's cells by their columns, and `names` the questions' names by theirs.
    """
    full_place = f"{place} ({learner_name})" if learner_name else place
    form = FORM.fullmatch(cells.get("form", ""))
    if not form:
        if cells.get("form"):
            reason = _('the form is "{form}"; it has to be A, B or C', form=cells["form"])
        else:
            reason = _("no form; it has to be A, B or C")
        reading.rows_not_read.append((full_place, reason))
        return None
    letters, other_answers = _read_letters(cells, names)
    if not letters:
        reading.rows_not_read.append((full_place, _("no letter from a to e")))
        return None
    if other_answers:
        reading.remarks.append(
            _(
                "{place}: no letter from a to e, so it counts as not answered ({answers})",
                place=full_place,
                answers=", ".join(other_answers),
            )
        )
    if not learner_name:
        reading.remarks.append(_("{place}: no name, so this sheet counts in no gain", place=place))
    learner = name_key(learner_name) or place
    spellings = reading.spellings[learner]
    if (learner_name or place) not in spellings:
        spellings.append(learner_name or place)
    return Sheet(learner, form[1].upper(), "", letters, path, full_place)


def _read_letters(cells: dict[str, str], names: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the letters in a row by the questions' names, and a text for each other answer."""
    letters = {}
    other_answers = []
    for column, cell in cells.items():
        if column not in names:
            continue
        letter = LETTER.fullmatch(cell)
        if letter:
            letters[names[column]] = letter[1]
        elif re.search(r"\w", cell):  # and not a dash, say
            other_answers.append(_('{question} is "{answer}"', question=names[column], answer=cell))
    return letters, other_answers


def _add_sheets(reading: Reading, row: Sheet, questions: list[Question]) -> None:
    """Add a row of a table: a sheet for each lesson in whose questions it has a letter."""
    of_form = [question for question in questions if question.form == row.form]
    for title in dict.fromkeys(question.sheet for question in of_form):
        names = [question.name for question in of_form if question.sheet == title]
        if any(name in row.letters for name in names):
            letters = {name: row.letters.get(name, "") for name in names}
            reading.sheets.append(row._replace(title=title, letters=letters))
    not_asked = row.letters.keys() - {question.name for question in of_form}
    if not_asked:
        listed = ", ".join(sorted(not_asked))
        reading.remarks.append(
            _(
                "{place}: form {form} doesn't ask {questions}",
                place=row.place,
                form=row.form,
                questions=listed,
            )
        )


def _resolve_names(reading: Reading) -> None:
    """Find sheets of one kind with one name, and say what becomes of them."""
    kinds = defaultdict(list)
    for sheet in reading.sheets:
        kinds[sheet.learner, sheet.form, sheet.title].append(sheet)
    reading.sheets = []
    titles_of_remarks = defaultdict(list)
    for sheets in kinds.values():
        different = []
        for sheet in sheets:
            remark = _remark_on_copy(sheet, different)
            if remark:
                titles_of_remarks[remark].append(sheet.title)
            else:
                different.append(sheet)
        if len(different) > 1:
            reading.ambiguous.add(different[0].learner)
            places = "; ".join(sheet.place for sheet in different)
            remark = _(
                "one name on {count} sheets: {places}. They count in the questions, and in no "
                "gain; give two learners two names",
                count=len(different),
                places=places,
            )
            titles_of_remarks[remark].append(different[0].title)
        reading.sheets += different
    for remark, titles in titles_of_remarks.items():
        reading.remarks.append(f"{remark} ({'; '.join(titles)})")
    joined = [
        " = ".join(spellings)
        for learner, spellings in reading.spellings.items()
        if len(spellings) > 1 and learner not in reading.ambiguous
    ]
    if joined:
        reading.remarks.append(_("each taken for one learner: {names}", names=", ".join(joined)))


def _remark_on_copy(sheet: Sheet, earlier_sheets: list[Sheet]) -> str:
    """Return why a sheet counts as the copy of an earlier one in another file, or ""."""
    others = [other for other in earlier_sheets if other.path != sheet.path]
    equal = [other for other in others if sheet.letters == other.letters]
    saved_before = [other for other in others if _is_saved_again(sheet.path, other.path)]
    if equal:
        return _(
            "{place}: the same answers as {other}, so it doesn't count; give two learners two "
            "names",
            place=sheet.place,
            other=equal[0].place,
        )
    if saved_before:
        return _(
            "{place}: saved again after {other}, so it doesn't count; give two learners two names",
            place=sheet.place,
            other=saved_before[0].place,
        )
    return ""


def _is_saved_again(path: Path, other: Path) -> bool:
    """Do the names of two files in a folder differ only by a browser's counter?"""
    stem = BROWSER_COUNTER.sub("", path.stem)
    return path.parent == other.parent and stem == BROWSER_COUNTER.sub("", other.stem)


def quiz_report(folder: Path, paths: list[Path]) -> dict:
    """Return the sheets, the gains, and how many gave each letter to each question."""
    questions = read_questions()
    reading = read_sheets(folder, questions, paths)
    rows = []
    for question in questions:
        letters = Counter()
        for sheet in reading.sheets:
            if sheet.form == question.form and question.name in sheet.letters:
                letters[sheet.letters[question.name]] += 1
        if letters:
            rows.append({"question": question, "letters": letters})
    unread_questions = [question for question in questions if not question.in_notebook]
    gains = []
    for forms in ("AB", "BC"):
        gain = learning_gain(reading, questions, forms)
        gain["elsewhere"] = learning_gain(reading, unread_questions, forms)["shares"]
        gains.append(gain)
    return {
        "quiz": reading,
        "quiz_rows": rows,
        "gains": gains,
        "misconceptions": count_misconceptions(reading, questions),
    }


def count_misconceptions(reading: Reading, questions: list[Question]) -> dict[str, dict]:
    """Return, for each misconception and each form, how many answers show it, and of how many.

    The second number counts the answers to those questions of the form in which an answer shows
    the misconception. A question without an answer doesn't count.
    """
    counts = {name: {} for name in read_misconceptions()}
    for question in questions:
        letters = [
            sheet.letters[question.name]
            for sheet in reading.sheets
            if sheet.form == question.form and sheet.letters.get(question.name)
        ]
        for letter, shown in question.shows.items():
            name = misconception_of(shown)
            if name in counts and letters:
                chosen, given = counts[name].get(question.form, (0, 0))
                chosen += letters.count(letter)
                counts[name][question.form] = (chosen, given + len(letters))
    return {name: by_form for name, by_form in counts.items() if by_form}


def learning_gain(reading: Reading, questions: list[Question], forms: str) -> dict:
    """Return each learner's shares right in two forms, and the interval of the mean gain.

    `shares` is an array (learners, 2) of percentages. For each learner, those questions count that
    are answered in both forms. `strict` is the same array if a question without an answer counts
    as wrong. `unanswered` has the percentages of questions without an answer, and `dont_know` has
    those with the answer "I don't know", which isn't right. `interval` is the 95% interval of the
    mean gain. It is None for fewer than three learners, or if all have gained the same.
    `without_gain` has the names of the learners for whom no question counts.
    """
    right = {(question.form, question.name): question.right for question in questions}
    results = []
    names_without_gain = []
    for learner, answers in _answers_by_learner(reading):
        is_right, is_blank, is_unknown = _compare_forms(answers, right, forms)
        is_complete = ~is_blank.any(axis=-1)
        if is_complete.any():
            shares = is_right[is_complete].mean(axis=0)
            parts = (is_right, is_blank, is_unknown)
            results.append([shares, *(part.mean(axis=0) for part in parts)])
        elif any(form in forms for form, _name in answers):
            names_without_gain.append(reading.name(learner))
    percentages = 100 * np.reshape(results, (-1, 4, 2))
    shares = percentages[:, 0]
    gains = shares[:, 1] - shares[:, 0]
    interval = None
    if len(gains) > 2 and not np.allclose(gains, gains[0]):
        interval = ttest_rel(shares[:, 1], shares[:, 0]).confidence_interval()
    return {
        "forms": forms,
        "shares": shares,
        "interval": interval,
        "strict": percentages[:, 1],
        "unanswered": percentages[:, 2],
        "dont_know": percentages[:, 3],
        "without_gain": sorted(names_without_gain, key=str.casefold),
    }


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


def _answers_by_learner(reading: Reading) -> Iterator[tuple[str, dict[tuple[str, str], str]]]:
    """Yield each learner whose sheets can be told apart, with the letters by form and question."""
    answers = defaultdict(dict)
    for sheet in reading.sheets:
        for name, letter in sheet.letters.items():
            answers[sheet.learner][sheet.form, name] = letter
    for learner, letters in answers.items():
        if learner not in reading.ambiguous:
            yield learner, letters
