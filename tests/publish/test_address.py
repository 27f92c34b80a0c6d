import pytest

from helpers.files import ROOT
from publish import address
from tools.execute import NOTEBOOKS, four_notebooks

OURS = """\
[![CI](https://github.com/OWNER/hello.mnist/actions/workflows/ci.yml/badge.svg)](x)
[Binder](https://mybinder.org/v2/gh/OWNER/hello.mnist/main?urlpath=lab)
[Colab](https://colab.research.google.com/github/OWNER/hello.mnist/blob/main/notebooks/01.ipynb)
    git clone https://github.com/OWNER/hello.mnist.git
Clone https://github.com/OWNER/hello.mnist.
[Read it](https://OWNER.github.io/hello.mnist/).
"REPOSITORY = \\"https://github.com/OWNER/hello.mnist\\"\\n",
"""
OTHERS = """\
[nbval](https://github.com/computationalmodelling/nbval), https://OWNER.github.io/hello.mnist-2/
or https://github.com/OWNER/hello.mnist-2 or https://github.com/OWNER/hello.mnist.js by OWNER.
"""


def name_address(root, url):
    (root / "pyproject.toml").write_text(f'[project.urls]\nRepository = "{url}"\n')


def test_stamps_every_place_and_only_ours(tmp_path):
    name_address(tmp_path, "https://github.com/a-school/digits_2.0")
    names = ["README.md", "README.xx.md", "notebooks/01_load.ipynb", "notebooks/extras/more.ipynb"]
    files = [tmp_path / name for name in [*names, "notebooks/xx/01.ipynb", "locales/xx/lesson.po"]]
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(OURS + OTHERS)
    for _run in range(2):  # the second changes nothing
        address.main(tmp_path)
        ours = OURS.replace("OWNER/hello.mnist", "a-school/digits_2.0")
        ours = ours.replace("OWNER.github.io/hello.mnist", "a-school.github.io/digits_2.0")
        assert [path.read_text() for path in files] == [ours + OTHERS] * len(files)


def test_a_malformed_address_is_refused_and_the_forms_that_a_browser_shows_are_not(tmp_path):
    for url in ("", "OWNER/hello-mnist", "http://github.com/a/b", "https://github.com/a"):
        name_address(tmp_path, url)
        with pytest.raises(SystemExit) as ended:
            address.repository(tmp_path)
        assert f"{url!r}; expected 'https://github.com/owner/name'" in ended.value.code
    for url in ("https://github.com/a/b.git", "https://github.com/a/b/"):
        name_address(tmp_path, url)
        assert address.repository(tmp_path) == "a/b"


def test_this_project_is_stamped():
    ours = address.repository()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    places = ["github.com/{}/actions/", "mybinder.org/v2/gh/{}/main"]
    places += [f"/github/{{}}/blob/main/notebooks/{path.name}" for path in four_notebooks()]
    assert [place for place in places if place.format(ours) not in readme] == []
    assert "](https://{}.github.io/{}/)".format(*ours.split("/")) in readme
    for path in NOTEBOOKS.rglob("*.ipynb"):
        line = f'REPOSITORY = \\"https://github.com/{ours}\\"'
        assert path.read_text(encoding="utf-8").count(line) == 1, path.name
