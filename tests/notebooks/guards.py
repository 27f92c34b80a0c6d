"""What every committed notebook must hold: one function a rule, each returns what it found wrong.

`check` applies all: to the notebooks in test_notebooks.py, and to broken ones in test_guards.py.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat

from helpers.files import ROOT
from tests.cells import python, tagged
from tools import normal

Notebook = nbformat.NotebookNode
MEGABYTE = 1_000_000
YOU_WILL = "What you['\N{RIGHT SINGLE QUOTATION MARK}]ll"
OPENER = [f"{YOU_WILL} do", f"{YOU_WILL} learn", f"{YOU_WILL} need", r"\d+ minutes"]
EXTRAS = ROOT / "notebooks" / "extras"
COLLAPSED = {"cellView": "form", "jupyter": {"source_hidden": True}}
OF_A_MACHINE = r"/(?:home|root|tmp|Users|var/folders|content)/|\b[A-Z]:\\|\bat 0x[0-9a-fA-F]{6,}"


def check(text: str, folder: Path, next_name: str | None = None) -> dict[str, list[str]]:
    """Return what is wrong in the text of a notebook in `folder`, by rule; next is `next_name`."""
    notebook = nbformat.reads(text, as_version=4)
    rules = [execution_order, clean_outputs, no_machine_paths, alternative_texts]
    rules += [colab_cell, opener, key_result, limits]
    found = {rule.__name__: list(rule(notebook)) for rule in rules}
    found |= {"ending": list(ending(notebook, next_name)), "links": links(notebook, folder)}
    if text != normal.text(notebook):
        found["normal_form"] = ["not in normal form; `make notebooks` brings it there"]
    if (length := len(text.encode())) >= MEGABYTE:
        found["size"] = [f"{length:,} bytes, expected less than {MEGABYTE:,}"]
    return {rule: problems for rule, problems in found.items() if problems}


def execution_order(notebook: Notebook) -> Iterator[str]:
    """Find code cells that were not run from top to bottom in one go."""
    counts = [cell.execution_count for cell in _code(notebook)]
    if counts != (wanted := list(range(1, len(counts) + 1))):
        yield f"execution counts {counts}, expected {wanted}"


def clean_outputs(notebook: Notebook) -> Iterator[str]:
    """Find errors, warnings and what a progress bar leaves behind."""
    for number, output in _outputs(notebook):
        if output.output_type == "error":
            yield f"cell [{number}] ends in {output.ename}"
        if output.output_type == "stream" and output.name != "stdout":
            yield f"cell [{number}] writes to {output.name}: {output.text[:60]!r}"
        # A table that is shown as HTML may carry colours in the text that stands beside it.
        if re.search("[\b\r\x1b]", output.get("data", {}).get("text/html") or _text(output)):
            yield f"cell [{number}] has control characters in its output"


def no_machine_paths(notebook: Notebook) -> Iterator[str]:
    """Find absolute paths of one machine, and addresses of objects, in outputs."""
    for number, output in _outputs(notebook):
        for shown in re.findall(OF_A_MACHINE, _text(output)):
            yield f"cell [{number}] shows {shown!r}"


def alternative_texts(notebook: Notebook) -> Iterator[str]:
    """Find images without a text of at least five words, and texts that are repeated."""
    texts = re.findall(r"!\[([^\]]*)\]\(", _prose(notebook.cells))
    for _, output in _outputs(notebook):
        images = [kind for kind in output.get("data", {}) if kind.startswith("image/")]
        texts += [output.metadata.get(kind, {}).get("alt", "") for kind in images]
    for text, count in Counter(texts).items():
        words = re.sub(r"([\u4e00-\u9fff])", r" \1 ", text).split()  # Chinese has no spaces
        if len(words) < 5:
            yield f"alternative text too short: {text!r}"
        if count > 1:
            yield f"alternative text repeated: {text!r}"


def colab_cell(notebook: Notebook) -> Iterator[str]:
    """Check that the first code cell, and no other, serves Colab and is collapsed."""
    first = _code(notebook)[:1]
    if not first or _code(notebook, "colab") != first:
        yield "the first code cell, and no other, must be tagged colab"
    elif not COLLAPSED.items() <= first[0].metadata.items():
        yield "the cell for Colab is not collapsed"


def opener(notebook: Notebook) -> Iterator[str]:
    """Check the title and the four things that a learner is told before the first code cell."""
    own = [cell for cell in _code(notebook) if cell not in _code(notebook, "colab")]
    text = _prose(notebook.cells[: notebook.cells.index(own[0])])
    if not text.lstrip().startswith("# "):
        yield "it doesn't begin with a title"
    yield from (f"the opener lacks {item!r}" for item in OPENER if not re.search(item, text))


def ending(notebook: Notebook, next_name: str | None) -> Iterator[str]:
    """Check the recap, the three exercises and, if there is one, the link to the next notebook."""
    text = _prose(notebook.cells)
    if not re.search(r"^#+ In this notebook", text, re.M):
        yield "no 'In this notebook'"
    if (exercises := re.findall(r"^#+ Exercise (\d)", text, re.M)) != ["1", "2", "3"]:
        yield f"exercises {exercises}, expected headings for 1 to 3"
    if next_name and f"({next_name}" not in notebook.cells[-1].source:
        yield f"the last cell has no link to {next_name}"


def links(notebook: Notebook, folder: Path) -> list[str]:
    """Find links in prose to files that don't exist beside the notebook, which is in `folder`.

    A fork may do without the optional lessons; links to them stay.
    """
    targets = re.findall(r"\]\((?![a-z]+:|#)([^)#?\s]+)", _prose(notebook.cells))
    if not EXTRAS.exists():
        targets = [t for t in targets if (folder / t).resolve().parent != EXTRAS]
    return [f"no such file: {target}" for target in targets if not (folder / target).exists()]


def key_result(notebook: Notebook) -> Iterator[str]:
    """Check that one cell, and only one, is tagged key-result and puts out a line of text."""
    tagged = _code(notebook, "key-result")
    if len(tagged) != 1:
        yield f"{len(tagged)} cells tagged key-result, expected one"
    elif not any(_text(output).strip() for output in tagged[0].outputs):
        yield "it is empty"


def limits(notebook: Notebook) -> Iterator[str]:
    """Find measured numbers without a limit: the cell that measures asserts what they may be.

    A cell that shows a decimal number asserts something, itself or by a function that the notebook
    defines, or is tagged exact: then the number is the same on all machines. One that is tagged
    measured, of which nbval compares no number, asserts in any case.
    """
    checking = set()
    for cell in _code(notebook):
        asserted = False
        for node in ast.parse(python(cell.source)).body:
            if not any(_asserts(part, checking) for part in ast.walk(node)):
                continue
            if isinstance(node, ast.FunctionDef):
                checking.add(node.name)
            else:
                asserted = True
        shown = "".join(map(_text, cell.outputs))
        if asserted or tagged(cell, "exercise"):
            continue
        if tagged(cell, "measured") or tagged(cell, "nbval-ignore-output"):
            yield f"cell [{cell.execution_count}] measures and asserts nothing"
        elif re.search(r"\d\.\d", shown) and not tagged(cell, "exact"):
            yield f"cell [{cell.execution_count}] shows a decimal number that it doesn't assert"


def _asserts(node: ast.AST, checking: set[str]) -> bool:
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        return name in checking or name.startswith("np.testing.assert_")
    return isinstance(node, ast.Assert)


def _code(notebook: Notebook, tag: str | None = None) -> list[Notebook]:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [cell for cell in code if tag is None or tagged(cell, tag)]


def _prose(cells: list[Notebook]) -> str:
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def _outputs(notebook: Notebook) -> Iterator[tuple[int, Notebook]]:
    for cell in _code(notebook):
        for output in cell.outputs:
            yield cell.execution_count, output


def _text(output: Notebook) -> str:
    """Return all text of an output; pictures and errors' tracebacks are none."""
    data = output.get("data", {})
    texts = [str(value) for kind, value in data.items() if kind.startswith("text/")]
    return "\n".join([output.get("text", ""), *texts])
