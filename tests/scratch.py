"""Tiny notebooks for the tests of the tools that read them."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

# What a learner has trained; the fixture `artifacts` holds a folder of it.
LEARNER_FILES = {
    "mnist_cnn.keras": b"yours",
    "mnist_cnn.previous.keras": b"older",
    "history.json": b"{}",
}


def file_contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def write_notebook(path: Path, title: str, *sources: str, result: str = "", **own: str):
    """Write a notebook of a title, code cells with an output and, last, one tagged key-result.

    `own` are what it says of itself in its metadata, such as `needs="torch"`.
    """
    before = [new_output("stream", text="of an earlier run")]
    cells = [new_code_cell(s, id=f"code-{n}", outputs=before) for n, s in enumerate(sources)]
    cells.insert(0, new_markdown_cell(title))
    if result:
        cells.append(new_code_cell(result, metadata={"tags": ["key-result"]}))
    notebook = new_notebook(cells=cells)
    notebook.metadata["hello-mnist"] = own
    notebook.metadata["kernelspec"] = {"name": "not-here", "display_name": "Not here"}
    nbformat.write(notebook, path)
    return path
