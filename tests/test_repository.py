"""No file of the project speaks of the machine or the package registry that it came from."""

import re
import subprocess

import pytest

from helpers.files import ROOT

FORBIDDEN = re.compile(
    r"(?<![\w./])/(?:home|root|Users|work|tmp|var/folders)/\w|\b[A-Z]:\\\\?Users"
    r"|(?i:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|conda\.anaconda\.org)"
)
ALLOWED = {"tests/test_repository.py", "tests/notebooks/test_guards.py"}  # of the very examples
LOCKS = {"uv.lock", "poetry.lock", "package-lock.json", "Pipfile.lock"}


def test_no_file_names_a_machine_or_a_registry_and_none_is_a_lock_file():
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"needs a git clone of the project: {error}")
    names = {name for name in listing.decode().split("\0") if (ROOT / name).is_file()}
    assert names.isdisjoint(LOCKS)
    found = []
    for name in names - ALLOWED:
        content = (ROOT / name).read_bytes()
        text = "" if b"\0" in content else content.decode()  # data, a model or a picture
        found += [f"{name}: {match[0]}" for match in FORBIDDEN.finditer(text)]
    assert found == []
    for text in ("/home/me/x", "'/root/x'", "C:\\Users\\me", "https://PyPI.org/simple", "/tmp/x"):
        assert FORBIDDEN.search(text), text
