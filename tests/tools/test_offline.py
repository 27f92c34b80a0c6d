"""The folder for a class without a network; uv, which would fetch wheels, is stood in for."""

import errno
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from helpers.common.files import ROOT
from tests.for_teachers import answers_found_in
from tools import offline

TRANSLATED_TEXTS = sorted(ROOT.glob("locales/*/offline.txt"))


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project with what the command reads, and with files of a teacher and of git."""
    root = tmp_path / "root"
    for path in (ROOT / ".gitignore", ROOT / "tools" / "offline.txt", *TRANSLATED_TEXTS):
        copy = root / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    for name in (".git/index", ".venv/python", "notebooks/01_load.ipynb", "of_mine.txt"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("as it is here")
    monkeypatch.setattr(offline, "ROOT", root)
    monkeypatch.setattr(offline, "FOLDER", root / "build" / "offline")
    return root


@pytest.fixture
def uv(monkeypatch):
    """A stand-in for the program uv, which succeeds."""
    run = Mock(return_value=Mock(returncode=0))
    monkeypatch.setattr(subprocess, "run", run)
    return run


def test_the_folder_has_the_lesson_as_it_is_here_and_no_file_that_git_ignores(project, uv):
    offline.make_offline_folder([])
    assert {path.name for path in offline.FOLDER.iterdir()} == {"lesson", "wheels", "READ_ME.txt"}
    copied = {path.name: path for path in (offline.FOLDER / "lesson").iterdir()}
    assert {*copied} >= {"notebooks", "of_mine.txt"} and not {*copied} & {".git", ".venv", "build"}
    assert (copied["notebooks"] / "01_load.ipynb").read_text() == "as it is here"


def test_the_folder_has_the_trained_network_and_not_the_one_that_somebody_has_saved(project, uv):
    """.gitignore has "/mnist_cnn.keras", which git ignores in the project's folder alone."""
    for name in ("mnist_cnn.keras", "helpers/data/mnist_cnn.keras"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("a network")
    offline.make_offline_folder([])
    found = {path.relative_to(offline.FOLDER) for path in offline.FOLDER.rglob("mnist_cnn.keras")}
    assert {path.as_posix() for path in found} == {"lesson/helpers/data/mnist_cnn.keras"}


def test_a_full_disk_is_said_once_and_not_for_each_file(project, uv, monkeypatch):
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(shutil, "copyfile", Mock(side_effect=full))
    with pytest.raises(SystemExit, match=r"^The folder can't be made") as stopped:
        offline.make_offline_folder([])
    assert str(stopped.value).count("No space left on device") == 1
    assert "2.5 GB of disk" in str(stopped.value) and not offline.FOLDER.exists()


def test_a_pupil_finds_no_answer_of_the_test_the_keys_and_the_quiz(tmp_path):
    """In the folder for laptops: all files of the real project, and what is packed of them."""
    offline.copy_lesson(tmp_path / "lesson")
    files = [path for path in (tmp_path / "lesson").rglob("*") if path.is_file()]
    names = {path.relative_to(tmp_path / "lesson").as_posix() for path in files}
    wanted = {"notebooks/01_load.ipynb", "docs/try_it.html", "docs/glossary.md", "AGENTS.md"}
    assert wanted <= names
    assert answers_found_in(files) == []


def test_the_lesson_starts_in_the_folder_for_laptops(tmp_path):
    """It imports nothing of what is for teachers."""
    offline.copy_lesson(tmp_path / "lesson")
    for module in ("lab", "run", "work", "offline"):
        command = [sys.executable, "-m", f"tools.{module}", "--help"]
        done = subprocess.run(command, cwd=tmp_path / "lesson", capture_output=True, text=True)
        assert done.returncode == 0 and "usage: python -m" in done.stdout, done.stderr


def test_uv_chooses_and_fetches_wheels_for_early_and_late_releases_of_python(project, uv):
    offline.make_offline_folder(["--platform=windows", "--python=3.12"])
    steps = [call.args[0] for call in uv.call_args_list]
    for release, (choose, fetch) in {"3.12.0": steps[:2], "3.12.99": steps[2:]}.items():
        assert f"--python-version={release}" in choose and f"--python-version={release}" in fetch
        assert "--python-platform=windows" in choose and "--platform=win_amd64" in fetch


def test_the_text_has_the_commands_of_the_system_in_each_language(project, uv):
    offline.make_offline_folder(["--platform=windows", "--python=3.12"])
    text = (offline.FOLDER / "READ_ME.txt").read_text(encoding="utf-8")
    assert text.count("\n    py -3.12 -m venv .venv\n") == 1 + len(TRANSLATED_TEXTS)
    assert "bin/" not in text


def test_a_failure_of_uv_leaves_the_folder_before_as_it_was(project, uv):
    offline.make_offline_folder(["--platform=windows"])
    text = (offline.FOLDER / "READ_ME.txt").read_bytes()
    uv.return_value.returncode = 1
    with pytest.raises(SystemExit, match="The command needs the internet, "):
        offline.make_offline_folder(["--platform=linux"])
    assert [*offline.FOLDER.parent.iterdir()] == [offline.FOLDER]
    assert (offline.FOLDER / "READ_ME.txt").read_bytes() == text


@pytest.mark.parametrize("used", ["offline", "new"])
def test_if_a_folder_cannot_be_moved_the_one_before_stays_as_it_was(project, uv, monkeypatch, used):
    """Windows moves no folder with a file that another program, such as a scanner, has open."""
    offline.make_offline_folder(["--platform=windows"])
    text = (offline.FOLDER / "READ_ME.txt").read_bytes()
    rename = Path.rename

    def rename_unless_used(path, target):
        if path.name == used:
            raise PermissionError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", rename_unless_used)
    with pytest.raises(SystemExit, match=r"can't be made .*Permission denied"):
        offline.make_offline_folder(["--platform=linux"])
    assert (offline.FOLDER / "READ_ME.txt").read_bytes() == text
    assert [*offline.FOLDER.parent.iterdir()] == [offline.FOLDER]
