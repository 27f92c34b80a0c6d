import re
from html.parser import HTMLParser

import nbformat
import pytest

from tests.scratch import PICTURE, write_notebook
from tools.run import run


class Tags(HTMLParser):
    """Collects the start tags of a page."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def named(self, name):
        return [attributes for tag, attributes in self.found if tag == name]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Two notebooks that were run, from a working directory that is neither's."""
    root = tmp_path_factory.mktemp("run")
    links = (
        "# Load it\n\n[on](02_b.ipynb#top), [more](extras/c.ipynb), [out](https://a.org/b.ipynb)"
    )
    where = "import os; os.path.basename(os.getcwd())"
    (root / "notebooks").mkdir()
    notebooks = [
        write_notebook(root / "notebooks" / "01_a.ipynb", links, PICTURE, result="print('7 <b>')"),
        write_notebook(root / "notebooks" / "02_b.ipynb", "# Second", result=where),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
        assert run(notebooks, root / "build") == 0
    return root / "build"


def test_writes_copies_pages_and_nothing_else(built):
    names = sorted(path.name for path in built.iterdir())
    assert names == ["01_a.html", "01_a.ipynb", "02_b.html", "02_b.ipynb", "index.html"]


def test_a_notebook_runs_in_its_own_folder(built):
    last = nbformat.read(built / "02_b.ipynb", as_version=4).cells[-1]
    assert last.outputs[0].data["text/plain"] == "'notebooks'"


def test_pages_load_nothing(built):
    for path in built.glob("*.html"):
        page = path.read_text(encoding="utf-8")
        tags = Tags(page)
        assert tags.named("script") == [] and tags.named("link") == []
        assert all(image["src"].startswith("data:") for image in tags.named("img"))
        styles = re.sub(r"/\*.*?\*/", "", page, flags=re.S)
        assert not re.search(r"@import|url\(\s*['\"]?(?!data:|#)", styles)


def test_alternative_text_and_width_reach_the_page(built):
    (image,) = Tags((built / "01_a.html").read_text(encoding="utf-8")).named("img")
    assert image["alt"] == 'One "grey" pixel, larger than life'
    assert image["width"] == "320"


def test_links_lead_to_pages_where_there_are_pages(built):
    links = Tags((built / "01_a.html").read_text(encoding="utf-8")).named("a")
    targets = {link["href"] for link in links}
    wanted = {"02_b.html#top", "../notebooks/extras/c.ipynb", "https://a.org/b.ipynb"}
    assert wanted <= targets


def test_index_leads_to_each_page_and_shows_its_result(built):
    index = (built / "index.html").read_text(encoding="utf-8")
    assert [link["href"] for link in Tags(index).named("a")] == ["01_a.html", "02_b.html"]
    assert "Load it" in index and "7 &lt;b&gt;" in index


def test_ends_with_a_table(tmp_path, capfd):
    path = write_notebook(tmp_path / "01_a.ipynb", "# A", result="print('70,000 images loaded')")
    assert run([path], tmp_path / "build") == 0
    out, err = capfd.readouterr()
    assert re.search(r"^notebook  seconds  key result\n01_a +\d+  70,000 images loaded$", out, re.M)
    assert "01_a.ipynb" in err and "cell 2 of 2" in err
    assert "warning" not in (out + err).lower()


def test_a_failing_cell_stops_the_run(tmp_path, capfd):
    build = tmp_path / "build"
    bad = write_notebook(tmp_path / "01_a.ipynb", "# A", "print('fine')", "\nwrong = 1 / 0\nwrong")
    good = write_notebook(tmp_path / "02_b.ipynb", "# B")
    assert run([bad, good], build) == 1
    message = capfd.readouterr().err
    assert "01_a.ipynb failed in cell [2]\n    wrong = 1 / 0\nZeroDivisionError: " in message
    assert "Traceback" not in message
    assert [path.name for path in build.iterdir()] == ["01_a.ipynb"]
    assert "fine" in (build / "01_a.ipynb").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_named(tmp_path, capfd):
    path = write_notebook(tmp_path / "01_a.ipynb", "# A", result="print('fine')")
    (tmp_path / "build").write_text("in the way")
    assert run([path], tmp_path / "build") == 1
    message = capfd.readouterr().err
    assert "01_a.ipynb can't be written (" in message and "Free some space" in message
    assert "Traceback" not in message
    assert (tmp_path / "build").read_text() == "in the way"


def test_a_kernel_that_dies_is_a_failing_cell(tmp_path, capfd):
    source = "import os\nos._exit(1)"
    path = write_notebook(tmp_path / "01_a.ipynb", "# A", "print('fine')", source)
    assert run([path], tmp_path / "build") == 1
    assert "failed in cell [2]\n    import os\nPython itself stopped" in capfd.readouterr().err
