"""The lesson in other languages: bring the catalogues up to date, and what is made of them.

    python -m publish.translate
    python -m publish.translate --check    changes nothing, and fails if anything is left to do

A catalogue, locales/<language>/lesson.po, has an entry for each text that publish/texts.py finds.
A new text gets an empty entry; a changed one keeps its translation and is fuzzy until somebody has
looked at it; that of one that is gone goes.
"""

import difflib
import posixpath
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat
import polib

from helpers.files import ROOT, replacing
from helpers.language import font_files
from publish import texts
from publish.links import anchor, relink, translated_path
from tools.execute import normal_text

CATALOGUES = ROOT / "locales"
FRONT, GLOSSARY = "publish/site/index.md", "docs/glossary.md"
PICTURES = "docs/journey.png", "docs/pad.gif", "docs/try_it.html"

# The end of a notebook's first cell, where Matplotlib's own font lacks letters of the language.
USE_FONT = "\n\nfrom helpers.plots import canvas\n\ncanvas.use_language_font()"

SECTION = re.compile(r"\]\(([\w./-]*)#([\w-]+)\)")  # a link to one, also in the same file

# What a translation has in common with its original: as often, in whatever order.
FIXED = {
    "code": texts.CODE,
    "formula": texts.FORMULA,
    "place": re.compile(r"\{+[^{}]*\}+|[{}]"),
    "link": re.compile(r"\]\([^)\s]+\)|(?:href|src)=\"[^\"]+\""),
    "bold sign": re.compile(r"\*\*"),
    "number": re.compile(r"\d+(?:[.,]\d+)*"),
}


def languages() -> list[str]:
    """Return the languages that have a folder for their catalogue."""
    return sorted(path.name for path in CATALOGUES.glob("*") if path.is_dir())


def catalogue(language: str) -> polib.POFile:
    """Read a language's catalogue, or begin it; two entries for one text are a ValueError."""
    path = CATALOGUES / language / "lesson.po"
    if path.exists():
        return polib.pofile(str(path), wrapwidth=0, check_for_duplicates=True)
    po = polib.POFile(wrapwidth=0)
    po.metadata = {"Language": language, "Content-Type": "text/plain; charset=UTF-8"}
    return po


def update(po: polib.POFile, wanted: dict[str, list[str]]) -> None:
    """Give a catalogue an entry for each text; a new one takes that of a similar one, as fuzzy."""
    old = {entry.msgid: entry for entry in po}
    gone = {text: entry for text, entry in old.items() if entry.msgstr and text not in wanted}
    po.clear()
    for text, places in wanted.items():
        entry = old.get(text) or polib.POEntry(msgid=text)
        for near in difflib.get_close_matches(text, gone if text not in old else [], 1):
            entry.flags, entry.msgstr = ["fuzzy"], gone[near].msgstr
            entry.previous_msgid = gone[near].previous_msgid or near
        if not entry.fuzzy:
            entry.previous_msgid = None
        entry.occurrences = [(place, "") for place in places]
        po.append(entry)


def faults(po: polib.POFile, wanted: dict[str, list[str]]) -> Iterator[str]:
    """Yield what is missing, fuzzy or wrong, each with the place and the English text."""
    for text, (where, *_) in wanted.items():
        entry = po.find(text)
        if entry and entry.translated():
            yield from (f"{where}: {fault}: {text!r}" for fault in differences(text, entry.msgstr))
        else:
            yield f"{where}: {'fuzzy' if entry and entry.msgstr else 'missing'}: {text!r}"


def differences(text: str, translation: str) -> Iterator[str]:
    """Yield what a translation lacks of its English text, or has besides."""
    if "**" in texts.PARSER.renderInline(translation):  # as between a Chinese full stop and a word
        yield "a bold sign that Markdown shows"
    for kind, pattern in FIXED.items():
        wanted, got = Counter(pattern.findall(text)), Counter(pattern.findall(translation))
        text, translation = pattern.sub(" ", text), pattern.sub(" ", translation)
        differ = (wanted - got) + (got - wanted)
        if kind == "number":  # it may have one where English has a word, or 1,700 万: 17 million
            differ = Counter() if re.search("[万亿]", translation) else wanted - got
        if differ:
            yield f"another {kind} ({', '.join(differ)})"


def sections(path: str, known: dict[str, str]) -> dict[str, str]:
    """Return the anchors of a source's sections in a language, by those in English."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".ipynb"):
        cells = nbformat.reads(text, 4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    titles = re.findall("^#+ (.*)$", text, re.MULTILINE)
    return {anchor(title): anchor(known.get(title, title)) for title in titles}


def with_english(text: str) -> str:
    """Return a translated glossary with a column more, the terms in English."""
    english = (ROOT / GLOSSARY).read_text(encoding="utf-8").replace("| term |", "| English |")
    lines = zip(text.splitlines(), english.splitlines(), strict=True)
    terms = ((line, old.split(" | ")[0].removeprefix("| ")) for line, old in lines)
    return "\n".join(f"{line} {term} |" if line[:1] == "|" else line for line, term in terms) + "\n"


def with_own(text: str, own: Path, known: dict[str, str]) -> str:
    """Return a page with the sections that stand in one language alone, in a file of its own.

    A section comes before the one that the comment above it names, in English, or at the end.
    """
    sections = own.read_text(encoding="utf-8")
    last, *parts = re.split("^<!-- before: (.*) -->\n", sections, flags=re.MULTILINE)
    for title, section in zip(parts[::2], parts[1::2], strict=True):
        before, heading, after = text.partition(f"## {known.get(title, title)}\n")
        if not heading:
            raise ValueError(f"{own.name}: there is no section {title!r}")
        text = before + section + heading + after
    return text + last


def make(path: str, language: str) -> str:
    """Return the text of a source in a language, its links leading to translations."""
    known = {entry.msgid: entry.msgstr for entry in catalogue(language) if entry.translated()}
    pictures = [name for name in PICTURES if (ROOT / translated_path(name, language)).exists()]
    sources = [*texts.NOTEBOOKS, *texts.PAGES, *pictures]
    new = {source: translated_path(source, language) for source in sources}
    folder = "" if path == FRONT else posixpath.dirname(path)
    new_folder = posixpath.dirname(translated_path(path, language))

    def lead(target: str) -> str:
        return posixpath.relpath(new.get(target, target), new_folder)

    def section(link: re.Match) -> str:
        target = posixpath.normpath(posixpath.join(folder, link[1])) if link[1] else path
        anchors = sections(target, known) if target in new else {}
        return f"]({link[1]}#{anchors.get(link[2], link[2])})"

    def visit(text: str) -> str:
        text = SECTION.sub(section, known.get(text, text))
        return text if path == FRONT else relink(text, folder, lead)  # the site leads its links

    if path in texts.PAGES:
        text = texts.page(path, visit)
        for source in new:  # in addresses of the repository
            for before, sign in (("/blob/main/", "/"), ("labpath=", "%2F")):
                old_address = before + source.replace("/", sign)
                text = text.replace(old_address, before + new[source].replace("/", sign))
        text = re.sub(r"(https://[\w-]+\.github\.io/[\w.-]+/)(?=[)\"])", rf"\1{language}/", text)
        if path == GLOSSARY:
            text = with_english(text)
        if (own := CATALOGUES / language / "own" / posixpath.basename(path)).exists():
            text = with_own(text, own, known)
        names = {"tools.lab": f" {language}", "make lab": f" IN={language}"}
        for command, name in {**names, "tools.quiz": names["tools.lab"]}.items():
            text = re.sub(f"{command}(?:{' ' * len(name)})?", command + name, text)
        return text
    notebook = texts.notebook(nbformat.read(ROOT / path, 4), visit)
    for cell in notebook.cells:
        if "colab" in cell.metadata.get("tags", []):
            cell.source = cell.source.replace('LANGUAGE"] = "en"', f'LANGUAGE"] = "{language}"')
            if font_files(language):
                cell.source += USE_FONT
    return normal_text(notebook)


def notebooks() -> dict[Path, tuple[str, str]]:
    """Return the source and the language of each translated notebook, by its file."""
    return {
        ROOT / translated_path(source, language): (source, language)
        for language in languages()
        for source in texts.NOTEBOOKS
    }


def files(language: str, po: polib.POFile) -> Iterator[tuple[str, bytes]]:
    """Yield what is made without executing, by path: the catalogue, and what is made of it."""
    yield f"locales/{language}/lesson.po", f"{po}\n".encode()
    messages = polib.POFile()  # what code says, without the lesson's prose
    messages.metadata = po.metadata
    of_code = re.compile(r"(helpers|publish|tools)/.*\.(py|js|jinja)")
    messages.extend(entry for entry in po if any(map(of_code.match, dict(entry.occurrences))))
    yield f"helpers/data/languages/{language}/LC_MESSAGES/lesson.mo", messages.to_binary()
    for page in texts.PAGES:
        if page != FRONT:  # the site makes it
            yield translated_path(page, language), make(page, language).encode()


def lagging(language: str, po: polib.POFile) -> Iterator[str]:
    """Yield the files that are not what their sources give, each with what helps."""
    for path, content in files(language, po):
        if not (ROOT / path).exists() or (ROOT / path).read_bytes() != content:
            yield f"{path}: python -m publish.translate"
    for path, (source, own) in notebooks().items():
        if own == language and path.parent.exists():
            notebook = path.exists() and texts.notebook(nbformat.read(path, 4), str)
            if not notebook or normal_text(notebook) != make(source, language):
                name = path.relative_to(ROOT).as_posix()
                yield f"{name}: make notebooks ONLY={name}"


def main(check: bool = False) -> list[str]:
    """Update catalogues and what is made of them without executing, or `check` alone.

    Return what is left to do in all languages.
    """
    to_do = []
    for language in languages():
        wanted, po = texts.all_texts(), catalogue(language)
        update(po, wanted)
        for path, content in files(language, po) if not check else ():
            with replacing(ROOT / path) as beside:
                beside.write_bytes(content)
        lines = [*faults(po, wanted), *lagging(language, po)]
        print(*lines, f"{language}: {len(lines)} to look at", sep="\n")
        to_do += lines
    return to_do


if __name__ == "__main__":
    check = sys.argv[1:] == ["--check"]
    sys.exit(bool(main(check)) and check)
