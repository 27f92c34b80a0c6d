"""Exercises on a page: the data of their checks, with which exercises.js compares an answer.

A page can't run Python, so it has a box for each exercise whose check is made by `comparison`.
"""

import json
from collections.abc import Callable
from importlib import import_module

from helpers import checks
from helpers.common.files import ROOT
from helpers.common.language import _


def collect_checks() -> dict[str, Callable]:
    """Return the checks of the four and of all optional lessons that there are, by name."""
    lessons = sorted(path.parent.name for path in ROOT.glob("helpers/extras/*/checks.py"))
    modules = [checks, *(import_module(f"helpers.extras.{lesson}.checks") for lesson in lessons)]
    names = {name: value for module in modules for name, value in vars(module).items()}
    return {name: value for name, value in names.items() if hasattr(value, "praise")}


def checks_with_box() -> dict[str, Callable]:
    """Return the checks that a page can make, by name: those that compare an answer with data."""
    return {name: check for name, check in collect_checks().items() if hasattr(check, "cases")}


def checks_script() -> str:
    """Return the data of these checks as the constant CHECKS, in the language in use.

    In a shape, the string "..." stands for any further numbers, and null for any number.
    """
    data = {
        name: {
            "read": check.read.__name__,
            "cases": [
                [["..." if end is ... else end for end in pattern], text and _(text)]
                for pattern, text in check.cases
            ],
            "hints": [_(hint) for hint in check.hints],
            "praise": _(check.praise),
        }
        for name, check in checks_with_box().items()
    }
    return f"const CHECKS = {json.dumps(data)};"
