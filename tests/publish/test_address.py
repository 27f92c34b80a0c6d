import json

import pytest

from helpers.files import ROOT
from publish import address
from tools.execute import NOTEBOOKS, four_notebooks

README = """\
[![CI](https://github.com/OWNER/hello.mnist/actions/workflows/ci.yml/badge.svg)](https://github.com/OWNER/hello.mnist/actions/workflows/ci.yml)
[Binder](https://mybinder.org/v2/gh/OWNER/hello.mnist/main?urlpath=lab/tree/notebooks/01_load.ipynb)
[Open in Colab](https://colab.research.google.com/github/OWNER/hello.mnist/blob/main/notebooks/01_load.ipynb)
    git clone https://github.com/OWNER/hello.mnist.git
    git clone https://github.com/OWNER/hello.mnist
Clone https://github.com/OWNER/hello.mnist.
[Read it](https://OWNER.github.io/hello.mnist/).
"""
OTHERS = """\
Tested with [nbval](https://github.com/computationalmodelling/nbval), not https://github.com/x/y.git
or https://OWNER.github.io/hello.mnist-2/
or https://github.com/OWNER/hello.mnist-2 or https://github.com/OWNER/hello.mnist.js by OWNER.
"""
CELL = ["import os\n", "\n", 'REPOSITORY = "https://github.com/OWNER/hello.mnist"\n', "REPOSITORY"]
NOTEBOOK = json.dumps({"cells": [{"source": CELL}]}, indent=1)


def name_address(root, url):
    (root / "pyproject.toml").write_text(f'[project.urls]\nRepository = "{url}"\n')


def test_stamps_every_place_and_only_ours_and_only_once(tmp_path, capsys):
    for folder in ("notebooks/extras", "notebooks/xx", "locales/xx/LC_MESSAGES"):
        (tmp_path / folder).mkdir(parents=True)
    name_address(tmp_path, "https://github.com/a-school/digits_2.0")
    texts = {"locales/xx/LC_MESSAGES/lesson.po": README, "notebooks/01_load.ipynb": NOTEBOOK}
    texts |= {f"notebooks/{name}.ipynb": NOTEBOOK for name in ("extras/more", "xx/01_load")}
    texts |= {"README.xx.md": README, "README.md": README}
    for name, text in texts.items():
        (tmp_path / name).write_text(text + OTHERS)
    stamped = "".join(f"{name}: stamped\n" for name in texts)
    for said in (stamped, ""):
        address.main(tmp_path)
        last = "The README and the notebooks name a-school/digits_2.0.\n"
        assert capsys.readouterr().out == said + last
        for name, text in texts.items():
            ours = text.replace("OWNER/hello.mnist", "a-school/digits_2.0")
            ours = ours.replace("OWNER.github.io/hello.mnist", "a-school.github.io/digits_2.0")
            assert (tmp_path / name).read_text() == ours + OTHERS


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
    assert f"https://github.com/{ours}/actions/workflows/ci.yml/badge.svg" in readme
    assert f"https://mybinder.org/v2/gh/{ours}/" in readme
    assert "](https://{}.github.io/{}/)".format(*ours.split("/")) in readme
    for path in four_notebooks():
        assert f"colab.research.google.com/github/{ours}/blob/main/notebooks/{path.name}" in readme
    for path in NOTEBOOKS.rglob("*.ipynb"):
        line = f'REPOSITORY = \\"https://github.com/{ours}\\"'
        assert path.read_text(encoding="utf-8").count(line) == 1, path.name
