"""Exercises on a page: their checks in JavaScript, made of those in Python.

A page can't run Python, but most checks only compare the answer with numbers: a row of `if`s,
each with a `return`. Their few expressions are easily written in JavaScript as well.
"""

import ast
import inspect
import json
from collections.abc import Callable
from functools import cache
from importlib import import_module

from helpers import checks
from helpers.checks import core
from helpers.files import ROOT
from helpers.language import _, using

# What exercises.js has as well: the readers of helpers/checks/core.py, and these functions.
READERS = ("integers", "number", "fraction")
FUNCTIONS = {"abs": "Math.abs", "len": "size"}
FUNCTIONS |= {"math.log": "Math.log", "math.log10": "Math.log10"}
OPERATORS = {
    ast.Add: "({} + {})",
    ast.Sub: "({} - {})",
    ast.Lt: "{} < {}",
    ast.LtE: "{} <= {}",
    ast.Gt: "{} > {}",
    ast.GtE: "{} >= {}",
    ast.Eq: "equal({}, {})",
    ast.NotEq: "!equal({}, {})",
    ast.In: "isIn({}, {})",
}


class NoJavaScript(Exception):  # noqa: N818
    """A check does more than compare its answer, so a page can't do it."""


def all_checks() -> dict[str, Callable]:
    """Return the checks of the four and of all optional lessons that there are, by name."""
    rooms = sorted(path.parent.name for path in ROOT.glob("helpers/*/checks.py"))
    modules = [checks, *(import_module(f"helpers.{room}.checks") for room in rooms)]
    members = [pair for module in modules for pair in inspect.getmembers(module)]
    return {
        name: check
        for name, check in members
        if hasattr(check, "__wrapped__") and check.__module__ != core.__name__
    }


@cache
def in_javascript(language: str) -> dict[str, str]:
    """Return each check that a page can make as an object in JavaScript, which says its hints.

    The others have an answer that is no number or shape, or need more than the answer.
    """
    objects = {}
    for name, check in all_checks().items():
        (function,) = ast.parse(inspect.getsource(check.__wrapped__)).body
        try:
            with using(language):
                objects[name] = check_object(function)
        except NoJavaScript:
            continue
    return objects


def check_object(function: ast.FunctionDef) -> str:
    """Return a check as an object; NoJavaScript says what a page can't do."""
    reader, start, praise = function.decorator_list[0].args
    arguments, (_docstring, *cases, otherwise) = function.args.args, function.body
    if ast.unparse(reader) not in READERS or len(arguments) > 1:
        raise NoJavaScript(function.name)
    hint = expression(otherwise)
    for case in reversed(cases):
        if not isinstance(case, ast.If) or len(case.body) > 1:
            raise NoJavaScript(ast.unparse(case))
        hint = f"{expression(case.test)} ? {expression(case.body[0])} : {hint}"
    return (
        f'{{ read: "{reader.id}", start: {expression(start)}, praise: {expression(praise)}, '
        f"fault: ({arguments[0].arg}) => {hint} }}"
    )


def expression(node: ast.AST) -> str:
    """Return an expression in JavaScript; NoJavaScript names one that has no equal there."""
    match node:
        case ast.Return(value):
            return expression(value)
        case ast.Constant(str(text)):
            return json.dumps(_(text))
        case ast.Constant(value):
            return json.dumps(value)
        case ast.Name(name):
            return name
        case ast.Tuple(items):
            return f"[{', '.join(map(expression, items))}]"
        case ast.Call(ast.Name("_"), [message], []):
            return expression(message)
        case ast.Call(function, [argument], []) if ast.unparse(function) in FUNCTIONS:
            return f"{FUNCTIONS[ast.unparse(function)]}({expression(argument)})"
        case ast.Subscript(values, ast.Slice(None, ast.Constant(end), None)):
            return f"{expression(values)}.slice(0, {end})"
        case ast.Subscript(values, ast.Constant(index)):
            return f"{expression(values)}[{index}]"
        case ast.UnaryOp(ast.Not(), value):
            return f"!({expression(value)})"
        case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
            return OPERATORS[type(operator)].format(expression(left), expression(right))
        case ast.Compare(left, operators, others):  # a < b < c is a < b and b < c
            pairs = zip([left, *others], operators, others, strict=False)
            return " && ".join(expression(ast.BinOp(*pair)) for pair in pairs)
    raise NoJavaScript(ast.unparse(node))
