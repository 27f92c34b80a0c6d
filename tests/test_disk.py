"""Files are replaced whole or not at all: on a full disk, where one is held, after a kill."""

import errno
import os
import time
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import DEFAULT, Mock
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from helpers.common import files
from helpers.common.files import ROOT, WriteError, atomic_write
from helpers.model import build_model
from helpers.saved.models import MODEL_NAME, path_to_save
from tests.scratch import LEARNER_FILES, file_contents


def test_a_file_is_replaced_when_the_block_ends_well_and_only_then(tmp_path):
    target = tmp_path / "new folder" / "numbers.txt"
    with (
        atomic_write(target) as path,
        atomic_write(target) as other,
    ):  # no two share a temporary file
        path.write_text("whole")
        other.write_text("another")
        assert not target.exists() and path.suffix == ".txt"
    with pytest.raises(RuntimeError), atomic_write(target) as path:
        path.write_text("half")
        raise RuntimeError
    assert file_contents(target.parent) == {"numbers.txt": b"whole"}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
@pytest.mark.parametrize("name", ["mnist_cnn.%s.keras", "mnist_cnn.previous.%s.keras"])
def test_a_full_disk(artifacts, monkeypatch, name):
    monkeypatch.setattr(files.secrets, "token_hex", lambda length: "token")
    (artifacts / f".{name % 'token.partial'}").symlink_to("/dev/full")
    message = r"can't be written \(No space.*Free some.*HELLO_MNIST"
    with pytest.raises(WriteError, match=message), path_to_save(build_model()) as path:
        build_model().save(path)
    assert file_contents(artifacts) == LEARNER_FILES


@pytest.mark.parametrize(("failures", "left"), [(2, b"new"), (9, b"{}")])
def test_windows_holds_a_new_file_for_a_moment_or_says_so(artifacts, monkeypatch, failures, left):
    held = [PermissionError(errno.EACCES, "Access is denied")] * failures
    monkeypatch.setattr(os, "replace", Mock(wraps=os.replace, side_effect=[*held, DEFAULT]))
    monkeypatch.setattr(files, "SECONDS_BETWEEN_TRIES", [0] * 4)
    message = r"json can't be written \(Access is denied\).*virus scanner or OneDrive"
    outcome = nullcontext() if left == b"new" else pytest.raises(WriteError, match=message)
    with outcome, atomic_write(artifacts / "history.json") as path:
        path.write_bytes(b"new")
    assert file_contents(artifacts) == LEARNER_FILES | {"history.json": left}


def test_what_a_killed_save_has_left_goes_with_one_a_day_later(artifacts):
    left = artifacts / ".mnist_cnn.token.partial.keras"  # the name that fills the disk above
    left.touch()
    for age, stays in {60: True, 200_000: False}.items():  # another notebook's, or that of a kill
        os.utime(left, (time.time() - age,) * 2)
        with atomic_write(artifacts / MODEL_NAME) as path:
            path.touch()
        assert left.exists() == stays and file_contents(artifacts).keys() >= LEARNER_FILES.keys()


def test_the_folder_of_results_is_one_whatever_it_is_called(monkeypatch):
    expected = {"": ROOT / "artifacts", "of/yours": ROOT / "of" / "yours", "~": Path.home()}
    for value, path in expected.items():
        monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", value)
        assert files.artifacts() == path


def test_the_link_to_a_result_leads_to_it_whatever_signs_its_folder_has(monkeypatch):
    folder = "Ergebnisse #1, 100%?"
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", folder)
    monkeypatch.chdir(ROOT / "notebooks")
    path = files.artifacts() / "mnist_cnn.keras"
    link = BeautifulSoup(files.Link(path)._repr_html_(), "html.parser").a
    address = urlsplit(urljoin("http://localhost/notebooks/", link["href"]))
    assert unquote(address.path) == f"/{folder}/mnist_cnn.keras"
    assert link.text == f"{folder}/mnist_cnn.keras"
