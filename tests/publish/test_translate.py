"""The translations: whole, and in step with their English sources."""

import ast
import functools
import gettext
import io
import re
import shutil
from collections import Counter

import nbformat
import polib
import pytest

from helpers import checks
from helpers.checks import load
from helpers.common.files import ROOT
from publish import texts, translate
from tests.editions import needs_chinese
from tools import english_notebooks, find_translation, translated_path

LANGUAGES = pytest.mark.parametrize("spoken", translate.languages())


@functools.cache
def translated_entries(spoken):
    return translate.read_catalogue(spoken).translated_entries()


@LANGUAGES
def test_what_is_translated_is_right_and_what_helpers_say_is_compiled(spoken, monkeypatch):
    """What is missing or fuzzy is English until somebody translates it."""
    faults = translate.find_faults(po := translate.read_catalogue(spoken), texts.collect_texts())
    waiting = re.compile(r"\S+: (missing|fuzzy): ")
    assert [fault for fault in faults if not waiting.match(fault)] == []
    monkeypatch.setattr(texts, "PAGES", [])
    files = translate.generated_files(spoken, po)
    (binary,) = (content for path, content in files if path.endswith(".mo"))
    compiled = gettext.GNUTranslations(io.BytesIO(binary))
    for entry in po.translated_entries():
        if "helpers/" in entry.occurrences[0][0]:
            assert compiled.gettext(entry.msgid) == entry.msgstr


def strings(*codes):
    """Return the strings in pieces of Python code, without those in the places of f-strings."""
    nodes = (node for code in codes for node in ast.walk(ast.parse(code)))
    constants = {node.value for node in nodes if isinstance(node, ast.Constant)}
    return {constant for constant in constants if isinstance(constant, str)}


@LANGUAGES
def test_no_expected_result_of_a_cell_names_a_text_that_is_translated(spoken):
    """Otherwise the translated cells, which have other words, don't give what is expected."""
    for path in english_notebooks():
        english, translated = (
            [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "code"]
            for file in (path, find_translation(path, spoken))
        )
        words = strings(*(cell.source for cell in english))
        translated_words = strings(*(cell.source for cell in translated))
        expected = strings(*(line for cell in english for line in cell.metadata.get("expect", [])))
        assert expected & (words - translated_words) == set(), path.stem


# Texts of the helpers that have one translation, although their words differ.
ALIKE = {
    (", ", "; "),
    ("lesson's\nnetwork", "lesson's network"),
    ("patch", "patch of the image"),
    ("signs of your own", "your own sign"),
}


def words_alone(text):
    """Return a text without its places' names, capitals, articles and a plural's last letter."""
    text = re.sub(r"\{\w+.*?\}", "{}", text).lower()
    return re.sub(r"^(a|the) |s$", "", text)


@LANGUAGES
def test_two_texts_with_different_meanings_have_different_translations(spoken):
    """Otherwise one of them says what the other means, such as "row" where a column is meant."""
    sources = {}
    for entry in translated_entries(spoken):
        if any(path.startswith("helpers/") for path, _line in entry.occurrences):
            translated = re.sub(r"\{\w+.*?\}", "{}", entry.msgstr)
            sources.setdefault(translated, set()).add(words_alone(entry.msgid))
    alike = {tuple(sorted(texts)) for texts in sources.values() if len(texts) > 1}
    assert alike <= ALIKE


NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*")
SHARE = re.compile(r"\b(\d+) of 100\b")  # which Chinese writes as a percentage


@LANGUAGES
def test_a_translated_text_of_a_printed_page_has_the_numbers_of_the_english_one(spoken):
    """A text that has changed since then is shown in English, and not compared."""
    wrong = []
    for entry in translated_entries(spoken):
        if any(path.startswith("docs/print/") for path, _line in entry.occurrences):
            wanted, present = (
                Counter(NUMBER.findall(text.replace("\u2212", "-")))
                for text in (SHARE.sub(r"\1", entry.msgid), entry.msgstr)
            )
            if wanted - present:
                wrong.append((entry.msgid, entry.msgstr))
    assert wrong == []


# Opposites in English, and how Chinese says each of the two.
OPPOSITES = [
    ("least|lowest|smallest|fewest|shortest", "最[少低小短]"),
    ("most|largest|highest|longest|greatest", "最[多高大长常]"),
    ("not above", "不(?:大于|高于)"),
    ("(?<!not )above", "(?<!不)(?:大于|高于)"),
    ("above|more than|larger than|higher", "大于|高于|超过|更高"),
    ("below|less than|smaller than|lower", "小于|低于|不到|更低"),
    ("on the left|left edges?|leftmost", "左"),
    ("on the right|right edges?|to the right|rightmost", "右"),
    ("rows?", "行"),
    ("columns?", "列"),
    ("validation", "验证"),
    ("test (?:set|images?|accuracy|loss|labels?)", "测试"),
    ("training", "训练"),
    ("validation", "验证"),
    ("positive", "正|大于"),
    ("negative", "负|小于"),
    ("increases?|rises?|grows?", "增|升|变大"),
    ("decreases?|falls?|shrinks?", "减|降|变小"),
]


@needs_chinese
@pytest.mark.parametrize("number", range(0, len(OPPOSITES), 2))
def test_a_chinese_sentence_does_not_say_the_opposite(number):
    """Where English has one of two opposites alone, Chinese doesn't have the other one alone."""
    pair = OPPOSITES[number : number + 2]
    wrong = []
    for entry in translated_entries("zh_CN"):
        english = [bool(re.search(rf"\b(?:{words})\b", entry.msgid, re.I)) for words, _ in pair]
        chinese = [bool(re.search(words, entry.msgstr)) for _, words in pair]
        if sum(english) == sum(chinese) == 1 and english != chinese:
            wrong.append((entry.msgid, entry.msgstr))
    assert wrong == []


# How texts of the helpers begin whose places stand in another order in Chinese.
REORDERED = [
    "{kind} of shape ({sides})",
    "{dtype} of shape {shape}",
    "Ten bars, one for each digit, near a line at a tenth of the training images",
    "Mistakes: {count} of {others}, each with the network's answer",
    "It reads {after} of your {all} drawings",
    "Its kernel lies on {rows}x{columns} numbers of a single map before",
    "Its kernel lies on {rows}x{columns} numbers of each of the {maps} maps before",
]


@needs_chinese
def test_a_chinese_sentence_does_not_exchange_two_values():
    """Where Chinese needs another order of places, `REORDERED` has the text."""
    exchanged = []
    for entry in translated_entries("zh_CN"):
        order, translated = (re.findall(r"\{(\w+)", text) for text in (entry.msgid, entry.msgstr))
        is_of_helpers = any(path.startswith("helpers/") for path, _line in entry.occurrences)
        if is_of_helpers and order != translated and not entry.msgid.startswith(tuple(REORDERED)):
            exchanged.append((entry.msgid, entry.msgstr))
    assert exchanged == []


@LANGUAGES
def test_what_lags_behind_a_changed_text_is_named_with_the_command_that_helps(
    spoken, monkeypatch, capsys
):
    monkeypatch.setattr(texts, "NOTEBOOKS", texts.NOTEBOOKS[:1])
    monkeypatch.setattr(texts, "PAGES", [])
    monkeypatch.setattr(translate, "write_files", lambda *_unused: None)
    text = next(text for text in texts.collect_texts() if " " in text)
    monkeypatch.setattr(texts, "collect_texts", lambda: {f"{text} More.": ["here"]})
    monkeypatch.setattr(translate, "translate_source", lambda *_unused: "# Another text")
    to_do = translate.update_translations()
    lines = capsys.readouterr().out.splitlines()
    name = translated_path(texts.NOTEBOOKS[0], spoken)
    for line in (
        f"here: fuzzy: {f'{text} More.'!r}",
        f"locales/{spoken}/lesson.po: python -m publish.translate",
        f"{name}: make notebooks ONLY={name}",
    ):
        assert line in lines and line in to_do
    assert translate.update_translations(only_count=True) == to_do
    counts = capsys.readouterr().out.splitlines()
    assert f"{spoken}: 1 texts and 3 files to look at" in counts and len(counts) < 3


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A folder with copies of the English sources, and of what is made of them, to change."""
    for folder in ("docs", "notebooks", "publish/site"):
        if (ROOT / folder).exists():  # a fork may have thrown the site away
            shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "README.md", tmp_path)
    for module in (texts, translate):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


@LANGUAGES
@pytest.mark.parametrize("path", ["docs/teaching.md", "notebooks/01_load.ipynb"])
def test_a_changed_sentence_is_english_with_a_mark_until_it_is_translated(path, spoken, sources):
    """A changed heading is English without a mark, and all other texts are as they were."""
    before = translate.translate_source(path, spoken).splitlines()
    text = (sources / path).read_text("utf-8")
    line_end = r'\\n",\s+"' if path.endswith(".ipynb") else "\n"
    text = re.sub(
        rf"^([ \"]*# .+?(?:{line_end})+)", r"\1A new beginning. ", text, count=1, flags=re.M
    )
    text = text.replace("## ", "## A new heading: ", 1)
    (sources / path).write_text(text, "utf-8")
    after = translate.translate_source(path, spoken).splitlines()
    differ = [new for old, new in zip(before, after, strict=True) if old != new]
    sentence, heading = (line for line in differ if "A new" in line)
    assert "A new beginning. " in sentence and "<sup>EN</sup>" in sentence
    assert "## A new heading: " in heading and "EN" not in heading
    assert len(differ) == 2 or "](#" in "".join(differ)  # links to that heading lead there, too


@LANGUAGES
def test_the_pages_are_made_of_the_catalogue_that_is_written_with_them(
    spoken, sources, monkeypatch
):
    monkeypatch.setattr(texts, "PAGES", ["docs/teaching.md"])
    monkeypatch.setattr(translate, "CATALOGUES", sources / "locales")
    shutil.copytree(ROOT / "locales" / spoken, sources / "locales" / spoken)
    page = sources / translated_path("docs/teaching.md", spoken)
    catalogue = translate.read_catalogue(spoken)
    entries = [entry for entry in catalogue if ("docs/teaching.md", "") in entry.occurrences]
    entry = next(entry for entry in entries if entry.msgstr in page.read_text("utf-8"))
    entry.msgstr = "A better translation."
    translate.translations(spoken)  # The translations of before have been read.
    try:
        translate.write_files(spoken, catalogue)
    finally:
        translate.translations.cache_clear()
    assert "A better translation." in page.read_text("utf-8")


def test_two_translations_of_one_text_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(translate, "CATALOGUES", tmp_path)
    (tmp_path / "xx").mkdir()
    text = 'msgid "Train"\nmsgstr "{}"\n\n'
    (tmp_path / "xx" / "lesson.po").write_text(text.format("a") + text.format("b"), "utf-8")
    with pytest.raises(ValueError, match=r"lesson.po has two entries for 'Train'; delete one"):
        translate.read_catalogue("xx")


@LANGUAGES
def test_a_changed_cell_has_no_output_on_the_page_that_its_code_did_not_make(spoken, sources):
    path = sources / "notebooks" / "01_load.ipynb"
    before = translate.notebook_for_reading("notebooks/01_load.ipynb", spoken)
    english = nbformat.read(path, 4)
    numbers = [n for n, cell in enumerate(english.cells) if cell.get("outputs")]
    # Some outputs differ between the languages, such as the description of a picture.
    number = next(n for n in numbers if before.cells[n].outputs != english.cells[n].outputs)
    english.cells[number].source += "\n1 + 1"
    nbformat.write(english, path)
    after = translate.notebook_for_reading("notebooks/01_load.ipynb", spoken)
    assert after.cells[number] == english.cells[number]
    after.cells[number] = before.cells[number]
    assert after == before


@LANGUAGES
def test_a_translation_leads_to_translations_and_its_first_cell_chooses_the_language(spoken):
    sources = {ROOT / path for path in [*texts.NOTEBOOKS, *texts.PAGES]}
    for source in ("README.md", texts.NOTEBOOKS[0], texts.NOTEBOOKS[-1]):
        text = translate.translate_source(source, spoken)
        folder = ROOT / translated_path(source, spoken)
        links = re.findall(r"\]\(([\w./-]+)", text)
        targets = {(folder.parent / link).resolve() for link in links}
        assert targets and targets.isdisjoint(sources), source
        chosen = f'[\\"HELLO_MNIST_LANGUAGE\\"] = \\"{spoken}\\"'
        assert (chosen in text) == source.endswith(".ipynb")
    readme = translate.translate_source("README.md", spoken)
    starts = r"github\.io/[^\"]*|/blob/main/[^\"]*|labpath=[^\"]*|tools\.lab.*|make lab IN=.*"
    assert all(spoken in address for address in re.findall(starts, readme))


def test_each_text_of_an_exercise_is_translated():
    known = texts.collect_texts()
    for check in vars(checks).values():
        if hasattr(check, "hints"):
            said = [text for _pattern, text in getattr(check, "cases", []) if text]
            for text in [*check.hints, check.praise, *said, getattr(check.read, "asks_for", "")]:
                assert text in known, text
    assert load.most_ink.hints[0] != load.most_ink.hints[1]  # the test has seen a second hint


def test_a_section_in_one_language_alone_stands_before_the_one_that_it_names_or_at_the_end(
    tmp_path, monkeypatch
):
    own = tmp_path / "README.md"
    own.write_text("LAST\n<!-- before: Install -->\n## OWN\n\n", "utf-8")
    monkeypatch.setattr(translate, "translations", lambda _language: {"Install": "安装"})
    page = "# A\n\n## 安装\n\nB\n"
    made = translate.add_own_sections(page, own, "zh_CN")
    assert made == "# A\n\n## OWN\n\n## 安装\n\nB\nLAST\n"
    renamed = translate.add_own_sections("# A\n\n## Set up\n\nB\n", own, "zh_CN")
    assert renamed == "# A\n\n## Set up\n\nB\n## OWN\n\nLAST\n"
    page = "# A\n\n### 安装\n\nB\n\n## 安装\n\nC\n"  # a part of a section has the same title
    made = translate.add_own_sections(page, own, "zh_CN")
    assert made == "# A\n\n### 安装\n\nB\n\n## OWN\n\n## 安装\n\nC\nLAST\n"


def test_a_section_in_one_language_alone_takes_the_place_of_the_one_that_it_names(
    tmp_path, monkeypatch
):
    own = tmp_path / "README.md"
    own.write_text("<!-- in place of: Install -->\n## OWN\n\n", "utf-8")
    monkeypatch.setattr(translate, "translations", lambda _language: {"Install": "安装"})
    page = "# A\n\n## 安装\n\nB\n\n### C\n\n## D\n\nE\n"
    made = translate.add_own_sections(page, own, "zh_CN")
    assert made == "# A\n\n## OWN\n\n## D\n\nE\n"
    is_last = translate.add_own_sections("# A\n\n## 安装\n\nB\n", own, "zh_CN")
    assert is_last == "# A\n\n## OWN\n\n"
    renamed = translate.add_own_sections("# A\n\n## Set up\n\nB\n", own, "zh_CN")
    assert renamed == "# A\n\n## Set up\n\nB\n## OWN\n\n"


def test_a_section_that_is_named_and_no_longer_there_is_reported(tmp_path, monkeypatch):
    (tmp_path / "fr" / "own").mkdir(parents=True)
    own = tmp_path / "fr" / "own" / "README.md"
    sections = [("before", "Install"), ("before", "Gone"), ("in place of", "Lost")]
    own.write_text("".join(f"<!-- {place}: {name} -->\n## OWN\n" for place, name in sections))
    monkeypatch.setattr(translate, "CATALOGUES", tmp_path)
    found = [*translate.find_lost_sections("fr")]
    start = "locales/fr/own/README.md: README.md has no section"
    assert found == [f"{start} 'Gone'", f"{start} 'Lost'"]


def test_two_pages_of_one_name_do_not_share_the_sections_of_a_language():
    files = {translate.own_sections_file(page, "fr") for page in texts.PAGES}
    assert len(files) == len(texts.PAGES)


ENGLISH = "**Run** `make` for {n} of [5](https://example.org) times, not $w_{i}^2$."
RIGHT = "$w_{i}^2$ 3 `make` [5](https://example.org) **{n}**"
FAULTS = {
    "missing": "",
    "another place": RIGHT.replace("{n}", "{n}}"),
    "another link": RIGHT.replace("](", "](x"),
    "another formula": RIGHT.replace("w_{i}", "w_{j}"),
    "another code": RIGHT.replace("`", ""),
    "another bold sign": RIGHT.replace("**", ""),
    "a bold sign that Markdown shows": RIGHT.replace("**{n}**", "**{n}。**字"),
    "another number": RIGHT.replace("5", "7"),
}


def test_the_english_column_of_a_glossary_has_the_words_of_a_dictionary():
    english = (ROOT / translate.GLOSSARY).read_text(encoding="utf-8")
    made = translate.add_english_terms(english).splitlines()
    added = {line.split(" | ")[-1].removesuffix(" |") for line in made if line.startswith("|")}
    assert {"axis", "flatten", "dense layer", "filter", "saturation"} < added
    assert {"axes", "flattened", "dense", "filters", "saturated"}.isdisjoint(added)


@pytest.mark.parametrize(
    ("english", "translation", "fault"),
    [
        ("97 right answers in 100", "97%", None),
        ("97 of 100 digits", "96%", "another number"),
        ("97 of 1000 digits", "97%", "another number"),
        ("Take 5 times 3, and add 1.", "$$5 \\cdot 3 + 1$$", None),
        ("Take 5 times 3, and add 1.", "$$5 \\cdot 3$$", "another number"),
        ("Add $a$ to 1.", "$$1 + b$$", "another formula"),
        ("Add 1.", "[1](../docs/own.zh-CN.md#a)", None),
        ("Add 1.", "[1](../docs/glossary.md#a)", "another link"),
    ],
)
def test_a_translation_may_have_percentages_formulas_and_links_to_pages_of_its_own(
    english, translation, fault
):
    (found,) = [*translate.find_differences(english, translation)] or [None]
    assert found is fault or found.startswith(fault)


def test_a_fault_is_named_and_a_changed_text_keeps_its_translation_as_fuzzy():
    where, po = "notebooks/01_load.ipynb#text-01", polib.POFile()
    po.append(entry := polib.POEntry(msgid=ENGLISH))
    for fault, entry.msgstr in FAULTS.items():
        (message,) = translate.find_faults(po, {ENGLISH: [where]})
        assert message.startswith(f"{where}: {fault}") and ENGLISH in message
    entry.msgstr = RIGHT
    for text in (ENGLISH + " Or four.", ENGLISH + " Or five."):  # twice: the first is shown
        translate.update_catalogue(po, wanted := {text: [where]})
        assert (po.find(text).msgstr, po.find(text).previous_msgid) == (RIGHT, ENGLISH)
        assert [*translate.find_faults(po, wanted)] == [f"{where}: fuzzy: {text!r}"]


def test_what_there_is_to_translate():
    """What stands in capitals in a file beside this one."""
    loud = (ROOT / "tests" / "publish" / "texts.txt").read_text(encoding="utf-8")
    quiet = re.sub("[A-ZË]{2,}|A", lambda found: found[0].lower(), loud)
    assert quiet != texts.visit_markdown(quiet, str.upper) == loud
    with pytest.raises(ValueError, match="must stand in one line"):
        texts.visit_markdown("- one\n  goes on", str.upper)
    for magic in ("%%time", "  !ls"):  # such a cell stays as it is
        assert (
            texts.visit_code(f'{magic}\nprint("a text")', str.upper) == f'{magic}\nprint("a text")'
        )
