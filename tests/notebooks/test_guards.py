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


def picture(alt):
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


def add(output):
    return lambda notebook: notebook.cells[3].outputs.append(output)


def set_tags(*tags):
    return lambda notebook: notebook.cells[3].metadata.update(tags=[*tags])


def end(old, new):
    return lambda notebook: notebook.cells[4].update(source=ENDING.replace(old, new))


DECIMAL = add(stream("accuracy: 0.98"))
BROKEN = [
    ("execution_order", lambda n: n.cells[3].update(execution_count=None)),
    ("execution_order", lambda n: n.cells[3].update(execution_count=7)),
    ("clean_outputs", add(new_output("error", ename="ValueError", evalue="no", traceback=[]))),
    ("clean_outputs", add(stream("a warning", "stderr"))),
    ("clean_outputs", add(stream("1/9\b\b\b2/9"))),
    ("no_machine_paths", add(stream("/home/me/x"))),
    ("no_machine_paths", add(stream("C:\\Users"))),
    ("no_machine_paths", add(stream("<H at 0x7f12ab>"))),
    ("alternative_texts", lambda n: n.cells[3].outputs[0].update(metadata={})),
    ("alternative_texts", lambda n: n.cells[3].outputs.append(n.cells[3].outputs[0])),
    ("alternative_texts", lambda n: n.cells[4].update(source="![](x.png)")),
    ("colab_cell", lambda n: n.cells[1].metadata.pop("jupyter")),
    ("colab_cell", set_tags("colab")),
    ("opener", lambda n: n.cells[0].update(source=OPENER[2:])),
    ("opener", lambda n: n.cells.append(n.cells.pop(0))),
    ("ending", end("se 3", "")),
    ("ending", end("In this", "The")),
    ("ending", end("02", "03")),
    ("links", end("02_architecture.ipynb", "extras/none.ipynb#a")),
    ("key_result", lambda n: n.cells[2].outputs.clear()),
    ("key_result", set_tags("key-result")),
    ("limits", DECIMAL),
    ("limits", set_tags("measured")),
    ("limits", set_tags("measured", "exact")),
    ("limits", set_tags("nbval-ignore-output")),
    ("normal_form", lambda n: n.cells[3].metadata.update(execution={"at": "now"})),
    ("normal_form", lambda n: n.cells[2].outputs.append(stream("more"))),
    ("size", add(stream("x" * guards.MEGABYTE))),
]


@pytest.mark.parametrize(("guard", "spoil"), BROKEN)
def test_a_fault_is_found(guard, spoil):
    notebook = sound()
    spoil(notebook)
    assert guard in found(notebook)


CHECKED = "def check(x):\n    np.testing.assert_allclose(x, 1, 0.1)"


def test_a_number_that_is_measured_is_asserted_by_the_cell_or_by_a_function_of_the_notebook():
    for source, after in (("assert accuracy > 0.9", "pass"), (CHECKED, "check(accuracy)")):
        notebook = sound()
        notebook.cells[2].source, notebook.cells[3].source = source, after
        DECIMAL(notebook)
        assert ("limits" in found(notebook)) == (after == "pass")
        notebook.cells[3].source = "assert accuracy > 0.9"
        set_tags("measured")(notebook)
        assert "limits" not in found(notebook)
        notebook.cells[3].source = "%matplotlib inline"
        set_tags("exact")(notebook)
        assert "limits" not in found(notebook)
