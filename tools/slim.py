"""Throw parts of a fork away: with what only they need, and with the links that lead there.

    python -m tools.slim [chinese] [optional] [site] [study]

Without a name, this says what each part holds.
"""

import posixpath
import re
import shutil
import subprocess
import sys

from helpers.files import ROOT
from tools import relink, write

LESSONS = "better", "how_sure", "in_pytorch", "other_hands", "scaling_out", "see_inside"
# What goes with a part, or with several when all of them are gone.
PARTS = {
    "chinese": "notebooks/zh_CN locales/zh_CN helpers/data/languages/zh_CN *.zh-CN.* */*.zh-CN.*",
    "optional": "notebooks/extras notebooks/*/extras helpers/data/mnist_cnn_50000.keras "
    + " ".join(f"*/{lesson} helpers/*/{lesson}.py" for lesson in LESSONS),
    "site": "publish/site.py publish/conf.py publish/exercises.py publish/i* publish/*.html "
    "publish/*.js publish/*.css tests/publish/test_site.py .github/workflows/site.yml",
    "study": "study tests/study",
    "optional study": "helpers/data/study.json",
    "optional site": "helpers/web/explorer.*",
    "chinese site": "publish/t* tests/publish/test_translate.py tests/publish/conftest.py",
}
# What else speaks of a part, for the forker to find.
WORDS = {
    "chinese": r"Chinese|\bzh[_-]CN|中文",
    "optional": rf"[Oo]ptional lesson|\bextras\b|{'|'.join(LESSONS[1:])}",
    "site": r"github\.io|make site|web site|publish[./]site|on the web",
    "study": r"make bench|\bstudy[./]\w|the study\b|--group study",
}
IMAGE = re.compile(r'!\[[^]]*\]\(([\w./-]+)\)\n*|(?: · )?<a href="([\w./-]+)">[^<]*</a>')
IMPORT = re.compile(r"^from helpers\.\w+\.(\w+) import (?:\([^)]*\)|.*)\n", re.MULTILINE)
TEXTS = "*.md */*.md notebooks/**/*.ipynb locales/*/lesson.po"
SOURCES = "", "docs", "notebooks", "notebooks/extras"
TO_EDIT = "*.md */*.md notebooks/*.ipynb .github/workflows/*.yml Makefile pyproject.toml"


def main(parts: list[str]) -> None:
    """Throw parts away; SystemExit says which there are, or what has to be committed before."""
    if not parts or {*parts} - {*WORDS}:
        held = "\n".join(f"{part:10}{PARTS[part]}" for part in WORDS)
        raise SystemExit(f"Name one or more of these parts:\n{held}")
    state = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True)
    if state.returncode or state.stdout:
        raise SystemExit("Commit everything with git first, so that you can go back.")
    gone = {part for part in WORDS if part in parts or not found(PARTS[part].split()[0])}
    removed = [name for part in PARTS if {*part.split()} <= gone for name in found(PARTS[part])]
    for path in (ROOT / name for name in removed):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)  # one in another
    repair(removed)
    print("Thrown away:", *removed, "\nStill spoken of, to be edited by hand:", sep="\n")
    words = re.compile("|".join(WORDS[part] for part in sorted(gone)))
    for name in found(TO_EDIT):
        for number, line in enumerate((ROOT / name).read_text("utf-8").splitlines(), start=1):
            if said := words.search(line):
                part = line[max(0, said.start() - 40) : said.end() + 40].strip()
                print(f"{name}:{number}: {part}")
    print("\n`make test` and `make lint` say whether all is well; `git checkout .` brings it back.")


def repair(removed: list[str]) -> None:
    """Take out links, pictures and imports of what was removed; the text of a link stays."""

    def lead(target: str) -> str | None:
        return "" if any(f"{target}/".startswith(f"{name}/") for name in removed) else None

    for name in found(TEXTS):
        text, folder = (ROOT / name).read_text(encoding="utf-8"), posixpath.dirname(name)
        if name.endswith(".md"):
            text = IMAGE.sub(lambda one: one[0] if lead(one[1] or one[2]) is None else "", text)
        # A catalogue has texts of all SOURCES; publish/index.md is the site's root.
        for place in {"l": SOURCES, "p": [""]}.get(name[0], [folder]):
            text = relink(text, place, lead)
        write(ROOT / name, text)
    for path in ROOT.glob("helpers/*/__init__.py"):
        own = {module.stem for module in path.parent.glob("*.py")}
        text = path.read_text(encoding="utf-8")
        write(path, IMPORT.sub(lambda one, own=own: one[0] * (one[1] in own), text))


def found(patterns: str) -> list[str]:
    """Return the paths from the root that match patterns, between which there are spaces."""
    paths = [path for pattern in patterns.split() for path in sorted(ROOT.glob(pattern))]
    return [path.relative_to(ROOT).as_posix() for path in paths]


if __name__ == "__main__":
    main(sys.argv[1:])
