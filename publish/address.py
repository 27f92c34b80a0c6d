"""Stamp the public address from pyproject.toml into the READMEs, the notebooks and the catalogues.

    python -m publish.address

Which address stands there until then, the README's CI badge says; so the README comes last.
"""

import re
from pathlib import Path

from helpers.files import ROOT
from tools import write


def repository(root: Path = ROOT) -> str:
    """Return "owner/name" from pyproject.toml; SystemExit says what is wrong with the address."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    address = re.search(r'^\[project\.urls\]\nRepository = "(.*)"$', text, re.MULTILINE)[1]
    found = re.fullmatch(r"https://github\.com/([\w-]+/[\w.-]+?)(?:\.git)?/?", address)
    if not found:
        expected = "expected 'https://github.com/owner/name'."
        raise SystemExit(f"pyproject.toml: [project.urls] Repository is {address!r}; {expected}")
    return found[1]


def main(root: Path = ROOT) -> None:
    """Stamp all files below `root`."""
    new, readme = repository(root), root / "README.md"
    text = readme.read_text(encoding="utf-8")
    old = re.search(r"https://github\.com/([\w-]+/[\w.-]+)/actions/", text)[1]
    # Not another project whose name only begins like ours: o/name-2, o/name.js.
    ours = re.compile(rf"(?<=/){re.escape(old)}(?![\w-]|\.(?!git\b)\w)")
    # The first link of the README to releases leads to the mirror, where there is one.
    named = (root / "pyproject.toml").read_text(encoding="utf-8")
    copy = re.findall(r'^(?:Repository|Mirror) = "(.*?)(?:\.git)?/?"', named, re.MULTILINE)[-1]
    link = re.search(r"\]\(https://[^)\s]+/releases\)", ours.sub(new, text))
    page, new_page = ("{}.github.io/{}/".format(*name.split("/")) for name in (old, new))
    stamped = [*root.glob("notebooks/**/*.ipynb"), *root.glob("locales/**/*.po")]
    for path in [*stamped, *root.glob("README.*.md"), readme]:
        text = ours.sub(new, path.read_text(encoding="utf-8"))
        text = text.replace(link[0], f"]({copy}/releases)") if link else text
        write(path, text.replace(f"//{page}", f"//{new_page}"))
    print(f"The README and the notebooks name {new}.")


if __name__ == "__main__":
    main()
