"""What every committed notebook must hold: one test a rule; nbval itself compares the outputs."""

import re
from collections import Counter

import pytest

from helpers.common.files import ROOT
from tests.cells import has_tag, is_saved, read_notebook
from tests.scratch import write_notebook
from tools import all_notebooks, four_notebooks

MEGABYTE = 1_000_000
OF_A_MACHINE = r"/(?:home|root|tmp|Users|var/folders|content)/|\b[A-Z]:\\|\bat 0x[0-9a-fA-F]{6,}"


def each(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda p: f"{p.parent.name}/{p.stem}")


EACH = each(all_notebooks())


@pytest.fixture
def notebook(path):
    return read_notebook(path)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook):
    return [output for cell in code(notebook) for output in cell.outputs]


def text(output):
    data = output.get("data", {}).items()
    texts = [str(value) for kind, value in data if kind.startswith("text/")]
    return "\n".join([output.get("text", ""), *texts])


@EACH
def test_it_is_as_make_notebooks_has_left_it(path):
    if is_saved(path):
        name = path.relative_to(ROOT)
        pytest.fail(
            f"Somebody has run or changed {name} and saved it. `git checkout {name}` brings it "
            f"back; `make notebooks ONLY={name}` runs it and keeps the changes.",
            pytrace=False,
        )
    assert path.stat().st_size < MEGABYTE


def test_copies_and_checkpoints_are_no_notebooks_of_the_lesson(tmp_path, monkeypatch):
    monkeypatch.setattr("tools.NOTEBOOKS", tmp_path)
    for name in ("01_a", "01_a (1)", "extras/b", ".ipynb_checkpoints/01_a"):
        path = tmp_path / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        write_notebook(path, "# A", "1")
    assert all_notebooks() == [tmp_path / "01_a.ipynb", tmp_path / "extras" / "b.ipynb"]


@EACH
def test_no_output_shows_a_fault_or_a_machine(notebook):
    for output in outputs(notebook):
        assert output.output_type != "error" and output.get("name", "stdout") == "stdout"
        # A table that is shown as HTML may carry colours in the text that stands beside it.
        assert not re.search("[\b\r\x1b]", output.get("data", {}).get("text/html") or text(output))
        assert not re.search(OF_A_MACHINE, text(output))


@EACH
def test_each_image_has_a_text_of_its_own(notebook):
    prose = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    texts = re.findall(r"!\[([^\]]*)\]\(", prose)
    for output in outputs(notebook):
        images = [kind for kind in output.get("data", {}) if kind.startswith("image/")]
        texts += [output.metadata.get(kind, {}).get("alt", "") for kind in images]
    for alt, count in Counter(texts).items():
        words = re.sub(r"([\u4e00-\u9fff])", r" \1 ", alt).split()  # Chinese has no spaces
        told = "five words or more say what an image shows, each time others: the cell's `alt`"
        assert len(words) >= 5 and count == 1, f"{alt!r}: {told}, in its metadata"


@EACH
def test_a_formula_holds_no_words(notebook):
    """They would stay English in a translation, which leaves formulas as they are."""
    for cell in notebook.cells:
        formulas = re.findall(r"\$\$.*?\$\$", cell.source, re.DOTALL)
        assert "\\text" not in "".join(formulas), cell.source


@each(four_notebooks())
def test_one_cell_holds_the_key_result(notebook):
    (cell,) = (cell for cell in code(notebook) if has_tag(cell, "key-result"))
    assert any(text(output).strip() for output in cell.outputs)


@EACH
def test_a_live_part_has_a_picture_and_of_what_is_measured_something_is_expected(notebook):
    """In its metadata, or by an assert of its own; nbval compares no measured number."""
    for cell in code(notebook):
        if "live-" in str(cell.metadata):  # where nobody runs it
            assert "image/png" in cell.outputs[0].data, "python -m publish.site.pictures takes one"
        expected = "assert" in cell.source or "expect" in cell.metadata
        assert expected or not has_tag(cell, "measured"), cell.source
