"""Tables as spreadsheets write and read them: CSV of any common kind, without formulas."""

import argparse
import codecs
import csv
import io
import locale
import re
from contextlib import suppress
from pathlib import Path

from helpers.common.language import _
from tools.commands import write_or_exit

MAX_BYTES = 1_000_000  # of a table
OFFICE_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # of new and of old Excel and Word files
# A first line that Excel understands: it names the separator.
SEPARATOR_LINE = re.compile(r'\A"?sep=."?[,;\t]*$', re.IGNORECASE | re.MULTILINE)
# As an option of a command names them. The comma is the last, because a name may have one, too.
SEPARATORS = {"semicolon": ";", "tab": "\t", "comma": ","}
# A cell that begins like this is a formula to some spreadsheet, also behind blanks.
FORMULA = re.compile(r"'*(?=\s*[=+\-@]|[\t\r\n])")


def system_separator() -> str:
    """Return the separator that Excel expects on this computer, "," or ";".

    Where numbers are written with a decimal comma, as in German or French, it is the semicolon.
    """
    earlier_locale = locale.setlocale(locale.LC_NUMERIC)
    try:
        # A computer may name a language that isn't installed.
        with suppress(locale.Error):
            locale.setlocale(locale.LC_NUMERIC, "")
        return ";" if locale.localeconv()["decimal_point"] == "," else ","
    finally:
        locale.setlocale(locale.LC_NUMERIC, earlier_locale)


def add_separator_argument(parser: argparse.ArgumentParser) -> None:
    """Let a command line name the separator of a table; the option is None if it names none."""
    parser.add_argument(
        "--separator",
        choices=SEPARATORS,
        help="what stands between the columns of the table (default: what Excel on this computer "
        "expects)",
    )


def choose_separator(name: str | None) -> str:
    """Return the separator that a command line names, or else the one that Excel expects."""
    return SEPARATORS[name] if name else system_separator()


def write_table(path: Path, rows: list[list[str]], separator: str = ",") -> None:
    """Write rows as CSV in UTF-8; a text that looks like a formula stays a text.

    SystemExit says why the file can't be written.
    """
    text = io.StringIO()
    # In quotation marks a cell stays whole, also where a spreadsheet expects another separator.
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    write_or_exit(path, f"\ufeff{text.getvalue()}")  # Excel knows UTF-8 by this mark


def escape_formula(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands before one."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unescape_formula(cell: str) -> str:
    """Return the text that a cell had before `escape_formula` changed it."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def read_table(path: Path, *columns: str) -> list[list[str]]:
    """Return the rows of a table from the one on whose cells name all of `columns`.

    The row stands where it does in a spreadsheet: the rows above it are returned as empty lists.
    Commas, semicolons or tabs separate the cells. OSError or ValueError says why there is no such
    table.
    """
    text = read_text(path)
    for separator in SEPARATORS.values():
        rows = _parse_rows(text, separator)
        for number, row in enumerate(rows[:10]):
            if {*columns} <= {cell.strip().casefold() for cell in row}:
                return [[]] * number + rows[number:]
    raise ValueError(_("the columns {columns} are missing", columns=", ".join(columns)))


def read_rows(path: Path) -> list[list[str]]:
    """Return the rows of a table without regard to its columns' names, and without empty rows.

    The separator is the one that makes most cells of each of the first rows. A comma separates only
    if it does so in each of these rows, because a name such as "Berg, Falk" has one, too. If a
    quotation mark doesn't enclose a whole cell, as in "Bo" Chan, all quotation marks are letters.
    OSError or ValueError says why the file can't be read.
    """
    text = read_text(path)
    tables = []
    for separator in SEPARATORS.values():
        try:
            tables.append(_parse_rows(text, separator, strict=True))
        except csv.Error:
            tables.append(_parse_rows(text, separator, quoting=csv.QUOTE_NONE))
    filled_tables = [[row for row in rows if any(map(str.strip, row))] for rows in tables]
    return max(filled_tables, key=_count_columns)


def _count_columns(rows: list[list[str]]) -> int:
    """Return how many cells each of the first rows of a table has at least."""
    return min((len(row) for row in rows[:10]), default=0)


def read_text(path: Path) -> str:
    """Return the text of a table in any common encoding, without zeros, and with Unix line ends.

    A first line that names the separator is empty, so that each row keeps its number. ValueError is
    raised if the file is too large or no text, and OSError if it can't be opened.
    """
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(_("it has more than {count:,} bytes", count=MAX_BYTES))
    data = path.read_bytes()
    if data.startswith(OFFICE_MARKS):
        raise ValueError(_("it isn't a text file; save it as CSV"))
    text = _decode(data).replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return SEPARATOR_LINE.sub("", text)


def _parse_rows(text: str, separator: str, **options) -> list[list[str]]:
    """Return the rows of a table; `options` are those of `csv.reader`."""
    csv.field_size_limit(MAX_BYTES)
    rows = csv.reader(io.StringIO(text), delimiter=separator, **options)
    return [[unescape_formula(cell) for cell in row] for row in rows]


def _decode(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16, or the encoding of Excel on a computer.

    That encoding depends on the country: it is Chinese, Central European as in Poland, or Western.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data[:2]:
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", errors="replace")
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig")
    with suppress(UnicodeDecodeError):
        text = data.decode("gb18030")
        if _is_chinese(text):
            return text
    # The letters ł and ż of cp1250 are signs such as ³ and ¿ in cp1252. Most other letters with
    # accents are letters in both, and a text of these alone is taken for a Western one.
    texts = [data.decode(encoding, errors="replace") for encoding in ("cp1252", "cp1250")]
    return max(texts, key=_count_letters)


def _count_letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _is_chinese(text: str) -> bool:
    """Is a text that was decoded as GB 18030 Chinese, and not Western letters read wrongly?

    The common characters lie between B0A1 and D7F9. In cp1252 these bytes are signs and capitals
    with accents, of which no two stand side by side in a name.
    """
    signs = [sign.encode("gb18030") for sign in text if not sign.isascii()]
    common = [sign for sign in signs if b"\xb0\xa1" <= sign < b"\xd8" and sign[1] > 0xA0]
    return 2 * len(common) >= len(signs)
