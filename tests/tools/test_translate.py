"""The translations: whole, and in step with their English sources."""

import ast
import gettext
import io
import re
import tokenize

import nbformat
import polib
import pytest
from fontTools.ttLib import TTFont

from helpers import language
from helpers.files import ROOT
from tools import make_font, normal, translate

LANGUAGES = pytest.mark.parametrize("spoken", translate.languages())


@pytest.fixture(scope="module")
def texts():
    return translate.messages()


@LANGUAGES
def test_every_text_is_translated_and_keeps_what_must_be_the_same(spoken, texts):
    assert len(texts) > 700
    assert list(translate.faults(translate.catalogue(spoken), texts)) == []


@LANGUAGES
def test_the_files_of_a_language_are_what_its_catalogue_gives(spoken, texts):
    """`make notebooks` makes them anew; what needs no execution, `python -m tools.translate`."""
    po = translate.catalogue(spoken)
    before = str(po)
    translate.update(po, texts)
    assert str(po) == before
    readme = ROOT / translate.place("README.md", spoken)
    assert readme.read_text(encoding="utf-8") == translate.make("README.md", spoken)
    said = {entry.msgid: entry.msgstr for entry in po if "helpers/" in str(entry.occurrences)}
    compiled = polib.mofile(str(translate.LOCALES / spoken / "LC_MESSAGES" / "lesson.mo"))
    assert {entry.msgid: entry.msgstr for entry in compiled} == said and len(said) > 250


def bare(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return normal.text(notebook)


def test_the_translated_notebooks_are_what_their_sources_give():
    made = translate.made()
    committed = {*ROOT.glob("notebooks/*/0*.ipynb")}
    assert committed == made.keys() and len(made) == 4 * len(translate.languages())
    for path, text in made.items():
        assert bare(nbformat.read(path, as_version=4)) == text, path


def strings(source):
    """Return code as its syntax tree without the strings, and apart the strings and comments."""
    tree, found = ast.parse(source), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
            node.value = ""
        if isinstance(node, ast.JoinedStr):  # in another language, the values may change places
            node.values.sort(key=ast.dump)
            node.values = [part for part in node.values if not isinstance(part, ast.Constant)]
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return ast.dump(tree), found, comments


@LANGUAGES
def test_code_differs_in_translated_strings_alone(spoken, code_cells):
    """Told by Python's own parser, not by the tool that translates."""
    known = {entry.msgid: entry.msgstr for entry in translate.catalogue(spoken)}
    for name in ("01_load", "02_architecture", "03_train", "04_evaluate"):
        pairs = zip(code_cells(name), code_cells(f"{spoken}/{name}"), strict=True)
        for english, other in pairs:
            (tree, said, comments), (twin, translated, told) = map(
                strings, (english.source, other.source)
            )
            assert tree == twin, other.source
            assert len(comments) == len(told)
            for before, after in zip(said, translated, strict=False):
                fits = known.get(before) == after or (before, after) == ("en", spoken)
                assert before == after or fits or "{" in english.source, (before, after)


CHANGES = {
    "missing": lambda entry: setattr(entry, "msgstr", ""),
    "fuzzy": lambda entry: entry.flags.append("fuzzy"),
    "another place": lambda entry: setattr(entry, "msgstr", entry.msgstr.replace("{", "{{", 1)),
    "another link": lambda entry: setattr(entry, "msgstr", entry.msgstr.replace("](", "](x", 1)),
    "another code": lambda entry: setattr(entry, "msgstr", entry.msgstr.replace("`", "", 2)),
    "another number": lambda entry: setattr(entry, "msgstr", re.sub(r"\d", "7", entry.msgstr)),
    "another sign": lambda entry: setattr(entry, "msgstr", entry.msgstr.replace("**", "", 2)),
}
EXAMPLE = "**Run** `make` for {n} of [10](https://example.org) times."


@pytest.mark.parametrize("fault", CHANGES)
def test_a_fault_is_named(fault):
    entry = polib.POEntry(msgid=EXAMPLE, msgstr="`make` [10](https://example.org) **{n}**")
    po = polib.POFile()
    po.append(entry)
    texts = {EXAMPLE: ["notebooks/01_load.ipynb#text-01"]}
    assert list(translate.faults(po, texts)) == []
    CHANGES[fault](entry)
    (found,) = translate.faults(po, texts)
    assert found.startswith(f"notebooks/01_load.ipynb#text-01: {fault}") and EXAMPLE in found


def test_an_entry_that_nothing_needs_is_named():
    po = polib.POFile()
    po.append(polib.POEntry(msgid="Gone.", msgstr="x"))
    assert list(translate.faults(po, {})) == ["no longer said: 'Gone.'"]


@LANGUAGES
def test_one_changed_sentence_makes_one_entry_fuzzy(spoken, texts):
    (old,) = [text for text in texts if text.startswith("These ten are the ones above")]
    new = old.replace("These ten", "All ten")
    changed = {new if text == old else text: places for text, places in texts.items()}
    po = translate.catalogue(spoken)
    translate.update(po, changed)
    (entry,) = po.fuzzy_entries()
    assert (entry.msgid, entry.previous_msgid) == (new, old)
    place = "notebooks/01_load.ipynb#text-09"
    assert list(translate.faults(po, changed)) == [f"{place}: fuzzy: {new!r}"]


def test_numbers_are_compared_by_their_value():
    for one, other in (("17 million", "1,700 万"), ("10,000", "1 万"), ("60,000.", "60000。")):
        assert translate.fixed(one) == translate.fixed(other)
    assert translate.fixed("1,000") != translate.fixed("10,000")


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
"""


def test_what_there_is_to_translate():
    said = []
    assert translate.markdown(MARKDOWN, lambda text: said.append(text) or text) == MARKDOWN
    assert said == [
        *("A heading", "A paragraph with `code`.", "one item", "a table", "a cell", "Solution"),
        *("{x:,} digits", "said", "no text", "a comment"),
    ] or sorted(said) == sorted(set(said))
    shouted = translate.markdown(MARKDOWN, str.upper)
    assert 'answer = "NO TEXT"  # A COMMENT\nprint("SAID")\nlabel = "label"\n' in shouted
    assert 'print(f"{X:,} DIGITS")' in shouted and "| `Dense` | A CELL |" in shouted


@LANGUAGES
def test_links_of_a_translation_lead_to_translations_where_there_are_any(spoken):
    for path, text in [
        *translate.made().items(),
        (ROOT / "README.md", translate.make("README.md", spoken)),
    ]:
        for target in re.findall(r"\]\((?![a-z]+:|#)([^)#?\s\\]+)", text):
            there = (path.parent / target).resolve()
            assert there.exists(), (path, target)
            assert there not in translate.lesson() and there != ROOT / "README.md", target


@LANGUAGES
def test_the_font_has_the_characters_of_the_figures_and_no_other(spoken):
    fonts = list((translate.LOCALES / spoken).glob("*.ttf"))
    has = {chr(code) for path in fonts for code in TTFont(path).getBestCmap()}
    assert has == make_font.needed(spoken), "python -m tools.make_font makes it anew"
    assert sum(path.stat().st_size for path in fonts) < 200_000
    for path in fonts:
        assert "LICENSE" in (path.parent / "FONT-LICENSE.txt").read_text(encoding="utf-8")


HAN, WIDE = r"[\u4e00-\u9fff]", r"[\uff0c\u3002\uff1a\uff1b\uff1f\uff01\uff08\uff09]"
RULES = re.compile(
    rf"{HAN}[A-Za-z0-9`]|[A-Za-z0-9`%]{HAN}|{HAN}[,;:?!()]|[,;:?!()]{HAN}| {WIDE}|{WIDE} "
)


def test_chinese_has_its_own_marks_and_a_space_beside_latin_letters():
    faults = []
    for entry in translate.catalogue("zh_CN"):
        text = re.sub(r"`[^`]*`", "`x`", entry.msgstr)
        text = re.sub(r"\*+|!?\[|\]\([^)]*\)|</?\w[^>]*>", "", text)
        faults += [
            f"{text[max(at.start() - 9, 0) : at.end() + 9]!r}" for at in RULES.finditer(text)
        ]
    assert faults == []


def test_helpers_speak_english_unless_a_notebook_chooses(monkeypatch):
    monkeypatch.delenv(language.LANGUAGE, raising=False)
    assert language._("label {label}", label=5) == "label 5"
    for unknown in ("en", "", "xx", "../zh_CN"):
        monkeypatch.setenv(language.LANGUAGE, unknown)
        assert language._("label {label}", label=5) == "label 5"
    monkeypatch.setenv(language.LANGUAGE, "zh_CN")
    assert language._("label {label}", label=5) == "标签 5"
    assert language._("Nobody has translated this.") == "Nobody has translated this."
    assert isinstance(language.catalogue("zh_CN"), gettext.GNUTranslations)


def test_the_first_cell_of_each_notebook_chooses_its_language(code_cells):
    for spoken in ("en", *translate.languages()):
        name = "01_load" if spoken == "en" else f"{spoken}/01_load"
        line = f'\nos.environ["HELLO_MNIST_LANGUAGE"] = "{spoken}"\n'
        assert line in code_cells(name)[0].source
