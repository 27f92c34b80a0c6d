"""The folder for a class without a network; uv, which would fetch wheels, is stood in for."""

import re
import shutil
import subprocess
from unittest.mock import Mock

import pytest

from tools import offline


def test_the_folder_holds_the_lesson_and_commands_or_a_sentence_says_why_not(tmp_path, monkeypatch):
    calls, run, codes = [], subprocess.run, {offline.UV: 0, "git": 1}

    def call(command, **settings):
        calls.append(command)
        done = Mock(returncode=codes.get(command[0]))
        return run(command, **settings) if done.returncode is None else done

    monkeypatch.setattr(subprocess, "run", call)
    monkeypatch.setattr(offline, "FOLDER", folder := tmp_path / "build" / "offline")
    for _ in range(2):  # without git, and with it
        offline.main(["--platform=windows", "--python=3.12"])
        assert {path.name for path in folder.iterdir()} == {"lesson", "wheels", "READ_ME.txt"}
        names = {path.name for path in (folder / "lesson").iterdir()}
        assert names >= {"README.md", "notebooks"} and not names & {".git", ".venv", "build"}
        codes.pop("git", None)
    assert "--python-platform=windows" in calls[0] and "--platform=win_amd64" in calls[1]
    text = (folder / "READ_ME.txt").read_text(encoding="utf-8")
    english, *others = (re.findall("^    .*", one, re.M) for one in text.split("hello-mnist")[1:])
    assert english[0] == "    py -3.12 -m venv .venv" and "bin/" not in text
    for other in others:
        assert other[:-1] == english[:-1] and other[-1].startswith(english[-1])

    codes[offline.UV] = 1
    for free, why in {3e9: "It needs the internet, and wheels", 1e9: "disk; 1.0 GB are"}.items():
        monkeypatch.setattr(shutil, "disk_usage", lambda path, free=free: Mock(free=free))
        with pytest.raises(SystemExit, match=why):
            offline.main([])
        assert [*folder.parent.iterdir()] == [folder] and (folder / "READ_ME.txt").exists()
