"""Open a notebook in JupyterLab, which shows the project's folder, `artifacts/` included.

    python -m tools.lab [zh_CN] [02] [--fresh 02] [--without-solutions]

It is the first notebook, or the first of a folder in notebooks/, such as zh_CN. `02` opens the
first notebook whose name begins like this. You work in my_notebooks/, in copies: an update of the
lesson leaves alone what you have saved there. `--fresh` takes a notebook as the lesson has it now,
with your answers to its exercises; yours is kept beside it.
`--without-solutions` is for a class: the copies have no solutions from then on.
"""

import argparse
import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from zlib import crc32

import nbformat
from ipykernel.ipkernel import IPythonKernel
from jupyter_client.kernelspec import KernelSpecManager
from jupyterlab.labapp import main
from nbformat import NotebookNode

import tools
from helpers.common.files import ROOT, atomic_write
from helpers.common.language import _, current_language, translated_languages, use_language
from tools.answers import find_check_calls
from tools.commands import describe_cause, numbered_path, start_command

COPIES = ROOT / "my_notebooks"
WITHOUT_SOLUTIONS = ".without_solutions"  # a file in COPIES, which says how the copies are made
RECORDS = ".copied.json"  # a file in COPIES, which has a record of each copy
SAVED_BYTES = 1_000_000  # of a notebook with its outputs, at most
SOLUTIONS = "solutions"  # the id of the cell with which the section of solutions begins
# One Ctrl+C stops it without a question. It doesn't ask for its news and looks for no updates.
OPTIONS = [
    "--ServerApp.answer_yes=True",
    f"--LabApp.app_settings_dir={ROOT / 'tools' / 'jupyterlab'}",
    "--allow-root",  # in a container, or in WSL without a user, there is often no other account
    "--ServerApp.contents_manager_class=tools.saved_widgets.NotebookFiles",
]


def leaves_out_solutions() -> bool:
    """Tell whether the copies are made without the solutions: a teacher has asked for it once."""
    return (COPIES / WITHOUT_SOLUTIONS).exists()


def remove_solutions(notebook: NotebookNode) -> None:
    """Take the section of solutions, the last one, out of a notebook; some notebooks have none."""
    ids = [cell.id for cell in notebook.cells]
    del notebook.cells[ids.index(SOLUTIONS) if SOLUTIONS in ids else len(ids) :]


def text_of_copy(path: Path, answers: dict[tuple[str, str], NotebookNode] | None = None) -> str:
    """Return a notebook without its outputs, so that you can predict them before you run a cell.

    A cell that calls a check is the one in `answers` for its id and this check, if there is one.

    JupyterLab writes the exact version of the kernel's Python into each notebook that it opens. The
    copy has this version already, so it isn't changed by being opened.
    """
    answers = answers or {}
    notebook = nbformat.read(path, 4)
    if leaves_out_solutions():
        remove_solutions(notebook)
    spec = KernelSpecManager().get_kernel_spec("python3")
    kernel = {"name": "python3", "display_name": spec.display_name, "language": spec.language}
    notebook.metadata |= {"kernelspec": kernel, "language_info": IPythonKernel.language_info}
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
        for check, _answer in find_check_calls(cell.source):
            notebook.cells[number] = answers.get((cell.id, check), cell)
    return nbformat.writes(notebook) + "\n"


def write_copy(path: Path, copy: Path) -> None:
    """Write the copy of a notebook; OSError if it can't be written."""
    with atomic_write(copy) as temporary:
        temporary.write_text(text_of_copy(path), encoding="utf-8", newline="\n")


def read_answers(copy: Path) -> dict[tuple[str, str], NotebookNode]:
    """Return the cells of exercises of a copy by their id and check; say if it is damaged."""
    answers = {}
    try:
        notebook = nbformat.read(copy, 4)
        nbformat.validate(notebook)
        for cell in notebook.cells:
            if "id" in cell:
                for check, _answer in find_check_calls(cell.source):
                    answers[cell.id, check] = cell
    except Exception:  # nbformat stumbles in many ways over JSON that is no notebook
        print(_("{name} is damaged, so your answers in it can't be carried over.", name=copy.name))
        return {}
    return answers


def renew_copy(path: Path, copy: Path) -> None:
    """Put a new copy with the learner's answers in the place of theirs, which is kept beside it.

    OSError if the new one can't be written; theirs then stays where it is.
    """
    kept_path = numbered_path(copy)
    text = text_of_copy(path, read_answers(copy))
    try:
        with atomic_write(copy) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
            with atomic_write(kept_path) as kept:
                shutil.copyfile(copy, kept)
    except OSError:
        kept_path.unlink(missing_ok=True)
        raise
    print(_("Your old notebook is kept as {path}.", path=kept_path))


@dataclass(frozen=True)
class CopyRecord:
    """How a copy was made: the checksums of the notebook and of the copy, and if it has solutions.

    `copy` is None if the learner has had a copy before there was a record of it.
    """

    notebook: int
    copy: int | None
    has_solutions: bool


def read_records(path: Path) -> dict[str, CopyRecord]:
    """Return the record of each copy by the name of its notebook.

    There are none if the file is damaged or missing. A notebook without a record counts as one that
    the learner has saved.
    """
    entries = {}
    with suppress(OSError, ValueError, RecursionError):
        entries = json.loads(path.read_bytes())
    records = {}
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        with suppress(TypeError):  # of another version of the lesson, or damaged
            records[name] = CopyRecord(**entry)
    return records


def update_copies(renewed: Path | None = None) -> None:
    """Copy the lesson's notebooks anew, but leave a copy that was saved since, and say so.

    The copy of the notebook `renewed` is made anew in any case. OSError if a file can't be written.
    """
    earlier_records = read_records(COPIES / RECORDS)
    records = dict(earlier_records)
    for path in tools.all_notebooks():
        name = path.relative_to(tools.NOTEBOOKS).as_posix()
        record = update_copy(path, COPIES / name, earlier_records.get(name), path == renewed)
        if record:
            records[name] = record
        else:
            message = _(
                "The lesson has a new {name}. Yours stays as it is. To take the new one, with "
                "your answers, start the lesson with --fresh and the beginning of its name.",
                name=name,
            )
            print(message)
    if records != earlier_records:
        entries = {name: asdict(record) for name, record in records.items()}
        with atomic_write(COPIES / RECORDS) as temporary:
            temporary.write_text(json.dumps(entries), encoding="utf-8")


def update_copy(
    path: Path, copy: Path, earlier: CopyRecord | None, is_renewed: bool
) -> CopyRecord | None:
    """Bring one copy up to date, and return its record.

    `earlier` is the record from when the notebook was copied, if there is one. The result is None
    if the notebook has changed and the copy, which the learner has saved, is left as it is.
    """
    checksum = crc32(path.read_bytes())
    record = CopyRecord(checksum, earlier.copy if earlier else None, not leaves_out_solutions())
    if is_renewed and copy.exists():
        renew_copy(path, copy)
        # As if it held no answers: a copy that holds some counts as saved.
        return replace(record, copy=crc32(text_of_copy(path).encode()))
    is_changed = bool(earlier) and earlier != record
    if not copy.exists() or (is_changed and crc32(copy.read_bytes()) == record.copy):
        write_copy(path, copy)
        return replace(record, copy=crc32(copy.read_bytes()))
    return None if is_changed else record


def check_saving(folder: Path) -> None:
    """Raise OSError if a notebook can't be saved in a folder of copies."""
    trial = folder / ".trial"
    with atomic_write(trial) as temporary:
        temporary.write_bytes(bytes(SAVED_BYTES))
    trial.unlink()


def choose_notebook(arguments: list[str] | None = None) -> Path:
    """Bring the copies up to date; return the one to open, which the arguments name.

    Where no copy can be written, it is the lesson's own notebook. SystemExit if there is no such
    notebook.
    """
    parser = _argument_parser()
    options = parser.parse_args(arguments)
    path = _find_named_notebook(options.name, options.fresh)
    if path is None:
        wanted = "/".join([*options.name, *([options.fresh] if options.fresh else [])])
        parser.error(f"there is no notebook {wanted}; there are {_list_names()}")
    with use_language(language_of_folder(path.relative_to(tools.NOTEBOOKS).parts[0])):
        return _bring_up_to_date(path, options)


def language_of_folder(name: str) -> str:
    """Return the language of the notebooks in a folder of this name, such as zh_CN."""
    return name if name in translated_languages() else current_language()


def _bring_up_to_date(path: Path, options: argparse.Namespace) -> Path:
    """Bring the copies up to date; return the copy of a notebook, or the notebook itself."""
    copy = COPIES / path.relative_to(tools.NOTEBOOKS)
    try:
        if options.without_solutions:
            with atomic_write(COPIES / WITHOUT_SOLUTIONS) as temporary:
                temporary.write_text("", encoding="utf-8")
        update_copies(renewed=path if options.fresh else None)
        check_saving(copy.parent)
    except OSError as error:
        message = _(
            "{folder} can't be written ({cause}). Free some space on the disk, or move the project "
            "to a folder in which you may write, and start again. Until then, JupyterLab can't "
            "save what you change.",
            folder=COPIES,
            cause=describe_cause(error),
        )
        print(message)
        if not copy.exists():
            print(_("You have no copy of this notebook yet, so the lesson's own one opens."))
            return path
    return copy


def _argument_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.lab", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--without-solutions",
        action="store_true",
        help="from now on, copy the notebooks without the solutions",
    )
    parser.add_argument(
        "name",
        nargs="*",
        help="a folder of notebooks/, such as zh_CN, or how the notebook's name begins, such as 02",
    )
    parser.add_argument(
        "--fresh",
        metavar="NAME",
        help="take this notebook as the lesson has it now, with your answers; NAME is how its name "
        "begins, such as 02",
    )
    return parser


def _list_names() -> str:
    """Return the names of all notebooks, with their folders and without their suffix."""
    paths = (path.relative_to(tools.NOTEBOOKS).with_suffix("") for path in tools.all_notebooks())
    return ", ".join(path.as_posix() for path in paths)


def _find_named_notebook(names: list[str], fresh: str | None) -> Path | None:
    """Return the notebook that the command line names, or None if there is no such notebook.

    `names` lead to a folder. Without `fresh`, the last one may be how a notebook's name begins.
    """
    folder = tools.NOTEBOOKS.joinpath(*names)
    if fresh:
        return _find_notebook(folder, fresh)
    return _find_notebook(folder, "") or _find_notebook(folder.parent, folder.name)


def _find_notebook(folder: Path, start: str) -> Path | None:
    """Return the first notebook of a folder whose name begins so; 2 means 02."""
    for path in tools.all_notebooks():
        if path.is_relative_to(folder) and path.name.startswith((start, f"0{start}")):
            return path
    return None


def start_jupyterlab(arguments: list[str] | None = None) -> None:
    """Open the notebook that the arguments name, whose kernel finds the helpers."""
    notebook = choose_notebook(arguments)
    os.environ["PYTHONPATH"] = tools.python_path()
    main([str(notebook), f"--ServerApp.root_dir={ROOT}", *OPTIONS])


if __name__ == "__main__":
    start_command(start_jupyterlab)
