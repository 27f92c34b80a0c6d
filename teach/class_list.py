"""The list of a class: who should hand in, from a text file or a table."""

import re
from pathlib import Path
from typing import NamedTuple

from helpers.common.language import _
from teach.names import normalize_text, replace_unprintable
from teach.tables import read_rows

# Headings of a column with names, as Moodle, schools and this project write them.
FULL_NAME = {"full name", "learner", "student", "vollständiger name", "schüler", "schülerin"}
FULL_NAME |= {"schüler/in", "schüler*in", "nom complet", "élève", "nombre completo", "alumno"}
FULL_NAME |= {"nome completo", "alunno", "studente", "uczeń", "student name", "姓名", "学生姓名"}
FIRST_NAME = {"first name", "forename", "given name", "vorname", "rufname", "prénom", "nombre"}
FIRST_NAME |= {"nome", "imię", "名"}
LAST_NAME = {"last name", "surname", "family name", "nachname", "familienname", "nom de famille"}
LAST_NAME |= {"nom", "apellido", "apellidos", "apellido(s)", "cognome", "nazwisko", "姓"}
NAME = {"name"}  # a last name beside a first name, a first name beside a last name, or both names
# What stands between two headings in one, as in "Name, Vorname" and "Nazwisko i imię".
AND = re.compile(r" *[,/&] *| (?:and|e|et|i|und|y) ")


class ClassList(NamedTuple):
    """The names of a class, and the columns of the table that hold them.

    A column is known by its heading, or by its number from 1 on. There are no columns where each
    line is a name.
    """

    names: list[str]
    columns: list[str]


def read_class_list(path: Path) -> ClassList:
    """Return the names in a file, in their order, each once.

    A table has a column with names, or one with first names and one with last names. If no heading
    says so, the column with the most letters counts, and in another text file the whole line.
    OSError or ValueError says why there are no names.
    """
    rows = read_rows(path)
    columns = _name_columns(rows[0]) if rows else []
    headings = [rows[0][column].strip() for column in columns]
    if columns:
        rows = rows[1:]
    elif path.suffix.lower() != ".txt" and max(map(len, rows), default=0) > 1:
        columns = [_column_with_most_letters(rows)]
        headings = [str(columns[0] + 1)]
    names = []
    for row in rows:
        cells = [row[column] for column in columns if column < len(row)] if columns else row
        name = replace_unprintable(" ".join(" ".join(cells).split()))
        if name and name not in names:
            names.append(name)
    if not names:
        raise ValueError(_("it has no names"))
    return ClassList(names, headings)


def _name_columns(header: list[str]) -> list[int]:
    """Return the columns of a table that hold a name, from its first row, or [] if there is none.

    The first name comes before the last name.
    """
    headings = [normalize_text(cell.replace("_", " ")) for cell in header]
    full, first, last, name = (
        [column for column, heading in enumerate(headings) if heading in known]
        for known in (FULL_NAME, FIRST_NAME, LAST_NAME, NAME)
    )
    full += [column for column, heading in enumerate(headings) if _names_both(heading)]
    if full:
        return full[:1]
    return [*(first or name)[:1], *(last or name)[:1]] if first or last else name[:1]


def _names_both(heading: str) -> bool:
    """Return whether a heading stands for a first name and a last name in one column."""
    parts = AND.split(heading)
    has_first = any(part in FIRST_NAME for part in parts)
    return len(parts) == 2 and has_first and any(part in LAST_NAME | NAME for part in parts)


def _column_with_most_letters(rows: list[list[str]]) -> int:
    """Return the column of a table that has the most letters, apart from e-mail addresses."""
    letters = [0] * max(map(len, rows))
    for row in rows:
        for column, cell in enumerate(row):
            letters[column] += 0 if "@" in cell else sum(map(str.isalpha, cell))
    return letters.index(max(letters))
