"""Pages of executed notebooks, to read in a browser; each is one file, which loads nothing."""

import os
import re
import shutil
from html import escape
from pathlib import Path

from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from traitlets.config import Config

from helpers.files import artifacts
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
NETWORK = "my_network.html"  # of notebook 4; helpers.web.take_home would import TensorFlow


def write_pages(ran: list[tuple[Path, NotebookNode, float, str]], folder: Path) -> Path:
    """Write a page of each notebook, with its seconds and key result; return where the first is."""
    names = {path.name: f"{path.stem}.html" for path, *_unused in ran}
    table = "# hello-mnist\n\n| notebook | seconds | key result |\n| --- | ---: | --- |\n"
    for path, notebook, seconds, result in ran:
        literal = re.sub(r"([!-/:-@[-`{-~])", r"\\\1", result)  # Markdown's signs as they are
        table += f"| [{path.stem}]({names[path.name]}) | {seconds:.0f} | {literal} |\n"

        def lead(link: re.Match, folder_of_notebook: Path = path.parent) -> str:
            target = folder_of_notebook / link[0]
            there = os.path.relpath(target, folder).replace(os.sep, "/")
            return names.get(link[0], there if target.exists() else link[0])

        html = page(notebook, path.stem)
        write(folder / names[path.name], LINK.sub(lead, html))
    if (artifacts() / NETWORK).exists():
        shutil.copyfile(artifacts() / NETWORK, folder / NETWORK)
        table += f"\nThe network that you trained, to draw for: [{NETWORK}]({NETWORK})\n"
    front = new_notebook(cells=[new_markdown_cell(table)])
    write(folder / "index.html", page(front, "hello-mnist"))
    return folder / "index.html"


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
