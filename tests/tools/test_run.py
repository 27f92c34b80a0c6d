import json

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook

from tests.scratch import write_notebook
from tools import NOTEBOOKS, four_notebooks, pages, run
from tools.run import run_notebooks

LINKS = "[on](02_b.ipynb#top), [more](../README.md), [out](https://a.org/b.ipynb)"
ABOUT = {"alt": 'One "grey" pixel', "width": 320}
PICTURE = f"display({{'image/png': 'iVBORw0='}}, metadata={{'image/png': {ABOUT}}}, raw=True)"


@pytest.mark.parametrize(("arguments", "folder"), [([], ""), (["zh_CN"], "zh_CN")])
def test_the_command_runs_the_notebooks_of_a_language(monkeypatch, arguments, folder):
    calls = []
    monkeypatch.setattr(run, "run_notebooks", lambda paths, _build: calls.append(paths))
    run.run_command(arguments)
    [paths] = calls
    expected = [NOTEBOOKS / folder / path.name for path in four_notebooks()]
    assert paths == expected and len(paths) == 4


def test_writes_copies_pages_that_load_nothing_and_key_results(tmp_path, monkeypatch, capfd):
    """Notebooks that are run from elsewhere, beside a "python3" that is another one."""
    spec = {"argv": ["no-such-python"], "display_name": "Another", "language": "python"}
    for folder in ("kernels/python3", "notebooks", "trained"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "kernels" / "python3" / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path / "trained"))
    first, second = (tmp_path / "notebooks" / name for name in ("01_a.ipynb", "02_b.ipynb"))
    write_notebook(first, f"# Load it\n\n{LINKS}", PICTURE, result="print('7 <b> | *c*')")
    write_notebook(second, "# Second\n\n## Top", result="import os; os.path.basename(os.getcwd())")
    (tmp_path / "README.md").touch()
    run_notebooks([first, second], build := tmp_path / "build")
    out, err = capfd.readouterr()
    assert "01_a.ipynb" in err and "cell 3 of 3" in err and "warning" not in (out + err).lower()
    assert out.startswith("\n01_a: 7 <b> | *c*\n02_b: 'notebooks'\n")
    assert (build / "01_a.html").as_uri() in out
    page = BeautifulSoup((build / "01_a.html").read_text(encoding="utf-8"), "html.parser")
    links = [link["href"] for link in page.main("a", class_=False)]
    assert links == ["02_b.html#top", "../notebooks/../README.md", "https://a.org/b.ipynb"]
    assert page.title.text == "01_a" and page.html["lang"] == "en"
    assert not page.select("script, link, [src]:not([src^='data:'])")
    assert (page.img["alt"], page.img["width"]) == ('One "grey" pixel', "320")
    for_colab = new_code_cell("REPOSITORY", metadata={"tags": ["colab"]})
    assert "REPOSITORY" not in pages.notebook_page(new_notebook(cells=[for_colab]), "A notebook")


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
