"""Exercises on a page: their checks in JavaScript, made of those in Python."""

import ast
import inspect
import json
import re

from helpers import checks
from helpers.language import _

READ = ("integers", "number", "fraction")  # of helpers/checks/core.py, and in exercises.js again
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.And: "&&"}
SIGNS |= {ast.Or: "||", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
SIGNS |= {ast.Not: "!", ast.USub: "-"}


def check_of(source: str) -> str:
    """Return the name of the check that an exercise's cell calls."""
    return re.search(r"checks\.(\w+)\(", source)[1]


def all_checks() -> str:
    """Return what exercises.js needs: the checks that there are in JavaScript, by their names."""
    names = [name for name, _function in inspect.getmembers(checks, inspect.isfunction)]
    known = {name: script for name in names if (script := in_javascript(name))}
    return f"const CHECKS = {{{', '.join(f'{name}: {one}' for name, one in known.items())}}};"


def in_javascript(name: str) -> str | None:
    """Return a check as an object in JavaScript, in the language that is spoken.

    None where an answer is no number or shape, or where its check needs more than the answer.
    """
    (function,) = ast.parse(inspect.getsource(getattr(checks, name).__wrapped__)).body
    read, start, praise = map(ast.unparse, function.decorator_list[0].args)
    if read not in READ or len(function.args.args) > 1:
        return None
    start, praise = (json.dumps(_(ast.literal_eval(text))) for text in (start, praise))
    try:
        fault = f"({function.args.args[0].arg}) => {{ {statements(function.body[1:])} }}"
    except ValueError:
        return None
    return f"{{ read: {read}, start: {start}, praise: {praise}, fault: {fault} }}"


def statements(body: list[ast.stmt]) -> str:
    """Return statements in JavaScript; ValueError where this module knows none for them."""
    done = []
    for node in body:
        match node:
            case ast.If(test, inside, []):
                done.append(f"if ({expression(test)}) {{ {statements(inside)} }}")
            case ast.Return(value):
                done.append(f"return {expression(value)};")
            case _other:
                raise ValueError(ast.unparse(node))
    return " ".join(done)


def expression(node: ast.expr) -> str:
    """Return an expression in JavaScript; ValueError where this module knows none for it."""
    match node:
        case ast.Constant(value):
            return json.dumps(_(value) if isinstance(value, str) else value)
        case ast.Name(name):
            return name
        case ast.Tuple(parts):
            return f"[{', '.join(map(expression, parts))}]"
        case ast.Call(ast.Name("_"), [text], []):
            return expression(text)
        case ast.Call(ast.Name("abs"), [value]):
            return f"Math.abs({expression(value)})"
        case ast.Call(ast.Name("len"), [value]):
            return f"{expression(value)}.length"
        case ast.Call(ast.Attribute(ast.Name("math"), name), [value]):
            return f"Math.{name}({expression(value)})"
        case ast.Subscript(value, ast.Slice(None, ast.Constant(end), None)):
            return f"{expression(value)}.slice(0, {end})"
        case ast.Subscript(value, ast.Constant(place)):
            return f"{expression(value)}[{place}]"
        case ast.UnaryOp(sign, value):
            return f"{SIGNS[type(sign)]}({expression(value)})"
        case ast.BinOp(left, sign, right):
            return f"({expression(left)} {SIGNS[type(sign)]} {expression(right)})"
        case ast.BoolOp(sign, parts):
            return f"({f' {SIGNS[type(sign)]} '.join(map(expression, parts))})"
        case ast.IfExp(test, then, other):
            return f"({expression(test)} ? {expression(then)} : {expression(other)})"
        case ast.Compare(left, signs, others):
            parts = [*map(expression, (left, *others))]
            return f"({' && '.join(map(compared, parts, signs, parts[1:]))})"
    raise ValueError(ast.unparse(node))


def compared(left: str, sign: ast.cmpop, right: str) -> str:
    """Return a comparison in JavaScript, where two tuples are equal if their texts are."""
    match sign:
        case ast.Eq() | ast.NotEq():
            equal = "===" if isinstance(sign, ast.Eq) else "!=="
            return f"String({left}) {equal} String({right})"
        case ast.In():
            return f"{right}.map(String).includes(String({left}))"
    return f"{left} {SIGNS[type(sign)]} {right}"
