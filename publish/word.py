"""The form of the lab report as a file that Word opens, made from its Markdown.

    python -m publish.word

It makes docs/report.zh-CN.docx of locales/zh_CN/report.md, and so for each language that has the
form. The Markdown may have headings, paragraphs, lists and tables, with code and bold words;
ValueError names anything else.
"""

import shutil
import zipfile
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from helpers.common.files import ROOT, atomic_write
from publish.texts import PARSER
from tools import translated_path

# Chinese letters of the text and of headings, by the names of fonts that Word and WPS have.
FONTS = {"Normal": "宋体", "Title": "黑体", "Heading 1": "黑体"}
LISTS = {"bullet_list": "List Bullet", "ordered_list": "List Number"}


def report_sources() -> list[Path]:
    """Return the Markdown files of the form, one for each language that has it."""
    return sorted((ROOT / "locales").glob("*/report.md"))


def report_path(source: Path) -> Path:
    """Return where the file for Word stands, by the Markdown in a language's folder."""
    return ROOT / translated_path("docs/report.docx", source.parent.name)


def word_document(markdown: str) -> WordDocument:
    """Return a document on A4 with the content of a Markdown text; ValueError for what it can't."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    for name, font in FONTS.items():
        style = document.styles[name]
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    document.styles["Normal"].font.size = Pt(10.5)
    for node in SyntaxTreeNode(PARSER.parse(markdown)).children:
        _add_block(document, node)
    document.core_properties.title = markdown.partition("\n")[0].removeprefix("# ")
    document.core_properties.author = document.core_properties.comments = ""
    return document


def _add_block(document: WordDocument, node: SyntaxTreeNode) -> None:
    """Add one block of Markdown at the end of a document."""
    if node.type == "heading":
        _add_inline(document.add_heading("", level=int(node.tag[1]) - 1), node.children[0])
    elif node.type == "paragraph":
        _add_inline(document.add_paragraph(), node.children[0])
    elif node.type in LISTS:
        for item in node.children:
            if [child.type for child in item.children] != ["paragraph"]:
                raise ValueError("an item of a list in a report has one paragraph, and no list")
            paragraph = document.add_paragraph(style=LISTS[node.type])
            _add_inline(paragraph, item.children[0].children[0])
    elif node.type == "table":
        _add_table(document, [row for part in node.children for row in part.children])
    else:
        raise ValueError(f"a report has no {node.type}: {node.markup!r}")


def _add_table(document: WordDocument, rows: list[SyntaxTreeNode]) -> None:
    """Add a table, whose first row is the head, and an empty line below it."""
    table = document.add_table(len(rows), len(rows[0].children), style="Table Grid")
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, node in zip(row.cells, cells.children, strict=True):
            _add_inline(cell.paragraphs[0], node.children[0])
    document.add_paragraph()


def _add_inline(paragraph: Paragraph, inline: SyntaxTreeNode) -> None:
    """Add the text of an inline node, with its bold words and its code."""
    is_bold = False
    for token in inline.token.children or []:
        if token.type in ("strong_open", "strong_close"):
            is_bold = token.type == "strong_open"
        else:
            run = paragraph.add_run(_text_of(token))
            run.bold = is_bold or None
            if token.type == "code_inline":
                run.font.name = "Consolas"


def _text_of(token: Token) -> str:
    """Return the text of a token within a line; ValueError if it is neither text nor code."""
    if token.type not in ("text", "code_inline"):
        raise ValueError(f"a line of a report has no {token.type}")
    return token.content


def write_reports() -> None:
    """Write the file for Word of each source, unless a file with the same content is there."""
    for source in report_sources():
        document = word_document(source.read_text(encoding="utf-8"))
        path = report_path(source)
        with atomic_write(path) as temporary:
            document.save(temporary)
            # The packed file also holds the time of its making, which alone is no change.
            if path.exists() and read_parts(path) == read_parts(temporary):
                shutil.copyfile(path, temporary)


def read_parts(path: Path) -> dict[str, bytes]:
    """Return the content of each part of a file for Word, by the part's name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


if __name__ == "__main__":
    write_reports()
