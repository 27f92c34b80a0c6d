"""A verdict on an answer to an exercise, and the solutions of a notebook."""

import inspect
import re
from contextlib import redirect_stdout, suppress
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import ModuleType

import nbformat
import numpy as np

from helpers import mnist, plots
from helpers.backend import keras
from helpers.files import ROOT
from helpers.plots import canvas
from tests.cells import bound_and_needed, code_cells, run, tagged

# Cells that train, or that need a process in which TensorFlow hasn't started; no exercise does.
NOT_HERE = ("workers.", "tf.config", "five_seeds(", "model.fit(")


def checks_in(module: ModuleType) -> dict:
    """Return the checks of a module or package, by name."""
    functions = inspect.getmembers(module, inspect.isfunction)
    return {name: check for name, check in functions if hasattr(check, "__wrapped__")}


def verdict(check, answer, needed=()) -> str:
    """Return what a check prints about an answer; `needed` is what the notebook hands over too."""
    with redirect_stdout(StringIO()) as out:
        check(answer, *needed)
    return out.getvalue()


def needed_for(code: str, cells: list) -> list[str]:
    """Return, in their order, the sources of the cells that give the names which code needs."""
    _unused, wanted = bound_and_needed(code)
    chosen = []
    for cell in reversed(cells):
        bound, needed = bound_and_needed(cell.source)
        if bound & wanted and not tagged(cell, "exercise"):
            wanted |= needed
            chosen.insert(0, cell.source)
    return chosen


def solve(path: Path, mnist_data: tuple, monkeypatch) -> None:
    """Run a notebook's solutions: all pass, and an untouched exercise gives a hint.

    They run after the cells that they need, without figures.
    """
    monkeypatch.setattr(mnist, "load_data", lambda: mnist_data)
    rooms = [file.parent.name for file in ROOT.glob("helpers/*/plots.py")]
    for module in (plots, *(import_module(f"helpers.{room}.plots") for room in rooms)):
        for name, _function in inspect.getmembers(module, inspect.isfunction):
            monkeypatch.setattr(module, name, lambda *_args, **_settings: canvas.LessonFigure())
    cells = code_cells(path)
    exercises = [cell for cell in cells if tagged(cell, "exercise")]
    assert all(cell.outputs[0].text.startswith("Not answered yet. ") for cell in exercises)
    prose = "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
    solutions = re.findall(r"<details>.*?```python\n(.*?)```\n</details>", prose, re.DOTALL)
    pairs = zip((cell.source for cell in exercises), solutions, strict=True)
    answered = [code.replace("answer = ...\n", solution) for code, solution in pairs]
    space = {"np": np}
    for code in needed_for("\n".join(answered), cells):
        if not any(name in code for name in NOT_HERE):
            with suppress(NameError):  # what such a cell would have given
                run(code, space)
    for code in answered:
        with redirect_stdout(StringIO()) as out:
            run(code, space)
        assert out.getvalue().splitlines()[-1].startswith("Right. "), f"{code}\n{out.getvalue()}"
    keras.config.enable_interactive_logging()  # which some notebooks disable
