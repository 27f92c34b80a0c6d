"""Tiny notebooks for the tests of the tools that execute notebooks."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

PICTURE = """\
import base64
from IPython.display import display
png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
alt = 'One "grey" pixel, larger than life'
data = {"image/png": png, "text/plain": alt}
display(data, metadata={"image/png": {"alt": alt, "width": 320}}, raw=True)"""


def write_notebook(path: Path, title: str, *sources: str, result: str = ""):
    """Write a notebook of a title, code cells with an output and, last, one tagged key-result."""
    before = [new_output("stream", text="of an earlier run")]
    cells = [new_markdown_cell(title), *(new_code_cell(s, outputs=before) for s in sources)]
    if result:
        cells.append(new_code_cell(result, metadata={"tags": ["key-result"]}))
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "not-here", "display_name": "Not here"}
    nbformat.write(notebook, path)
    return path
