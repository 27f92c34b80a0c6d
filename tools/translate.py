"""The lesson in other languages: bring the catalogues up to date, and what is made of them.

    python -m tools.translate

English is the only source. A catalogue, locales/<language>/LC_MESSAGES/lesson.po, has an entry for
each heading, paragraph, list item and table cell of the four notebooks, the README and the site's
front page, for each text in a cell, and for what the helpers say. A new text gets an empty entry; a
changed one keeps its translation and is marked fuzzy until somebody has looked at it.
"""

import ast
import copy
import difflib
import io
import posixpath
import re
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import polib
from babel.messages.extract import extract_from_dir
from markdown_it import MarkdownIt

from helpers.files import ROOT, replacing
from tools import normal, write
from tools.execute import NOTEBOOKS, lesson

LOCALES = ROOT / "locales"
PAGES = ("README.md", "docs/site/index.md")
SAID = re.compile(">([^<>]+)</|:caption: (.+)")  # in HTML, and in the contents of the site
PARSER = MarkdownIt().enable("table")
Say = Callable[[str], str]

# What a translation has in common with its original: as often, in whatever order.
PLACES = re.compile(r"\{+[^{}]*\}+")
LINKS = re.compile(r"\]\(([^)\s]+)\)|(?:href|src)=\"([^\"]+)\"")
CODE = re.compile(r"`[^`]+`")
SIGNS = re.compile(r"\*\*|</?\w+>")
NUMBERS = re.compile(r"(\d[\d,]*(?:\.\d+)?)(?: ?(million|billion|万|亿)\b)?")
SPELLED = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
UNITS = {"": 1, "万": 10**4, "million": 10**6, "亿": 10**8, "billion": 10**9}


def languages() -> list[str]:
    """Return the languages that there are besides English, by the names of their folders."""
    return sorted(path.name for path in LOCALES.iterdir() if path.is_dir())


def catalogue(language: str) -> polib.POFile:
    """Read the catalogue of a language; an empty one where there is none yet."""
    path = LOCALES / language / "LC_MESSAGES" / "lesson.po"
    po = polib.pofile(str(path), wrapwidth=0) if path.exists() else polib.POFile(wrapwidth=0)
    po.metadata = po.metadata or {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    return po


def worded(text: str) -> bool:
    """Is there a word in a text, outside of its places for values?"""
    return re.search(r"[A-Za-z]{2}", PLACES.sub("", text)) is not None


def markdown(text: str, say: Say) -> str:
    """Return Markdown with what `say` makes of each heading, paragraph, list item, table cell."""
    done = ""
    for token in PARSER.parse(text):
        if token.type == "fence" and token.info == "python":
            part, new = token.content, code(token.content, say)
        elif token.type in ("html_block", "fence") and (said := SAID.search(token.content)):
            part, new = said[said.lastindex], say(said[said.lastindex])
        elif token.type == "inline" and worded(CODE.sub("", token.content)):
            part, new = token.content, say(token.content)
        else:
            continue
        before, _, text = text.partition(part)
        done += before + new
    return done + text


def code(source: str, say: Say) -> str:
    """Return Python code with what `say` makes of each comment, and of each text in it.

    A string is a text if there is a space in it, or `print` shows it; of an f-string it is what
    stands between the quotation marks.
    """
    tree, parts = ast.parse(source), {}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
              for part in ast.walk(node) if part is not node}  # fmt: skip
    shown = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Call)
             and getattr(node.func, "id", "") == "print" for part in node.args}  # fmt: skip
    lines = source.splitlines(keepends=True)
    for node in ast.walk(tree):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        text = text and (" " in node.value or id(node) in shown)
        if id(node) not in inside and (text or isinstance(node, ast.JoinedStr)):
            segment = ast.get_source_segment(source, node)
            said = re.fullmatch(r"(\w?[\"'])(.*)[\"']", segment)
            if worded(said[2]) or ": {" in said[2]:  # Chinese has another colon
                parts[node.lineno, node.col_offset + len(said[1])] = said[2]
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            sign = re.match("# (@title )?", token.string)[0]
            parts[token.start[0], token.start[1] + len(sign)] = token.string[len(sign) :]
    for (row, column), part in sorted(parts.items(), reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + say(part) + line[column + len(part) :]
    return "".join(lines)


def translated(notebook: nbformat.NotebookNode, say: Say) -> nbformat.NotebookNode:
    """Return a copy of a notebook, without outputs, in another language."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = markdown(cell.source, say)
        else:
            cell.source = code(cell.source, say)
            cell.outputs, cell.execution_count = [], None
    return notebook


def messages() -> dict[str, list[str]]:
    """Return all English texts in the order of their sources, each with where it stands."""
    found = {}

    def note(place: str) -> Say:
        def say(text):
            found.setdefault(text, [])
            if place not in found[text]:
                found[text].append(place)
            return text

        return say

    for path in lesson():
        name = path.relative_to(ROOT).as_posix()
        for cell in nbformat.read(path, 4).cells:
            one = nbformat.from_dict({"cells": [cell]})
            translated(one, note(f"{name}#{cell.id}"))
    for name in PAGES:
        markdown((ROOT / name).read_text(encoding="utf-8"), note(name))
    optional = {path.stem for path in (NOTEBOOKS / "extras").glob("*.ipynb")}
    kinds = [("**.py", "python"), ("**.js", "javascript")]
    keywords = {"_": None, "exercise": (2, 3)}  # of checks/core.py, which translates what it gets
    for name, _, texts, *_ in extract_from_dir(ROOT / "helpers", kinds, keywords=keywords):
        if optional & set(Path(name).with_suffix("").parts):
            continue
        for text in [texts] if isinstance(texts, str) else texts:
            note(f"helpers/{name}")(text)
    return found


def update(po: polib.POFile, texts: dict[str, list[str]]) -> None:
    """Give a catalogue an entry for each text, in their order, and no other.

    A text without a translation takes that of a similar one that has gone, as fuzzy.
    """
    old = {entry.msgid: entry for entry in po}
    gone = [text for text, entry in old.items() if entry.msgstr and text not in texts]
    po.clear()
    for text, places in texts.items():
        entry = old.get(text) or polib.POEntry(msgid=text)
        for near in difflib.get_close_matches(text, gone if text not in old else [], 1):
            entry.msgstr, entry.previous_msgid = old[near].msgstr, near
            entry.flags = ["fuzzy"]
        entry.occurrences = [(place, "") for place in places]
        po.append(entry)


def faults(po: polib.POFile, texts: dict[str, list[str]]) -> Iterator[str]:
    """Yield what is wrong in a catalogue, each with the place and the English text."""
    known = {entry.msgid: entry for entry in po}
    for text in known.keys() - texts.keys():
        yield f"no longer said: {text!r}"
    for text, (place, *_) in texts.items():
        entry = known.get(text)
        if entry is None or not entry.msgstr:
            yield f"{place}: missing: {text!r}"
        elif entry.fuzzy:
            yield f"{place}: fuzzy: {text!r}"
        else:
            for kind, wanted in fixed(text).items():
                got = fixed(entry.msgstr)[kind]
                differ = [*(wanted - got), *(got - wanted - spelled(text))]
                if differ:
                    yield f"{place}: another {kind} ({', '.join(map(str, differ))}): {text!r}"


def fixed(text: str) -> dict[str, Counter]:
    """Return what must be the same in a translation, by kind."""
    parts = {}
    for kind, pattern in (("place", PLACES), ("link", LINKS), ("code", CODE), ("sign", SIGNS)):
        parts[kind] = Counter(match[0] for match in pattern.finditer(text))
        text = pattern.sub(" ", text)
    numbers = [
        round(float(number.replace(",", "").rstrip(".")) * UNITS[unit], 9)
        for number, unit in NUMBERS.findall(text)
    ]
    return parts | {"number": Counter(numbers)}


def spelled(text: str) -> Counter:
    """Return how often each number from 0 to 10 stands in an English text as a word, or words."""
    words = Counter(re.findall("[a-z]+", text.lower()))
    return Counter({n: words[one] + words[f"{one}s"] for n, one in enumerate(SPELLED)})


def place(path: str, language: str) -> str:
    """Return where the translation of a source stands, both from the root."""
    if path.startswith("notebooks/0"):
        return path.replace("notebooks/", f"notebooks/{language}/")
    return path.replace(".md", f".{language.replace('_', '-')}.md")


def make(path: str, language: str) -> str:
    """Return the text of a source in a language, its links leading to translations; no outputs."""
    known = {entry.msgid: entry.msgstr for entry in catalogue(language) if entry.translated()}
    sources = [*(source.relative_to(ROOT).as_posix() for source in lesson()), PAGES[0]]

    def say(text: str) -> str:
        return known.get(text, text)

    def lead(link: re.Match) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link[1]))
        target = place(target, language) if target in sources else target
        start = posixpath.dirname(place(path, language)) or "."
        return f"]({posixpath.relpath(target, start)}{link[2]})"

    def linked(text: str) -> str:
        text = re.sub(r"\]\(([\w./-]+)(#[\w-]+|)\)", lead, text)
        for source in sources:  # in addresses of the repository
            for before, sign in (("/blob/main/", "/"), ("labpath=", "%2F")):
                old, new = (name.replace("/", sign) for name in (source, place(source, language)))
                text = text.replace(before + old, before + new)
        return text

    text = (ROOT / path).read_text(encoding="utf-8")
    if path in PAGES:
        return linked(markdown(text, say))
    notebook = translated(nbformat.reads(text, 4), say)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = linked(cell.source)
        if "colab" in cell.metadata.get("tags", []):
            cell.source = cell.source.replace('LANGUAGE"] = "en"', f'LANGUAGE"] = "{language}"')
    return normal.text(notebook)


def made() -> dict[Path, str]:
    """Return the texts of all translated notebooks, without outputs, by the files they are for."""
    paths = [path.relative_to(ROOT).as_posix() for path in lesson()]
    pairs = [(path, language) for language in languages() for path in paths]
    return {ROOT / place(path, language): make(path, language) for path, language in pairs}


def main() -> None:
    """Update all catalogues, and what is made of them without executing a notebook."""
    texts = messages()
    for language in languages():
        po = catalogue(language)
        update(po, texts)
        folder = LOCALES / language / "LC_MESSAGES"
        write(folder / "lesson.po", f"{po}\n")
        said = polib.POFile()  # what helpers need, without the lesson's prose
        said.metadata = po.metadata
        said.extend(entry for entry in po if "helpers/" in str(entry.occurrences))
        with replacing(folder / "lesson.mo") as beside:
            said.save_as_mofile(str(beside))
        write(ROOT / place("README.md", language), make("README.md", language))
        left = list(faults(po, texts))
        print(f"{language}: {len(texts)} texts, {len(left)} to look at", *left, sep="\n")


if __name__ == "__main__":
    main()
