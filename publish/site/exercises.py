"""Exercises on a page: their checks in JavaScript, made of those in Python.

A page can't run Python, but most checks only compare the answer with numbers, which PScript
writes in JavaScript.
"""

import inspect
import json
from collections.abc import Callable
from importlib import import_module

from pscript import py2js

from helpers import checks
from helpers.checks.core import fraction, integers, number
from helpers.files import ROOT
from helpers.language import _
from helpers.web.scripts import MESSAGE

# The readers of helpers/checks/core.py that exercises.js has as well, and what a check may name.
READERS = integers, number, fraction
NAMES = {"_", "abs", "ceil", "len", "log", "log10", "math"}


def all_checks() -> dict[str, Callable]:
    """Return the checks of the four and of all optional lessons that there are, by name."""
    rooms = sorted(path.parent.name for path in ROOT.glob("helpers/*/checks.py"))
    modules = [checks, *(import_module(f"helpers.{room}.checks") for room in rooms)]
    names = {name: value for module in modules for name, value in vars(module).items()}
    return {name: value for name, value in names.items() if hasattr(value, "praise")}


def of_pages() -> dict[str, str]:
    """Return the function of each check that a page can make, by name.

    The others have an answer that is no number or shape, or need more than the answer.
    """
    chosen = {}
    for name, check in all_checks().items():
        code = check.__wrapped__.__code__
        function = "def " + inspect.getsource(code).partition("\ndef ")[2]
        if check.read in READERS and {*code.co_names} <= NAMES and code.co_argcount == 1:
            chosen[name] = function
    return chosen


def in_javascript() -> str:
    """Return the checks that a page can make as the object CHECKS, in the language spoken."""
    functions, known, entries = of_pages(), all_checks(), []
    text = py2js("\n".join(functions.values()))
    text = MESSAGE.sub(lambda message: f"_({json.dumps(_(json.loads(message[1])))}", text)
    for check in map(known.get, functions):
        texts = {"hints": list(map(_, check.hints)), "praise": _(check.praise)}
        about = {"read": check.read.__name__, **texts}
        entries.append(f"{check.__name__}: {{ ...{json.dumps(about)}, fault: {check.__name__} }}")
    return f"const math = Math;\n{text}\nconst CHECKS = {{ {', '.join(entries)} }};"
