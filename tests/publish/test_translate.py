"""The translations: whole, and in step with their English sources."""

import gettext
import io
import re

import polib
import pytest

from helpers import checks
from helpers.checks import load
from helpers.files import ROOT
from publish import texts, translate
from publish.links import translated_path

LANGUAGES = pytest.mark.parametrize("spoken", translate.languages())


@LANGUAGES
def test_what_is_translated_is_right_and_what_helpers_say_is_compiled(spoken, monkeypatch):
    """What is missing or fuzzy is English until somebody translates it."""
    faults = translate.faults(po := translate.catalogue(spoken), texts.all_texts())
    waiting = re.compile(r"\S+: (missing|fuzzy): ")
    assert [fault for fault in faults if not waiting.match(fault)] == []
    monkeypatch.setattr(texts, "PAGES", [])
    files = translate.files(spoken, po)
    (binary,) = (content for path, content in files if path.endswith(".mo"))
    compiled = gettext.GNUTranslations(io.BytesIO(binary))
    for entry in po.translated_entries():
        if "helpers/" in entry.occurrences[0][0]:
            assert compiled.gettext(entry.msgid) == entry.msgstr


@LANGUAGES
def test_a_changed_text_lags_behind_and_is_not_published(spoken, monkeypatch, capsys):
    monkeypatch.setattr(texts, "NOTEBOOKS", texts.NOTEBOOKS[:1])
    monkeypatch.setattr(texts, "PAGES", [])
    text = next(text for text in texts.all_texts() if " " in text)
    monkeypatch.setattr(texts, "all_texts", lambda: {f"{text} More.": ["here"]})
    monkeypatch.setattr(translate, "make", lambda source, language: "# Another text")
    assert translate.main(check=True)
    lines = capsys.readouterr().out.splitlines()
    assert f"here: fuzzy: {f'{text} More.'!r}" in lines
    assert f"locales/{spoken}/lesson.po: python -m publish.translate" in lines
    name = translated_path(texts.NOTEBOOKS[0], spoken)
    assert f"{name}: make notebooks ONLY={name}" in lines


@LANGUAGES
def test_a_translation_leads_to_translations_and_its_first_cell_chooses_the_language(spoken):
    sources = {ROOT / path for path in [*texts.NOTEBOOKS, *texts.PAGES]}
    for source in ("README.md", texts.NOTEBOOKS[0], texts.NOTEBOOKS[-1]):
        text, folder = translate.make(source, spoken), ROOT / translated_path(source, spoken)
        links = re.findall(r"\]\(([\w./-]+)", text)
        targets = {(folder.parent / link).resolve() for link in links}
        assert targets and targets.isdisjoint(sources), source
        chosen = f'[\\"HELLO_MNIST_LANGUAGE\\"] = \\"{spoken}\\"'
        assert (chosen in text) == source.endswith(".ipynb")
    readme = translate.make("README.md", spoken)
    starts = r"github\.io/[^\"]*|/blob/main/[^\"]*|labpath=[^\"]*|tools\.lab.*|make lab IN=.*"
    assert all(spoken in address for address in re.findall(starts, readme))


def test_each_text_of_an_exercise_is_translated():
    known = texts.all_texts()
    for check in vars(checks).values():
        if hasattr(check, "hints"):
            said = [text for _pattern, text in getattr(check, "cases", []) if text]
            for text in [*check.hints, check.praise, *said, getattr(check.read, "asks_for", "")]:
                assert text in known, text
    assert load.most_ink.hints[0] != load.most_ink.hints[1]  # the test has seen a second hint


def test_a_section_in_one_language_alone_stands_before_the_one_that_it_names(tmp_path):
    own = tmp_path / "README.md"
    own.write_text("LAST\n<!-- before: Install -->\n## OWN\n\n", "utf-8")
    page = "# A\n\n## 安装\n\nB\n"
    made = translate.with_own(page, own, {"Install": "安装"})
    assert made == "# A\n\n## OWN\n\n## 安装\n\nB\nLAST\n"
    with pytest.raises(ValueError, match=r"README\.md: there is no section 'Install'"):
        translate.with_own(page, own, {})


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


def test_a_fault_is_named_and_a_changed_text_keeps_its_translation_as_fuzzy():
    where, po = "notebooks/01_load.ipynb#text-01", polib.POFile()
    po.append(entry := polib.POEntry(msgid=ENGLISH))
    for fault, entry.msgstr in FAULTS.items():
        (message,) = translate.faults(po, {ENGLISH: [where]})
        assert message.startswith(f"{where}: {fault}") and ENGLISH in message
    entry.msgstr = RIGHT
    for text in (ENGLISH + " Or four.", ENGLISH + " Or five."):  # twice: the first is shown
        translate.update(po, wanted := {text: [where]})
        assert (po.find(text).msgstr, po.find(text).previous_msgid) == (RIGHT, ENGLISH)
        assert [*translate.faults(po, wanted)] == [f"{where}: fuzzy: {text!r}"]


def test_what_there_is_to_translate():
    """What stands in capitals in a file beside this one."""
    loud = (ROOT / "tests" / "publish" / "texts.txt").read_text(encoding="utf-8")
    quiet = re.sub("[A-ZË]{2,}|A", lambda found: found[0].lower(), loud)
    assert quiet != texts.markdown(quiet, str.upper) == loud
    with pytest.raises(ValueError, match="must stand in one line"):
        texts.markdown("- one\n  goes on", str.upper)
    for magic in ("%%time", "  !ls"):  # such a cell stays as it is
        assert texts.code(f'{magic}\nprint("a text")', str.upper) == f'{magic}\nprint("a text")'
