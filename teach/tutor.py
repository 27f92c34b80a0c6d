"""Instructions with which any chatbot tutors a learner through one of the four notebooks.

    python -m teach.tutor 02 [zh_CN]

It writes a file into build/tutor/, whose text a learner copies into a chatbot before the first
question. The text is made of what the notebook, its checks and its plan say: aims, predictions,
exercises, hints, and wrong answers with what they reveal. It has no solution and no result.
Nobody has measured whether learners learn more with it.
"""

import argparse
import re
from pathlib import Path
from typing import NamedTuple

import nbformat
from jinja2 import Template

from helpers import checks
from helpers.common.files import ROOT
from helpers.common.language import _, current_language, use_language
from teach.wrong_answers import rows_about_exercise
from tools import add_language_argument, find_translation, four_notebooks
from tools.answers import find_check_calls
from tools.commands import start_command, write_or_exit

LINK = re.compile(r"(?<!!)\[([^]]+)\]\([^)]*\)")
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
# Exercises of which a list of wrong answers would leave only the right one.
GIVEN_AWAY = {"best_learning_rate", "loss_of_a_half"}
GUESS = re.compile(r"^guess = \.\.\.  # (.+)$", re.MULTILINE)


class Task(NamedTuple):
    """An exercise: its text in Markdown, its hints, and wrong answers with what they reveal."""

    text: str
    hints: list[str]
    wrong_answers: list[tuple[str, str]]


def tutor_text(path: Path) -> str:
    """Return the instructions on one of the four notebooks, in the language in use."""
    notebook = nbformat.read(find_translation(path, current_language()), as_version=4)
    title, *lines = notebook.cells[0].source.splitlines()
    template = Path(__file__).with_suffix(".jinja").read_text(encoding="utf-8")
    text = Template(template, trim_blocks=True, lstrip_blocks=True).render(
        _=_,
        title=title.removeprefix("# "),
        aims=[line.removeprefix("- ") for line in lines if line.startswith("- ")],
        predictions=find_predictions(notebook),
        tasks=find_tasks(notebook, path.stem),
    )
    return LINK.sub(r"\1", text).strip() + "\n"


def find_predictions(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Return the section of each cell in which learners guess, and what they guess there."""
    predictions = []
    section = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            section = (SECTION.findall(cell.source) or [section])[-1]
        else:
            predictions += [(section, guessed) for guessed in GUESS.findall(cell.source)]
    return predictions


def find_tasks(notebook: nbformat.NotebookNode, lesson: str) -> list[Task]:
    """Return the exercises of a notebook; `lesson` is its name, such as 02_architecture.

    The text of an exercise has its cells of text, and the code that is given.
    """
    tasks = []
    parts = []
    ids = [cell.id for cell in notebook.cells]
    for cell in notebook.cells[ids.index("exercises") : ids.index("solutions")]:
        if cell.cell_type == "markdown":
            _introduction, heading, text = cell.source.rpartition("### ")
            parts.append(heading + text)
        elif "exercise" in cell.metadata.get("tags", []):
            ((check, _answer),) = find_check_calls(cell.source)
            hints = [_(hint) for hint in getattr(checks, check).hints]
            rows = rows_about_exercise(lesson, len(tasks) + 1)
            rows = [] if check in GIVEN_AWAY else rows
            tasks.append(Task("\n\n".join(parts), hints, rows))
            parts = []
        else:
            parts.append(f"```python\n{cell.source}\n```")
    return tasks


def run_command(arguments: list[str] | None = None) -> None:
    """Write the instructions on a notebook; SystemExit if there is no such notebook."""
    parser = argparse.ArgumentParser(
        prog="python -m teach.tutor", description=__doc__.splitlines()[0]
    )
    parser.add_argument("name", help="how the name of one of the four notebooks begins, such as 02")
    add_language_argument(parser)
    options = parser.parse_args(arguments)
    paths = [path for path in four_notebooks() if path.name.startswith(options.name)]
    if len(paths) != 1:
        names = ", ".join(path.stem for path in four_notebooks())
        parser.error(f"{options.name} names no single notebook; there are {names}")
    with use_language(options.language or current_language()):
        folder = ROOT / "build" / "tutor" / current_language()
        target = folder / f"{paths[0].stem}.md"
        write_or_exit(target, tutor_text(paths[0]))
    print(f"Read this text, and let learners copy it into a chatbot: {target}")


if __name__ == "__main__":
    start_command(run_command)
