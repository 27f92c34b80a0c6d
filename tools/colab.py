"""What the first cell of a notebook calls on Colab, when it has fetched the lesson's files."""

from helpers.files import ROOT
from helpers.language import _


def compare_versions(notebook_version: str, repository: str) -> None:
    """Say that a notebook is older than the lesson's files, if it is."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    if f'version = "{notebook_version}"' not in project:
        print(_("This notebook is older than the lesson's files. If a cell fails, open it anew:"))
        print(repository)
