"""The sheets of the quiz that a class has answered, read from tables."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from helpers.common.language import _
from teach.names import name_key, normalize_text, replace_unprintable
from teach.quiz_questions import Question
from teach.tables import read_table
from tools.commands import describe_cause

SUFFIXES = (".csv", ".tsv", ".txt")
COLUMNS = ("name", "form")  # which each table of the quiz has
FORM = re.compile(r"(?:[a-z]{2,}[^a-z]+|form|[^a-z]*)([abc])[^a-z]*")  # "a", "form a", "(a)"
LETTER = re.compile(r"[^a-z0-9]*([abcde])[^a-z0-9]*")  # "c", "c)", "(c)"
# A browser adds this to the name of a second download.
BROWSER_COUNTER = re.compile(r" ?\(\d+\)$")


class Sheet(NamedTuple):
    """One learner's answers to one form about one lesson.

    `learner` is the same for all spellings of a name, and `name` is the name as it is written.
    `letters` has one of "abcde", or "", for each question's name. `place` says where it stands.
    """

    learner: str
    name: str
    form: str
    title: str
    letters: dict[str, str]
    path: Path
    place: str


class Row(NamedTuple):
    """A row of a table: a sheet for each lesson that it answers, or the reason why there is none.

    `remarks` are sentences that a teacher should know of.
    """

    place: str
    sheets: list[Sheet]
    remarks: list[str]
    reason: str = ""


@dataclass
class Reading:
    """The sheets in a folder, and the files and rows that were not read.

    `ambiguous` has the learners of two sheets of one kind. `files` are the tables that were read,
    and `rows` is how many rows they have. `remarks` are sentences that a teacher should know of.
    `files_not_read` and `rows_not_read` are pairs of a place and a reason.
    """

    sheets: list[Sheet] = field(default_factory=list)
    ambiguous: set[str] = field(default_factory=set)
    files: list[Path] = field(default_factory=list)
    rows: int = 0
    remarks: list[str] = field(default_factory=list)
    files_not_read: list[tuple[Path, str]] = field(default_factory=list)
    rows_not_read: list[tuple[str, str]] = field(default_factory=list)


def read_sheets(folder: Path, questions: list[Question], paths: list[Path]) -> Reading:
    """Return the sheets that the tables at `paths` in a folder hold."""
    reading = Reading()
    sheets = []
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
        rows, remarks = _read_rows(table, path, file, questions)
        reading.rows += len(rows)
        reading.remarks += remarks
        for row in rows:
            sheets += row.sheets
            reading.remarks += row.remarks
            if row.reason:
                reading.rows_not_read.append((row.place, row.reason))
    reading.sheets, reading.ambiguous, remarks = _resolve_names(sheets)
    reading.remarks += remarks
    return reading


def is_quiz_table(path: Path) -> bool:
    """Is there a table of the quiz at a path?"""
    try:
        return bool(read_table(path, *COLUMNS))
    except (OSError, ValueError):
        return False


def _read_rows(
    table: list[list[str]], path: Path, file: str, questions: list[Question]
) -> tuple[list[Row], list[str]]:
    """Return the rows of a table that have any answer, and remarks on its columns."""
    names = {normalize_text(question.name): question.name for question in questions}
    head = next(number for number, row in enumerate(table) if row)
    headings = [normalize_text(cell) for cell in table[head]]
    unknown = [heading for heading in headings if heading not in {"", *COLUMNS, *names}]
    remarks = []
    if unknown:
        remark = _(
            "{file}: the quiz has no question for the columns {columns}",
            file=file,
            columns=", ".join(unknown),
        )
        remarks.append(remark)
    columns = [names.get(heading, heading) for heading in headings]
    rows = []
    for number, row in enumerate(table[head + 1 :], start=head + 2):
        cells = dict(zip(columns, row, strict=False))
        if any(map(normalize_text, cells.values())):
            place = _("{file} row {row}", file=file, row=number)
            rows.append(_read_row(cells, path, place, questions))
    return rows, remarks


def _read_row(cells: dict[str, str], path: Path, place: str, questions: list[Question]) -> Row:
    """Return a row from its cells, which stand under "name", "form" and the questions' names."""
    name = replace_unprintable(" ".join(cells.get("name", "").split()))
    full_place = f"{place} ({name})" if name else place
    form = normalize_text(cells.get("form", ""))
    known_form = FORM.fullmatch(form)
    if not known_form:
        reason = _("no form; it has to be A, B or C")
        if form:
            reason = _('the form is "{form}"; it has to be A, B or C', form=form)
        return Row(full_place, [], [], reason)
    letters, other_answers = _read_letters(cells, questions)
    if not letters:
        return Row(full_place, [], [], _("no letter from a to e"))
    remarks = []
    if other_answers:
        remark = _(
            "{place}: no letter from a to e, so it counts as not answered ({answers})",
            place=full_place,
            answers=", ".join(other_answers),
        )
        remarks.append(remark)
    if not name:
        remarks.append(_("{place}: no name, so this sheet counts in no gain", place=place))
    form = known_form[1].upper()
    learner = name_key(name) or place
    row = Sheet(learner, name or place, form, "", letters, path, full_place)
    asked = [question for question in questions if question.form == form]
    not_asked = letters.keys() - {question.name for question in asked}
    if not_asked:
        remark = _(
            "{place}: form {form} doesn't ask {questions}",
            place=full_place,
            form=form,
            questions=", ".join(sorted(not_asked)),
        )
        remarks.append(remark)
    return Row(full_place, _split_by_lesson(row, asked), remarks)


def _read_letters(
    cells: dict[str, str], questions: list[Question]
) -> tuple[dict[str, str], list[str]]:
    """Return the letters in a row by the questions' names, and a text for each other answer."""
    names = {question.name for question in questions}
    letters = {}
    other_answers = []
    for column, cell in cells.items():
        if column in names:
            answer = normalize_text(cell)
            letter = LETTER.fullmatch(answer)
            if letter:
                letters[column] = letter[1]
            elif re.search(r"\w", answer):  # and not a dash, say
                other_answers.append(_('{question} is "{answer}"', question=column, answer=answer))
    return letters, other_answers


def _split_by_lesson(row: Sheet, asked: list[Question]) -> list[Sheet]:
    """Return a sheet for each lesson in whose questions a row of a table has a letter."""
    sheets = []
    for title in dict.fromkeys(question.sheet for question in asked):
        names = [question.name for question in asked if question.sheet == title]
        if any(name in row.letters for name in names):
            letters = {name: row.letters.get(name, "") for name in names}
            sheets.append(row._replace(title=title, letters=letters))
    return sheets


def _resolve_names(sheets: list[Sheet]) -> tuple[list[Sheet], set[str], list[str]]:
    """Return the sheets that count, the learners of two sheets of one kind, and remarks on both."""
    kinds = defaultdict(list)
    for sheet in sheets:
        kinds[sheet.learner, sheet.form, sheet.title].append(sheet)
    counted = []
    ambiguous = set()
    titles_of_remarks = defaultdict(list)
    for sheets_of_kind in kinds.values():
        different = []
        for sheet in sheets_of_kind:
            remark = _remark_on_copy(sheet, different)
            if remark:
                titles_of_remarks[remark].append(sheet.title)
            else:
                different.append(sheet)
        if len(different) > 1:
            ambiguous.add(different[0].learner)
            remark = _(
                "one name on {count} sheets: {places}. They count in the questions, and in no "
                "gain; give two learners two names",
                count=len(different),
                places="; ".join(sheet.place for sheet in different),
            )
            titles_of_remarks[remark].append(different[0].title)
        counted += different
    remarks = [f"{remark} ({'; '.join(titles)})" for remark, titles in titles_of_remarks.items()]
    return counted, ambiguous, remarks


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
