"""The translations: whole, and in step with their English sources."""

import re

import nbformat
import polib
import pytest
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font
from nbconvert.preprocessors import ClearOutputPreprocessor
from nbformat.v4 import new_code_cell, new_notebook

from helpers import language
from helpers.files import ROOT
from publish import site, texts, translate
from tools import normal

LANGUAGES = pytest.mark.parametrize("spoken", site.languages())


@LANGUAGES
def test_a_language_is_whole_and_its_files_are_what_its_catalogue_gives(spoken):
    """`python -m publish.translate` names what is missing and makes these files anew."""
    wanted, po = texts.all_texts(), translate.catalogue(spoken)
    before = str(po)
    translate.update(po, wanted)
    assert len(wanted) > 700 and list(translate.faults(po, wanted)) == [] and str(po) == before
    readme = ROOT / translate.place("README.md", spoken)
    assert readme.read_text(encoding="utf-8") == translate.make("README.md", spoken)
    said = {entry.msgid: entry.msgstr for entry in translate.said_by(po, "helpers/")}
    compiled = language.catalogue(spoken)
    assert {text: compiled.gettext(text) for text in said} == said and len(said) > 250


def test_the_translated_notebooks_are_what_their_sources_give():
    made = translate.made()
    assert {path for path in made if path.parent.exists()} == {*ROOT.glob("notebooks/*/0*.ipynb")}
    for path, text in ((path, text) for path, text in made.items() if path.exists()):
        bare, _ = ClearOutputPreprocessor().preprocess(nbformat.read(path, as_version=4), {})
        assert normal.text(bare) == text, path
        assert f'[\\"HELLO_MNIST_LANGUAGE\\"] = \\"{path.parent.name}\\"' in text


@LANGUAGES
def test_links_of_a_translation_lead_to_translations_where_there_are_any(spoken):
    readme = translate.make("README.md", spoken)
    sources = {ROOT / path for path in [*texts.FOUR, "README.md"]}
    for path, text in [*translate.made().items(), (ROOT / "README.md", readme)]:
        targets = {(path.parent / link).resolve() for link in re.findall(r"\]\(([\w./-]+)", text)}
        assert targets and targets.isdisjoint(sources), path
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


ENGLISH = "**Run** `make` for {n} of [5](https://example.org) times, not three."
RIGHT = "3 `make` [5](https://example.org) **{n}**"
FAULTS = {
    "missing": "",
    "another place": RIGHT.replace("{n}", "{n}}"),
    "another link": RIGHT.replace("](", "](x"),
    "another code": RIGHT.replace("`", ""),
    "another number": RIGHT.replace("5", "7"),
    "another bold sign": RIGHT.replace("**", ""),
}


def test_a_fault_is_named_and_a_changed_text_keeps_its_translation_as_fuzzy():
    place, po = "notebooks/01_load.ipynb#text-01", polib.POFile()
    po.append(entry := polib.POEntry(msgid=ENGLISH))
    for fault, entry.msgstr in FAULTS.items():
        (found,) = translate.faults(po, {ENGLISH: [place]})
        assert found.startswith(f"{place}: {fault}") and ENGLISH in found
    entry.msgstr = RIGHT
    for text in (ENGLISH + " Or four.", ENGLISH + " Or five."):  # twice: the first is shown
        translate.update(po, wanted := {text: [place]})
        changed = po.find(text)
        assert (changed.msgstr, changed.previous_msgid) == (RIGHT, ENGLISH)
        assert list(translate.faults(po, wanted)) == [f"{place}: fuzzy: {text!r}"]
    for text in ("Something else", ENGLISH):  # what comes back has its translation
        translate.update(po, {text: [place]})
    assert list(translate.faults(po, {ENGLISH: [place]})) == []


MARKDOWN = """\
# A HEADING

- ONE ITEM
- 12

| A TABLE | 28x28 |
| --- | --- |
| `Dense` | A CELL |

<details><summary>SOLUTION</summary>

```python
é = "héé"; y = "A TËXT"  # A COMMENT
label = "label"
print("SAID", f"{X:,} DIGITS")
```
</details>

```sh
make run  # ALL OF IT
```
"""


def test_what_there_is_to_translate():
    """What stands in capitals here."""
    quiet = re.sub("[A-ZË]{2,}|A", lambda found: found[0].lower(), MARKDOWN)
    assert quiet != texts.markdown(quiet, str.upper) == MARKDOWN
    with pytest.raises(ValueError, match="must stand in one line"):
        texts.markdown("- one\n  goes on", str.upper)
    for source in ('x = "one " "and two"', 'x = """one\nand two"""', "x = (1"):
        cell = new_code_cell(source, id="here")
        with pytest.raises(ValueError, match=r"^cell here: "):
            texts.notebook(new_notebook(cells=[cell]), str.upper)


def test_a_cell_with_a_magic_stays_as_it_is():
    for magic in ("%%time", "%env A=/a folder", "!ls 'a b'", "a?"):
        assert texts.code(f'{magic}\nprint("a text")', str.upper) == f'{magic}\nprint("a text")'
