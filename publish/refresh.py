"""Execute committed notebooks in place, so that a diff shows only what has changed.

    python -m publish.refresh [01_load extras/better zh_CN ...]

Names are those of notebooks or of folders; a dot stands for all. Without a name, it executes the
notebooks that differ from the last commit, or that are new. If the last commit is a merge, it also
executes the notebooks that the merge has put together from both sides. `make notebooks` calls this.
A translated one is made anew of its source and the catalogue before.
"""

import json
import subprocess
import sys
import tempfile
from itertools import chain
from pathlib import Path

import nbformat

from helpers.common.files import ROOT
from publish import translate
from tools import NOTEBOOKS, english_notebooks, execute, missing_library
from tools.commands import write_or_exit
from tools.pages import is_live


def refresh_notebooks(names: list[str]) -> None:
    """Refresh some notebooks; SystemExit at the first that fails, which stays as it is."""
    names = names or changed_notebooks()
    if not names:
        print(
            "No notebook differs from the last commit, so there is nothing to execute. "
            'ONLY="01_load" executes a notebook all the same, and ALL=1 executes all of them.'
        )
        return
    chosen_paths = choose_notebooks(names)
    translated = translate.translated_notebooks()
    if {*chosen_paths} & {*translated}:
        translate.update_translations()
    for path in chosen_paths:
        source, language = translated.get(path, (path, ""))
        try:
            library = missing_library(ROOT / source)
        except json.JSONDecodeError:
            raise SystemExit(
                f"{source} can't be read as a notebook. If git has marked a conflict in it, choose "
                "a side first; docs/maintain/own_copy.md, Take over updates, says how."
            ) from None
        if library:
            print(f"{path} is left as it was: {library} is not installed.")
        elif language:
            refresh_notebook(path, translate.translate_source(source, language))
        else:
            refresh_notebook(path, path.read_text(encoding="utf-8"))


def refresh_notebook(path: Path, text: str) -> None:
    """Execute the text of a notebook and write it to its path; SystemExit if a cell fails."""
    path.parent.mkdir(parents=True, exist_ok=True)  # where the kernel starts
    notebook = nbformat.reads(text, as_version=4)
    with tempfile.TemporaryDirectory() as nothing_trained:
        artifacts = f"{nothing_trained}/artifacts"  # the name that a learner's folder has
        notebook, failure = execute.execute_notebook(
            path, notebook, HELLO_MNIST_ARTIFACTS=artifacts
        )
    if failure:
        raise SystemExit(f"\n{failure}\n\n{path} is left as it was.")
    if path.exists():
        keep_pictures(notebook, nbformat.read(path, as_version=4))
    write_or_exit(path, execute.normal_text(notebook))


def keep_pictures(notebook: nbformat.NotebookNode, old: nbformat.NotebookNode) -> None:
    """Keep the pictures of live parts that `publish.site.pictures` put into the old notebook."""
    old_outputs = {cell.id: cell.outputs for cell in old.cells if is_live(cell)}
    for cell in notebook.cells:
        if is_live(cell):
            for output, old_output in zip(cell.outputs, old_outputs.get(cell.id, []), strict=False):
                output.data = old_output.data | output.data
                output.metadata = old_output.metadata | output.metadata


def changed_notebooks() -> list[str]:
    """Return the notebooks that differ from the last commit, or that git doesn't know yet.

    If the last commit is a merge, a notebook also counts that differs from both of its sides: its
    cells may be of one side, and its outputs of the other. SystemExit where git knows no commit.
    """
    differing = ["diff", "--relative", "--name-only", "--diff-filter=d", "-z"]
    changed = list_by_git(*differing, "HEAD")
    if changed is None:
        raise SystemExit("Without a git clone, name the notebooks, or use a dot for all.")
    changed |= list_by_git("ls-files", "--others", "--exclude-standard", "-z")
    other_side = list_by_git(*differing, "HEAD^2", "HEAD")
    if other_side is not None:
        changed |= other_side & list_by_git(*differing, "HEAD^1", "HEAD")
    known = [*english_notebooks(), *translate.translated_notebooks()]
    return [path.relative_to(NOTEBOOKS).as_posix() for path in known if path in changed]


def list_by_git(*command: str) -> set[Path] | None:
    """Return the files that a command of git lists in the notebooks' folder; None if it fails."""
    done = subprocess.run(["git", "-C", NOTEBOOKS, *command], capture_output=True, encoding="utf-8")
    return None if done.returncode else {NOTEBOOKS / name for name in done.stdout.split("\0")}


def choose_notebooks(names: list[str]) -> list[Path]:
    """Return the notebooks that are meant; SystemExit says what can be named."""
    all_paths = [*english_notebooks(), *translate.translated_notebooks()]
    paths_by_name = []
    for name in names:
        start = NOTEBOOKS / name.removeprefix("notebooks/").removesuffix(".ipynb")
        paths = [path for path in all_paths if path.with_suffix("").is_relative_to(start)]
        paths_by_name.append(paths)
    if not all(paths_by_name):
        listed = ", ".join(path.relative_to(NOTEBOOKS).as_posix() for path in all_paths)
        raise SystemExit(f"Name notebooks, folders or a dot for all; there are {listed}.")
    return list(dict.fromkeys(chain(*paths_by_name)))


if __name__ == "__main__":
    refresh_notebooks(sys.argv[1:])
