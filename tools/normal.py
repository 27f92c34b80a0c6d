"""One notebook, one text: what varies from run to run or from editor to editor is left out.

A diff of a committed notebook then shows what has changed in the lesson and nothing else.
"""

import copy

import nbformat
from nbconvert.preprocessors.coalescestreams import CoalesceStreamsPreprocessor

KERNEL = {"display_name": "Python 3", "name": "python3"}
METADATA = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
CELL_METADATA = {"cellView", "jupyter", "tags"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def normalize(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a copy with stable metadata, in which pieces of one stream become one output.

    A widget lives as long as its kernel: what is kept is the text or picture that stands in for it.
    """
    notebook = nbformat.v4.upgrade(copy.deepcopy(notebook))
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        kept = {k: v for k, v in cell.metadata.items() if k in CELL_METADATA and v}
        cell.metadata = nbformat.from_dict(kept)
        for data in (output.get("data", {}) for output in cell.get("outputs", [])):
            data.pop(WIDGET_VIEW, None)
    return CoalesceStreamsPreprocessor().preprocess(notebook, {})[0]


def text(notebook: nbformat.NotebookNode) -> str:
    """Return the normal form of `notebook` as the text of its file."""
    return nbformat.writes(normalize(notebook)).rstrip("\n") + "\n"
