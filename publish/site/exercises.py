"""Exercises on a page: their checks in JavaScript, made of those in Python.

A page can't run Python, but most checks only compare the answer with numbers, which PScript
writes in JavaScript.
"""

import ast
import inspect
import json
from collections.abc import Callable
from functools import cache
from importlib import import_module

from pscript import py2js

from helpers import checks
from helpers.checks import core
from helpers.files import ROOT
from helpers.language import _
from helpers.web.scripts import MESSAGE

# The readers of helpers/checks/core.py that exercises.js has as well, and what a check may name.
READERS = ("integers", "number", "fraction")
NAMES = {"_", "abs", "len", "log", "log10", "math"}


def all_checks() -> dict[str, Callable]:
    """Return the checks of the four and of all optional lessons that there are, by name."""
    rooms = sorted(path.parent.name for path in ROOT.glob("helpers/*/checks.py"))
    modules = [checks, *(import_module(f"helpers.{room}.checks") for room in rooms)]
    return {
        name: check
        for module in modules
        for name, check in vars(module).items()
        if hasattr(check, "__wrapped__") and check.__module__ != core.__name__
    }


@cache
def of_pages() -> dict[str, list]:
    """Return each check that a page can make, by name: reader, first hint, praise, source.

    The others have an answer that is no number or shape, or need more than the answer.
    """
    chosen = {}
    for name, check in all_checks().items():
        code, source = check.__wrapped__.__code__, inspect.getsource(check.__wrapped__)
        (function,) = ast.parse(source).body
        reader, *sentences = function.decorator_list[0].args
        fills_in = any(isinstance(node, ast.keyword) for node in ast.walk(function))
        only_compares = {*code.co_names} <= NAMES and code.co_argcount == 1
        if ast.unparse(reader) in READERS and only_compares and not fills_in:
            start, praise = map(ast.literal_eval, sentences)
            chosen[name] = [reader.id, start, praise, "def " + source.partition("\ndef ")[2]]
    return chosen


def in_javascript() -> str:
    """Return the checks that a page can make as the object CHECKS, in the language spoken."""
    text = py2js("\n".join(source for *_reader, source in of_pages().values()))
    text = MESSAGE.sub(lambda message: f"_({json.dumps(_(json.loads(message[1])))}", text)
    entries = []
    for name, (reader, start, praise, _source) in of_pages().items():
        check = json.dumps({"read": reader, "start": _(start), "praise": _(praise)})
        entries.append(f"{name}: {{ ...{check}, fault: {name} }}")
    return f"const math = Math;\n{text}\nconst CHECKS = {{ {', '.join(entries)} }};"
