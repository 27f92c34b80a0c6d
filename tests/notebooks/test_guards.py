"""Each rule for notebooks passes a sound one and finds its fault in a broken one."""

import inspect

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.notebooks import test_notebooks as rules
from tools import execute

OPENER = "# Load\n**What you'll do**: a. **What you'll learn**: b. **What you'll need**: c."
NEXT = "Next: [the architecture](02_architecture.ipynb)"
ENDING = f"# In this notebook\n# Exercise 1\n# Exercise 2\n{NEXT}"
CHECK = "%matplotlib inline\ndef check(x):\n    np.testing.assert_allclose(x, 1, 0.1)"
NUMBER = new_output("stream", text="accuracy: 0.98")
WARNING = new_output("stream", name="stderr", text="a warning")
FOLDER = new_output("stream", text="/home/me/x")


def picture(alt):
    png = {"image/png": "iVBORw0KGgo="}
    return new_output("display_data", png, metadata={"image/png": {"alt": alt}})


def sound():
    code = [new_code_cell(source) for source in ("import os", CHECK, "check(accuracy)")]
    code[1].metadata.tags, code[2].metadata.tags = ["key-result"], ["measured"]
    code[1].outputs = [new_output("stream", text="70,000")]
    code[2].outputs = [picture("Ten handwritten digits in one row"), NUMBER]
    for count, cell in enumerate(code, start=1):
        cell.execution_count = count
    cells = [new_markdown_cell(OPENER), *code, new_markdown_cell(ENDING)]
    return execute.normalize(new_notebook(cells=cells))


FAULTS = [
    (rules.test_normal_form, 3, "metadata", {"execution": {"at": "now"}}),
    (rules.test_the_code_ran_from_top_to_bottom, 3, "execution_count", 7),
    (rules.test_no_output_shows_a_fault_or_a_machine, 3, "outputs", [WARNING]),
    (rules.test_no_output_shows_a_fault_or_a_machine, 3, "outputs", [FOLDER]),
    (rules.test_each_image_has_a_text_of_its_own, 3, "outputs", [picture("A digit")]),
    (rules.test_it_has_an_opener_and_an_end, 0, "source", "# Load"),
    (rules.test_it_has_an_opener_and_an_end, 4, "source", ENDING.replace("# Exercise 1\n", "")),
    (rules.test_it_has_an_opener_and_an_end, 4, "source", f"# In this notebook\n{NEXT}"),
    (rules.test_it_has_an_opener_and_an_end, 4, "source", ENDING.replace(NEXT, "")),
    (rules.test_one_cell_holds_the_key_result, 2, "outputs", []),
    (rules.test_what_a_cell_measures_it_asserts, 2, "outputs", [NUMBER]),
    (rules.test_what_a_cell_measures_it_asserts, 3, "source", "accuracy"),
    (rules.test_what_a_cell_measures_it_asserts, 3, "source", CHECK),  # and nobody calls it
]


@pytest.mark.parametrize(("rule", "cell", "part", "value"), FAULTS)
def test_a_fault_is_found(rule, cell, part, value, tmp_path):
    path = tmp_path / "01_load.ipynb"

    def apply(notebook):
        path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        given = {"notebook": notebook, "path": path}
        rule(*(given[name] for name in inspect.signature(rule).parameters))

    notebook = sound()
    apply(notebook)
    notebook.cells[cell][part] = value
    with pytest.raises(AssertionError):
        apply(notebook)
