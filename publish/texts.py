"""What there is to translate: the texts of notebooks, of pages, and of what the helpers say.

A function that walks through a source gives each text to `visit`, in their order, and returns the
source with what `visit` returns in its place: the text itself, to collect; or its translation.
"""

import ast
import copy
import difflib
import io
import re
import tokenize
from collections.abc import Callable
from pathlib import Path

import nbformat
from babel.messages.extract import extract_from_dir
from IPython.core.inputtransformer2 import TransformerManager
from markdown_it import MarkdownIt

from helpers.files import ROOT
from tools.execute import four_notebooks

PAGES = ("README.md", "publish/index.md")
PARSER = MarkdownIt().enable("table")
CODE = re.compile(r"`[^`]+`")
PLACES = re.compile(r"\{+[^{}]*\}+")
SAID = re.compile(">([^<>]+)</|:caption: (.+)")  # in HTML, and in the contents of the site
ONE_STRING = re.compile(r"(f?([\"']))((?:(?!\2)[^\\\n]|\\.)*)\2")
Visit = Callable[[str], str]


def worded(text: str) -> bool:
    """Is there a word in a text, outside of its places for values?"""
    return re.search(r"[A-Za-z]{2}", PLACES.sub("", text)) is not None


def markdown(text: str, visit: Visit) -> str:
    """Walk through each heading, paragraph, list item and table cell of Markdown, and its code.

    Raises:
        ValueError: one of them goes on in another line that is indented or marked.
    """
    done = ""
    for token in PARSER.parse(text):
        part = new = token.content
        if token.type == "fence" and token.info == "python":
            new = code(part, visit)
        elif token.type == "fence" and token.info == "sh":
            new = re.sub("(?<=# ).+", lambda comment: visit(comment[0]), part)
        elif token.type in ("html_block", "fence") and (said := SAID.search(part)):
            start, end = said.span(said.lastindex)
            new = part[:start] + visit(part[start:end]) + part[end:]
        elif token.type == "inline" and worded(CODE.sub("", part)):
            new = visit(part)
        if part and token.type in ("inline", "fence", "html_block"):
            before, found, text = text.partition(part)
            if not found:
                raise ValueError(f"this must stand in one line: {part!r}")
            done += before + new
    return done + text


def code(source: str, visit: Visit) -> str:
    """Walk through each comment in Python code, and each text, but for the magics of IPython.

    A string is a text if there is a space in it, or `print` shows it; of an f-string it is what
    stands between the quotation marks.

    Raises:
        ValueError: a text is several strings, or goes over several lines.
        SyntaxError: it isn't Python.
    """
    if source.startswith("%%"):
        return source
    lines, (python, magics), parts = source.splitlines(keepends=True), as_python(source), {}
    nodes = [n for n in ast.walk(ast.parse(python)) if getattr(n, "lineno", 0) not in magics]
    joined = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    inside = [part for node in joined for part in ast.walk(node) if part is not node]
    prints = [node for node in nodes if getattr(getattr(node, "func", 0), "id", "") == "print"]
    shown = [part for node in prints for part in node.args]

    def is_text(node):
        if node in inside or node in joined:
            return node not in inside
        is_string = isinstance(node, ast.Constant) and isinstance(node.value, str)
        return is_string and (node in shown or " " in node.value)

    for node in filter(is_text, nodes):
        segment = ast.get_source_segment(python, node)
        said = ONE_STRING.fullmatch(segment)
        if not said:
            raise ValueError(f"this must be one string in one line: {segment}")
        if worded(said[3]) or ": {" in said[3]:  # Chinese has another colon
            before = lines[node.lineno - 1].encode()[: node.col_offset].decode()
            parts[node.lineno, len(before + said[1])] = said[3]
    for token in tokenize.generate_tokens(io.StringIO(python).readline):
        if token.type == tokenize.COMMENT and token.start[0] not in magics:
            sign = re.match("#[ #!:]*(@title )?", token.string)[0]
            parts[token.start[0], token.start[1] + len(sign)] = token.string[len(sign) :]
    told = {place: (len(part), visit(part)) for place, part in sorted(parts.items())}
    for (row, column), (length, new) in reversed(told.items()):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + new + line[column + length :]
    return "".join(lines)


def as_python(source: str) -> tuple[str, set[int]]:
    """Return the code of a cell with Python in place of magics, and the numbers of their lines."""
    lines, python, magics = source.splitlines(keepends=True), [], set()
    new = TransformerManager().do_token_transforms(lines)
    for same, start, end, first, last in difflib.SequenceMatcher(None, lines, new).get_opcodes():
        python += new[first:last]
        if same != "equal":
            magics |= {*range(start + 1, end + 1)}
            python += ["\n"] * (end - start - (last - first))  # a magic of several lines became one
    return "".join(python), magics


def notebook(original: nbformat.NotebookNode, visit: Visit) -> nbformat.NotebookNode:
    """Walk through a notebook; what is returned has no outputs.

    Raises:
        ValueError: a cell can't be translated; the message begins with its id.
    """
    made = copy.deepcopy(original)
    for cell in made.cells:
        try:
            cell.source = (markdown if cell.cell_type == "markdown" else code)(cell.source, visit)
        except (SyntaxError, ValueError) as error:
            raise ValueError(f"cell {cell.id}: {error}") from error
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return made


def all_texts() -> dict[str, list[str]]:
    """Return all English texts in the order of their sources, each with where it stands.

    What only the optional lessons say is not among them.
    """
    found = {}

    def note(place: str) -> Visit:
        def visit(text):
            places = found.setdefault(text, [])
            places += [place] if place not in places else []
            return text

        return visit

    for path in four_notebooks():
        for cell in nbformat.read(path, 4).cells:
            one = nbformat.from_dict({"cells": [cell]})
            notebook(one, note(f"{path.relative_to(ROOT).as_posix()}#{cell.id}"))
    for name in PAGES:
        markdown((ROOT / name).read_text(encoding="utf-8"), note(name))
    # Whether or not the optional lessons are there: what the helpers of each are called.
    lessons = {path.stem for path in (ROOT / "helpers" / "checks").glob("[!_]*.py")}
    optional = lessons - {"core", *(path.stem[3:] for path in four_notebooks())}
    kinds = [("**.py", "python"), ("**.js", "javascript")]
    keywords = {"_": None, "exercise": (2, 3)}  # of checks/core.py, which translates what it gets
    for name, _, texts, *_ in extract_from_dir(ROOT / "helpers", kinds, keywords=keywords):
        if not optional & set(Path(name).with_suffix("").parts):
            for text in [texts] if isinstance(texts, str) else texts:
                note(f"helpers/{name}")(text)
    return found
