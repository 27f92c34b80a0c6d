"""The command that executes the four notebooks, and the pages that it writes."""

import json
from unittest.mock import Mock

import nbformat
import pytest

from tests.editions import needs_chinese
from tests.scratch import write_notebook
from tools import NOTEBOOKS, four_notebooks, run
from tools.execute import execute_notebook
from tools.run import run_notebooks


@pytest.mark.parametrize(
    ("arguments", "folder"),
    [([], ""), pytest.param(["zh_CN"], "zh_CN", marks=needs_chinese)],
)
def test_the_command_runs_the_notebooks_of_a_language(monkeypatch, arguments, folder):
    calls = []
    monkeypatch.setattr(run, "run_notebooks", lambda paths, _build: calls.append(paths))
    run.run_command(arguments)
    [paths] = calls
    expected = [NOTEBOOKS / folder / path.name for path in four_notebooks()]
    assert paths == expected and len(paths) == 4


def test_a_kernel_finds_the_helpers_wherever_its_notebook_stands(tmp_path, monkeypatch):
    """Whether or not Python can read the file by which the installation names the folder."""
    monkeypatch.delenv("PYTHONPATH")
    cell = "import os, sys\nprint(os.environ['PYTHONPATH'] in sys.path)"
    executed, _failure = execute_notebook(write_notebook(tmp_path / "a.ipynb", "# A", cell))
    assert executed.cells[1].outputs[0].text == "True\n"


def test_the_run_shows_its_progress_the_key_results_and_the_first_page(
    tmp_path, monkeypatch, capfd
):
    """The notebooks are run from elsewhere, beside a "python3" that is another one."""
    spec = {"argv": ["no-such-python"], "display_name": "Another", "language": "python"}
    for folder in ("kernels/python3", "notebooks", "trained"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "kernels" / "python3" / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path / "trained"))
    first, second = (tmp_path / "notebooks" / name for name in ("01_a.ipynb", "02_b.ipynb"))
    write_notebook(first, "# Load it", "1 + 1", result="print('7 <b> | *c*')")
    write_notebook(second, "# Second", result="import os; os.path.basename(os.getcwd())")
    build = tmp_path / "build"
    run_notebooks([first, second], build)
    out, err = capfd.readouterr()
    assert "01_a.ipynb" in err and "cell 3 of 3" in err and "warning" not in (out + err).lower()
    assert out.startswith("\n01_a: 7 <b> | *c*\n02_b: 'notebooks'\n")
    assert (build / "01_a.html").as_uri() in out
    names = {"01_a.html", "01_a.ipynb", "02_b.html", "02_b.ipynb"}
    assert {path.name for path in build.iterdir()} == names


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("\nwrong = 1 / 0\nwrong", "wrong = 1 / 0\nZeroDivisionError: "),
        ("import os\nos._exit(1)", "import os\nPython itself stopped; most often the machine ran "),
    ],
)
def test_a_failing_cell_stops_the_run(tmp_path, source, says):
    bad = write_notebook(tmp_path / "01_a.ipynb", "# A", "print('fine')", source, "print('never')")
    with pytest.raises(SystemExit, match=rf"01_a\.ipynb failed in cell \[2\]\n    {says}"):
        run_notebooks([bad, tmp_path / "02_b.ipynb"], tmp_path / "build")
    (path,) = (tmp_path / "build").iterdir()
    cells = nbformat.read(path, as_version=4).cells
    assert cells[1].outputs[0].text == "fine\n" and cells[3].outputs == []
    with pytest.raises(SystemExit, match=r"01_a\.ipynb can't be written \("):
        run_notebooks([bad], bad)


@pytest.mark.parametrize("argument", ["--help", "--hlep", "xx"])
def test_help_and_an_unknown_argument_execute_no_notebook(monkeypatch, capsys, argument):
    execute = Mock()
    monkeypatch.setattr(run, "run_notebooks", execute)
    with pytest.raises(SystemExit):
        run.run_command([argument])
    assert not execute.called
    assert "usage: python -m tools.run" in "".join(capsys.readouterr())
