"""The translations: whole, and in step with their English sources."""

import re

import nbformat
import polib
import pytest
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font
from nbformat.v4 import new_code_cell, new_notebook

from helpers import language
from helpers.files import ROOT
from publish import site, texts, translate
from tools import normal
from tools.execute import four_notebooks

LANGUAGES = pytest.mark.parametrize("spoken", site.languages())


@pytest.fixture(scope="module")
def wanted():
    return texts.all_texts()


@LANGUAGES
def test_every_text_is_translated_and_keeps_what_must_be_the_same(spoken, wanted):
    assert len(wanted) > 700
    assert list(translate.faults(translate.catalogue(spoken), wanted)) == []


@LANGUAGES
def test_the_files_of_a_language_are_what_its_catalogue_gives(spoken, wanted):
    """`make notebooks` makes them anew; what needs no execution, `python -m publish.translate`."""
    po = translate.catalogue(spoken)
    before = str(po)
    translate.update(po, wanted)
    assert str(po) == before
    readme = ROOT / translate.place("README.md", spoken)
    assert readme.read_text(encoding="utf-8") == translate.make("README.md", spoken)
    said = {entry.msgid: entry.msgstr for entry in translate.said_by(po, "helpers/")}
    compiled = language.catalogue(spoken)
    assert {text: compiled.gettext(text) for text in said} == said and len(said) > 250


def bare(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return normal.text(notebook)


def test_the_translated_notebooks_are_what_their_sources_give():
    made = translate.made()
    assert {path for path in made if path.parent.exists()} == {*ROOT.glob("notebooks/*/0*.ipynb")}
    for path, text in ((path, text) for path, text in made.items() if path.exists()):
        assert bare(nbformat.read(path, as_version=4)) == text, path


ENGLISH = "**Run** `make` for {n} of [5](https://example.org) times, not three."
RIGHT = "3 `make` [5](https://example.org) **{n}**"
FAULTS = {
    "": ("missing", ""),
    RIGHT.replace("{n}", "{m}"): ("another place", ""),
    RIGHT.replace("](", "](x"): ("another link", ""),
    RIGHT.replace("`", ""): ("another code", ""),
    RIGHT.replace("5", "7"): ("another number", ""),
    RIGHT.replace("**", ""): ("another sign", ""),
    f"{RIGHT}\n": ("another sign (\n)", ""),
    f'{RIGHT}"': ('another sign (")', ""),
    f"{RIGHT} }}": ("Single '}' encountered", ""),
    RIGHT: ("fuzzy", "fuzzy"),
}


@pytest.mark.parametrize("translation", FAULTS, ids=[fault for fault, _flag in FAULTS.values()])
def test_a_fault_is_named(translation):
    fault, flag = FAULTS[translation]
    po, wanted = polib.POFile(), {ENGLISH: ["notebooks/01_load.ipynb#text-01"]}
    po.append(polib.POEntry(msgid=ENGLISH, msgstr=translation, flags=[flag]))
    found, *_more = translate.faults(po, wanted)
    assert found.startswith(f"notebooks/01_load.ipynb#text-01: {fault}") and ENGLISH in found
    po[0].msgstr, po[0].flags = RIGHT, []
    assert list(translate.faults(po, wanted)) == []


def test_an_entry_that_nothing_needs_is_named():
    po = polib.POFile()
    po.append(polib.POEntry(msgid="Gone.", msgstr="x"))
    assert list(translate.faults(po, {})) == ["no longer said: 'Gone.'"]


def test_a_text_that_goes_and_comes_back_keeps_its_translation():
    po, places = polib.POFile(), ["README.md"]
    po.append(polib.POEntry(msgid="The cat sat.", msgstr="x"))
    for text in ("Something else", "The cat sat."):
        translate.update(po, {text: places})
        assert list(translate.faults(po, {text: places})) == [] or text == "Something else"
    assert po.find("The cat sat.").msgstr == "x"
    for text in ("The cat sat down.", "A cat sat down."):  # changed twice: the first is shown
        translate.update(po, {text: places})
        entry = po.find(text)
        assert (entry.fuzzy, entry.previous_msgid, entry.msgstr) == (True, "The cat sat.", "x")
    translate.update(po, {"The cat sat.": places})
    assert list(translate.faults(po, {"The cat sat.": places})) == []


MARKDOWN = """\
# A heading

A paragraph with `code`.
- one item
- 12

| a table | 28x28 |
| --- | --- |
| `Dense` | a cell |

<details><summary>Solution</summary>

```python
answer = "no text"  # a comment
print("said")
label = "label"
print(f"{x:,} digits")
```
</details>

| `loss` | loss |
| --- | --- |
```sh
make run  # all of it
```
"""


def test_what_there_is_to_translate():
    said = []
    assert texts.markdown(MARKDOWN, lambda text: said.append(text) or text) == MARKDOWN
    assert sorted(said) == sorted([
        *("A heading", "A paragraph with `code`.", "one item", "a table", "a cell", "Solution"),
        *("{x:,} digits", "said", "no text", "a comment", "loss", "all of it"),
    ])  # fmt: skip
    shouted = texts.markdown(MARKDOWN, str.upper)
    assert 'answer = "NO TEXT"  # A COMMENT\nprint("SAID")\nlabel = "label"\n' in shouted
    assert 'print(f"{X:,} DIGITS")' in shouted and "| `Dense` | A CELL |" in shouted
    assert "| `loss` | LOSS |" in shouted and "make run  # ALL OF IT" in shouted


def test_code_keeps_what_is_no_text():
    source = 'é = "héé"; y = "a tëxt"\nprint("é", f"ö {é!r} words")  #: why\n#\n'
    shouted = texts.code(source, str.upper)
    assert shouted == 'é = "héé"; y = "A TËXT"\nprint("é", f"Ö {É!R} WORDS")  #: WHY\n#\n'


def test_magics_stay_as_they_are():
    source = """\
%env HELLO_MNIST_ARTIFACTS=/a folder
!ls "a b" \\
    -l  # no comment
files = %sx ls "a b"
y = ("a text"
     % files)  # why
y?
"""
    wanted = source.replace("a text", "A TEXT").replace("why", "WHY")
    assert texts.code(source, str.upper) == wanted
    cell = f"%%time\n{wanted}"
    made = texts.notebook(new_notebook(cells=[new_code_cell(cell)]), str.upper)
    assert made.cells[0].source == cell


UNFIT = {
    "- one\n  goes on": texts.markdown,
    "> a quote\n> of two lines": texts.markdown,
    'x = "one " "and two"': texts.code,
    'x = """one\nand two"""': texts.code,
    "x = (1": texts.code,
}


@pytest.mark.parametrize("source", UNFIT)
def test_what_cannot_be_translated_is_named(source):
    with pytest.raises((SyntaxError, ValueError)):
        UNFIT[source](source, str.upper)
    if UNFIT[source] is texts.code:
        with pytest.raises(ValueError, match=r"^cell here: "):
            texts.notebook(new_notebook(cells=[new_code_cell(source, id="here")]), str.upper)


@LANGUAGES
def test_links_of_a_translation_lead_to_translations_where_there_are_any(spoken):
    """That each leads somewhere, tests/test_links.py says."""
    readme = translate.make("README.md", spoken)
    for path, text in [*translate.made().items(), (ROOT / "README.md", readme)]:
        targets = {(path.parent / link).resolve() for link in re.findall(r"\]\(([\w./-]+)", text)}
        assert targets and targets.isdisjoint({*four_notebooks(), ROOT / "README.md"}), path
    addresses = re.findall(r"github\.io/[^)]*|/blob/main/[^)]*|labpath=[^)]*", readme)
    assert len(addresses) == 6 and all(spoken in address for address in addresses)


@LANGUAGES
def test_the_fonts_have_the_characters_of_the_figures(spoken):
    fonts = list((language.FOLDER / spoken).glob("*.ttf"))
    own = font_manager.findfont("DejaVu Sans")
    has = {chr(code) for path in [own, *fonts] for code in FT2Font(str(path)).get_charmap()}
    shown = translate.said_by(translate.catalogue(spoken), "helpers/plots/")
    lacking = {letter for entry in shown for letter in entry.msgstr if letter.isprintable()} - has
    assert lacking == set(), "CONTRIBUTING.md says how to make a font"
    for path in fonts:
        assert "LICENSE" in (path.parent / "FONT-LICENSE.txt").read_text(encoding="utf-8")


def test_the_first_cell_of_each_notebook_chooses_its_language(code_cells):
    for spoken in ("en", *site.languages()):
        name = "01_load" if spoken == "en" else f"{spoken}/01_load"
        line = f'\nos.environ["HELLO_MNIST_LANGUAGE"] = "{spoken}"\n'
        assert line in code_cells(name)[0].source
