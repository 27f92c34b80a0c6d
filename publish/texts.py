"""What there is to translate: the texts of notebooks, of pages, and of what the helpers say.

A function that walks through a source gives each text to `visit`, in their order, and returns the
source with what `visit` returns in its place: the text itself, to collect; or its translation.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import nbformat
from babel.messages.extract import extract_from_dir
from markdown_it import MarkdownIt
from nbconvert.preprocessors import ClearOutputPreprocessor

from helpers.files import ROOT
from tools import english_notebooks, own_metadata

ENGLISH = english_notebooks()
ENGLISH_ALONE = {path for path in ENGLISH if not own_metadata(path).get("translated", True)}
NOTEBOOKS = [path.relative_to(ROOT).as_posix() for path in ENGLISH if path not in ENGLISH_ALONE]
PAGES = ["README.md", "publish/site/index.md"]
PAGES += ["docs/glossary.md", "docs/teaching.md", "docs/board.svg"]
PAGES += ["docs/without_code.md", "docs/faults.md", "docs/server.md", "docs/quiz.md"]
PAGES = [name for name in PAGES if (ROOT / name).exists()]
PARSER = MarkdownIt().enable("table")
CODE = re.compile(r"`[^`]+`")
FORMULA = re.compile(r"\$\$[^$]+\$\$|\$[^$]+\$")
NUMBER = re.compile(r"\[\d+\]\([^)]*\)")  # as a link, which is the same in all languages
PLACES = re.compile(r"\{+[^{}]*\}+")
SHOWN = re.compile(">([^<>]+)</|:caption: (.+)")  # in HTML, and in the contents of the site
IN_DRAWING = re.compile("(?<=>)[^<>]*[A-Za-z]{2}[^<>]*(?=</t)")  # in <text> and <title>
# In Python, a string in one line, or what follows the sign of a comment.
STRING = r'f?"(?P<string>(?:[^"\\\n]|\\.)*)"'
STRING_OR_COMMENT = re.compile(rf"{STRING}|#[ #!:]*(?:@title )?(?P<comment>.*)")
MAGIC = re.compile(r"^\s*[%!]", re.MULTILINE)
Visit = Callable[[str], str]


def worded(text: str) -> bool:
    """Is there, outside of places for values, a word, or a sign that Chinese writes otherwise?"""
    return re.search(r"[A-Za-z]{2}|[:;]|\dx\d", PLACES.sub("", text)) is not None


def markdown(text: str, visit: Visit, visit_sentence: Visit | None = None) -> str:
    """Walk through Markdown and its code; ValueError names a text in several marked lines.

    `visit_sentence` is given a paragraph, a list item or a cell of a table, in place of `visit`,
    which gets all else, such as headings and comments in code.
    """
    done, before_it = "", ""
    for token in PARSER.parse(text):
        content = new = token.content
        is_sentence, before_it = before_it != "heading_open", token.type
        if token.type == "fence" and token.info == "python":
            new = code(content, visit)
        elif token.type == "fence" and token.info == "sh":
            new = re.sub("(?<=# ).+", lambda comment: visit(comment[0]), content)
        elif token.type in ("html_block", "fence"):
            new = SHOWN.sub(partial(_shown, visit), content)
        elif token.type == "inline" and worded(FORMULA.sub("", CODE.sub("", content))):
            new = (visit_sentence if is_sentence and visit_sentence else visit)(content)
        if content and token.type in ("inline", "fence", "html_block"):
            before, matched, text = text.partition(content)
            if not matched:
                raise ValueError(f"this must stand in one line: {content!r}")
            done += before + new
    return done + text


def _shown(visit: Visit, match: re.Match) -> str:
    text = match[match.lastindex]
    return match[0].replace(text, visit(text)) if worded(text) else match[0]


def page(path: str, visit: Visit, visit_sentence: Visit | None = None) -> str:
    """Walk through one of PAGES, a Markdown file or a drawing; see `markdown`."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".md"):
        return markdown(text, visit, visit_sentence)
    return IN_DRAWING.sub(lambda label: visit(label[0]), text)


def code(source: str, visit: Visit) -> str:
    """Walk through each comment in Python code, and each text; a cell with magics stays as it is.

    A string is a text if there is a space in it, `print` shows it, or it is a label or a title; of
    an f-string it is what stands between the quotation marks. A text stands in one line.
    """

    def new(match: re.Match) -> str:
        kind, text = match.lastgroup, match[match.lastgroup]
        if kind == "string":
            is_shown = re.search(r"(print\(.*|(label|title)[(=])\Z", source[: match.start()])
            is_text = is_shown or " " in text or match[0].startswith("f")
            if not is_text or not worded(text):
                return match[0]
        start, end = (edge - match.start() for edge in match.span(kind))
        return match[0][:start] + visit(text) + match[0][end:]

    return source if MAGIC.search(source) else STRING_OR_COMMENT.sub(new, source)


def notebook(
    original: nbformat.NotebookNode, visit: Visit, visit_sentence: Visit | None = None
) -> nbformat.NotebookNode:
    """Walk through a notebook, which is returned without outputs; see `markdown`."""
    made, _ = ClearOutputPreprocessor().preprocess(original, {})
    for cell in made.cells:
        if cell.cell_type == "markdown":
            cell.source = markdown(cell.source, visit, visit_sentence)
        else:
            cell.source = code(cell.source, visit)
        if "alt" in cell.get("metadata", {}):  # of its picture
            cell.metadata["alt"] = visit(cell.metadata["alt"])
    return made


def all_texts() -> dict[str, list[str]]:
    """Return all English texts that are translated, in their order, each with its places."""
    places = {}

    def note(place: str, text: str) -> str:
        if not NUMBER.fullmatch(text):
            places.setdefault(text, {})[place] = None
        return text

    for path in NOTEBOOKS:
        for cell in nbformat.read(ROOT / path, 4).cells:
            notebook(nbformat.from_dict({"cells": [cell]}), partial(note, f"{path}#{cell.id}"))
    for path in PAGES:
        page(path, partial(note, path))
    kinds = [("**.py", "python"), ("**.js", "javascript"), ("**.jinja", "jinja2")]
    # The decorator of checks/core.py translates its texts. Babel counts five arguments where there
    # is a second hint, for it takes the comma at the end for one more.
    keywords = {"_": None, "exercise": {None: (2, 3), 5: (4,)}}
    options = {"**.js": {"parse_template_string": True}}
    rooms = {path.stem for path in ENGLISH_ALONE}
    for folder in ("helpers", "publish", "tools"):
        extracted = extract_from_dir(ROOT / folder, kinds, options, keywords=keywords)
        for name, _, messages, *_ in extracted:
            if not rooms & {*Path(name).parts}:
                for text in [messages] if isinstance(messages, str) else messages:
                    note(f"{folder}/{name}", text)
    return {text: list(paths) for text, paths in places.items()}
