import json
import re
import subprocess
import sys

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.files import ROOT, artifacts
from tests.scratch import PICTURE, write_notebook
from tools import pages
from tools.run import run

LINKS = "[on](02_b.ipynb#top), [more](../README.md), [out](https://a.org/b.ipynb), `a[0](x)`"
SOLUTION = """\
<details><summary>Solution</summary>

```python
answer = 5
```
</details>"""


def test_writes_copies_pages_and_a_table(tmp_path, monkeypatch, capfd):
    """Notebooks that are run from elsewhere, beside a "python3" that is another one."""
    spec = {"argv": ["no-such-python"], "display_name": "Another", "language": "python"}
    for folder in ("kernels/python3", "notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "kernels" / "python3" / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path / "trained"))
    first, second = (tmp_path / "notebooks" / name for name in ("01_a.ipynb", "02_b.ipynb"))
    write_notebook(first, f"# Load it\n\n{LINKS}", PICTURE, result="print('7 <b> | *c*')")
    write_notebook(second, "# Second\n\n## Top", result="import os; os.path.basename(os.getcwd())")
    (tmp_path / "README.md").touch()
    artifacts().mkdir()
    (artifacts() / pages.NETWORK).write_text("a network")
    build = tmp_path / "build"
    assert run([first, second], build) == 0

    out, err = capfd.readouterr()
    assert "01_a.ipynb" in err and "cell 3 of 3" in err and "warning" not in (out + err).lower()
    table = r"^notebook  seconds  key result\n01_a +\d+  7 <b> \| \*c\*\n02_b +\d+  'notebooks'$"
    assert re.search(table, out, re.M) and (build / "index.html").as_uri() in out

    names = ["01_a.html", "01_a.ipynb", "02_b.html", "02_b.ipynb", "index.html", "my_network.html"]
    assert sorted(path.name for path in build.iterdir()) == names
    assert (build / pages.NETWORK).read_text() == "a network"
    texts = [(build / name).read_text(encoding="utf-8") for name in names[::2]]
    one, two, front = (BeautifulSoup(text, "html.parser") for text in texts)
    for page in (one, two, front):
        assert page.html["lang"] == "en" and not page("script") and not page("link")
        assert all(tag["src"].startswith("data:") for tag in page.select("[src]"))
    targets = [link["href"] for link in one.main("a", class_=False)]
    assert targets == ["02_b.html#top", "../README.md", "https://a.org/b.ipynb"]
    assert "a[0](x)" in one.main.text
    (image,) = one("img")
    assert (image["alt"], image["width"]) == ('One "grey" pixel, larger than life', "320")
    links = [link["href"] for link in front.main("a", class_=False)]
    assert links == ["01_a.html", "02_b.html", "my_network.html"]
    # The second shows the folder that it ran in, its own.
    rows = front.select("tbody tr")
    assert [row("td")[2].text for row in rows] == ["7 <b> | *c*", "'notebooks'"]


def test_a_page_shows_a_notebook_whatever_its_outputs():
    """Cleared, with a picture of which nobody says what it is, or a warning before a widget."""
    picture = new_output("display_data", {"image/png": "iVBORw0="})
    warning = new_output("stream", name="stderr", text="a warning\n")
    pad = new_output("display_data", {"text/plain": "A pad: run this cell."})
    cells = [
        new_code_cell("REPOSITORY", metadata={"tags": ["colab"]}),
        new_code_cell("cleared"),
        new_code_cell("pad", metadata={"tags": ["live-pad"]}, outputs=[warning, pad]),
        new_code_cell("figure", outputs=[picture]),
        new_markdown_cell(SOLUTION),
    ]
    text = pages.page(new_notebook(cells=cells), "A notebook")
    page = BeautifulSoup(text, "html.parser")
    assert page.title.text == "A notebook" and "REPOSITORY" not in text
    assert page.img["alt"] == "A picture without a description." and not page.img.get("width")
    shown = page.main.get_text()
    assert all(part in shown for part in ("cleared", "a warning", "A pad: run this cell."))
    assert not page.details.has_attr("open") and page.details.select(".highlight .n")


def test_it_needs_nothing_of_publishing():
    code = "import sys, tools.run, tools.pages, tools.refresh; "
    code += "print({'publish', 'sphinx', 'babel', 'polib', 'markdown_it'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")


ERROR = "\nwrong = 1 / 0\nwrong", "wrong = 1 / 0\nZeroDivisionError: "
DEATH = "import os\nos._exit(1)", "import os\nPython itself stopped; most often the machine ran "


@pytest.mark.parametrize(("source", "says"), [ERROR, DEATH], ids=["error", "death"])
def test_a_failing_cell_stops_the_run(tmp_path, capfd, source, says):
    sources = ("print('fine')", source, "print('never')")
    bad = write_notebook(tmp_path / "01_a.ipynb", "# A", *sources)
    assert run([bad, tmp_path / "02_b.ipynb"], tmp_path / "build") == 1
    message = capfd.readouterr().err
    assert f"01_a.ipynb failed in cell [2]\n    {says}" in message
    assert "Traceback" not in message
    (path,) = (tmp_path / "build").iterdir()
    cells = nbformat.read(path, as_version=4).cells
    assert cells[1].outputs[0].text == "fine\n" and cells[3].outputs == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path, capfd):
    path = write_notebook(tmp_path / "01_a.ipynb", "# A", result="print('fine')")
    (tmp_path / "build").write_text("in the way")
    assert run([path], tmp_path / "build") == 1
    message = capfd.readouterr().err
    assert "01_a.ipynb can't be written (" in message and "Free some space" in message
    assert "Traceback" not in message
    assert (tmp_path / "build").read_text() == "in the way"


def test_what_goes_wrong_with_pages_costs_pages_alone(tmp_path, capfd, monkeypatch):
    monkeypatch.setattr(pages, "TEMPLATE", "{%- extends 'gone.html.j2' -%}")
    path = write_notebook(tmp_path / "01_a.ipynb", "# A", result="print('fine')")
    assert run([path], tmp_path / "build") == 0
    out, err = capfd.readouterr()
    said = r"\nNo pages could be made \(\w+: .*\); the notebooks are in .*build\.\n$"
    assert re.search(said, err) and "Traceback" not in err and "fine" in out
    assert [path.name for path in (tmp_path / "build").iterdir()] == ["01_a.ipynb"]
