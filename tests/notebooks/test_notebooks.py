"""What every committed notebook must hold: one test a rule; nbval itself compares the outputs.

test_guards.py applies each rule to broken notebooks as well.
"""

import ast
import os
import re
from collections import Counter
from itertools import pairwise
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_output
from nbval.plugin import IPyNbFile

from conftest import pytest_collection_modifyitems, pytest_runtest_setup
from tests.cells import python, tagged
from tests.scratch import write_notebook
from tools import normal
from tools.execute import NOTEBOOKS, english_notebooks

FOUR = ["01_load", "02_architecture", "03_train", "04_evaluate"]
NEXT = dict(pairwise(FOUR))
EXTRAS = NOTEBOOKS / "extras"
MEGABYTE = 1_000_000
OPENER = [
    f"What you['\N{RIGHT SINGLE QUOTATION MARK}]ll {verb}" for verb in ("do", "learn", "need")
]
OF_A_MACHINE = r"/(?:home|root|tmp|Users|var/folders|content)/|\b[A-Z]:\\|\bat 0x[0-9a-fA-F]{6,}"


def each(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda p: f"{p.parent.name}/{p.stem}")


EACH = each(sorted(NOTEBOOKS.rglob("*.ipynb")))
ORIGINAL = each(english_notebooks())  # a translation is made of one of these and a catalogue


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


def code(notebook, tag=None):
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [cell for cell in cells if tag is None or tagged(cell, tag)]


def outputs(notebook):
    return [output for cell in code(notebook) for output in cell.outputs]


def prose(cells):
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def text(output):
    """Return all text of an output; pictures and errors' tracebacks are none."""
    data = output.get("data", {})
    texts = [str(value) for kind, value in data.items() if kind.startswith("text/")]
    return "\n".join([output.get("text", ""), *texts])


def test_the_four_are_there():
    assert [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))] == FOUR


@EACH
def test_normal_form(notebook, path):
    written = path.read_text(encoding="utf-8")
    assert written == normal.text(notebook), "`make notebooks` brings it to its normal form"
    assert len(written.encode()) < MEGABYTE


@EACH
def test_the_code_ran_from_top_to_bottom_and_shows_nothing_of_a_fault_or_a_machine(notebook):
    counts = [cell.execution_count for cell in code(notebook)]
    assert counts == list(range(1, len(counts) + 1))
    for output in outputs(notebook):
        assert output.output_type != "error" and output.get("name", "stdout") == "stdout"
        # A table that is shown as HTML may carry colours in the text that stands beside it.
        assert not re.search("[\b\r\x1b]", output.get("data", {}).get("text/html") or text(output))
        assert not re.search(OF_A_MACHINE, text(output))


@EACH
def test_each_image_has_a_text_of_its_own(notebook):
    texts = re.findall(r"!\[([^\]]*)\]\(", prose(notebook.cells))
    for output in outputs(notebook):
        images = [kind for kind in output.get("data", {}) if kind.startswith("image/")]
        texts += [output.metadata.get(kind, {}).get("alt", "") for kind in images]
    for alt, count in Counter(texts).items():
        words = re.sub(r"([\u4e00-\u9fff])", r" \1 ", alt).split()  # Chinese has no spaces
        assert len(words) >= 5 and count == 1, alt


@EACH
def test_the_first_cell_and_no_other_serves_colab_and_is_collapsed(notebook):
    (cell,) = code(notebook, "colab")
    assert cell == code(notebook)[0]
    assert {"cellView": "form", "jupyter": {"source_hidden": True}}.items() <= cell.metadata.items()


@ORIGINAL
def test_the_opener_says_what_a_learner_will_do_learn_and_need(notebook):
    own = code(notebook)[1]
    opening = prose(notebook.cells[: notebook.cells.index(own)])
    assert opening.startswith("# ")
    assert all(re.search(item, opening) for item in OPENER)


@ORIGINAL
def test_the_end_is_a_recap_three_exercises_and_a_link_to_the_next(notebook, path):
    assert re.search(r"^#+ In this notebook", prose(notebook.cells), re.M)
    assert re.findall(r"^#+ Exercise (\d)", prose(notebook.cells), re.M) == ["1", "2", "3"]
    if path.stem in NEXT:
        assert f"({NEXT[path.stem]}.ipynb" in notebook.cells[-1].source


@EACH
def test_links_in_prose_lead_to_files(notebook, path):
    """A fork may do without the optional lessons; links to them stay."""
    for target in re.findall(r"\]\((?![a-z]+:|#)([^)#?\s]+)", prose(notebook.cells)):
        file = (path.parent / target).resolve()
        assert file.exists() or (file.parent == EXTRAS and not EXTRAS.exists()), target


@each([path for path in sorted(NOTEBOOKS.rglob("*.ipynb")) if path.stem in FOUR])
def test_one_cell_holds_the_key_result(notebook):
    (cell,) = code(notebook, "key-result")
    assert any(text(output).strip() for output in cell.outputs)


@ORIGINAL
def test_what_a_cell_measures_it_asserts(notebook):
    """By itself, or by a function that the notebook defines; nbval compares no measured number.

    A decimal number that is the same on all machines is asserted or tagged exact.
    """
    checking = set()

    def asserts(node):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            return name in checking or name.startswith("np.testing.assert_")
        return isinstance(node, ast.Assert)

    for cell in code(notebook):
        nodes = [n for n in ast.parse(python(cell.source)).body if any(map(asserts, ast.walk(n)))]
        functions = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
        checking |= functions
        if len(nodes) == len(functions) and not tagged(cell, "exercise"):
            assert not tagged(cell, "measured") and not tagged(cell, "nbval-ignore-output")
            shown = "".join(map(text, cell.outputs))
            assert tagged(cell, "exact") or not re.search(r"\d\.\d", shown), cell.source


def test_nbval_compares_all_but_the_numbers_of_a_cell_tagged_measured(request, tmp_path):
    path = write_notebook(tmp_path / "a.ipynb", "# A", "first()", "second()")
    exact, measured = IPyNbFile.from_parent(request.session, path=path).collect()
    measured.cell.metadata.tags = ["measured"]
    pytest_collection_modifyitems([exact, measured])
    for item, then, now, same in (
        (measured, "loss: 0.29, -1.5e-05, 9,880 of", "loss: 0.3, +2, 10 of", True),
        (measured, "loss: 0.29", "accuracy: 0.29", False),
        (measured, "loss: 0.29", "loss: nan", False),
        (exact, "loss: 0.29", "loss: 0.3", False),
    ):
        old, new = ([new_output("stream", text=shown)] for shown in (then, now))
        assert item.compare_outputs(new, old) == same
        old, new = ([new_output("display_data", {"text/plain": s})] for s in (then, now))
        assert item.compare_outputs(new, old) == same


def test_a_notebook_and_its_translation_have_folders_of_their_own(request, monkeypatch):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", "as before, when the test is over")
    folders = set()
    for path in (NOTEBOOKS / "03_train.ipynb", NOTEBOOKS / "zh_CN" / "03_train.ipynb"):
        nodeid = f"{path.relative_to(request.config.rootpath).as_posix()}::Cell 0"
        item = SimpleNamespace(path=path, nodeid=nodeid, config=request.config)
        pytest_runtest_setup(item)
        folders.add(os.environ["HELLO_MNIST_ARTIFACTS"])
    assert len(folders) == 2
