import nbformat
import pytest

from publish import refresh, translate
from tests.scratch import write_notebook
from tools import execute

PIECES = "print('a', flush=True)\nprint('b', flush=True)"
WIDGET = """from IPython.display import display
view = {"model_id": "0", "version_major": 2, "version_minor": 0}
display({"application/vnd.jupyter.widget-view+json": view, "text/plain": "a pad"}, raw=True)"""
TRAIN = "from helpers.files import artifacts as a\nprint(a().exists())\na().mkdir()"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of notebooks, a translated one among them, in place of the lesson's."""
    english = [
        write_notebook(tmp_path / "a.ipynb", "# A", PIECES, TRAIN, WIDGET, own="yes"),
        write_notebook(tmp_path / "needs.ipynb", "# A", "1", needs="no_such_library"),
    ]
    translated = {tmp_path / "xx" / "a.ipynb": ("a.ipynb", "xx")}
    text = write_notebook(tmp_path / "b.ipynb", "# A", "print(1)").read_text(encoding="utf-8")
    monkeypatch.setattr(refresh, "ROOT", tmp_path)
    monkeypatch.setattr(refresh, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(refresh, "english_notebooks", lambda: english)
    monkeypatch.setattr(translate, "notebooks", lambda: translated)
    monkeypatch.setattr(translate, "make", lambda source, language: text)
    monkeypatch.setattr(translate, "main", lambda: print("1 to look at"))
    return tmp_path


def test_two_runs_give_the_same_file_and_one_that_fails_leaves_it(folder, capfd):
    path = folder / "a.ipynb"
    ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    assert refresh.main(["a"]) == 0
    first = path.read_bytes()
    assert refresh.main(["notebooks/a.ipynb"]) == 0 and path.read_bytes() == first
    notebook = nbformat.read(path, as_version=4)
    assert [cell.id for cell in notebook.cells] == ids
    # Pieces are put together, and no run finds what another has trained.
    outputs = [output for cell in notebook.cells[1:] for output in cell.outputs]
    assert [output.text for output in outputs[:2]] == ["a\nb\n", "False\n"]
    assert outputs[2].data == {"text/plain": "a pad"}  # which outlives the widget
    assert notebook.metadata == execute.METADATA | {execute.OWN: {"own": "yes"}}
    assert {*map(str, (cell.metadata for cell in notebook.cells))} == {"{}"}

    notebook.cells[2].source = "missing"
    nbformat.write(notebook, path)
    before = path.read_bytes()
    assert refresh.main(["a"]) == 1 and path.read_bytes() == before
    message = capfd.readouterr().err
    assert "failed in cell [2]\n    missing\nNameError: " in message and "as it was" in message


def test_a_folder_is_named_and_outputs_stay_where_a_library_is_missing(folder, capsys):
    needs, translated = folder / "needs.ipynb", folder / "xx" / "a.ipynb"
    before = needs.read_bytes()
    assert refresh.main(["needs", "xx"]) == 0 and needs.read_bytes() == before
    assert nbformat.read(translated, as_version=4).cells[1].outputs[0].text == "1\n"
    text = capsys.readouterr().out
    assert "1 to look at" in text
    assert "needs.ipynb is left as it was: no_such_library is not installed." in text
    assert refresh.choose(["."]) == [folder / "a.ipynb", needs, translated]
    for names in (["b"], ["a", "../a"], []):
        with pytest.raises(SystemExit, match=r"there are a\.ipynb, needs"):
            refresh.choose(names)
