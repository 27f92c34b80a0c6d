"""Exercises on a page: their checks in JavaScript, made of those in Python."""

import ast
import inspect
import json
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

from helpers import checks
from helpers.language import _, using

READ = ("integers", "number", "fraction")  # of helpers/checks/core.py, and in exercises.js again
CALLS = {"_": "", "abs": "Math.abs", "len": "size", "math.log": "Math.log"}
CALLS["math.log10"] = "Math.log10"
SIGNS = {ast.Add: "({} + {})", ast.Sub: "({} - {})"}
SIGNS |= {ast.Lt: "{} < {}", ast.LtE: "{} <= {}", ast.Gt: "{} > {}", ast.GtE: "{} >= {}"}
# Numbers or tuples are equal if their texts are.
SIGNS |= {ast.Eq: "String({}) === String({})", ast.NotEq: "String({}) !== String({})"}
SIGNS[ast.In] = "{1}.map(String).includes(String({0}))"


def all_checks() -> dict[str, Callable]:
    """Return the checks of the four and of all optional lessons that there are, by name."""
    rooms = sorted(Path(checks.__file__).parent.parent.glob("*/checks.py"))
    modules = [checks, *(import_module(f"helpers.{path.parent.name}.checks") for path in rooms)]
    functions = [pair for one in modules for pair in inspect.getmembers(one, inspect.isfunction)]
    return {name: check for name, check in functions if hasattr(check, "__wrapped__")}


@cache
def in_javascript(language: str) -> dict[str, str]:
    """Return each check that a page can make as an object in JavaScript, which says its hints.

    The others have an answer that is no number or shape, or need more than the answer.
    """
    found = {}
    for name, check in all_checks().items():
        (function,) = ast.parse(inspect.getsource(check.__wrapped__)).body
        read, start, praise = function.decorator_list[0].args
        if ast.unparse(read) not in READ:
            continue
        try:
            with using(language):
                (argument,), (*cases, other) = function.args.args, function.body[1:]
                lines = [f"{script(one.test)} ? {script(*one.body)} :" for one in cases]
                fault = f"({argument.arg}) => {' '.join([*lines, script(other)])}"
                parts = f'read: "{read.id}", start: {script(start)}, praise: {script(praise)}'
        except (KeyError, AttributeError, TypeError, ValueError):  # as of what isn't known here
            continue
        found[name] = f"{{ {parts}, fault: {fault} }}"
    return found


def script(node: ast.AST) -> str:
    """Return a part of a check in JavaScript; KeyError or ValueError where there is none for it."""
    match node:
        case ast.Return(value):
            return script(value)
        case ast.Constant(value):
            return json.dumps(_(value) if isinstance(value, str) else value)
        case ast.Name(name):
            return name
        case ast.Tuple(parts):
            return f"[{', '.join(map(script, parts))}]"
        case ast.Call(called, [value], []):
            return f"{CALLS[ast.unparse(called)]}({script(value)})"
        case ast.Subscript(value, ast.Slice(None, end, None)):
            return f"{script(value)}.slice(0, {script(end)})"
        case ast.Subscript(value, place):
            return f"{script(value)}[{script(place)}]"
        case ast.UnaryOp(ast.Not(), value):
            return f"!({script(value)})"
        case ast.BinOp(left, sign, right):
            return SIGNS[type(sign)].format(script(left), script(right))
        case ast.Compare(left, signs, others):
            pairs = zip([left, *others], signs, others, strict=False)
            return " && ".join(script(ast.BinOp(*pair)) for pair in pairs)
    raise ValueError(ast.unparse(node))
