"""Commands for learners: lab, run and work; and for a room of computers: offline and colab.

This file says which notebooks and translations there are, because all commands need to know it.
"""

import argparse
import importlib.util
import json
import os
import posixpath
import re
from functools import cache
from pathlib import Path, PurePosixPath

from helpers.common.files import ROOT
from helpers.common.language import translated_languages

NOTEBOOKS = ROOT / "notebooks"
# In notebooks/: not "01_load (1).ipynb", a copy, nor ".ipynb_checkpoints/01_load.ipynb".
NOTEBOOK_NAME = re.compile(r"([\w-]+/)*\w+\.ipynb")
# What learners should not find: plans, worksheets with their keys, the test, the quiz with its
# answers, and solutions that one language alone has. Paths from the root, in each language.
FOR_TEACHERS = ("docs/lessons", "docs/print", "docs/teaching*.md", "docs/quiz*.md")
FOR_TEACHERS += ("docs/board*.svg", "docs/solutions*.md", "docs/exam_solutions*.md")
METADATA_KEY = "hello-mnist"  # what a notebook's metadata hold for the commands here
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def all_notebooks() -> list[Path]:
    """Return the paths of all notebooks, the translated ones too, in their order.

    A learner's copies are left out, and hidden folders, such as JupyterLab's checkpoints.
    """
    names = (path.relative_to(NOTEBOOKS).as_posix() for path in NOTEBOOKS.rglob("*.ipynb"))
    return sorted(NOTEBOOKS / name for name in names if NOTEBOOK_NAME.fullmatch(name))


def four_notebooks() -> list[Path]:
    """Return the paths of the four notebooks in their order."""
    return [path for path in all_notebooks() if path.match("0*") and path.parent == NOTEBOOKS]


def english_notebooks() -> list[Path]:
    """Return the paths of all notebooks that are no translations: the four, then the optional."""
    extras = NOTEBOOKS / "extras"
    return [*four_notebooks(), *(path for path in all_notebooks() if path.parent == extras)]


def is_for_teachers(path: str) -> bool:
    """Is a file, named from the root, or a folder above it one of FOR_TEACHERS?"""
    place = PurePosixPath(path)
    return any(one.match(pattern) for one in (place, *place.parents) for pattern in FOR_TEACHERS)


def translated_path(path: str, language: str) -> str:
    """Return where the translation of a file stands, both from the root; "" is English."""
    if not language:
        return path
    if path.endswith(".ipynb"):
        return path.replace("notebooks/", f"notebooks/{language}/")
    name, ending = posixpath.splitext(path)
    return f"{name}.{language.replace('_', '-')}{ending}"


def find_translation(path: Path, language: str) -> Path:
    """Return the path of the translation of a notebook or a page, or `path` if there is none."""
    if path.is_relative_to(NOTEBOOKS):
        translation = NOTEBOOKS / language / path.relative_to(NOTEBOOKS)
    else:
        translation = path.with_name(translated_path(path.name, language))
    return translation if translation.exists() else path


def python_path() -> str:
    """Return the PYTHONPATH with which a kernel finds `helpers`, wherever its notebook stands.

    The installation also names the project's folder, in a file that ends in `.pth`. Before version
    3.12.4, Python reads this file in the encoding of the system. It may then miss a folder whose
    name has other letters than the English ones (python/cpython issue 77102).
    """
    return os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))


def add_language_argument(parser: argparse.ArgumentParser) -> None:
    """Let a command line name one of the languages; the option is None if it names none."""
    parser.add_argument(
        "language",
        nargs="?",
        choices=["en", *translated_languages()],
        help="the language (default: the language of the lesson, or English)",
    )


@cache
def lesson_metadata(path: Path) -> dict:
    """Return what a notebook says of itself, such as {"needs": "torch"}; most say nothing.

    `needs` is a library besides the lesson's; `translated` is false where it is in English
    alone.
    """
    return json.loads(path.read_bytes())["metadata"].get(METADATA_KEY, {})


def missing_library(path: Path) -> str | None:
    """Return the library that a notebook needs besides the lesson's, where it isn't installed."""
    library = lesson_metadata(path).get("needs")
    return library if library and importlib.util.find_spec(library) is None else None
