"""Pages of executed notebooks, to read in a browser; each is one file, which loads nothing."""

import os
import re
from html import escape
from pathlib import Path

from nbconvert import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config

from tools import write

# JupyterLab's own look, with more contrast, and without what it fetches from elsewhere.
TEMPLATE = """\
{%- extends 'index.html.j2' -%}
{%- block html_head_js %}{% endblock -%}
{%- block html_head_js_mathjax %}{% endblock -%}
{%- block html_head_js_mermaidjs %}{% endblock -%}
{%- block html_head_css %}<style>
  main { margin: auto; max-width: 60rem; }
  .jp-RenderedHTMLCommon a { text-decoration: underline; }
  .jp-InputPrompt, .jp-OutputPrompt { color: #595959; }
</style>{% endblock -%}
{%- block data_png %}{{ picture(output) }}{% endblock -%}
"""
HIDDEN = Config({"TagRemovePreprocessor": {"enabled": True, "remove_cell_tags": {"colab"}}})
LINK = re.compile(r'(?<=href=")[\w./-]+(?=["#])')  # to a file
NO_DESCRIPTION = "A picture without a description."


def write_pages(executed: dict[Path, NotebookNode], folder: Path) -> Path:
    """Write a page of each notebook, with links to the others; return the first one's path."""
    for path, notebook in executed.items():
        there = Path(os.path.relpath(path.parent, folder)).as_posix()
        html = LINK.sub(f"{there}/\\g<0>", page(notebook, path.stem))
        for other in executed:
            html = html.replace(f'"{there}/{other.name}', f'"{other.stem}.html')
        write(folder / f"{path.stem}.html", html)
    return folder / f"{next(iter(executed)).stem}.html"


def page(notebook: NotebookNode, title: str) -> str:
    """Return the text of a page with a notebook as it is, but for the cell that serves Colab."""
    exporter = HTMLExporter(config=HIDDEN, raw_template=TEMPLATE)
    exporter.environment.globals["picture"] = picture
    return exporter.from_notebook_node(notebook, {"metadata": {"name": title}})[0]


def picture(output: NotebookNode) -> str:
    """Return an output's picture as HTML, with its alternative text and its width."""
    about = output.metadata.get("image/png", {})
    alt = escape(about.get("alt") or NO_DESCRIPTION)
    width = f' width="{about.width}"' if "width" in about else ""
    return f'<img alt="{alt}"{width} src="data:image/png;base64,{output.data["image/png"]}">'
