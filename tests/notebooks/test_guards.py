"""Each rule for notebooks passes a sound one and finds its fault in a broken one."""

import inspect

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.notebooks import test_notebooks as rules
from tools import normal

OPENER = """\
# Load the digits

**What you'll do**: look. **What you'll learn**: shapes. **What you'll need**: 20 minutes."""
ENDING = """\
## In this notebook

### Exercise 1
### Exercise 2
### Exercise 3

Next: [the architecture](02_architecture.ipynb)"""
CHECK = "def check(x):\n    np.testing.assert_allclose(x, 1, 0.1)"


def picture(alt):
    metadata = {"image/png": {"alt": alt, "width": 300}}
    return new_output("display_data", {"image/png": "iVBORw0KGgo="}, metadata=metadata)


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def sound():
    colab = {"tags": ["colab"], "cellView": "form", "jupyter": {"source_hidden": True}}
    code = [
        new_code_cell("import os", metadata=colab),
        new_code_cell(f"%matplotlib inline\n{CHECK}", metadata={"tags": ["key-result"]}),
        new_code_cell("check(accuracy)", metadata={"tags": ["measured"]}),
    ]
    code[1].outputs = [stream("70,000 images loaded\n")]
    code[2].outputs = [picture("Ten handwritten digits in one row"), stream("accuracy: 0.98")]
    for number, cell in enumerate(code, start=1):
        cell.execution_count = number
    cells = [new_markdown_cell(OPENER), *code, new_markdown_cell(ENDING)]
    return normal.normalize(new_notebook(cells=cells))


def change(cell, **parts):
    return lambda notebook: notebook.cells[cell].update(parts)


def add(output):
    return lambda notebook: notebook.cells[3].outputs.append(output)


def tag(cell, *tags):
    return lambda notebook: notebook.cells[cell].metadata.update(tags=[*tags])


BROKEN = {
    rules.test_normal_form: [
        lambda n: n.cells[3].metadata.update(execution={"at": "now"}),
        add(picture("x" * rules.MEGABYTE)),
    ],
    rules.test_the_code_ran_from_top_to_bottom_and_shows_nothing_of_a_fault_or_a_machine: [
        change(3, execution_count=7),
        add(new_output("error", ename="ValueError", evalue="no", traceback=[])),
        add(stream("a warning", "stderr")),
        add(stream("1/9\b\b\b2/9")),
        add(stream("/home/me/x")),
        add(stream("<H at 0x7f12ab>")),
    ],
    rules.test_each_image_has_a_text_of_its_own: [
        add(picture("")),
        add(picture("Ten handwritten digits in one row")),
        change(4, source="![](x.png)"),
    ],
    rules.test_the_first_cell_and_no_other_serves_colab_and_is_collapsed: [
        lambda n: n.cells[1].metadata.pop("jupyter"),
        tag(3, "colab"),
    ],
    rules.test_the_opener_says_what_a_learner_will_do_learn_and_need: [
        change(0, source=OPENER[2:]),
        lambda n: n.cells.append(n.cells.pop(0)),
    ],
    rules.test_the_end_is_a_recap_three_exercises_and_a_link_to_the_next: [
        change(4, source=ENDING.replace("se 3", "")),
        change(4, source=ENDING.replace("In this", "The")),
        change(4, source=ENDING.replace("02", "03")),
    ],
    rules.test_links_in_prose_lead_to_files: [change(4, source="[x](03_none.ipynb#a)")],
    rules.test_one_cell_holds_the_key_result: [change(2, outputs=[]), tag(3, "key-result")],
    rules.test_what_a_cell_measures_it_asserts: [
        change(3, source="accuracy"),
        change(3, source=CHECK),  # and nobody calls it
        tag(2, "measured"),
        tag(2, "nbval-ignore-output"),
        lambda n: [change(3, source="accuracy")(n), tag(3)(n)],
    ],
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_fault_is_found(rule, tmp_path):
    (tmp_path / "02_architecture.ipynb").touch()
    path = tmp_path / "01_load.ipynb"

    def apply(notebook):
        path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        given = {"notebook": notebook, "path": path}
        rule(*(given[name] for name in inspect.signature(rule).parameters))

    apply(sound())
    for spoil in BROKEN[rule]:
        spoil(notebook := sound())
        with pytest.raises((AssertionError, ValueError)):
            apply(notebook)
