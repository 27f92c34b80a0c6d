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


def copy(root: Path = ROOT) -> str:
    """Return the address to download from: the mirror's, where pyproject.toml names one."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    mirror = re.search('^Mirror = "(https://.*?)/?"', text, re.MULTILINE)
    return mirror[1] if mirror else f"https://github.com/{repository(root)}"


def main(root: Path = ROOT) -> None:
    """Stamp all files below `root`."""
    new, readme = repository(root), root / "README.md"
    text = readme.read_text(encoding="utf-8")
    old = re.search(r"https://github\.com/([\w-]+/[\w.-]+)/actions/", text)[1]
    # Not another project whose name only begins like ours: o/name-2, o/name.js.
    ours = re.compile(rf"(?<=/){re.escape(old)}(?![\w-]|\.(?!git\b)\w)")
    copies = re.findall(r"\]\(https://[^)\s]+/releases\)", ours.sub(new, text))[:1]
    page, new_page = ("{}.github.io/{}/".format(*name.split("/")) for name in (old, new))
    stamped = [*root.glob("notebooks/**/*.ipynb"), *root.glob("locales/**/*.po")]
    for path in [*stamped, *root.glob("README.*.md"), readme]:
        text = ours.sub(new, path.read_text(encoding="utf-8"))
        for old in copies:
            text = text.replace(old, f"]({copy(root)}/releases)")
        write(path, text.replace(f"//{page}", f"//{new_page}"))
    print(f"The README and the notebooks name {new}.")


if __name__ == "__main__":
    main()
