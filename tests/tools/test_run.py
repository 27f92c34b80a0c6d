import json
import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.scratch import PICTURE, write_notebook
from tools.run import run

LINKS = "[on](02_b.ipynb#top), [more](extras/c.ipynb), [out](https://a.org/b.ipynb)"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Two notebooks that were run, from elsewhere, beside a "python3" that is another one."""
    root = tmp_path_factory.mktemp("run")
    where = "import os; os.path.basename(os.getcwd())"
    (root / "notebooks").mkdir()
    first, second = (root / "notebooks" / name for name in ("01_a.ipynb", "02_b.ipynb"))
    write_notebook(first, f"# Load it\n\n{LINKS}", PICTURE, result="print('7 <b>')")
    write_notebook(second, "# Second", result=where)
    (root / "kernels" / "python3").mkdir(parents=True)
    spec = {"argv": ["no-such-python"], "display_name": "Another", "language": "python"}
    (root / "kernels" / "python3" / "kernel.json").write_text(json.dumps(spec))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(root))
        assert run([first, second], root / "build") == 0
    return root / "build"


def parsed(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_writes_copies_and_pages_that_load_nothing(built):
    names = sorted(path.name for path in built.iterdir())
    assert names == ["01_a.html", "01_a.ipynb", "02_b.html", "02_b.ipynb", "index.html"]
    for path in built.glob("*.html"):
        page = parsed(path)
        assert page("script") == [] and page("link") == []
        assert all(image["src"].startswith("data:") for image in page("img"))
        styles = re.sub(r"/\*.*?\*/", "", str(page), flags=re.S)
        assert not re.search(r"@import|url\(\s*['\"]?(?!data:|#)", styles)


def test_a_notebook_runs_in_its_own_folder(built):
    last = nbformat.read(built / "02_b.ipynb", as_version=4).cells[-1]
    assert last.outputs[0].data["text/plain"] == "'notebooks'"


def test_links_alternative_text_and_width_reach_the_page(built):
    page = parsed(built / "01_a.html")
    targets = {link["href"] for link in page("a")}
    assert {"02_b.html#top", "../notebooks/extras/c.ipynb", "https://a.org/b.ipynb"} <= targets
    (image,) = page("img")
    assert image["alt"] == 'One "grey" pixel, larger than life' and image["width"] == "320"


def test_index_leads_to_each_page_and_shows_its_result(built):
    index = parsed(built / "index.html")
    links = {link["href"]: link.text for link in index("a")}
    assert links == {"01_a.html": "Load it", "02_b.html": "Second"}
    assert [cell.text for cell in index("td")][2::3] == ["7 <b>", "'notebooks'"]


def test_ends_with_a_table(tmp_path, capfd):
    path = write_notebook(tmp_path / "01_a.ipynb", "# A", result="print('70,000 images loaded')")
    assert run([path], tmp_path / "build") == 0
    out, err = capfd.readouterr()
    assert re.search(r"^notebook  seconds  key result\n01_a +\d+  70,000 images loaded$", out, re.M)
    assert "01_a.ipynb" in err and "cell 2 of 2" in err
    assert "warning" not in (out + err).lower()


ERROR = "\nwrong = 1 / 0\nwrong", "wrong = 1 / 0\nZeroDivisionError: "
DEATH = "import os\nos._exit(1)", "import os\nPython itself stopped; most often the machine ran "


@pytest.mark.parametrize(("source", "says"), [ERROR, DEATH], ids=["error", "death"])
def test_a_failing_cell_stops_the_run(tmp_path, capfd, source, says):
    sources = ("print('fine')", source, "print('never')")
    bad = write_notebook(tmp_path / "01_a.ipynb", "# A", *sources, outputs="of an earlier run")
    good = write_notebook(tmp_path / "02_b.ipynb", "# B")
    assert run([bad, good], tmp_path / "build") == 1
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
