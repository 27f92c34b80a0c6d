"""A pytest plugin: which tests `make test`, `make test-rest` and `make test-all` run."""

import pytest

from helpers.common.files import ROOT
from tools import all_notebooks, english_notebooks

TEN_MINUTES = "better.ipynb"  # trains for longer than all other optional lessons together


def pytest_ignore_collect(collection_path):
    is_ours = collection_path.suffix != ".ipynb" or collection_path in all_notebooks()
    return None if is_ours else True


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if is_lesson_test(item):
            item.add_marker("lesson")
        if is_repeated(item):
            item.add_marker("repeated")


def is_lesson_test(item):
    """Is a test about the four notebooks, helpers, tools or teach, quick, and without a browser?"""
    folders = item.path.parent.parts[len(ROOT.parts) :]
    optional_lessons = {path.stem for path in ROOT.glob("notebooks/extras/*.ipynb")}
    is_elsewhere = not {"publish", *optional_lessons}.isdisjoint(folders)
    is_other_notebook = item.path.suffix == ".ipynb" and folders != ("notebooks",)
    needs_browser = "chromium" in getattr(item, "fixturenames", ())
    is_slow = item.get_closest_marker("slow") is not None
    return not (is_slow or needs_browser or is_other_notebook or is_elsewhere)


def is_repeated(item):
    """Is a test a cell of a notebook that `make test-all` alone executes?"""
    is_notebook = item.path.suffix == ".ipynb"
    return is_notebook and (item.path not in english_notebooks() or item.path.name == TEN_MINUTES)
