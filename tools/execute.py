"""Execute one notebook with this very Python, and say in a few lines what went wrong."""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # a debugger's warning, to no use here

import nbformat
import papermill
from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from nbclient.exceptions import DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError, strip_color
from traitlets import default

from helpers.files import ROOT

NOTEBOOKS = ROOT / "notebooks"


def lesson() -> list[Path]:
    """Return the paths of the four notebooks in their order."""
    return sorted(NOTEBOOKS.glob("0*.ipynb"))


class ThisPython(KernelSpecManager):
    """Knows one kernel: this interpreter, whatever "python3" kernels a home folder holds."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return how to start it."""
        # A newer kernel warns of unencrypted messages, which don't leave this machine.
        quiet = ["--IPKernelApp.log_level=ERROR"]
        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict(quiet))


class _ThisPythonKernel(AsyncKernelManager):
    @default("kernel_spec_manager")
    def _kernel_spec_manager(self) -> KernelSpecManager:
        return ThisPython()


class _Swift(NBClientEngine):
    """Papermill's engine, which saves the notebook at the end and not with each cell.

    The kernel, which has nothing left to do then, is ended at once. Together this is a second and
    a half for each notebook.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **options):
        path, nb_man.output_path = nb_man.output_path, None
        options["shutdown_kernel"] = "immediate"
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **options)
        finally:
            nb_man.output_path = path  # for the save that follows, also where a cell failed


papermill_engines.register("swift", _Swift)


@dataclass(frozen=True)
class Execution:
    """A notebook as far as it was executed, the seconds it took, and the failure or None."""

    notebook: nbformat.NotebookNode
    seconds: float
    failure: str | None


def execute(source: Path) -> Execution:
    """Execute the notebook at `source` in its own folder, with a progress bar; the file stays.

    A cell that fails does not raise: the result's `failure` names the notebook, the cell, its
    first line and the error.
    """
    source = Path(source).resolve()
    bar = {
        "desc": source.name,
        "bar_format": "{desc} |{bar:24}| cell {n_fmt} of {total_fmt}, {elapsed}",
    }
    failure = None
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / source.name
        try:
            papermill.execute_notebook(
                source,
                copy,
                cwd=source.parent,
                kernel_name="python3",
                engine_name="swift",
                kernel_manager_class=_ThisPythonKernel,
                progress_bar=bar,
            )
        except PapermillExecutionError as error:
            failure = strip_color(f"{error.ename}: {error.evalue}")
        except DeadKernelError:
            failure = "Python itself stopped; most often the machine ran out of memory."
        seconds = time.monotonic() - start
        notebook = nbformat.read(copy, as_version=4)
    if failure:
        failure = f"{source.name} failed in {_last_begun(notebook)}\n{failure}"
    return Execution(notebook, seconds, failure)


def _last_begun(notebook: nbformat.NotebookNode) -> str:
    """Describe the last code cell that papermill began: its number and its first line."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    begun = [cell for cell in code if cell.metadata.get("papermill", {}).get("start_time")]
    lines = begun[-1].source.splitlines() if begun else []
    first = next((line for line in lines if line.strip()), "")
    return f"cell [{len(begun)}]\n    {first}"
