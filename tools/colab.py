"""What the first cell of a notebook runs on Colab, when it has fetched the lesson's files."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def start(version: str) -> None:
    """Let a notebook of a version import the lesson's files, those of this version if possible.

    Notebooks of all versions call this function as it is in the newest version. If there is no
    release of the notebook's version, the newest files stay, and a text says that the notebook is
    older. No file of the lesson is imported before the right version is here.
    """
    if not _has_version(version):
        tag = f"v{version}"
        fetched = _run_git("fetch", "-q", "--depth", "1", "origin", "tag", tag)
        if fetched.returncode == 0:
            _run_git("checkout", "-q", tag)
    sys.path.insert(0, str(ROOT))
    if not _has_version(version):
        from helpers.common.language import _

        print(_("This notebook is older than the lesson's files. If a cell fails, open it anew:"))
        print(_run_git("remote", "get-url", "origin").stdout.strip())


def _has_version(version: str) -> bool:
    """Are the files of this version of the lesson?"""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return f'version = "{version}"' in project


def _run_git(*arguments: str) -> subprocess.CompletedProcess:
    """Run git in the lesson's folder, and return what it says."""
    return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True)
