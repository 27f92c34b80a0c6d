"""The translations: whole, and in step with their English sources."""

import ast
import io
import re
import tokenize

import nbformat
import polib
import pytest
from IPython.core.inputtransformer2 import TransformerManager
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


def strings(source):
    """Return code as a syntax tree without its texts, and apart what they and the comments say."""
    source = TransformerManager().transform_cell(source)
    tree = ast.parse(source)
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inside = [part for node in joined for part in ast.walk(node) if part is not node]
    said = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inside:
            said.append(node.value)
            node.value = ""
        elif node in joined:
            said.append(ast.get_source_segment(source, node)[2:-1])
    for node in joined:  # in another language, its values may change places
        values = [part for part in node.values if not isinstance(part, ast.Constant)]
        node.values = sorted(values, key=ast.dump)
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token.string[2:] for token in tokens if token.type == tokenize.COMMENT]
    return ast.dump(tree), said + [comment.removeprefix("@title ") for comment in comments]


def code_of(cell):
    """Return the code of a cell, also what is folded away in one of Markdown."""
    if cell.cell_type == "code":
        return [cell.source]
    return re.findall(r"^```python\n(.*?)^```", cell.source, re.DOTALL | re.MULTILINE)


@LANGUAGES
def test_structure_is_the_same_and_code_differs_in_translated_texts_alone(spoken):
    """Told by Python's own parser, not by the tool that translates."""
    known = {entry.msgid: entry.msgstr for entry in translate.catalogue(spoken)} | {"en": spoken}
    translated = 0
    for path in four_notebooks():
        twin = ROOT / translate.place(path.relative_to(ROOT).as_posix(), spoken)
        cells = nbformat.read(path, as_version=4).cells, nbformat.read(twin, as_version=4).cells
        for cell, other in zip(*cells, strict=True):
            if cell.cell_type == "markdown":
                plans = [[token.type for token in texts.PARSER.parse(one.source)]
                         for one in (cell, other)]  # fmt: skip
                assert plans[0] == plans[1], other.source
            for before, after in zip(code_of(cell), code_of(other), strict=True):
                (tree, said), (twin_tree, told) = strings(before), strings(after)
                assert tree == twin_tree, after
                for text, translation in zip(said, told, strict=True):
                    assert translation in (text, known.get(text)), (text, translation)
                    translated += text != translation
    assert translated > 60


CHANGES = {
    "missing": lambda entry: setattr(entry, "msgstr", ""),
    "fuzzy": lambda entry: entry.flags.append("fuzzy"),
    "another place": lambda entry: setattr(entry, "msgstr", entry.msgstr.replace("{n}", "{m}")),
    "another link": lambda entry: setattr(entry, "msgstr", entry.msgstr.replace("](", "](x", 1)),
    "another code": lambda entry: setattr(entry, "msgstr", entry.msgstr.replace("`", "", 2)),
    "another number": lambda entry: setattr(entry, "msgstr", entry.msgstr.replace("5", "7")),
    "another sign": lambda entry: setattr(entry, "msgstr", entry.msgstr.replace("**", "", 2)),
    "another sign (\n)": lambda entry: setattr(entry, "msgstr", f"{entry.msgstr}\n"),
    'another sign (")': lambda entry: setattr(entry, "msgstr", f'{entry.msgstr}"'),
    "Single '}' encountered": lambda entry: setattr(entry, "msgstr", f"{entry.msgstr} }}"),
}
EXAMPLE = "**Run** `make` for {n} of [5](https://example.org) times, not three."


@pytest.mark.parametrize("fault", CHANGES)
def test_a_fault_is_named(fault):
    entry = polib.POEntry(msgid=EXAMPLE, msgstr="3 `make` [5](https://example.org) **{n}**")
    po = polib.POFile()
    po.append(entry)
    wanted = {EXAMPLE: ["notebooks/01_load.ipynb#text-01"]}
    assert list(translate.faults(po, wanted)) == []
    CHANGES[fault](entry)
    found, *_ = translate.faults(po, wanted)
    assert found.startswith(f"notebooks/01_load.ipynb#text-01: {fault}") and EXAMPLE in found


def test_an_entry_that_nothing_needs_is_named():
    po = polib.POFile()
    po.append(polib.POEntry(msgid="Gone.", msgstr="x"))
    assert list(translate.faults(po, {})) == ["no longer said: 'Gone.'"]


@LANGUAGES
def test_one_changed_sentence_makes_one_entry_fuzzy(spoken, wanted):
    old, (place,) = next(one for one in wanted.items() if len(one[1]) == 1 and len(one[0]) > 200)
    new = old.replace(" the ", " that ", 1)
    changed = {new if text == old else text: places for text, places in wanted.items()}
    po = translate.catalogue(spoken)
    translate.update(po, changed)
    (entry,) = po.fuzzy_entries()
    assert (entry.msgid, entry.previous_msgid) == (new, old)
    assert list(translate.faults(po, changed)) == [f"{place}: fuzzy: {new!r}"]


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


def test_two_entries_for_one_text_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(translate, "CATALOGUES", tmp_path)
    (tmp_path / "xx").mkdir()
    entry = 'msgid "a"\nmsgstr "b"\n\n'
    translate.catalogue_file("xx").write_text(f'msgid ""\nmsgstr ""\n\n{entry}{entry}')
    with pytest.raises(ValueError, match="already exists"):
        translate.catalogue("xx")


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
