"""What there is to translate: the texts of notebooks, of pages, and of what the helpers say.

A function that walks through a source gives each text to `visit`, in their order, and returns the
source with what `visit` returns in its place: the text itself, to collect; or its translation.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path

import nbformat
from babel.messages.extract import extract_from_dir
from markdown_it import MarkdownIt
from markdown_it.token import Token
from nbconvert.preprocessors import ClearOutputPreprocessor

from helpers.common.files import ROOT
from tools import english_notebooks, lesson_metadata

ENGLISH = english_notebooks()
ENGLISH_ALONE = {path for path in ENGLISH if not lesson_metadata(path).get("translated", True)}
NOTEBOOKS = [path.relative_to(ROOT).as_posix() for path in ENGLISH if path not in ENGLISH_ALONE]
LESSON_SHEETS = [f"docs/lessons/lesson_{number}.md" for number in range(1, 5)]
LESSON_SHEETS += [f"docs/lessons/{name}.md" for name in ("before", "after", "one_hour", "parents")]
PRINTED_PAGES = [
    path.relative_to(ROOT).as_posix()
    for path in sorted((ROOT / "docs/print").glob("*.md"))
    if "." not in path.stem
]
PAGES = ["README.md", "publish/site/index.md"]
PAGES += ["docs/glossary.md", "docs/teaching.md", "docs/board.svg", *LESSON_SHEETS]
PAGES += ["docs/without_code.md", "docs/troubleshooting.md", "docs/quiz.md"]
PAGES += ["docs/laptops.md", "docs/accessibility.md"]
PAGES += PRINTED_PAGES
PAGES = [name for name in PAGES if (ROOT / name).exists()]
PARSER = MarkdownIt().enable("table")
CODE = re.compile(r"`[^`]+`")
FORMULA = re.compile(r"\$\$[^$]+\$\$|\$[^$]+\$")
NUMBER = re.compile(r"\[\d+\]\([^)]*\)")  # as a link, which is the same in all languages
PLACES = re.compile(r"\{+[^{}]*\}+")
SHOWN_TEXT = re.compile(">([^<>]+)</|:caption: (.+)")  # in HTML, and in the contents of the site
IN_DRAWING = re.compile("(?<=>)[^<>]*[A-Za-z]{2}[^<>]*(?=</t)")  # in <text> and <title>
# In Python, a string in double quotes and in one line, or what follows the sign of a comment.
STRING = r'(?P<prefix>[a-zA-Z]*)(?P<quotes>"""|")(?P<string>.*)(?P=quotes)'
STRING_OR_COMMENT = re.compile(rf"{STRING}|#[ #!:]*(?:@title )?(?P<comment>.*)")
# A string in several lines that is itself a program.
PROGRAM = re.compile(r'"""(\n(?:import|from) .*)"""', re.DOTALL)
# Functions of helpers/checks that translate the strings they are called with.
TRANSLATING = {"asks_for", "comparison", "exercise"}
MAGIC = re.compile(r"^\s*[%!]", re.MULTILINE)
Visit = Callable[[str], str]


def has_words(text: str) -> bool:
    """Is there, outside of places for values, a word, or a sign that Chinese writes otherwise?"""
    return re.search(r"[A-Za-z]{2}|[:;]|\dx\d", PLACES.sub("", text)) is not None


def visit_markdown(text: str, visit: Visit, visit_sentence: Visit | None = None) -> str:
    """Walk through Markdown and its code; ValueError names a text in several marked lines.

    `visit_sentence` is given a paragraph, a list item or a cell of a table, in place of `visit`,
    which gets all else, such as headings and comments in code.
    """
    visited = ""
    earlier_type = ""
    for token in PARSER.parse(text):
        is_sentence = earlier_type != "heading_open"
        earlier_type = token.type
        if token.content and token.type in ("inline", "fence", "html_block"):
            before, content, text = text.partition(token.content)
            if not content:
                raise ValueError(f"this must stand in one line: {token.content!r}")
            visit_text = visit_sentence if is_sentence and visit_sentence else visit
            visited += before + _visit_token(token, visit, visit_text)
    return visited + text


def _visit_token(token: Token, visit: Visit, visit_text: Visit) -> str:
    """Return the content of a token with what the functions return in place of its texts.

    `visit` gets the texts of code and of HTML, and `visit_text` the content of an inline token.
    """
    content = token.content
    if token.type == "inline":
        return visit_text(content) if has_words(FORMULA.sub("", CODE.sub("", content))) else content
    if token.info == "python":
        return visit_code(content, visit)
    if token.info == "sh":
        return re.sub("(?<=# ).+", lambda comment: visit(comment[0]), content)
    return SHOWN_TEXT.sub(partial(_visit_shown_text, visit), content)


def _visit_shown_text(visit: Visit, match: re.Match) -> str:
    """Return a match of SHOWN_TEXT with what `visit` returns in place of its text."""
    text = match[match.lastindex]
    return match[0].replace(text, visit(text)) if has_words(text) else match[0]


def visit_page(path: str, visit: Visit, visit_sentence: Visit | None = None) -> str:
    """Walk through one of PAGES, a Markdown file or a drawing; see `visit_markdown`."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".md"):
        return visit_markdown(text, visit, visit_sentence)
    return IN_DRAWING.sub(lambda label: visit(label[0]), text)


def visit_code(source: str, visit: Visit) -> str:
    """Walk through each comment in Python code, and each text; a cell with magics stays as it is.

    A string in one line and in double quotes is a text if it has a space, if it is an f-string, if
    `print` shows it, or if it is a label or a title. `visit` gets the part between the quotation
    marks. A string in single quotes is no text. It may be a command for the shell. A string in
    several lines that holds a program is walked through as code.
    """
    if MAGIC.search(source):
        return source
    parts = []
    position = 0
    for start, end, is_shown in _strings_and_comments(source):
        if program := PROGRAM.fullmatch(source, start, end):
            parts += [source[position : program.start(1)], visit_code(program[1], visit)]
            position = program.end(1)
            continue
        match = STRING_OR_COMMENT.fullmatch(source, start, end)
        if not match:
            continue
        kind = match.lastgroup
        text = match[kind]
        if kind == "string":
            is_text = is_shown or " " in text or "f" in match["prefix"].lower()
            is_list_of_values = PLACES.sub("", text) == ", "  # Chinese has a comma of its own
            if not is_text or not (has_words(text) or is_list_of_values):
                continue
        text_start, text_end = match.span(kind)
        parts += [source[position:text_start], visit(text)]
        position = text_end
    return "".join([*parts, source[position:]])


def _strings_and_comments(source: str) -> Iterator[tuple[int, int, bool]]:
    """Yield where each string and comment of Python code starts and ends, and if it is shown.

    A string is shown if it stands in a call of `print`, or if it is a label or a title. An f-string
    is one string, whatever stands in it.
    """
    lines = [0, *accumulate(map(len, io.StringIO(source)))]  # where each line starts
    brackets = []  # for each open bracket, the token before it
    f_strings = []  # for each open f-string, where it starts, and whether it is a label or a title
    last = before_last = ""  # tokens
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]
        start, end = (lines[line - 1] + column for line, column in (token.start, token.end))
        is_label = last in ("(", "=") and before_last.endswith(("label", "title"))
        if kind == "OP" and token.string in "([{":
            brackets.append(last)
        elif kind == "OP" and token.string in ")]}":
            brackets.pop()
        elif kind == "FSTRING_START":  # from Python 3.12 on
            f_strings.append((start, is_label))
        elif kind == "FSTRING_END":
            start, is_label = f_strings.pop()
        if kind in ("STRING", "COMMENT", "FSTRING_END") and not f_strings:
            yield start, end, is_label or "print" in brackets
        before_last = last
        last = token.string


def visit_notebook(
    original: nbformat.NotebookNode, visit: Visit, visit_sentence: Visit | None = None
) -> nbformat.NotebookNode:
    """Walk through a notebook, which is returned without outputs; see `visit_markdown`."""
    made, _resources = ClearOutputPreprocessor().preprocess(original, {})
    for cell in made.cells:
        if cell.cell_type == "markdown":
            cell.source = visit_markdown(cell.source, visit, visit_sentence)
        else:
            cell.source = visit_code(cell.source, visit)
        if "alt" in cell.get("metadata", {}):  # of its picture
            cell.metadata["alt"] = visit(cell.metadata["alt"])
    return made


def python_messages(file: io.BufferedIOBase, *_arguments, **_options) -> Iterator[tuple]:
    """Yield the messages in a file of Python in the way of Babel: line, function, text, comments.

    A message is the first argument of `_` or `LazyMessage`, or any string in a call of one of
    `TRANSLATING`.
    """
    texts = {}
    for call in ast.walk(ast.parse(file.read())):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        nodes = []
        if call.func.id in ("_", "LazyMessage"):
            nodes = call.args[:1]
        elif call.func.id in TRANSLATING:
            nodes = ast.walk(call)
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts[node.lineno, node.col_offset] = node.value
    for (line, _column), text in sorted(texts.items()):
        yield line, "_", text, []


def collect_texts() -> dict[str, list[str]]:
    """Return all English texts that are translated, in their order, each with its places."""
    places = {}

    def note(place: str, text: str) -> str:
        if not NUMBER.fullmatch(text):
            places.setdefault(text, {})[place] = None
        return text

    for path in NOTEBOOKS:
        for cell in nbformat.read(ROOT / path, 4).cells:
            visit_notebook(
                nbformat.from_dict({"cells": [cell]}), partial(note, f"{path}#{cell.id}")
            )
    for path in PAGES:
        visit_page(path, partial(note, path))
    kinds = [("**.py", python_messages), ("**.js", "javascript"), ("**.jinja", "jinja2")]
    options = {"**.js": {"parse_template_string": True}}
    english_alone = {path.stem for path in ENGLISH_ALONE}
    for folder in ("helpers", "publish", "teach", "tools"):
        extracted = extract_from_dir(ROOT / folder, kinds, options, keywords={"_": None})
        for name, _line, messages, *_others in extracted:
            if not english_alone & {*Path(name).parts}:
                for text in [messages] if isinstance(messages, str) else messages:
                    note(f"{folder}/{name}", text)
    return {text: list(paths) for text, paths in places.items()}
