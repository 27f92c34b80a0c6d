"""What a class has answered in the quiz: sheets read from tables, shares right, and gains."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import ttest_rel

from tools.quiz import Question, questions
from tools.tables import read_table

SUFFIXES = (".csv", ".tsv", ".txt")
FORM = re.compile(r"(?:[a-z]{2,}[^a-z]+|form|[^a-z]*)([abc])[^a-z]*")  # "a", "form a", "(a)"
LETTER = re.compile(r"[^a-z0-9]*([abcd])[^a-z0-9]*")  # "c", "c)", "(c)"
COUNTER = re.compile(r" ?\(\d+\)$")  # by which a browser tells a second download from the first


class Sheet(NamedTuple):
    """One learner's answers to one form about one lesson.

    `letters` has one of "abcd", or "", for each question's name. `place` says where it stands.
    """

    learner: str
    form: str
    title: str
    letters: dict[str, str]
    path: Path
    place: str


@dataclass
class Reading:
    """The sheets in a folder, and what was not read.

    `spellings` has, for each learner, the names as they are written. `remarks` are sentences
    about what was read in a way that a teacher should know of. `files_not_read` and
    `rows_not_read` are pairs of a place and a reason.
    """

    sheets: list[Sheet] = field(default_factory=list)
    spellings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ambiguous: set[str] = field(default_factory=set)  # learners of two sheets of a kind
    files: list[Path] = field(default_factory=list)
    rows: int = 0
    remarks: list[str] = field(default_factory=list)
    files_not_read: list[tuple[Path, str]] = field(default_factory=list)
    rows_not_read: list[tuple[str, str]] = field(default_factory=list)

    def name(self, learner: str) -> str:
        """Return a learner's name as it was written first."""
        return self.spellings[learner][0]


def read_sheets(folder: Path, asked: list[Question], paths: list[Path]) -> Reading:
    """Return the sheets that the tables at `paths` in a folder hold."""
    reading = Reading()
    # A browser gives the first of two downloads the shorter name.
    for path in sorted(paths, key=lambda path: (len(path.name), path)):
        try:
            table = read_table(path, "name", "form")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            reading.files_not_read.append((path, f"no table of the quiz: {reason}"))
            continue
        reading.files.append(path)
        file = printable(path.relative_to(folder).as_posix())
        _read_rows(reading, table, path, file, asked)
    _resolve_names(reading)
    return reading


def _read_rows(
    reading: Reading, table: list[list[str]], path: Path, file: str, asked: list[Question]
) -> None:
    """Add the sheets of one table."""
    head = next(number for number, row in enumerate(table) if row)
    columns = [plain(cell) for cell in table[head]]
    names = {plain(question.name): question.name for question in asked}
    if unknown := [name for name in columns if name not in {"", "name", "form", *names}]:
        listed = ", ".join(unknown)
        reading.remarks.append(f"{file}: the quiz has no question for the columns {listed}")
    for number, row in enumerate(table[head + 1 :], start=head + 2):
        cells = dict(zip(columns, map(plain, row), strict=False))
        if not any(cells.values()):
            continue
        reading.rows += 1
        written = row[columns.index("name")] if cells.get("name") else ""
        place = f"{file} row {number}"
        written = printable(" ".join(written.split()))
        sheet = _read_row(reading, cells, names, written, path, place)
        if sheet:
            _add_sheets(reading, sheet, asked)


def _read_row(
    reading: Reading, cells: dict[str, str], names: dict[str, str], written: str, path: Path, place
) -> Sheet | None:
    """Return a row of a table as one sheet, which may be about several lessons."""
    where = f"{place} ({written})" if written else place
    form = FORM.fullmatch(cells.get("form", ""))
    if not form:
        problem = f'the form is "{cells["form"]}"' if cells.get("form") else "no form"
        reading.rows_not_read.append((where, f"{problem}; it has to be A, B or C"))
        return None
    letters = {}
    for column in (column for column in cells if column in names):
        if letter := LETTER.fullmatch(cells[column]):
            letters[names[column]] = letter[1]
        elif re.search(r"\w", cells[column]):  # and not a dash, say
            problem = f'{where}: {names[column]} is "{cells[column]}", and no letter from a to d'
            reading.remarks.append(f"{problem}; it counts as not answered")
    if not letters:
        reading.rows_not_read.append((where, "no letter from a to d"))
        return None
    if not written:
        reading.remarks.append(f"{place}: no name, so this sheet counts in no gain")
    learner, written = plain(written) or place, written or place
    if written not in reading.spellings[learner]:
        reading.spellings[learner].append(written)
    return Sheet(learner, form[1].upper(), "", letters, path, where)


def _add_sheets(reading: Reading, row: Sheet, asked: list[Question]) -> None:
    """Add a row of a table: a sheet for each lesson in whose questions it has a letter."""
    of_form = [question for question in asked if question.form == row.form]
    for title in dict.fromkeys(question.sheet for question in of_form):
        names = [question.name for question in of_form if question.sheet == title]
        if any(name in row.letters for name in names):
            letters = {name: row.letters.get(name, "") for name in names}
            reading.sheets.append(row._replace(title=title, letters=letters))
    if not_asked := row.letters.keys() - {question.name for question in of_form}:
        listed = ", ".join(sorted(not_asked))
        reading.remarks.append(f"{row.place}: form {row.form} doesn't ask {listed}")


def _resolve_names(reading: Reading) -> None:
    """Find sheets of one kind with one name, and say what becomes of them."""
    kinds, remarks = defaultdict(list), defaultdict(list)
    for sheet in reading.sheets:
        kinds[sheet.learner, sheet.form, sheet.title].append(sheet)
    reading.sheets = []
    for sheets in kinds.values():
        kept = []
        for sheet in sheets:
            others = [other for other in kept if other.path != sheet.path]
            earlier = [other for other in others if _is_saved_again(sheet.path, other.path)]
            same = [other for other in others if sheet.letters == other.letters]
            if same or earlier:
                reason = "the same answers as" if same else "saved again after"
                first = (same or earlier)[0].place
                remark = f"{sheet.place}: {reason} {first}, so it doesn't count"
                remarks[f"{remark}; give two learners two names"].append(sheet.title)
            else:
                kept.append(sheet)
        if len(kept) > 1:
            reading.ambiguous.add(kept[0].learner)
            places = "; ".join(sheet.place for sheet in kept)
            remark = f"one name on {len(kept)} sheets: {places}"
            remark += ". They count in the questions, and in no gain; give two learners two names"
            remarks[remark].append(kept[0].title)
        reading.sheets += kept
    for remark, titles in remarks.items():
        reading.remarks.append(f"{remark} ({'; '.join(titles)})")
    joined = [
        " = ".join(spellings)
        for learner, spellings in reading.spellings.items()
        if len(spellings) > 1 and learner not in reading.ambiguous
    ]
    if joined:
        reading.remarks.append(f"each taken for one learner: {', '.join(joined)}")


def _is_saved_again(path: Path, other: Path) -> bool:
    """Do the names of two files in a folder differ only by a browser's counter?"""
    stems = {COUNTER.sub("", one.stem) for one in (path, other)}
    return path.parent == other.parent and len(stems) == 1


def plain(text: str) -> str:
    """Return a text without regard to capitals, widths of letters, and blanks around words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def printable(text: str) -> str:
    """Return a text with question marks for signs that would confuse a screen."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def report(folder: Path, paths: list[Path]) -> dict:
    """Return what was read, what a class gains, and how many gave each letter to each question."""
    asked = list(questions())
    reading = read_sheets(folder, asked, paths)
    rows = []
    for question in asked:
        sheets = [sheet for sheet in reading.sheets if sheet.form == question.form]
        answered = (sheet.letters for sheet in sheets if question.name in sheet.letters)
        letters = Counter(given[question.name] for given in answered)
        rows += [{"question": question, "letters": letters}] if letters else []
    gains = [gain(reading, asked, forms) for forms in ("AB", "BC")]
    return {"quiz": reading, "rows": rows, "gains": gains}


def gain(reading: Reading, asked: list[Question], forms: str) -> dict:
    """Return each learner's shares right in two forms, and the interval of the mean gain.

    `shares` is an array (learners, 2) of percentages. For each learner, those questions count that
    are answered in both forms. `strict` is the same array if a question without an answer counts
    as wrong. `unanswered` has the percentages of questions without an answer. `interval` is the
    95% interval of the mean gain, or None for fewer than three learners. `alone` has the names of
    the learners for whom no question counts.
    """
    right = {(question.form, question.name): question.right for question in asked}
    known, strict, blank, alone = [], [], [], []
    for learner, answers in _answers(reading):
        both = [name for form, name in answers if form == forms[1] and (forms[0], name) in answers]
        letters = [[answers[form, name] for form in forms] for name in both]
        hits = [[answers[form, name] == right[form, name] for form in forms] for name in both]
        whole = [pair for pair, letter in zip(hits, letters, strict=True) if all(letter)]
        if whole:
            known.append(np.mean(whole, axis=0))
            strict.append(np.mean(hits, axis=0))
            blank.append(np.mean([[not letter for letter in pair] for pair in letters], axis=0))
        elif any(form in forms for form, _name in answers):
            alone.append(reading.name(learner))
    shares = 100 * np.reshape(known, (-1, 2))
    interval = None
    if len(shares) > 2:
        interval = ttest_rel(shares[:, 1], shares[:, 0]).confidence_interval()
    return {
        "forms": forms,
        "shares": shares,
        "interval": interval,
        "strict": 100 * np.reshape(strict, (-1, 2)),
        "unanswered": 100 * np.reshape(blank, (-1, 2)),
        "alone": sorted(alone, key=str.casefold),
    }


def _answers(reading: Reading) -> Iterator[tuple[str, dict[tuple[str, str], str]]]:
    """Yield each learner whose sheets can be told apart, with the letters by form and question."""
    answers = defaultdict(dict)
    for sheet in reading.sheets:
        for name, letter in sheet.letters.items():
            answers[sheet.learner][sheet.form, name] = letter
    for learner, given in answers.items():
        if learner not in reading.ambiguous:
            yield learner, given
