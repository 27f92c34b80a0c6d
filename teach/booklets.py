"""Two files to print in each language: one with all pages for teachers, one with pupils' sheets.

The command `teach.handouts` writes them. Each file is a page of HTML that loads nothing, so it can
be passed on alone, and a browser can save it as PDF.
"""

import base64
import mimetypes
import os
from pathlib import Path

from bs4 import BeautifulSoup

from helpers.common.files import ROOT
from helpers.common.language import translated_languages
from teach.print_page import is_lesson_plan, render_body, render_page
from tools import find_translation, translated_path
from tools.commands import write_or_exit

DOCS = ROOT / "docs"
SHEET_BREAK = "\n---\n"  # in the Markdown, a line of three hyphens begins a new sheet of paper
# The pages of the teachers' file, in the order in which a teacher needs them.
FOR_TEACHERS = (
    *("teaching", "lessons/one_hour", "lessons/before", "lessons/parents", "print/numpy"),
    *("lessons/lesson_1", "print/01_predictions"),
    *("lessons/lesson_2", "print/02_predictions", "print/convolution", "print/game"),
    *("lessons/lesson_3", "print/03_predictions", "print/one_step", "print/chain"),
    *("lessons/lesson_4", "print/04_predictions", "print/who_pays"),
    *("lessons/after", "print/test", "print/marks", "quiz"),
)
# The sheets of the pupils' file, counted from 0 on their page. No sheet has a key. The first seven
# are for everybody, so that they are printed together. The test isn't here: pupils see it later.
FOR_PUPILS = (
    ("print/01_predictions", (0,)),
    ("print/02_predictions", (0,)),
    ("print/convolution", (0,)),
    ("print/03_predictions", (0,)),
    ("print/one_step", (0,)),
    ("print/04_predictions", (0,)),
    ("print/who_pays", (0,)),
    ("print/convolution", (1,)),  # with help
    ("print/one_step", (1,)),  # with help
    ("print/chain", (0,)),
    ("print/numpy", (0, 1)),
    ("print/game", (0, 2, 3, 4, 5, 6)),  # sheet 1 is for the teacher
    ("lessons/one_hour", (1, 2)),
)


def write_booklets(folder: Path) -> list[Path]:
    """Write both files in each language into `folder`, and return their paths.

    SystemExit says why a file can't be written.
    """
    written = []
    for language in ("", *translated_languages()):
        for name, page in (("teachers", teachers_page), ("pupils", pupils_page)):
            path = folder / translated_path(f"{name}.html", language)
            write_or_exit(path, page(language))
            written.append(path)
    return written


def teachers_page(language: str) -> str:
    """Return the HTML of all pages for teachers in a language; "" is English."""
    sources = [_find_source(name, language) for name in FOR_TEACHERS]
    return _join([(source, source.read_text(encoding="utf-8")) for source in sources], language)


def pupils_page(language: str) -> str:
    """Return the HTML of the pupils' sheets in a language, without any key; "" is English."""
    parts = []
    for name, chosen in FOR_PUPILS:
        source = _find_source(name, language)
        sheets = source.read_text(encoding="utf-8").split(SHEET_BREAK)
        parts.append((source, SHEET_BREAK.join(sheets[number] for number in chosen)))
    return _join(parts, language)


def _find_source(name: str, language: str) -> Path:
    return find_translation(DOCS / f"{name}.md", language)


def _join(parts: list[tuple[Path, str]], language: str) -> str:
    """Return one page of HTML with a section for each part, a pair of a file and its Markdown."""
    anchors = {source: source.stem.partition(".")[0] for source, _markdown in parts}
    body = ""
    seen = set()
    for source, markdown in parts:
        name = f"{anchors[source]}-more" if source in seen else anchors[source]
        body += _section(source, markdown, anchors, name)
        seen.add(source)
    return render_page("hello-mnist", body, language.replace("_", "-") or "en")


def _section(source: Path, markdown: str, anchors: dict[Path, str], name: str) -> str:
    """Return a part as HTML that needs no other file, in a section with the id `name`.

    A link to a page of the same file leads to its beginning, and a link to any other file becomes
    plain text.
    """
    soup = BeautifulSoup(render_body(markdown), "html.parser")
    for element in soup.select("[id]"):
        del element["id"]  # two pages may have the same heading
    for link in soup.select("a[href]"):
        address = link["href"].partition("#")[0]
        path = Path(os.path.normpath(source.parent / address)) if address else source
        if path in anchors:
            link["href"] = f"#{anchors[path]}"
        elif "://" not in address:
            link.unwrap()
    for picture in soup.select("img[src]"):
        path = source.parent / picture["src"]
        content = base64.b64encode(path.read_bytes()).decode()
        picture["src"] = f"data:{mimetypes.guess_type(path.name)[0]};base64,{content}"
    style = ' class="lesson-plan"' if is_lesson_plan(name) else ""
    return f'<section id="{name}"{style}>\n{soup}</section>\n'
