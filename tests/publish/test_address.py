import pytest

from helpers.files import ROOT
from publish import address
from tools.execute import four_notebooks

OURS = """\
[![CI](https://github.com/OWNER/hello.mnist/actions/workflows/ci.yml/badge.svg)](x)
    git clone https://github.com/OWNER/hello.mnist.git
[Read it](https://OWNER.github.io/hello.mnist/), or clone https://github.com/OWNER/hello.mnist.
[One file](https://github.com/OWNER/hello.mnist/releases)
"""
OTHERS = "https://OWNER.github.io/hello.mnist-2/ https://github.com/OWNER/hello.mnist.js OWNER\n"


def test_every_place_and_only_ours_is_stamped_and_a_malformed_address_refused(tmp_path):
    name_address = '[project.urls]\nRepository = "{}"\n'.format
    names = ["notebooks/extras/more.ipynb", "locales/xx/lesson.po", "README.xx.md", "README.md"]
    for path in (files := [tmp_path / name for name in names]):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(OURS + OTHERS)
    for url in ("", "http://github.com/a/b", "https://github.com/a"):
        (tmp_path / "pyproject.toml").write_text(name_address(url))
        with pytest.raises(SystemExit, match="expected 'https://github"):
            address.main(tmp_path)
    two = name_address("https://github.com/a-school/two_2.0/")
    for mirror in ("gitee.com/OWNER/hello.mnist", "a.org/b", None, None):  # the last: no change
        named = f'Mirror = "https://{mirror}/"\n' if mirror else ""
        (tmp_path / "pyproject.toml").write_text(two + named)
        address.main(tmp_path)
        ours = OURS.replace("OWNER/hello.mnist", "a-school/two_2.0")
        ours = ours.replace("OWNER.github.io/hello.mnist", "a-school.github.io/two_2.0")
        if mirror:
            ours = ours.replace("github.com/a-school/two_2.0/releases", f"{mirror}/releases")
        assert [path.read_text() for path in files] == [ours + OTHERS] * len(files)


def test_this_project_is_stamped():
    readme, ours = (ROOT / "README.md").read_text(encoding="utf-8"), address.repository()
    assert f"//github.com/{ours}/actions/" in readme
    if (ROOT / "publish" / "site.py").exists():
        assert "](https://{}.github.io/{}/)".format(*ours.split("/")) in readme
    for path in four_notebooks():
        assert f"/github/{ours}/blob/main/notebooks/{path.name}" in readme
        assert f'REPOSITORY = \\"https://github.com/{ours}\\"' in path.read_text("utf-8")
