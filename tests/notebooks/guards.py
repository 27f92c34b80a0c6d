"""What every committed notebook must hold: one function a rule, each returns what it found wrong.

`check` applies all: to the notebooks in test_notebooks.py, and to broken ones in test_guards.py.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat

from tools import normal

Notebook = nbformat.NotebookNode
MEGABYTE = 1_000_000
APOSTROPHE = "['\N{RIGHT SINGLE QUOTATION MARK}]"
OPENER = [
    rf"What you{APOSTROPHE}ll do",
    rf"What you{APOSTROPHE}ll learn",
    rf"What you{APOSTROPHE}ll need",
    r"\d+ minutes",
]
EXERCISES = 3
MACHINE_PATH = re.compile(r"/(?:home|root|tmp|Users|var/folders|content)/|\b[A-Z]:\\")


def check(text: str, folder: Path, next_name: str | None = None) -> dict[str, list[str]]:
    """Return what is wrong in the text of a notebook in `folder`, by rule; next is `next_name`."""
    notebook = nbformat.reads(text, as_version=4)
    rules = [execution_order, clean_outputs, no_machine_paths, alternative_texts]
    rules += [colab_cell, opener, key_result]
    found = {rule.__name__: rule(notebook) for rule in rules}
    found |= {"normal_form": normal_form(text), "size": size(text)}
    found |= {"ending": ending(notebook, next_name), "links": links(notebook, folder)}
    return {rule: problems for rule, problems in found.items() if problems}


def execution_order(notebook: Notebook) -> list[str]:
    """Find code cells that were not run from top to bottom in one go."""
    counts = [cell.execution_count for cell in _code(notebook)]
    wanted = list(range(1, len(counts) + 1))
    return [] if counts == wanted else [f"execution counts {counts}, expected {wanted}"]


def clean_outputs(notebook: Notebook) -> list[str]:
    """Find errors, warnings and what a progress bar leaves behind."""
    found = []
    for number, output in _outputs(notebook):
        if output.output_type == "error":
            found.append(f"cell [{number}] ends in {output.ename}")
        if output.output_type == "stream" and output.name != "stdout":
            found.append(f"cell [{number}] writes to {output.name}: {output.text[:60]!r}")
        # A table that is shown as HTML may carry colours in the text that stands beside it.
        shown = output.get("data", {}).get("text/html") or _text(output)
        if re.search("[\b\r\x1b]", shown):
            found.append(f"cell [{number}] has control characters in its output")
    return found


def no_machine_paths(notebook: Notebook) -> list[str]:
    """Find absolute paths of one machine, and addresses of objects, in outputs."""
    patterns = (MACHINE_PATH, re.compile(r"\bat 0x[0-9a-fA-F]{6,}"))
    return [
        f"cell [{number}] shows {match[0]!r}"
        for number, output in _outputs(notebook)
        for pattern in patterns
        if (match := pattern.search(_text(output)))
    ]


def alternative_texts(notebook: Notebook) -> list[str]:
    """Find images without a text of at least five words, and texts that are repeated."""
    texts = []
    for _, output in _outputs(notebook):
        for kind in output.get("data", {}):
            if kind.startswith("image/"):
                texts.append(output.metadata.get(kind, {}).get("alt", ""))
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            texts += re.findall(r"!\[([^\]]*)\]\(", cell.source)
    found = [f"alternative text too short: {text!r}" for text in texts if len(text.split()) < 5]
    repeated = [text for text, count in Counter(texts).items() if count > 1]
    return found + [f"alternative text repeated: {text!r}" for text in repeated]


def colab_cell(notebook: Notebook) -> list[str]:
    """Check that the first code cell, and no other, serves Colab and is collapsed."""
    cells = _code(notebook)
    tagged = [cell for cell in cells if "colab" in _tags(cell)]
    if not cells or tagged != cells[:1]:
        return ["the first code cell, and no other, must be tagged colab"]
    hidden = cells[0].metadata.get("jupyter", {}).get("source_hidden") is True
    form = cells[0].metadata.get("cellView") == "form"
    return [] if hidden and form else ["the cell for Colab is not collapsed"]


def opener(notebook: Notebook) -> list[str]:
    """Check the title and the four things that a learner is told before the first code cell."""
    before_code = []
    for cell in notebook.cells:
        if cell.cell_type == "code" and "colab" not in _tags(cell):
            break
        before_code.append(cell.source if cell.cell_type == "markdown" else "")
    text = "\n".join(before_code)
    found = [] if text.lstrip().startswith("# ") else ["it doesn't begin with a title"]
    return found + [f"the opener lacks {item!r}" for item in OPENER if not re.search(item, text)]


def ending(notebook: Notebook, next_name: str | None) -> list[str]:
    """Check the recap, the three exercises and, if there is one, the link to the next notebook."""
    text = _prose(notebook)
    found = [] if re.search(r"^#+ In this notebook", text, re.M) else ["no 'In this notebook'"]
    exercises = re.findall(r"^#+ Exercise (\d)", text, re.M)
    if exercises != [str(number) for number in range(1, EXERCISES + 1)]:
        found.append(f"exercises {exercises}, expected headings for 1 to {EXERCISES}")
    if next_name and f"({next_name}" not in notebook.cells[-1].source:
        found.append(f"the last cell has no link to {next_name}")
    return found


def links(notebook: Notebook, folder: Path) -> list[str]:
    """Find links in prose to files that don't exist beside the notebook, which is in `folder`."""
    targets = re.findall(r"\]\((?![a-z]+:|#)([^)#?\s]+)", _prose(notebook))
    return [f"no such file: {target}" for target in targets if not (folder / target).exists()]


def key_result(notebook: Notebook) -> list[str]:
    """Check that one cell, and only one, is tagged key-result and puts out a line of text."""
    tagged = [cell for cell in _code(notebook) if "key-result" in _tags(cell)]
    if len(tagged) != 1:
        return [f"{len(tagged)} cells tagged key-result, expected one"]
    return [] if any(_text(output).strip() for output in tagged[0].outputs) else ["it is empty"]


def normal_form(text: str) -> list[str]:
    """Check that a notebook's file is as tools.refresh writes it."""
    same = text == normal.text(nbformat.reads(text, as_version=4))
    return [] if same else ["not in normal form; `make notebooks` brings it there"]


def size(text: str) -> list[str]:
    """Check that a notebook's file stays under a megabyte."""
    length = len(text.encode())
    return [] if length < MEGABYTE else [f"{length:,} bytes, expected less than {MEGABYTE:,}"]


def _code(notebook: Notebook) -> list[Notebook]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _tags(cell: Notebook) -> list[str]:
    return cell.metadata.get("tags", [])


def _prose(notebook: Notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def _outputs(notebook: Notebook) -> Iterator[tuple[int, Notebook]]:
    for cell in _code(notebook):
        for output in cell.outputs:
            yield cell.execution_count, output


def _text(output: Notebook) -> str:
    """Return all text of an output; pictures and errors' tracebacks are none."""
    data = output.get("data", {})
    texts = [str(value) for kind, value in data.items() if kind.startswith("text/")]
    return "\n".join([output.get("text", ""), *texts])
