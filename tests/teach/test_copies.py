"""The copy of the lesson for Colab and Binder, without solutions."""

import nbformat
import pytest
from nbclient import NotebookClient

from teach import copies
from tests.for_teachers import answers_found_in
from tools import NOTEBOOKS, all_notebooks, is_for_teachers


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The copy as the command makes it, in a folder that was a repository of git before."""
    folder = tmp_path_factory.mktemp("build") / "copies"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main")
    (folder / "old.txt").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copies, "FOLDER", folder)
        copies.make_copies(["https://github.com/a-school/digits"])
    return folder


def test_each_notebook_is_the_lessons_without_solutions_and_outputs(folder):
    copied = {path.relative_to(folder / "notebooks") for path in folder.rglob("*.ipynb")}
    assert copied == {path.relative_to(NOTEBOOKS) for path in all_notebooks()}
    for path in all_notebooks():
        copy = nbformat.read(folder / "notebooks" / path.relative_to(NOTEBOOKS), as_version=4)
        cells = nbformat.read(path, as_version=4).cells
        ids = [cell.id for cell in cells]
        # What is left out is text, so no cell of code can miss it.
        left_out = cells[ids.index("solutions") :]
        assert {cell.cell_type for cell in left_out} == {"markdown"}
        assert [cell.id for cell in copy.cells] == ids[: ids.index("solutions")]
        code = [cell for cell in copy.cells if cell.cell_type == "code"]
        assert not any(cell.outputs or cell.execution_count for cell in code)
        assert "https://github.com/a-school/digits " in code[0].source
        assert "OWNER" not in code[0].source


def test_pupils_find_no_page_for_teachers_and_no_answer_in_it(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.relative_to(folder).as_posix() for path in files}
    needed = {"environment.yml", "pyproject.toml", "tools/colab.py"}  # by Binder and Colab
    assert needed | {"helpers/data/mnist_cnn.keras", "AGENTS.md"} <= names
    assert not [name for name in names if is_for_teachers(name)]
    assert answers_found_in(files) == []


def test_the_folder_is_made_anew_and_stays_a_repository_of_git(folder):
    assert (folder / ".git" / "HEAD").read_text() == "ref: refs/heads/main"
    assert not (folder / "old.txt").exists()


def test_the_links_lead_to_notebooks_of_the_copy(folder):
    links = (folder.parent / "LINKS.md").read_text(encoding="utf-8")
    colab = "https://colab.research.google.com/github/a-school/digits/blob/main/"
    binder = "https://mybinder.org/v2/gh/a-school/digits/main?labpath="
    for line in links.splitlines():
        if colab in line or binder in line:
            path = line.partition(colab)[2] or line.partition(binder)[2].replace("%2F", "/")
            assert (folder / path).is_file()
    assert links.count(colab) == links.count(binder) == len(all_notebooks())


@pytest.mark.parametrize("name", ["a-school", "https://gitlab.com/a/b", "a/b/c"])
def test_a_name_that_is_no_repository_is_refused(name, capsys):
    with pytest.raises(SystemExit):
        copies.make_copies([name])
    assert "such as a-school/digits" in capsys.readouterr().err


@pytest.mark.slow
def test_a_notebook_with_the_trained_network_runs_with_the_files_of_the_copy(
    folder, monkeypatch, tmp_path
):
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    notebook = nbformat.read(folder / "notebooks" / "02_architecture.ipynb", as_version=4)
    place = nbformat.v4.new_code_cell("import helpers; print(helpers.__file__)")
    notebook.cells.append(place)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": tmp_path}}).execute()
    assert str(folder) in place.outputs[0].text
