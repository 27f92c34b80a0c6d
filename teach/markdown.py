"""Names, answers and tables of a class as Markdown, which shows them as they are."""

import re
import unicodedata

MARKDOWN_SIGNS = re.compile(r"[][\\`*<&|~$]|(?<![^\W_])_")  # where they would be markup


def escape_markdown(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return MARKDOWN_SIGNS.sub(r"\\\g<0>", text)


def inline_code(text: str) -> str:
    """Return a text as code within a line of Markdown, whatever backticks it holds."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def markdown_table(rows: list[list[str]]) -> str:
    """Return a table in Markdown, the first row above, aligned on a screen too."""
    rows = [[escape_markdown(cell) for cell in row] for row in rows]
    widths = [max(map(_screen_width, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * width for width in widths])
    lines = []
    for row in rows:
        cells = []
        for cell, width in zip(row, widths, strict=True):
            cells.append(cell + " " * (width - _screen_width(cell)))
        lines.append(f"| {' | '.join(cells)} |\n")
    return "".join(lines)


def _screen_width(text: str) -> int:
    """Return how many columns of a screen a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
