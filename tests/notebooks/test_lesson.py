"""What stands both in a cell and in a helper is the same, and the document's lines are there."""

import re
import subprocess
import sys

import pytest

from helpers.common.backend import keras
from helpers.common.files import ROOT
from helpers.model import build_model
from helpers.saved import models
from helpers.widgets.step_address import CHOICES
from tests.cells import bound_and_needed, code_cells, read_notebook, run_cell
from tools import four_notebooks

DOCUMENT = (ROOT / "docs" / "maintain" / "document.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def cells():
    return {path.stem: [cell.source for cell in code_cells(path.stem)] for path in four_notebooks()}


def test_the_lines_of_the_document_stand_in_the_cells(cells):
    """In their order, though a cell may break a line or go on where the document closes a call."""
    rest = " ".join(" ".join(source.split()) for name in cells for source in cells[name])
    for line in filter(None, DOCUMENT.splitlines()):
        _before, found, rest = rest.partition(line.removesuffix(")"))
        assert found, f"docs/maintain/document.txt has {line!r}: write what the cells have now"


def plan(network):
    """Return the configurations of a model's layers, but for the names that Keras counts up."""
    configs = [layer.get_config() for layer in network.layers]
    return [{k: str(v) for k, v in c.items() if k != "name"} for c in configs]


def test_the_network_of_the_cell_is_the_helpers_and_that_of_the_models(cells):
    names = {"keras": keras, "layers": keras.layers}
    (source,) = (source for source in cells["02_architecture"] if "keras.Input" in source)
    run_cell(source, names)
    taught = plan(names["model"])
    assert plan(build_model()) == taught
    anew = "the network has changed: `python -m publish.record` trains what is shipped anew"
    for path in ROOT.glob("helpers/**/mnist_cnn*.keras"):
        assert plan(models.load_model(path)) == taught, anew
    (said,) = re.findall(r"([\d,]+) parameters", (ROOT / "README.md").read_text("utf-8"))
    count = f"{names['model'].count_params():,}"
    assert said == count, f"the network has {count} parameters: `git grep {said}` finds the texts"


def test_the_first_notebook_needs_no_tensorflow(cells):
    lines = re.findall(r"^(?:from|import) .*", "\n".join(cells["01_load"]), re.MULTILINE)
    lines += ["mnist.load_data()", "DigitReader()", "import sys"]
    lines += ["assert not {'tensorflow', 'keras', 'sklearn', 'scipy'} & {*sys.modules}"]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=ROOT, check=True)


def test_the_labels_for_testing_are_not_read_before_the_last_notebook(cells):
    """Learning and choosing would need them; notebook 1 counts them."""
    for source in cells["02_architecture"] + cells["03_train"]:
        assert "test_labels" not in bound_and_needed(source)[1]


def text_and_marks(path):
    """The text of a notebook, and of each exercise its number and how much code it needs."""
    text = "\n\n".join(cell.source for cell in read_notebook(path).cells)
    return text, re.findall(r"^### Exercise (\d): .+\n\*(.+)\*\n\n", text, re.MULTILINE)


def test_each_exercise_says_how_much_code_it_needs_and_the_plan_lists_it():
    kinds = ["No code", "One or two lines", "Code"]
    heads = "".join(rf"\| {kind.lower()} " for kind in kinds)
    for number, path in enumerate(four_notebooks(), 1):
        plan = f"docs/lessons/lesson_{number}.md"
        page = (ROOT / plan).read_text(encoding="utf-8")
        [row] = re.findall(rf"^{heads}\|\n.*\n\|(.*)\|(.*)\|(.*)\|$", page, re.MULTILINE)
        text, marks = text_and_marks(path)
        assert len(marks) == len(re.findall("^### Exercise", text, re.MULTILINE)), path
        for kind, cell in zip(kinds, row, strict=True):
            marked = [number for number, other in marks if other == kind]
            assert re.findall(r"\d", cell) == marked, f"{path.stem}, {kind}: see {plan}"


def test_a_page_names_only_learning_rates_that_the_training_page_offers():
    page = (ROOT / "docs" / "lessons" / "lesson_3.md").read_text(encoding="utf-8")
    (named,) = re.findall(r"Change only the learning rate: ([\d., and]+)\. ", page)
    rates = [float(rate) for rate in re.findall(r"\d\.\d+", named)]
    assert len(rates) == 3 and set(rates) <= set(CHOICES["learning_rates"])


def test_an_experiment_says_how_many_times_as_large_as_usual_its_rate_is():
    experiments = (ROOT / "helpers/page/training/experiments.js").read_text(encoding="utf-8")
    ((rate, times),) = re.findall(r"rate is ([\d.]+), which is (\d+) times as large", experiments)
    assert int(times) == round(float(rate) / CHOICES["defaults"]["learning_rate"])


def test_the_solution_of_an_exercise_has_as_many_lines_as_the_exercise_says():
    for path in four_notebooks():
        text, marks = text_and_marks(path)
        for number, mark in marks:
            rest = text.partition(f"### Solution of exercise {number}\n")[2]
            solution = rest.partition("\n### ")[0]
            code = solution.partition("```python\n")[2].partition("```")[0]
            has_one_or_two_lines = 1 <= len(code.splitlines()) <= 2
            if mark != "No code":
                assert code, f"{path}: {number}"
                assert (mark == "One or two lines") == has_one_or_two_lines, f"{path}: {number}"
