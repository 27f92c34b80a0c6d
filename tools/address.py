"""Stamp the repository's public address from pyproject.toml into the README and the notebooks.

    python -m tools.address            after a change in pyproject.toml
    python -m tools.address --check    only list what differs

Whoever forks the project changes one line under [project.urls] and runs the first command.
"""

import argparse
import re
import sys
from pathlib import Path

from helpers.files import ROOT, replacing

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ADDRESS = re.compile(r"https://github\.com/([\w-]+/[\w.-]+?)(?:\.git)?/?")

# What stands before "owner/name" where the address is ours; other projects' links are left alone.
STAMPED = re.compile(
    r"""(?P<before>
        https://colab\.research\.google\.com/github/        # Open in Colab
      | https://mybinder\.org/v2/gh/                        # Binder
      | https://github\.com/(?=[\w-]+/[\w.-]+/actions/)     # the CI badge and its link
      | git\ clone\ https://github\.com/                    # the README's first step
      | REPOSITORY\ =\ \\?"https://github\.com/             # a notebook's Colab cell
    )
    (?P<repository>[\w-]+/[\w.-]+?)(?=\.git\b|[\s/"\\)`?]|$)""",
    re.VERBOSE | re.MULTILINE,
)


def repository(pyproject: Path = ROOT / "pyproject.toml") -> str:
    """Return "owner/name" from the Repository address in `pyproject`.

    Raises:
        ValueError: the address is missing or is not of the form https://github.com/owner/name.
    """
    urls = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"].get("urls", {})
    address = urls.get("Repository")
    match = ADDRESS.fullmatch(address or "")
    if not match:
        raise ValueError(
            f"{pyproject.name}: Repository under [project.urls] is {address!r}; "
            "expected 'https://github.com/owner/name'."
        )
    return match[1]


def stamped(text: str, owner_and_name: str) -> str:
    """Return `text` with `owner_and_name` in each place where the project's address stands."""
    return STAMPED.sub(lambda match: match["before"] + owner_and_name, text)


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Stamp, or with --check only compare; return 1 if there is a difference or an error."""
    parser = argparse.ArgumentParser("python -m tools.address", description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, list what differs")
    check = parser.parse_args(arguments).check
    try:
        owner_and_name = repository(root / "pyproject.toml")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1

    differing = 0
    for path in [root / "README.md", *sorted((root / "notebooks").rglob("*.ipynb"))]:
        before = path.read_text(encoding="utf-8")
        after = stamped(before, owner_and_name)
        if after != before:
            differing += 1
            print(f"{path.relative_to(root)}: {'differs' if check else 'stamped'}")
            if not check:
                with replacing(path) as beside:
                    beside.write_text(after, encoding="utf-8", newline="\n")
    if not differing:
        print(f"Everything names {owner_and_name} already.")
    return int(check and differing > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
