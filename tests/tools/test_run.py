import json
import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from publish import site
from tests.scratch import PICTURE, write_notebook
from tools.run import run

LINKS = "[on](02_b.ipynb#top), [more](extras/better.ipynb), [out](https://a.org/b.ipynb)"


def test_writes_copies_a_site_that_shows_them_and_a_table(tmp_path, monkeypatch, capfd):
    """Notebooks that are run from elsewhere, beside a "python3" that is another one."""
    spec = {"argv": ["no-such-python"], "display_name": "Another", "language": "python"}
    for folder in ("kernels/python3", "notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "kernels" / "python3" / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    first, second = (tmp_path / "notebooks" / name for name in ("01_a.ipynb", "02_b.ipynb"))
    write_notebook(first, f"# Load it\n\n{LINKS}", PICTURE, result="print('7 <b> | *c*')")
    write_notebook(second, "# Second\n\n## Top", result="import os; os.path.basename(os.getcwd())")
    build = tmp_path / "build"
    assert run([first, second], build) == 0

    out, err = capfd.readouterr()
    assert "01_a.ipynb" in err and "cell 3 of 3" in err and "warning" not in (out + err).lower()
    table = r"^notebook  seconds  key result\n01_a +\d+  7 <b> \| \*c\*\n02_b +\d+  'notebooks'$"
    assert re.search(table, out, re.M) and (build / "index.html").as_uri() in out

    assert {first.name, second.name, "index.html"} <= {path.name for path in build.iterdir()}
    assert {path.stem for path in (build / "notebooks").glob("*.html")} == {"01_a", "02_b"}
    names = ("notebooks/01_a.html", "notebooks/02_b.html", "index.html")
    texts = [(build / name).read_text(encoding="utf-8") for name in names]
    one, two, front = (BeautifulSoup(text, "html.parser") for text in texts)
    for page in (one, two, front):
        loaded = [tag.get("src") or tag["href"] for tag in page.select("[src], link[href]")]
        assert len(loaded) > 10 and not any(link.startswith(("http", "//")) for link in loaded)
    targets = {link["href"] for link in one.article("a")}
    assert {"02_b.html#top", "extras/better.html", "https://a.org/b.ipynb"} <= targets
    (image,) = one.select(".cell_output img")
    assert image["alt"] == 'One "grey" pixel, larger than life' and "320" in str(image)
    rows = front.select("table tbody tr")
    links = {row.a["href"]: row.a.text for row in rows}
    assert links == {"notebooks/01_a.html": "Load it", "notebooks/02_b.html": "Second"}
    # The second shows the folder that it ran in, its own.
    assert [row("td")[2].text for row in rows] == ["7 <b> | *c*", "'notebooks'"]


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


def test_pages_that_cannot_be_built_are_told_of(tmp_path, capfd, monkeypatch):
    monkeypatch.setattr(site, "build_main", lambda arguments: 2)
    path = write_notebook(tmp_path / "01_a.ipynb", "# A", result="print('fine')")
    assert run([path], tmp_path / "build") == 1
    assert "Sphinx could not build the pages" in capfd.readouterr().err
    assert [path.name for path in (tmp_path / "build").iterdir()] == ["01_a.ipynb"]
