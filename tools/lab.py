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
from nbformat import NotebookNode

import tools
from helpers.files import ROOT, replacing
from tools.answers import check_calls

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


def text_of_copy(path: Path, exercises: dict[tuple[str, str], NotebookNode] | None = None) -> str:
    """Return a notebook without its outputs, so that you can predict them before you run a cell.

    A cell that calls a check is the one in `exercises` for its id and this check, if there is one.

    JupyterLab writes into each open notebook which Python its kernel is, to the last number of its
    version. The copy comes with that, so it isn't changed by being opened.
    """
    notebook, spec = nbformat.read(path, 4), KernelSpecManager().get_kernel_spec("python3")
    if without_solutions():
        ids = [cell.id for cell in notebook.cells]
        del notebook.cells[ids.index(SOLUTIONS) if SOLUTIONS in ids else len(ids) :]
    kernel = {"name": "python3", "display_name": spec.display_name, "language": spec.language}
    notebook.metadata |= {"kernelspec": kernel, "language_info": IPythonKernel.language_info}
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
        for check, _answer in check_calls(cell.source):
            notebook.cells[number] = (exercises or {}).get((cell.id, check), cell)
    return nbformat.writes(notebook) + "\n"


def copy(path: Path, mine: Path) -> None:
    """Write the copy of a notebook; OSError if it can't be written."""
    with replacing(mine) as beside:
        beside.write_text(text_of_copy(path), encoding="utf-8", newline="\n")


def exercises_of(path: Path) -> dict[tuple[str, str], NotebookNode]:
    """Return the cells of exercises of a notebook by their id and check; say if it is damaged."""
    try:
        notebook = nbformat.read(path, 4)
        nbformat.validate(notebook)
        cells = [cell for cell in notebook.cells if "id" in cell]
        return {
            (cell.id, check): cell for cell in cells for check, _answer in check_calls(cell.source)
        }
    except Exception:  # nbformat stumbles in many ways over JSON that is no notebook
        print(f"{path.name} is damaged, so your answers can't be carried over.")
        return {}


def begin_afresh(path: Path, mine: Path) -> None:
    """Put a new copy with the learner's answers in the place of theirs, which is kept beside it.

    OSError if the new one can't be written; theirs then stays where it is.
    """
    others = (mine.with_name(f"{mine.stem} ({number}).ipynb") for number in count(1))
    kept = next(other for other in others if not other.exists())
    text = text_of_copy(path, exercises_of(mine))
    with replacing(mine) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
        mine.rename(kept)
    print(f"Yours is kept as {kept}.")


def read_sums(path: Path) -> dict[str, list]:
    """Return the sums of each notebook and its copy when it was copied; {} if damaged or missing.

    A notebook without sums counts as one that the learner has saved.
    """
    sums = {}
    with suppress(OSError, ValueError, RecursionError):
        sums = json.loads(path.read_bytes())
    pairs = sums.items() if isinstance(sums, dict) else ()
    return {name: pair for name, pair in pairs if isinstance(pair, list) and len(pair) == 2}


def copy_notebooks(fresh: Path | None = None) -> None:
    """Copy the lesson's notebooks anew, but leave alone what was saved since; say what lags.

    Begin the one called `fresh` afresh. OSError if a file can't be written.
    """
    path_of_sums = MINE / ".copied.json"
    copied = read_sums(path_of_sums)
    before = dict(copied)
    for path in tools.all_notebooks():
        name = path.relative_to(tools.NOTEBOOKS).as_posix()
        mine, now = MINE / name, crc32(path.read_bytes(), int(without_solutions()))
        of_lesson, of_copy = copied.setdefault(name, [now, None])
        if path == fresh and mine.exists():
            begin_afresh(path, mine)
            of_copy = crc32(text_of_copy(path).encode())  # unless it holds answers
        elif not mine.exists() or (now != of_lesson and crc32(mine.read_bytes()) == of_copy):
            copy(path, mine)
            of_copy = crc32(mine.read_bytes())
        elif now == of_lesson:
            continue
        else:
            print(f"{name} has changed; yours is left as it is. `--fresh` takes the new one.")
            continue
        copied[name] = [now, of_copy]
    if copied != before:
        with replacing(path_of_sums) as beside:
            beside.write_text(json.dumps(copied), encoding="utf-8")


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
    folder, start = tools.NOTEBOOKS / options.folder, options.fresh or ""
    starts = start, f"0{start}"  # 2 means 02
    candidates = (path for path in tools.all_notebooks() if path.is_relative_to(folder))
    if not (path := next((path for path in candidates if path.name.startswith(starts)), None)):
        parser.error(f"there is no {folder / start}")
    mine = MINE / path.relative_to(tools.NOTEBOOKS)
    try:
        if options.without_solutions:
            with replacing(MINE / WITHOUT_SOLUTIONS) as beside:
                beside.write_text("", encoding="utf-8")
        copy_notebooks(path if options.fresh else None)
    except OSError as error:
        cause = error.__cause__ or error
        print(
            f"{MINE} can't be written ({cause.strerror or cause}). Free some space on the disk, or "
            "move the project to a folder in which you may write, and start again. Until then, "
            "JupyterLab can't save what you change."
        )
        if not mine.exists():
            print("This is the lesson's own notebook, for there is none of yours.")
            return path
    return mine


if __name__ == "__main__":
    main([str(prepare()), f"--ServerApp.root_dir={ROOT}", *OPTIONS])
