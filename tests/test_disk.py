"""Files are replaced whole or not at all: on a full disk, in a read-only folder, after a kill."""

import errno
import json
import os
import secrets
import shutil
import subprocess
import sys
from contextlib import nullcontext

import numpy as np
import pytest

from helpers import files, training
from helpers.files import ROOT, WriteError, artifacts, replacing
from helpers.model import MODEL_NAME, build_model, load_model

YOURS = {"mnist_cnn.keras": b"yours", "mnist_cnn.previous.keras": b"older", "history.json": b"{}"}
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An artifacts folder with files of the learner's."""
    folder = tmp_path / "artifacts"
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(folder))
    folder.mkdir()
    for name, content in YOURS.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def network():
    return build_model()


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(network, cause):
    """Try to save a run; the message must name the file, the cause and a remedy."""
    named = r"(mnist_cnn\.(previous\.)?keras|history\.json) can't be written"
    with pytest.raises(WriteError, match=rf"{named} \({cause}.*Free some space.*HELLO_MNIST"):
        training.save_run(network, {"loss": [0.5]})


def test_a_file_is_replaced_when_the_block_ends_well_and_only_then(tmp_path):
    target = tmp_path / "new folder" / "numbers.txt"
    with replacing(target) as path:
        assert path.parent == target.parent and path.suffix == ".txt"
        path.write_text("whole")
        assert not target.exists()
    for error, raised in ((RuntimeError(), RuntimeError), (FULL, WriteError)):
        with pytest.raises(raised) as caught, replacing(target) as path:
            path.write_text("half")
            raise error
        assert content(target.parent) == {"numbers.txt": b"whole"}
    assert "Free some space" in str(caught.value) and "HELLO_MNIST" not in str(caught.value)


def test_two_writers_never_share_a_temporary_file(tmp_path):
    with replacing(tmp_path / "a.txt") as one, replacing(tmp_path / "a.txt") as other:
        one.write_text("one")
        other.write_text("other")
    assert content(tmp_path) == {"a.txt": b"one"}


def test_results_go_to_the_project_or_to_the_folder_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert artifacts() == tmp_path
    monkeypatch.delenv("HELLO_MNIST_ARTIFACTS")
    assert artifacts() == ROOT / "artifacts" and (ROOT / "pyproject.toml").is_file()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
def test_a_full_disk(folder, network, monkeypatch):
    """The temporary file of the model is a device that is always full."""
    monkeypatch.setattr(secrets, "token_hex", lambda length: "token")
    (folder / ".mnist_cnn.token.partial.keras").symlink_to("/dev/full")
    refused(network, "No space left")
    assert content(folder) == YOURS


@pytest.mark.parametrize("broken", ["the copy", *YOURS])
def test_whichever_write_fails_the_learners_files_are_whole(folder, network, monkeypatch, broken):
    """The disk fills up while the earlier model is copied, or fails as a file is put in place."""

    def fail(source, target):
        if target.name == broken or broken == "the copy":
            raise FULL
        replace(source, target)

    replace = os.replace
    monkeypatch.setattr(*(shutil, "copyfile") if broken == "the copy" else (os, "replace"), fail)
    refused(network, "No space left on device")
    kept = content(folder)
    place = "mnist_cnn.previous.keras" if broken == "history.json" else "mnist_cnn.keras"
    assert kept.keys() == YOURS.keys() and kept[place] == b"yours"


def test_a_folder_that_is_read_only_or_cannot_be_made(folder, network, monkeypatch, request):
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(folder / "history.json"))
    refused(network, "")
    monkeypatch.setenv("HELLO_MNIST_ARTIFACTS", str(folder))
    request.addfinalizer(lambda: folder.chmod(0o755))
    folder.chmod(0o555)
    if not os.access(folder, os.W_OK):  # else this user may write anywhere
        refused(network, "Permission")
    assert content(folder) == YOURS


@pytest.mark.parametrize(("failures", "left"), [(2, b"new"), (99, b"old")])
def test_a_file_that_another_program_holds(tmp_path, monkeypatch, failures, left):
    """On Windows, a virus scanner or OneDrive opens each new file for a moment."""

    def held(source, target):
        if next(fails, False):
            raise PermissionError(errno.EACCES, "Access is denied")
        replace(source, target)

    fails, waits, replace = iter([True] * failures), [], os.replace
    monkeypatch.setattr(os, "replace", held)
    monkeypatch.setattr(files.time, "sleep", waits.append)
    (tmp_path / "a.txt").write_bytes(b"old")
    said = r"a\.txt can't be replaced \(Access is denied\).*virus scanner or OneDrive"
    outcome = nullcontext() if left == b"new" else pytest.raises(WriteError, match=said)
    with outcome, replacing(tmp_path / "a.txt") as path:
        path.write_bytes(b"new")
    assert content(tmp_path) == {"a.txt": left} and sum(waits) < 5


def test_saving_twice_keeps_the_older_model(folder, network):
    for _again in range(2):
        history = {"loss": [np.float32(0.5), 0.25]}
        assert training.save_run(network, history) == folder / MODEL_NAME
    kept = content(folder)
    assert kept.keys() == YOURS.keys() and kept["mnist_cnn.previous.keras"] == b"yours"
    assert json.loads(kept["history.json"]) == {"loss": [0.5, 0.25]}
    found = load_model(folder / MODEL_NAME).get_weights()
    np.testing.assert_array_equal(found[0], network.get_weights()[0])


def test_a_kernel_killed_while_it_saves(folder):
    code = (
        "import time; from helpers.files import replacing\n"
        f"with replacing({str(folder / MODEL_NAME)!r}) as path:\n"
        "    path.write_bytes(b'half'); print('now', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "now\n"
        process.kill()
    kept = content(folder)
    assert {name: kept[name] for name in YOURS} == YOURS
    with replacing(folder / MODEL_NAME) as path:  # and the next one is not in its way
        path.write_bytes(b"new")
    assert (folder / MODEL_NAME).read_bytes() == b"new"
