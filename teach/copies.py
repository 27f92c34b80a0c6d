"""Make build/copies/, a copy of the lesson for Colab and Binder, without solutions.

    python -m teach.copies a-school/digits

`a-school/digits` is the name of the repository on GitHub into which you put the copy. Its notebooks
have no solutions and no outputs, and fetch the lesson's files from there. Like the folder for
laptops, it has no test, no keys, no quiz with its answers and no plans. LINKS.md in build/ has the
links for the class. If the folder is a repository of git already, it stays one.
"""

import argparse
import re
import shutil
import tomllib
from pathlib import Path

import nbformat

from helpers.common.files import ROOT
from tools import NOTEBOOKS, all_notebooks
from tools.commands import start_command, write_or_exit
from tools.lab import remove_solutions
from tools.offline import copy_lesson, made_anew

FOLDER = ROOT / "build" / "copies"
REPOSITORY = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
WITH_ADDRESS = {".ipynb", ".md", ".toml"}  # the endings of files that name the project's address


def project_repository() -> str:
    """Return the project's own repository on GitHub, such as OWNER/hello-mnist."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return project["project"]["urls"]["Repository"].removeprefix("https://github.com/")


def copy_of_notebook(path: Path) -> str:
    """Return the text of a notebook without its solutions and without its outputs."""
    notebook = nbformat.read(path, as_version=4)
    remove_solutions(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    return nbformat.writes(notebook) + "\n"


def write_copy(target: Path, repository: str) -> None:
    """Write the lesson for learners into the new folder `target`, with `repository` in it.

    OSError or SystemExit if a file can't be written.
    """
    copy_lesson(target)
    for path in (target / "notebooks").rglob("*.ipynb"):
        write_or_exit(path, copy_of_notebook(path))
    own_repository = project_repository()
    for path in target.rglob("*"):
        if path.suffix in WITH_ADDRESS:
            text = path.read_text(encoding="utf-8")
            write_or_exit(path, text.replace(f"/{own_repository}", f"/{repository}"))


def links_page(repository: str) -> str:
    """Return a page in Markdown with the links of each notebook to Colab and to Binder."""
    rows = ""
    for path in all_notebooks():
        name = f"notebooks/{path.relative_to(NOTEBOOKS).as_posix()}"
        colab = f"https://colab.research.google.com/github/{repository}/blob/main/{name}"
        binder = f"https://mybinder.org/v2/gh/{repository}/main?labpath={name.replace('/', '%2F')}"
        rows += f"- {name}\n    - Colab: {colab}\n    - Binder: {binder}\n"
    return f"# {repository}\n\n{rows}"


def make_copies(arguments: list[str] | None = None) -> None:
    """Make the folder anew; SystemExit says why the earlier one stays as it is."""
    parser = argparse.ArgumentParser(
        prog="python -m teach.copies", description=__doc__.splitlines()[0]
    )
    parser.add_argument("repository", help="your repository on GitHub, such as a-school/digits")
    repository = parser.parse_args(arguments).repository.removeprefix("https://github.com/")
    if not REPOSITORY.fullmatch(repository):
        parser.error(
            f"{repository} is no name of a repository on GitHub. Write the name of your account, "
            "a slash and the name of the repository, such as a-school/digits."
        )
    try:
        with made_anew(FOLDER) as new_folder:
            write_copy(new_folder, repository)
            if (FOLDER / ".git").exists():
                shutil.copytree(FOLDER / ".git", new_folder / ".git")
    except OSError as error:
        raise SystemExit(
            f"The copies can't be made ({error}). Free some space, or close the programs that use "
            f"{FOLDER}, and type the command again."
        ) from error
    links = FOLDER.with_name("LINKS.md")
    write_or_exit(links, links_page(repository))
    print(f"Put this folder into {repository} on GitHub: {FOLDER}")
    print(f"The links for your class: {links}")


if __name__ == "__main__":
    start_command(make_copies)
