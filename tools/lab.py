"""Open a notebook in JupyterLab, which shows the project's folder, `artifacts/` included.

    python -m tools.lab [zh_CN] [--fresh 02] [--without-solutions]

It is the first notebook, or the first of a folder in notebooks/. You work in my_notebooks/, in
copies: an update of the lesson leaves alone what you have saved there. `--fresh` takes a notebook
as the lesson has it now, with your answers to its exercises; yours is kept beside it.
`--without-solutions` is for a class: the copies have no solutions from then on.
"""

import argparse
import json
from contextlib import suppress
from itertools import count
from pathlib import Path
from zlib import crc32

import nbformat
from ipykernel.ipkernel import IPythonKernel
from jupyter_client.kernelspec import KernelSpecManager
from jupyterlab.labapp import main

import tools
from helpers.files import ROOT
from tools.class_results import calls

MINE = ROOT / "my_notebooks"
WITHOUT_SOLUTIONS = ".without_solutions"  # a file in MINE, which says how the copies are made
SOLUTIONS = "solutions"  # the id of the cell with which the section of solutions begins
# One Ctrl+C stops it without a question. It doesn't ask for its news and looks for no updates.
OPTIONS = [
    "--ServerApp.answer_yes=True",
    f"--LabApp.app_settings_dir={ROOT / 'tools' / 'jupyterlab'}",
]


def without_solutions() -> bool:
    """Tell whether the copies are made without the solutions: a teacher has asked for it once."""
    return (MINE / WITHOUT_SOLUTIONS).exists()


def copy(path: Path, mine: Path, kept: Path | None = None) -> None:
    """Copy a notebook without its outputs, so that you can predict them before you run a cell.

    Cells of exercises that `kept` has too are those of `kept`.

    JupyterLab writes into each open notebook which Python its kernel is, to the last number of its
    version. The copy comes with that, so it isn't changed by being opened.
    """
    notebook, spec = nbformat.read(path, 4), KernelSpecManager().get_kernel_spec("python3")
    if without_solutions():
        ids = [cell.id for cell in notebook.cells]
        del notebook.cells[ids.index(SOLUTIONS) if SOLUTIONS in ids else len(ids) :]
    kernel = {"name": "python3", "display_name": spec.display_name, "language": spec.language}
    notebook.metadata |= {"kernelspec": kernel, "language_info": IPythonKernel.language_info}
    others = nbformat.read(kept, 4).cells if kept else []
    own = {(cell.id, check): cell for cell in others for check, _answer in calls(cell.source)}
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
        for check, _answer in calls(cell.source):
            notebook.cells[number] = own.get((cell.id, check), cell)
    tools.write(mine, nbformat.writes(notebook) + "\n")


def copy_notebooks() -> None:
    """Copy the lesson's notebooks anew, but leave alone what was saved since; say what lags."""
    sums = MINE / ".copied.json"
    copied = {}
    with suppress(OSError, ValueError, TypeError):  # not there, or damaged: then all are yours
        copied = dict(json.loads(sums.read_bytes()))
    for path in tools.all_notebooks():
        name = path.relative_to(tools.NOTEBOOKS).as_posix()
        mine, now = MINE / name, crc32(path.read_bytes(), int(without_solutions()))
        before, of_copy = copied.setdefault(name, (now, None))
        if mine.exists() and now == before:
            continue
        if not mine.exists() or crc32(mine.read_bytes()) == of_copy:
            copy(path, mine)
            copied[name] = now, crc32(mine.read_bytes())
        else:
            print(f"{name} has changed; yours is left as it is. `--fresh` takes the new one.")
    tools.write(sums, json.dumps(copied))


def prepare(arguments: list[str] | None = None) -> Path:
    """Return the notebook that is meant: the learner's, or where none can be written, the lesson's.

    SystemExit if there is no such notebook.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    no_solutions = "from now on, copy the notebooks without the solutions"
    parser.add_argument("--without-solutions", action="store_true", help=no_solutions)
    parser.add_argument("folder", nargs="?", default="", help="of notebooks/, such as zh_CN")
    parser.add_argument("--fresh", metavar="NAME", help="how its name begins, such as 02")
    options = parser.parse_args(arguments)
    folder, start = tools.NOTEBOOKS / options.folder, options.fresh or "01_load"
    candidates = (path for path in tools.all_notebooks() if path.is_relative_to(folder))
    if not (path := next((path for path in candidates if path.name.startswith(start)), None)):
        parser.error(f"there is no {folder / start}")
    mine = MINE / path.relative_to(tools.NOTEBOOKS)
    others = (mine.with_name(f"{mine.stem} ({number}).ipynb") for number in count(1))
    try:
        if options.without_solutions:
            tools.write(MINE / WITHOUT_SOLUTIONS, "")
        if options.fresh and mine.exists():
            kept = mine.rename(next(other for other in others if not other.exists()))
            print(f"Yours is kept as {kept}.")
            copy_notebooks()
            with suppress(ValueError):  # it is damaged
                copy(path, mine, kept)
        copy_notebooks()
    except (OSError, SystemExit) as error:  # nothing can be written
        print(error)
        return path
    return mine


if __name__ == "__main__":
    main([str(prepare()), f"--ServerApp.root_dir={ROOT}", *OPTIONS])
