"""Each guard passes a sound notebook and finds its fault in a broken one."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.notebooks import guards
from tools import normal
from tools.execute import NOTEBOOKS

OPENER = """\
# Load the digits

**What you'll do**: look. **What you'll learn**: shapes. **What you'll need**: 20 minutes."""
ENDING = """\
## In this notebook

### Exercise 1
### Exercise 2
### Exercise 3

Next: [the architecture](02_architecture.ipynb)"""


ERROR = new_output("error", ename="ValueError", evalue="no", traceback=[])


def picture(alt: str):
    metadata = {"image/png": {"alt": alt, "width": 300}}
    return new_output("display_data", {"image/png": "iVBORw0KGgo="}, metadata=metadata)


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def sound():
    colab = {"tags": ["colab"], "cellView": "form", "jupyter": {"source_hidden": True}}
    code = [
        new_code_cell("import os", metadata=colab),
        new_code_cell("images.shape", metadata={"tags": ["key-result"]}),
        new_code_cell("plots.digits(images)"),
    ]
    code[1].outputs = [stream("70,000 images loaded\n")]
    code[2].outputs = [picture("Ten handwritten digits in one row")]
    for number, cell in enumerate(code, start=1):
        cell.execution_count = number
    cells = [new_markdown_cell(OPENER), *code, new_markdown_cell(ENDING)]
    return normal.normalize(new_notebook(cells=cells))


def found(notebook):
    return guards.check(nbformat.writes(notebook) + "\n", NOTEBOOKS, "02_architecture.ipynb")


def test_a_sound_notebook_passes():
    assert found(sound()) == {}


BROKEN = {
    "not run": ("execution_order", lambda n: n.cells[3].update(execution_count=None)),
    "run twice": ("execution_order", lambda n: n.cells[3].update(execution_count=7)),
    "error": ("clean_outputs", lambda n: n.cells[3].outputs.append(ERROR)),
    "warning": ("clean_outputs", lambda n: n.cells[3].outputs.append(stream("W", "stderr"))),
    "backspace": ("clean_outputs", lambda n: n.cells[3].outputs.append(stream("1/9\b\b\b2/9"))),
    "return": ("clean_outputs", lambda n: n.cells[3].outputs.append(stream("10%\r20%"))),
    "unix path": ("no_machine_paths", lambda n: n.cells[3].outputs.append(stream("/home/me/x"))),
    "windows": ("no_machine_paths", lambda n: n.cells[3].outputs.append(stream("C:\\Users"))),
    "object": ("no_machine_paths", lambda n: n.cells[3].outputs.append(stream("<H at 0x7f12ab>"))),
    "no alt": ("alternative_texts", lambda n: n.cells[3].outputs[0].update(metadata={})),
    "one word": ("alternative_texts", lambda n: n.cells[3].outputs.append(picture("digits"))),
    "repeated": ("alternative_texts", lambda n: n.cells[3].outputs.append(n.cells[3].outputs[0])),
    "bare picture": ("alternative_texts", lambda n: n.cells[4].update(source="![](x.png)")),
    "no colab": ("colab_cell", lambda n: n.cells.pop(1)),
    "open colab": ("colab_cell", lambda n: n.cells[1].metadata.pop("jupyter")),
    "second colab": ("colab_cell", lambda n: n.cells[3].metadata.update(tags=["colab"])),
    "no title": ("opener", lambda n: n.cells[0].update(source=OPENER[2:])),
    "no minutes": ("opener", lambda n: n.cells[0].update(source=OPENER.replace("minutes", ""))),
    "opener late": ("opener", lambda n: n.cells.append(n.cells.pop(0))),
    "two exercises": ("ending", lambda n: n.cells[4].update(source=ENDING.replace("se 3", ""))),
    "no recap": ("ending", lambda n: n.cells[4].update(source=ENDING.replace("In this", "The"))),
    "no next": ("ending", lambda n: n.cells[4].update(source=ENDING.replace("02", "03"))),
    "dead link": ("links", lambda n: n.cells[4].update(source="[x](extras/none.ipynb#a)")),
    "no result": ("key_result", lambda n: n.cells[2].metadata.clear()),
    "two results": ("key_result", lambda n: n.cells[3].metadata.update(tags=["key-result"])),
    "empty result": ("key_result", lambda n: n.cells[2].outputs.clear()),
    "timestamps": ("normal_form", lambda n: n.cells[3].metadata.update(execution={"at": "now"})),
    "kernel": ("normal_form", lambda n: n.metadata.kernelspec.update(name="mine")),
    "split stream": ("normal_form", lambda n: n.cells[2].outputs.append(stream("more"))),
    "too large": ("size", lambda n: n.cells[2].outputs.append(stream("x" * guards.MEGABYTE))),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_fault_is_found(fault):
    notebook, (guard, spoil) = sound(), BROKEN[fault]
    spoil(notebook)
    assert guard in found(notebook)
