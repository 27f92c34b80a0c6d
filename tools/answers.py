"""Read the exercises of a saved notebook: each answer, and what the check said about it.

Nothing is executed. Python's own parser reads a cell. A regular expression reads the cells that
the parser refuses.
"""

import ast
import json
import re
from functools import cache
from itertools import zip_longest
from typing import NamedTuple

from helpers.common import language

UNANSWERED = "..."  # the answer in an exercise that nobody has answered
LONGEST_CELL = 100_000  # characters that the parser reads in less than a second
# The three verdicts of helpers/checks/core.py.
MESSAGES = {
    "Right. {praise}": "right",
    "Not yet. {hint}": "not yet",
    "Not answered yet. {hint}": "not answered",
}
# In a cell that doesn't parse, a name with its value, which may go on in the next lines.
ASSIGNMENT = re.compile(
    r"^[ \t]*(\w+)[ \t]*(?::[^=\n]*)?=(?!=)[ \t]*(.*(?:\n(?!.*checks\.)[ \t)\]}].*)*)", re.MULTILINE
)
LANGUAGE = re.compile(rf'{language.LANGUAGE_VARIABLE}"\] = "(\w+)"')
GAP = re.compile(r"(?<![\w.])\.\.\.(?![\w.])")  # in an answer
NUMBER_WITH_COMMA = re.compile(r"-?\d+(, ?\d+)+")  # Python reads it as a tuple
CHECK = re.compile(r"^(?![ \t]*#).*\bchecks\.(\w+)\((.*?)\)?$", re.MULTILINE)


@cache
def verdict_beginnings() -> dict[str, str]:
    """Return the verdicts by how their messages begin, in each language."""
    return {
        language.catalogue(name).gettext(message).partition("{")[0]: result
        for name in ["en", *language.translated_languages()]
        for message, result in MESSAGES.items()
    }


@cache
def verdict_pattern() -> re.Pattern:
    """Return the pattern of a line with a verdict: how it begins, and the rest of the line."""
    beginnings = map(re.escape, verdict_beginnings())
    return re.compile(f"^({'|'.join(beginnings)})(.*)", re.MULTILINE)


class Attempt(NamedTuple):
    """One call of a check in a saved notebook.

    `result` is "right", "not yet", "error", "not answered" or "not run". `answer` is the answer
    as Python would write it. Where the answer is wrong, and its text doesn't tell its value,
    `message` is the hint or the error below the cell. Otherwise `message` is "".
    """

    check: str
    result: str
    answer: str
    message: str = ""


class SavedNotebook(NamedTuple):
    """The attempts in a notebook, and whether any of its cells shows that it was run.

    `guesses` holds, by the id of its cell, each guess as `read_guess` returns it. `language` is
    the language that its first cell chooses, or "".
    """

    attempts: list[Attempt]
    was_run: bool
    guesses: dict[str, str]
    language: str = ""


def read_notebook(content: bytes) -> SavedNotebook:
    """Return the attempts in a notebook; a damaged one raises an error of any kind."""
    cells = [cell for cell in json.loads(content)["cells"] if cell["cell_type"] == "code"]
    attempts = []
    guesses = {}
    languages = []
    for cell in cells:
        source = "".join(cell["source"])
        attempts += read_attempts(cell)
        guess = read_guess(source)
        if guess:
            guesses[cell.get("id", "")] = guess
        languages += LANGUAGE.findall(source)
    was_run = any(cell["outputs"] or cell.get("execution_count") for cell in cells)
    return SavedNotebook(attempts, was_run, guesses, languages[0] if languages else "")


def read_guess(source: str) -> str:
    """Return the guess with which a code cell begins, as Python would write it, or "" for none.

    A number with a comma, such as 5,000, stays as the learner has written it.
    """
    if "guesses.compare(" not in source:
        return ""
    tree = parse_python(source)
    if tree is None:
        return ""
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "guess":
            written = ast.get_source_segment(source, statement.value)
            if NUMBER_WITH_COMMA.fullmatch(written):
                return written
            guess = ast.unparse(statement.value)
            return "" if guess == UNANSWERED else guess
    return ""


def parse_python(source: str, mode: str = "exec") -> ast.Module | ast.Expression | None:
    """Return the tree of a source, or None if it is too long or isn't Python."""
    if len(source) > LONGEST_CELL:
        return None
    try:
        return ast.parse(source, mode=mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def read_attempts(cell: dict) -> list[Attempt]:
    """Return the attempts in a code cell; its saved output says how far each one is."""
    calls = find_check_calls("".join(cell["source"]))
    if not calls:
        return []
    outputs = cell["outputs"]
    printed = ["".join(output["text"]) for output in outputs if output.get("name") == "stdout"]
    errors = [output for output in outputs if output["output_type"] == "error"]
    error = f"{errors[0].get('ename', '')}: {errors[0].get('evalue', '')}" if errors else ""
    # A cell can print "Right. " itself before its check does, so the last verdicts count.
    verdicts = verdict_pattern().findall("".join(printed))[-len(calls) :]
    attempts = []
    for (check, answer), verdict in zip_longest(calls, verdicts):
        beginning, message = verdict or ("", error)
        result = verdict_beginnings().get(beginning, "error" if errors else "not run")
        if answer == UNANSWERED and result != "error":  # whatever an edited output says
            result = "not answered"
        elif result in ("not answered", "not run"):  # an answer may be younger than the output
            result = "not answered" if GAP.search(answer) else "not run"
        if result not in ("not yet", "error") or says_its_value(answer):
            message = ""
        attempts.append(Attempt(check, result, answer, " ".join(message.split())))
    return attempts


def find_check_calls(source: str) -> list[tuple[str, str]]:
    """Return each check that a cell calls, with its answer as Python would write it."""
    if "checks." not in source:
        return []
    tree = parse_python(source)
    return _find_calls_in_tree(tree) if tree else _find_calls_in_text(source)


def says_its_value(answer: str) -> bool:
    """Is the value plain from an answer's text, as in `(5, 21, 21)` and not in `accuracy`?"""
    tree = parse_python(answer, mode="eval")
    if tree is None:
        return False
    # A list may have grown after it was assigned.
    unsure = (ast.Name, ast.List, ast.Set, ast.Dict)
    return not any(isinstance(node, unsure) for node in ast.walk(tree))


def _find_calls_in_tree(tree: ast.Module) -> list[tuple[str, str]]:
    """Return each check and its answer, as `find_check_calls` does."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, (ast.expr, ast.stmt))]
    values = {}  # the value that each name has got last, when a check is called
    calls = []
    # What ends first is evaluated first.
    for node in sorted(nodes, key=lambda node: (node.end_lineno, node.end_col_offset)):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                values.update(_assigned_values(target, node))
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value:
            values.update(_assigned_values(node.target, node))
        elif isinstance(node, ast.AugAssign):
            values[ast.unparse(node.target)] = node
        elif isinstance(node, ast.Call) and _is_check(node.func):
            arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
            answer = _text_of_answer(arguments[0], values) if arguments else ""
            calls.append((node.func.attr, answer))
    return calls


def _is_check(function: ast.expr) -> bool:
    """Is a called function one of `checks`?"""
    module = getattr(function, "value", None)
    return isinstance(module, ast.Name) and module.id == "checks"


def _assigned_values(target: ast.expr, statement: ast.Assign) -> dict[str, ast.AST]:
    """Return what an assignment gives to each name of its target, or else the assignment."""
    if isinstance(target, ast.Name):
        return {target.id: statement.value}
    if not isinstance(target, (ast.Tuple, ast.List)):
        return {}
    values = getattr(statement.value, "elts", [])
    if len(values) != len(target.elts):
        values = [statement] * len(target.elts)
    pairs = zip(target.elts, values, strict=True)
    return {name.id: value for name, value in pairs if isinstance(name, ast.Name)}


def _text_of_answer(argument: ast.expr, values: dict[str, ast.AST]) -> str:
    """Return an argument of a check as text, with a value that the cell gives to its name."""
    if isinstance(argument, ast.NamedExpr):
        argument = argument.value
    if isinstance(argument, ast.Tuple):  # as in an exercise with several gaps
        lines = [_text_of_answer(element, values) for element in argument.elts]
        if lines and all(line == UNANSWERED for line in lines):
            return UNANSWERED
        if UNANSWERED in lines:
            return f"({', '.join(lines)})"
    texts = []
    names = set()
    while isinstance(argument, ast.Name) and argument.id not in names and argument.id in values:
        names.add(argument.id)
        argument = values[argument.id]
        texts.append(ast.unparse(argument))
    if not texts:
        return ast.unparse(argument)
    # `answer = count` says more than the line that computes `count`, unless that is a number.
    return texts[-1] if says_its_value(texts[-1]) else texts[0]


def _find_calls_in_text(source: str) -> list[tuple[str, str]]:
    """Return each check and its answer, as `find_check_calls` does, where the parser refuses."""
    values = {name: value.partition("; ")[0] for name, value in ASSIGNMENT.findall(source)}
    calls = []
    for check, argument in CHECK.findall(source):
        name = re.match(r"\w*", argument)[0]
        calls.append((check, " ".join(values.get(name, argument).split())))
    return calls
