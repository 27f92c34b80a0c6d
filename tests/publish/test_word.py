"""The form of the lab report for Word: it has what its Markdown says."""

import re
import time

import pytest

docx = pytest.importorskip("docx")  # an older environment of the group `publish` lacks it
word = pytest.importorskip("publish.word")


def texts_of(path_or_document) -> list[str]:
    """Return the texts of a document's paragraphs and of the cells of its tables."""
    paragraphs = list(path_or_document.paragraphs)
    for table in path_or_document.tables:
        paragraphs += [part for row in table.rows for cell in row.cells for part in cell.paragraphs]
    return [paragraph.text for paragraph in paragraphs]


@pytest.mark.parametrize("source", word.report_sources(), ids=lambda path: path.parent.name)
def test_the_committed_file_for_word_has_each_heading_line_and_field(source):
    markdown = source.read_text(encoding="utf-8")
    document = docx.Document(word.report_path(source))
    assert texts_of(document) == texts_of(word.word_document(markdown)), "python -m publish.word"
    headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert headings == re.findall(r"^## (.+)$", markdown, re.MULTILINE)
    assert document.paragraphs[0].style.name == "Title"
    wanted = re.sub(r"^(?:#+ |- |\d\. |\| ---.*)|[*`|]", " ", markdown, flags=re.MULTILINE)
    assert "".join(wanted.split()) == "".join("".join(in_order(document)).split())


def in_order(document) -> list[str]:
    """Return the texts of a document in the order in which Word shows them."""
    return [node.text or "" for node in document.element.body.iter("{*}t")]


def test_a_second_run_leaves_a_file_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(word, "report_path", lambda source: tmp_path / f"{source.parent.name}.docx")
    word.write_reports()
    written = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert len(written) == len(word.report_sources())
    time.sleep(2.1)  # a packed file counts the seconds in twos
    word.write_reports()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == written


@pytest.mark.parametrize("source", word.report_sources(), ids=lambda path: path.parent.name)
def test_the_points_of_a_report_add_up_to_100(source):
    markdown = source.read_text(encoding="utf-8")
    parts = [int(n) for n in re.findall(r"^## .*?（(\d+) 分）", markdown, re.MULTILINE)]
    assert sum(parts) == 100
    last_row = markdown.rstrip().splitlines()[-1]
    assert [int(n) for n in re.findall(r"/(\d+)", last_row)] == [*parts, 100]
    shares = [int(n) for n in re.findall(r"^\*\*.*?（(\d+) 分）", markdown, re.MULTILINE)]
    assert (shares[:2], shares[2:]) == ([10, 20], [20, 20]), "of the steps and of the results"


def test_a_report_with_something_else_is_refused():
    with pytest.raises(ValueError, match="fence"):
        word.word_document("```\ncode\n```\n")
    with pytest.raises(ValueError, match="image"):
        word.word_document("![a](b.png)\n")
    for item in ("- a\n\n  second paragraph\n", "- a\n  - list in a list\n", "-\n"):
        with pytest.raises(ValueError, match="an item of a list in a report has one paragraph"):
            word.word_document(item)
