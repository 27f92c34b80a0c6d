"""Pages of executed notebooks, to read in a browser; each is one file, which loads nothing."""

import os
import re
from html import escape
from pathlib import Path

from nbconvert import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config

from tools import write

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
    template = Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8")
    exporter = HTMLExporter(config=HIDDEN, raw_template=template)
    exporter.environment.globals["picture"] = picture
    return exporter.from_notebook_node(notebook, {"metadata": {"name": title}})[0]


def picture(output: NotebookNode) -> str:
    """Return an output's picture as HTML, with its alternative text and its width."""
    about = output.metadata.get("image/png", {})
    alt = escape(about.get("alt") or NO_DESCRIPTION)
    width = f' width="{about.width}"' if "width" in about else ""
    return f'<img alt="{alt}"{width} src="data:image/png;base64,{output.data["image/png"]}">'
