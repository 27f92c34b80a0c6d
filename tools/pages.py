"""Pages of executed notebooks, to read in a browser; each is one file, which loads nothing."""

import os
import re
from html import escape
from pathlib import Path

from jinja2 import pass_context
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from traitlets.config import Config

from tools.commands import write_or_exit
from tools.formulas import to_mathml

# A page leaves out the cell that serves Colab.
CONFIG = Config({"TagRemovePreprocessor": {"enabled": True, "remove_cell_tags": {"colab"}}})
FILE_LINK = re.compile(r'(?<=href=")[\w./-]+(?=["#])')
# A screen reader would announce an empty field in the row of headers as a header.
EMPTY_HEADER = re.compile(r"<th\b([^>]*)>(<p></p>)?</th>")
NO_DESCRIPTION = "A picture without a description."


class Renderer(IPythonRenderer):
    """A renderer that makes HTML of Markdown, with formulas as MathML; a faulty one stays LaTeX."""

    def inline_math(self, body: str, display: str = "inline") -> str:
        """Return a formula within a line."""
        try:
            return to_mathml(body, display)
        except ValueError:
            return f"<code>{escape(body, quote=False)}</code>"

    def block_math(self, body: str) -> str:
        """Return a formula in a line of its own."""
        return self.inline_math(body, "block")


class Exporter(HTMLExporter):
    """An exporter that makes a page of a notebook; nbconvert's own leaves formulas to MathJax."""

    @pass_context
    def markdown2html(self, context, source: str) -> str:
        """Return the HTML of a text in Markdown, with the pictures that were pasted into it."""
        attachments = context.get("cell", {}).get("attachments", {})
        return MarkdownWithMath(Renderer(escape=False, attachments=attachments)).render(source)


def is_live(cell: NotebookNode) -> bool:
    """Does a cell show a part to try, such as the drawing pad?"""
    return any(tag.startswith("live-") for tag in cell.metadata.get("tags", []))


def render_markdown(text: str) -> str:
    """Return a text in Markdown as HTML, with formulas as MathML."""
    return MarkdownWithMath(Renderer(escape=False, exclude_anchor_links=True)).render(text)


def mend_empty_headers(html: str) -> str:
    """Return HTML in which an empty field in a row of headers is no header."""
    return EMPTY_HEADER.sub(r"<td\1></td>", html)


def write_pages(executed: dict[Path, NotebookNode], folder: Path) -> Path:
    """Write a page of each notebook, with links to the others; return the first one's path."""
    for path, notebook in executed.items():
        notebook_folder = Path(os.path.relpath(path.parent, folder)).as_posix()
        html = FILE_LINK.sub(f"{notebook_folder}/\\g<0>", notebook_page(notebook, path.stem))
        for other in executed:
            html = html.replace(f'"{notebook_folder}/{other.name}', f'"{other.stem}.html')
        write_or_exit(folder / f"{path.stem}.html", html)
    return folder / f"{next(iter(executed)).stem}.html"


def notebook_page(notebook: NotebookNode, title: str) -> str:
    """Return the text of a page with a notebook as it is, but for the cell that serves Colab."""
    template = Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8")
    exporter = Exporter(config=CONFIG, raw_template=template)
    style = Path(__file__).with_name("formulas.css").read_text(encoding="utf-8")
    exporter.environment.globals.update(picture_html=picture_html, style=style)
    return exporter.from_notebook_node(notebook, {"metadata": {"name": title}})[0]


def markdown_page(text: str, title: str) -> str:
    """Return a page with a text in Markdown, in the look of the notebooks' pages."""
    return notebook_page(new_notebook(cells=[new_markdown_cell(text)]), title)


def picture_html(output: NotebookNode) -> str:
    """Return an output's picture as HTML, with its alternative text and its width."""
    metadata = output.metadata.get("image/png", {})
    alt = escape(metadata.get("alt") or NO_DESCRIPTION)
    width = f' width="{metadata.width}"' if "width" in metadata else ""
    return f'<img alt="{alt}"{width} src="data:image/png;base64,{output.data["image/png"]}">'
