"""The folder for a class without a network; uv, which would fetch wheels, is stood in for."""

import subprocess
from unittest.mock import Mock

import pytest

from helpers.files import ROOT
from tools import offline


def test_the_folder_holds_the_lesson_and_commands_or_a_sentence_says_why_not(tmp_path, monkeypatch):
    offline.copy_lesson(root := tmp_path / "root")
    for name in (".git/index", ".venv/python", "notebooks/01_load.ipynb", "of_mine.txt"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("as it is here")
    uv = Mock(return_value=Mock(returncode=0))
    monkeypatch.setattr(subprocess, "run", uv)
    monkeypatch.setattr(offline, "ROOT", root)
    monkeypatch.setattr(offline, "FOLDER", folder := root / "build" / "offline")
    offline.make_offline_folder(["--platform=windows", "--python=3.12"])
    assert {path.name for path in folder.iterdir()} == {"lesson", "wheels", "READ_ME.txt"}
    copied = {path.name: path for path in (folder / "lesson").iterdir()}
    assert {*copied} >= {"notebooks", "of_mine.txt"} and not {*copied} & {".git", ".venv", "build"}
    assert (copied["notebooks"] / "01_load.ipynb").read_text() == "as it is here"
    steps = [call.args[0] for call in uv.call_args_list]
    for release, (choose, fetch) in {"3.12.0": steps[:2], "3.12.99": steps[2:]}.items():
        assert f"--python-version={release}" in choose and f"--python-version={release}" in fetch
        assert "--python-platform=windows" in choose and "--platform=win_amd64" in fetch
    text = (folder / "READ_ME.txt").read_text(encoding="utf-8")
    languages = ["en", *(ROOT / "locales").glob("*/offline.txt")]
    assert text.count("\n    py -3.12 -m venv .venv\n") == len(languages) and "bin/" not in text

    uv.return_value.returncode = 1
    with pytest.raises(SystemExit, match="The command needs the internet, "):
        offline.make_offline_folder([])
    assert [*folder.parent.iterdir()] == [folder] and (folder / "READ_ME.txt").exists()
