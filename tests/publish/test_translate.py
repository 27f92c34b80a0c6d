"""The translations: whole, and in step with their English sources."""

import gettext
import io
import re
import textwrap

import polib
import pytest
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font
from nbformat.v4 import new_code_cell, new_notebook

from helpers import language
from helpers.files import ROOT
from publish import texts, translate
from publish.links import translated_path

LANGUAGES = pytest.mark.parametrize("spoken", translate.languages())


@pytest.mark.filterwarnings("always::pytest.PytestWarning")
@LANGUAGES
def test_what_is_translated_is_right_and_what_lags_behind_is_named(spoken, request):
    """What lags behind is English until somebody translates it, which a fork's tests wait for."""
    wrong, late, files = translate.state(spoken)
    assert wrong == []
    if late or files:
        lines = [f"{spoken}: {len(late)} texts wait for a translator, English meanwhile."]
        lines += [textwrap.shorten(line, 150) for line in late[:3]] + ["..."] * (len(late) > 3)
        lines += ["Files that lag behind, and what makes them:"] * bool(files) + files
        lines += [".venv/bin/python -m publish.translate --check names all; see CONTRIBUTING.md."]
        request.node.warn(pytest.PytestWarning("\n".join(lines)))


@LANGUAGES
def test_a_changed_text_lags_behind_and_is_not_published(spoken, monkeypatch, capsys):
    wanted, po = texts.all_texts(), translate.catalogue(spoken)
    text = next(text for text in wanted if " " in text and po.find(text))
    changed = {f"{text} More." if old == text else old: at for old, at in wanted.items()}
    monkeypatch.setattr(texts, "all_texts", lambda: changed)
    monkeypatch.setattr(translate, "make", lambda source, language: "# Another text")
    _wrong, late, files = translate.state(spoken)
    assert any(line.endswith(f": fuzzy: {f'{text} More.'!r}") for line in late)
    assert f"locales/{spoken}/lesson.po: python -m publish.translate" in files
    names = [translated_path(path, spoken) for path in texts.NOTEBOOKS]
    commands = {f"make notebooks ONLY={re.search('/(.*)[.]', name)[1]}" for name in names}
    assert {line.partition(": ")[2] for line in files} == {*commands, "python -m publish.translate"}
    left = translate.main(check=True)
    assert {*late, *files} <= {*left} <= {*capsys.readouterr().out.splitlines()}


@LANGUAGES
def test_what_the_helpers_say_is_compiled_and_the_first_cell_chooses_the_language(spoken):
    files = dict(translate.files(spoken, po := translate.catalogue(spoken)))
    (binary,) = (content for path, content in files.items() if path.endswith(".mo"))
    compiled = gettext.GNUTranslations(io.BytesIO(binary))
    said = [entry for entry in translate.messages_of(po, "helpers/") if entry.translated()]
    assert len(said) > 100
    assert all(compiled.gettext(entry.msgid) == entry.msgstr for entry in said)
    for path, text in translate.made().items():
        folder = path.relative_to(ROOT / "notebooks").parts[0]
        assert f'[\\"HELLO_MNIST_LANGUAGE\\"] = \\"{folder}\\"' in text


@LANGUAGES
def test_links_of_a_translation_lead_to_translations_where_there_are_any(spoken):
    readme = translate.make("README.md", spoken)
    pages = [path for path in texts.PAGES if path != translate.FRONT]
    sources = {ROOT / path for path in [*texts.NOTEBOOKS, *pages]}
    for path, text in [*translate.made().items(), (ROOT / "README.md", readme)]:
        targets = {(path.parent / link).resolve() for link in re.findall(r"\]\(([\w./-]+)", text)}
        assert targets and targets.isdisjoint(sources), path
    addresses = re.findall(r"github\.io/[^)]*|/blob/main/[^)]*|labpath=[^)]*", readme)
    assert addresses and all(spoken in address for address in addresses)
    opened = re.findall(r"tools\.lab(.*)|make lab IN=(.*?) #", readme)
    assert len(opened) > 4 and all(spoken in name + other for name, other in opened)


@LANGUAGES
def test_the_fonts_have_the_characters_of_the_figures(spoken):
    fonts = list((language.FOLDER / spoken).glob("*.ttf"))
    own = font_manager.findfont("DejaVu Sans")
    has = {chr(code) for path in [own, *fonts] for code in FT2Font(str(path)).get_charmap()}
    shown = translate.messages_of(translate.catalogue(spoken), "helpers/plots/")
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


def said(po, wanted):
    return [*translate.waiting(po, wanted), *translate.faults(po, wanted)]


def test_a_fault_is_named_and_a_changed_text_keeps_its_translation_as_fuzzy():
    place, po = "notebooks/01_load.ipynb#text-01", polib.POFile()
    po.append(entry := polib.POEntry(msgid=ENGLISH))
    for fault, entry.msgstr in FAULTS.items():
        (found,) = said(po, {ENGLISH: [place]})
        assert found.startswith(f"{place}: {fault}") and ENGLISH in found
    entry.msgstr = RIGHT
    for text in (ENGLISH + " Or four.", ENGLISH + " Or five."):  # twice: the first is shown
        translate.update(po, wanted := {text: [place]})
        changed = po.find(text)
        assert (changed.msgstr, changed.previous_msgid) == (RIGHT, ENGLISH)
        assert said(po, wanted) == [f"{place}: fuzzy: {text!r}"]
    for text in ("Something else", ENGLISH):  # what comes back has its translation
        translate.update(po, {text: [place]})
    assert said(po, {ENGLISH: [place]}) == []


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
