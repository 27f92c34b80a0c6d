"""A fork that throws away all that it can still collects its tests and keeps the rules."""

import re
import shutil
import subprocess
import sys

import pytest

from helpers.files import ROOT
from tools import slim

QUICK = ["tests/test_links.py", "tests/test_glossary.py", "tests/notebooks/test_notebooks.py"]
# An editable installation would find what is gone, in the project that this is a copy of.
PYTEST = """import sys, pytest
sys.meta_path[:] = [one for one in sys.meta_path if "Editable" not in str(one)]
sys.exit(pytest.main(sys.argv[1:]))"""


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs a git clone of the project")
def test_the_smallest_fork(tmp_path):
    def call(*command):
        done = subprocess.run([*map(str, command)], cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    listing = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    for path in filter(str.strip, listing.split("\0")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / path).exists():
            shutil.copyfile(ROOT / path, tmp_path / path)
    tool = [sys.executable, "-m", "tools.slim"]
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "all of it"]):
        assert "Commit everything" in call(*tool, "site")[1]  # also where there is no repository
        assert call("git", *command) == (0, "")
    for parts in ([], ["site", "docs"]):
        code, said = call(*tool, *parts)
        assert code == 1 and re.findall(r"^(\w+) {2}", said, re.MULTILINE) == [*slim.WORDS]
    code, said = call(*tool, *slim.WORDS)
    assert code == 0 and "\nhelpers/see_inside\n" in said and "\nCONTRIBUTING.md:" in said
    assert "??" not in call("git", "status", "--porcelain")[1]  # so `git checkout .` undoes it
    run = [sys.executable, "-c", PYTEST, "-q", "-p", "no:cacheprovider"]
    code, said = call(*run, *QUICK)
    assert code == 0, said
    code, said = call(*run, "--collect-only", "tests", "notebooks")
    assert code == 0 and " tests collected" in said, said


def test_links_pictures_and_imports_are_taken_out(tmp_path, monkeypatch):
    texts = {
        "README.md": '[a](b.md) · <a href="gone.md">c</a>\n\n![d](gone/e.png)\n\n[f](gone/g.md)\n',
        "notebooks/x.ipynb": '"[i](y.ipynb) [j](../gone/k.ipynb#l) m"',
        "locales/fr/lesson.po": 'msgid "[n](gone/o.md) [p](../gone/q.ipynb) [r](y.ipynb)"',
        "helpers/a/__init__.py": "from helpers.a.s import t\nfrom helpers.a.u import (\n v)\n",
        "helpers/a/s.py": "",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(slim, "ROOT", tmp_path)
    slim.repair(["gone", "gone.md"])
    left = [(tmp_path / name).read_text(encoding="utf-8") for name in texts]
    assert left[:2] == ["[a](b.md)\n\nf\n", '"[i](y.ipynb) j m"']
    assert left[2:] == ['msgid "n p [r](y.ipynb)"', "from helpers.a.s import t\n", ""]
