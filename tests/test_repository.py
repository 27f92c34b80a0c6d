"""No file of the project speaks of the machine or the package registry that it came from."""

import re
import subprocess

import pytest

from helpers.files import ROOT

FORBIDDEN = [
    re.compile(r"(?<![\w./])/(?:home|root|Users|work|tmp|var/folders)/\w"),
    re.compile(r"\b[A-Z]:\\\\?Users"),
    re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|conda\.anaconda\.org", re.I),
]
ALLOWED = {"tests/test_repository.py", "tests/notebooks/test_guards.py"}  # of the very examples


def files() -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"needs a git clone of the project: {error}")
    return sorted(name for name in listing.decode().split("\0") if (ROOT / name).is_file())


def test_no_file_names_a_machine_or_a_registry():
    found = []
    for name in set(files()) - ALLOWED:
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # data, a model or a picture
        found += [f"{name}: {match[0]}" for rule in FORBIDDEN for match in rule.finditer(text)]
    assert found == []
    for text in ("/home/me/x", "'/root/x'", "C:\\Users\\me", "https://pypi.org/simple", "/tmp/x"):
        assert any(rule.search(text) for rule in FORBIDDEN), text


def test_there_is_no_lock_file():
    locks = {"uv.lock", "poetry.lock", "package-lock.json", "Pipfile.lock"}
    assert locks.isdisjoint(name.rpartition("/")[2] for name in files())
