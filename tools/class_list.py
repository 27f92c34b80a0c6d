"""The list of a class: who should hand in, from a text file or a table."""

from pathlib import Path

from helpers.language import _
from tools.names import normalize_text, replace_unprintable
from tools.tables import read_rows

# Headings of a column with names, in the languages of Moodle's exports and of this project.
FULL_NAME = {"name", "full name", "learner", "vollständiger name", "nom complet", "姓名"}
FIRST_NAME = {"first name", "vorname", "prénom", "nombre", "名"}
LAST_NAME = {"last name", "surname", "nachname", "nom de famille", "nom", "apellidos", "姓"}


def read_class_list(path: Path) -> list[str]:
    """Return the names in a file, in their order, each once.

    A table has a column "name", or the columns "first name" and "last name". In another table the
    first column counts, and in another text file the whole line. OSError or ValueError says why
    there are no names.
    """
    rows = read_rows(path)
    columns = _name_columns(rows[0]) if rows else []
    names = []
    for row in rows[1:] if columns else rows:
        if columns:
            cells = [row[column] for column in columns if column < len(row)]
        else:
            cells = row if path.suffix.lower() == ".txt" else row[:1]
        name = replace_unprintable(" ".join(" ".join(cells).split()))
        if name and name not in names:
            names.append(name)
    if not names:
        raise ValueError(_("it has no names"))
    return names


def _name_columns(header: list[str]) -> list[int]:
    """Return the columns of a table that hold a name, from its first row, or [] if there is none.

    The first name comes before the last name.
    """
    headings = [normalize_text(cell) for cell in header]
    full = [column for column, heading in enumerate(headings) if heading in FULL_NAME]
    first = [column for column, heading in enumerate(headings) if heading in FIRST_NAME]
    last = [column for column, heading in enumerate(headings) if heading in LAST_NAME]
    return full[:1] or [*first[:1], *last[:1]]
