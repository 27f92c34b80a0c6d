"""Execute one notebook with this very Python, and say in a few lines what went wrong."""

import copy
import os
from pathlib import Path

os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # its warning says nothing to a reader

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert.filters import strip_ansi
from nbconvert.preprocessors import ClearOutputPreprocessor
from nbconvert.preprocessors.coalescestreams import CoalesceStreamsPreprocessor
from nbformat import NotebookNode, from_dict, read, v4, writes
from tqdm import tqdm

from tools import METADATA_KEY, WIDGET_VIEW, python_path

KERNEL = {"display_name": "Python 3", "name": "python3"}
METADATA = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
CELL_METADATA = {"alt", "cellView", "expect", "jupyter", "tags"}
PROGRESS_BAR = "{desc} |{bar:24}| cell {n_fmt} of {total_fmt}, {elapsed}"


def execute_notebook(source: Path, notebook=None, **environment) -> tuple[NotebookNode, str | None]:
    """Execute a notebook, or else what the file `source` holds, in the folder of that file.

    Return it in its normal form with its outputs so far, and None or a text: which cell failed,
    its first line and why. The kernel has the environment of this process and the variables of
    `environment`.
    """
    notebook, _ = ClearOutputPreprocessor().preprocess(notebook or read(source, as_version=4), {})
    failure = None
    client = NotebookClient(
        notebook,
        # This very Python, and no other "python3" kernel that a home folder may hold.
        AsyncKernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[])),
        # A newer kernel warns of unencrypted messages, which don't leave this machine.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        shutdown_kernel="immediate",  # it has nothing left to do
    )
    environment = os.environ | {"PYTHONPATH": python_path()} | environment
    kernel = {"cwd": str(source.resolve().parent), "env": environment}
    bar = tqdm(notebook.cells, source.name, bar_format=PROGRESS_BAR)
    try:
        with client.setup_kernel(cleanup_kc=True, **kernel):
            for index, cell in enumerate(bar):
                client.execute_cell(cell, index)
    except CellExecutionError as error:
        failure = strip_ansi(f"{error.ename}: {error.evalue}")
    except DeadKernelError:
        failure = "Python itself stopped; most often the machine ran out of memory."
    if failure:
        first_line = cell.source.strip().partition("\n")[0]
        place = f"{source.name} failed in cell [{client.code_cells_executed}]"
        failure = f"{place}\n    {first_line}\n{failure}"
    return normalize(notebook), failure


def normalize(notebook: NotebookNode) -> NotebookNode:
    """Return a copy without what varies from run to run or from editor to editor.

    Pieces of one stream become one output. A widget lives only as long as its kernel, so its text
    or picture is kept in place of it. A picture that Matplotlib itself has drawn gets
    the alternative text of its cell's metadata.
    """
    notebook = v4.upgrade(copy.deepcopy(notebook))
    lesson_metadata = {
        key: value for key, value in notebook.metadata.items() if key == METADATA_KEY
    }
    notebook.metadata = from_dict(METADATA | lesson_metadata)
    for cell in notebook.cells:
        items = cell.metadata.items()
        metadata = {key: value for key, value in items if key in CELL_METADATA and value}
        cell.metadata = from_dict(metadata)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
            if "execution_count" in output:
                output.execution_count = cell.execution_count
            if "alt" in metadata and "image/png" in output.get("data", {}):
                output.metadata["image/png"] = from_dict({"alt": metadata["alt"]})
    return CoalesceStreamsPreprocessor().preprocess(notebook, {})[0]


def normal_text(notebook: NotebookNode) -> str:
    """Return the normal form of a notebook as the text of its file.

    A diff of a committed notebook then shows what has changed in the lesson and nothing else.
    """
    return writes(normalize(notebook)).rstrip("\n") + "\n"
