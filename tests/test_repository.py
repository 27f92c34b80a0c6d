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


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs a git clone of the project")
def test_no_file_names_a_machine_or_a_registry():
    listing = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    assert "README.md\0" in listing
    for path in (ROOT / name for name in {*listing.split("\0")[:-1]} - ALLOWED):
        content = path.read_bytes() if path.is_file() else b""
        if b"\0" not in content:  # which data, a model or a picture has
            assert not FORBIDDEN.search(content.decode()), path
