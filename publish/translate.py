"""The lesson in other languages: bring the catalogues up to date, and what is made of them.

    python -m publish.translate
    python -m publish.translate --count    changes nothing, and counts what is left to do

A catalogue, locales/<language>/lesson.po, has an entry for each text that publish/texts.py finds.
The entry of a new text is empty. The entry of a changed text keeps its translation, and is fuzzy
until somebody has looked at it. Until then the text is shown in English, with a small mark.
"""

import argparse
import difflib
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat
import polib
from nbformat import NotebookNode

from helpers.common.files import ROOT, atomic_write
from helpers.common.language import font_files
from publish import texts
from publish.links import heading_anchor, replace_link_targets
from tools import translated_path
from tools.execute import normal_text

CATALOGUES = ROOT / "locales"
FRONT = "publish/site/index.md"
GLOSSARY = "docs/glossary.md"
QUIZ = "docs/quiz.md"
PICTURES = "docs/edges.png", "docs/journey.png", "docs/pad.gif", "docs/try_it.html"
IN_ENGLISH = " <sup>EN</sup>"  # stands behind a sentence that has no translation yet

# The end of a notebook's first cell, where Matplotlib's own font lacks letters of the language.
USE_FONT = "\n\nfrom helpers.plots import canvas\n\ncanvas.use_language_font()"

SECTION_LINK = re.compile(r"\]\(([\w./-]*)#([\w-]+)\)")  # also to a section of the same file
# The comment above a section that one language alone has: it names a section of the English page.
OWN_SECTION = re.compile("^<!-- (before|in place of): (.*) -->\n", re.MULTILINE)
SITE_ADDRESS = re.compile(r"(https://[\w-]+\.github\.io/[\w.-]+/)(?=[)\"])")
# The entries of these are what code says; all others are the lesson's prose.
CODE_FILE = re.compile(r"(helpers|publish|teach|tools)/.*\.(py|js|jinja)")
# English terms as a dictionary has them, where a lesson has another form in bold.
LEMMAS = {
    "adversarial examples": "adversarial example",
    "axes": "axis",
    "channels": "channel",
    "classes": "class",
    "dense": "dense layer",
    "filters": "filter",
    "flattened": "flatten",
    "hidden layers": "hidden layer",
    "hyperparameters": "hyperparameter",
    "paired differences": "paired difference",
    "product of two matrices": "matrix multiplication",
    "saturated": "saturation",
    "smoothed labels": "label smoothing",
    "tensors": "tensor",
    "units": "unit",
    "weights": "weight",
}
# What a translated page adds to these commands, so that they work in its language.
COMMANDS = {
    "make lab": " IN={}",
    "make run": " IN={}",
    "teach.quiz": " {}",
    "teach.slides": " {}",
    "teach.tutor 02": " {}",
    "tools.lab": " {}",
    "tools.run": " {}",
}

# A share in words, which a translation may write as a percentage: "97 in 100" is 97%.
SHARE = re.compile(r"\b(\d+(?: [a-z]+){0,2}) (?:in|of|out of) 100\b")
# A link to a page that one language alone has, which English can't have.
OWN_LINK = re.compile(r"\]\([\w./]+\.[a-z]{2,3}(?:-[A-Z]{2})?\.md(?:#[\w-]+)?\)")
# What a translation has in common with its original: as often, in whatever order. A kind is looked
# for in what the kinds above it have left, so a number in code is code.
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


def read_catalogue(language: str) -> polib.POFile:
    """Read a language's catalogue, or begin it; two entries for one text are a ValueError."""
    path = CATALOGUES / language / "lesson.po"
    if path.exists():
        catalogue = polib.pofile(str(path), wrapwidth=0)
        # The check of polib itself compares each entry with all others, which takes a second.
        counts = Counter(entry.msgid for entry in catalogue)
        if repeated := [text for text, count in counts.items() if count > 1]:
            raise ValueError(f"{path} has two entries for {repeated[0]!r}; delete one of them")
        return catalogue
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {"Language": language, "Content-Type": "text/plain; charset=UTF-8"}
    return catalogue


@cache
def translations(language: str) -> dict[str, str]:
    """Return the translation of each English text that has one, as the catalogue's file says.

    The file is read once. `update_translations`, which writes it, has it read again.
    """
    return {entry.msgid: entry.msgstr for entry in read_catalogue(language) if entry.translated()}


def update_catalogue(catalogue: polib.POFile, english: dict[str, list[str]]) -> None:
    """Give a catalogue an entry for each English text, and take the entries of all others away.

    A new text takes the translation of a similar text that is gone, as fuzzy. `english` says for
    each text in which places it stands.
    """
    old = {entry.msgid: entry for entry in catalogue}
    gone = {text: entry for text, entry in old.items() if entry.msgstr and text not in english}
    catalogue.clear()
    for text, places in english.items():
        entry = old.get(text)
        if entry is None:
            entry = polib.POEntry(msgid=text)
            for similar in difflib.get_close_matches(text, gone, n=1):
                entry.flags = ["fuzzy"]
                entry.msgstr = gone[similar].msgstr
                entry.previous_msgid = gone[similar].previous_msgid or similar
        if not entry.fuzzy:
            entry.previous_msgid = None
        entry.occurrences = [(place, "") for place in places]
        catalogue.append(entry)


def find_faults(catalogue: polib.POFile, english: dict[str, list[str]]) -> Iterator[str]:
    """Yield what is missing, fuzzy or broken, each with the place and the English text."""
    entries = {entry.msgid: entry for entry in catalogue}
    for text, (place, *_) in english.items():
        entry = entries.get(text)
        if entry and entry.translated():
            for difference in find_differences(text, entry.msgstr):
                yield f"{place}: {difference}: {text!r}"
        else:
            yield f"{place}: {'fuzzy' if entry and entry.msgstr else 'missing'}: {text!r}"


def find_differences(text: str, translation: str) -> Iterator[str]:
    """Yield what a translation lacks of its English text, or has besides."""
    if "**" in texts.PARSER.renderInline(translation):  # as between a Chinese full stop and a word
        yield "a bold sign that Markdown shows"
    wanted = count_fixed_parts(SHARE.sub(r"\1", text))
    present = count_fixed_parts(translation)
    if re.search("[万亿]", translation):  # Chinese writes 17 million as 1,700 万
        wanted["number"].clear()
    for formula in present["formula"].elements():
        present["number"].update(FIXED["number"].findall(formula))
    # A translation may have a formula or a number where English has words.
    allowed = {"formula": present["formula"], "number": present["number"]}
    allowed["link"] = Counter(OWN_LINK.findall(" ".join(present["link"] - wanted["link"])))
    for kind in FIXED:
        added = present[kind] - wanted[kind] - allowed.get(kind, Counter())
        if difference := (wanted[kind] - present[kind]) + added:
            yield f"another {kind} ({', '.join(difference)})"


def count_fixed_parts(text: str) -> dict[str, Counter]:
    """Return how often each part of a text that a translation keeps stands in it, by FIXED."""
    parts = {}
    for kind, pattern in FIXED.items():
        parts[kind] = Counter(pattern.findall(text))
        text = pattern.sub(" ", text)
    return parts


def translate_source(path: str, language: str) -> str:
    """Return the text of an English source in a language; its links lead to translations.

    The source is a notebook, which is returned without outputs, or one of texts.PAGES.
    """
    translate = make_translator(path, language)

    def translate_sentence(text: str) -> str:
        is_translated = text in translations(language) or texts.NUMBER.fullmatch(text)
        # A program reads the quiz, and would take the mark for a part of an answer.
        return translate(text) + ("" if is_translated or path == QUIZ else IN_ENGLISH)

    if path.endswith(".ipynb"):
        notebook = nbformat.read(ROOT / path, 4)
        notebook = texts.visit_notebook(notebook, translate, translate_sentence)
        return normal_text(choose_language(notebook, language))
    text = texts.visit_page(path, translate, translate_sentence)
    text = lead_addresses(text, language)
    if path == GLOSSARY:
        text = add_english_terms(text)
    own_file = own_sections_file(path, language)
    if own_file.exists():
        text = add_own_sections(text, own_file, language)
    return name_language(text, language)


def make_translator(path: str, language: str) -> texts.Visit:
    """Return a function that translates one text of the source at `path`, and leads its links."""
    known = translations(language)
    paths = translated_paths(language)
    folder = "" if path == FRONT else posixpath.dirname(path)
    own_folder = posixpath.dirname(translated_path(path, language))

    def lead_to_section(link: re.Match) -> str:
        target, section = link.groups()
        source = posixpath.normpath(posixpath.join(folder, target)) if target else path
        anchors = translated_anchors(source, language) if source in paths else {}
        return f"]({target}#{anchors.get(section, section)})"

    def lead_to_file(target: str) -> str:
        return posixpath.relpath(paths.get(target, target), own_folder)

    def translate(text: str) -> str:
        text = SECTION_LINK.sub(lead_to_section, known.get(text, text))
        # The site leads the links of its front page by itself.
        return text if path == FRONT else replace_link_targets(text, folder, lead_to_file)

    return translate


def translated_paths(language: str) -> dict[str, str]:
    """Return where the translation of each source and picture stands, by the path in English."""
    pictures = [name for name in PICTURES if (ROOT / translated_path(name, language)).exists()]
    sources = [*texts.NOTEBOOKS, *texts.PAGES, *pictures]
    return {source: translated_path(source, language) for source in sources}


def translated_anchors(path: str, language: str) -> dict[str, str]:
    """Return the anchors of a source's sections in a language, by those in English."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".ipynb"):
        text = find_markdown(text)
    titles = re.findall("^#+ (.*)$", text, re.MULTILINE)
    known = translations(language)
    return {heading_anchor(title): heading_anchor(known.get(title, title)) for title in titles}


@cache
def find_markdown(notebook: str) -> str:
    """Return the Markdown in the JSON of a notebook, which is parsed once for all links to it."""
    cells = nbformat.reads(notebook, 4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def choose_language(notebook: NotebookNode, language: str) -> NotebookNode:
    """Let the first cell of a notebook, which is changed, choose a language and its font."""
    for cell in notebook.cells:
        if "colab" in cell.metadata.get("tags", []):
            cell.source = cell.source.replace('LANGUAGE"] = "en"', f'LANGUAGE"] = "{language}"')
            if font_files(language):
                cell.source += USE_FONT
    return notebook


def lead_addresses(text: str, language: str) -> str:
    """Lead addresses of the public repository, of Colab, Binder and the site to translations."""
    for source, target in translated_paths(language).items():
        for start, slash in (("/blob/main/", "/"), ("labpath=", "%2F")):
            address, translated = (start + name.replace("/", slash) for name in (source, target))
            text = text.replace(address, translated)
    return SITE_ADDRESS.sub(rf"\1{language}/", text)


def add_english_terms(text: str) -> str:
    """Return a translated glossary with one more column, the terms of an English dictionary."""
    english = (ROOT / GLOSSARY).read_text(encoding="utf-8").replace("| term |", "| English |")
    lines = []
    for line, original in zip(text.splitlines(), english.splitlines(), strict=True):
        term = original.split(" | ")[0].removeprefix("| ")
        lines.append(f"{line} {LEMMAS.get(term, term)} |" if line.startswith("|") else line)
    return "\n".join(lines) + "\n"


def own_sections_file(path: str, language: str) -> Path:
    """Return where the sections of a page stand that a language alone has."""
    name = path.removeprefix("publish/site/").removeprefix("docs/")
    return CATALOGUES / language / "own" / name


class OwnSection(NamedTuple):
    """A section that one language alone has, and where it comes on its page.

    `place` is "before" or "in place of", and `title` the English title of another section.
    """

    place: str
    title: str
    text: str


def read_own_sections(own_file: Path) -> tuple[list[OwnSection], str]:
    """Return the sections in a file that name their places, and what comes at the page's end."""
    last, *parts = OWN_SECTION.split(own_file.read_text(encoding="utf-8"))
    sections = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return [OwnSection(*section) for section in sections], last


def add_own_sections(text: str, own_file: Path, language: str) -> str:
    """Return a page with the sections that one language alone has, in a file of its own.

    The comment above a section names a section of the page, in English. The language's own section
    comes before this section, or in place of it. Where the page has no section of this name by now,
    the own section comes at the end, as does a section without such a comment.
    """
    known = translations(language)
    sections, last = read_own_sections(own_file)
    for section in sections:
        title = known.get(section.title, section.title)
        heading = f"## {title}\n"
        before, found, after = text.partition(f"\n{heading}")
        if not found:
            text += section.text
            continue
        if section.place == "in place of":
            _replaced, next_section, after = after.partition("\n## ")
            heading = next_section.removeprefix("\n")
        text = f"{before}\n{section.text}{heading}{after}"
    return text + last


def find_lost_sections(language: str) -> Iterator[str]:
    """Yield the sections of a language's own that name a section which the English page lacks."""
    for page in texts.PAGES:
        own_file = own_sections_file(page, language)
        if page != FRONT and own_file.exists():
            text = (ROOT / page).read_text(encoding="utf-8")
            sections, _last = read_own_sections(own_file)
            for title in (section.title for section in sections):
                if f"\n## {title}\n" not in text:
                    yield f"locales/{language}/own/{own_file.name}: {page} has no section {title!r}"


def name_language(text: str, language: str) -> str:
    """Let the commands on a page open the lesson in its language."""
    for command, option in COMMANDS.items():
        option = option.format(language)
        # Where spaces set off what the command does, they make room.
        text = re.sub(f"{command}(?:{' ' * len(option)})?", command + option, text)
    return text


def notebook_for_reading(path: str, language: str) -> NotebookNode:
    """Return a notebook in a language: the texts of today, with the outputs that were saved.

    A code cell that has changed since the translation was executed is shown in English, with its
    English outputs, so that no output stands below code that hasn't made it.
    """
    english = nbformat.read(ROOT / path, 4)
    saved = nbformat.read(ROOT / translated_path(path, language), 4)
    saved_cells = {cell.id: cell for cell in saved.cells}
    notebook = nbformat.reads(translate_source(path, language), 4)
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            executed = saved_cells.get(cell.id)
            is_same = executed is not None and executed.source == cell.source
            notebook.cells[number] = executed if is_same else english.cells[number]
    return notebook


def translated_notebooks() -> dict[Path, tuple[str, str]]:
    """Return the source and the language of each translated notebook, by its file."""
    return {
        ROOT / translated_path(source, language): (source, language)
        for language in languages()
        for source in texts.NOTEBOOKS
    }


def generated_files(language: str, catalogue: polib.POFile) -> Iterator[tuple[str, bytes]]:
    """Yield what is made without executing, by path: the catalogue, and what is made of it."""
    yield f"locales/{language}/lesson.po", f"{catalogue}\n".encode()
    messages = polib.POFile()
    messages.metadata = catalogue.metadata
    for entry in catalogue:
        if any(CODE_FILE.match(place) for place, _line in entry.occurrences):
            messages.append(entry)
    yield f"helpers/data/languages/{language}/LC_MESSAGES/lesson.mo", messages.to_binary()
    for page in texts.PAGES:
        if page != FRONT:  # the site makes it
            yield translated_path(page, language), translate_source(page, language).encode()


def find_outdated_files(language: str, catalogue: polib.POFile) -> Iterator[str]:
    """Yield the files that are not what their sources give, each with the command that helps."""
    for path, content in generated_files(language, catalogue):
        if not (ROOT / path).exists() or (ROOT / path).read_bytes() != content:
            yield f"{path}: python -m publish.translate"
    for path, (source, own_language) in translated_notebooks().items():
        if own_language == language and path.parent.exists():
            notebook = path.exists() and texts.visit_notebook(nbformat.read(path, 4), str)
            if not notebook or normal_text(notebook) != translate_source(source, language):
                name = path.relative_to(ROOT).as_posix()
                yield f"{name}: make notebooks ONLY={name}"


def update_translations(only_count: bool = False) -> list[str]:
    """Update catalogues, and what is made of them without executing; or `only_count`.

    Return what is left to do in all languages.
    """
    to_do = []
    english = texts.collect_texts()
    for language in languages():
        catalogue = read_catalogue(language)
        update_catalogue(catalogue, english)
        if not only_count:
            write_files(language, catalogue)
        faults = [*find_faults(catalogue, english), *find_lost_sections(language)]
        outdated = [*find_outdated_files(language, catalogue)]
        if not only_count:
            print(*faults, *outdated, sep="\n")
        print(f"{language}: {len(faults)} texts and {len(outdated)} files to look at")
        to_do += faults + outdated
    return to_do


def write_files(language: str, catalogue: polib.POFile) -> None:
    """Write a catalogue, and then what is made of it."""
    for path, content in generated_files(language, catalogue):
        with atomic_write(ROOT / path) as temporary:
            temporary.write_bytes(content)
        if path.endswith(".po"):
            translations.cache_clear()  # All other files are made of the new catalogue.


def run_command(arguments: list[str] | None = None) -> None:
    """Update the translations; SystemExit for any argument but --count and --help."""
    parser = argparse.ArgumentParser(
        prog="python -m publish.translate", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--count", action="store_true", help="change nothing, and count what is left to do"
    )
    update_translations(only_count=parser.parse_args(arguments).count)


if __name__ == "__main__":
    run_command()
