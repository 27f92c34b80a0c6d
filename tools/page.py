"""Turn executed notebooks into pages that read well with no network and no server."""

import re
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader
from nbconvert import HTMLExporter
from traitlets.config import Config

TEMPLATES = Path(__file__).resolve().parent / "templates"


def page(notebook: nbformat.NotebookNode, pages: list[str]) -> str:
    """Return `notebook` as one HTML page, without the cell that serves Colab alone.

    A link to another notebook leads to its page if its name is in `pages`, else to the notebook
    itself, in the folder beside the page's.
    """
    tags = {"enabled": True, "remove_cell_tags": {"colab"}}
    config = Config(TagRemovePreprocessor=tags, TemplateExporter={"template_name": "lesson"})
    exporter = HTMLExporter(config=config, extra_template_basedirs=[str(TEMPLATES)])
    body, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title(notebook)}})

    def lead_to_page(link: re.Match) -> str:
        path, anchor = link.groups()
        target = f"{path}.html{anchor}" if path in pages else f"../notebooks/{path}.ipynb"
        return f'href="{target}"'

    return re.sub(r'href="([\w./-]+)\.ipynb(#[^"]*|)"', lead_to_page, body)


def index(entries: list[dict]) -> str:
    """Return the page that leads to the others: each has a name, a title, seconds and a result."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    return environment.get_template("index.html.j2").render(entries=entries)


def title(notebook: nbformat.NotebookNode) -> str:
    """Return the first heading of `notebook`."""
    words = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.search(r"^# (.+)", words, re.MULTILINE)
    return found[1].strip() if found else "Untitled"


def key_result(notebook: nbformat.NotebookNode) -> str:
    """Return the first line of text that the cell tagged `key-result` put out, or nothing."""
    tagged = [cell for cell in notebook.cells if "key-result" in cell.metadata.get("tags", ())]
    outputs = [output for cell in tagged for output in cell.get("outputs", ())]
    texts = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in outputs]
    return next((text.strip().splitlines()[0] for text in texts if text.strip()), "")
