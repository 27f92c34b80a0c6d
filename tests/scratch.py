"""Tiny notebooks and zip files for the tests of the tools that read them."""

import io
import zipfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output


def write_notebook(path: Path, title: str, *sources: str, result: str = "", **own: str):
    """Write a notebook of a title, code cells with an output and, last, one tagged key-result.

    `own` are what it says of itself in its metadata, such as `needs="torch"`.
    """
    before = [new_output("stream", text="of an earlier run")]
    cells = [new_markdown_cell(title), *(new_code_cell(s, outputs=before) for s in sources)]
    if result:
        cells.append(new_code_cell(result, metadata={"tags": ["key-result"]}))
    notebook = new_notebook(cells=cells)
    notebook.metadata["hello-mnist"] = own
    notebook.metadata["kernelspec"] = {"name": "not-here", "display_name": "Not here"}
    nbformat.write(notebook, path)
    return path


def zipped(files: dict[str, str | bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip file of names and contents, each of the 29th of February 2024."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 2, 29, 0, 0, 0)), content, method)
    return data.getvalue()
