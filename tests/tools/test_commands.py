"""What all commands do when they are started from a terminal."""

import os
import subprocess
import sys

import pytest

from helpers.common.files import ROOT


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a pipe in another way")
def test_a_command_whose_output_nobody_reads_to_its_end_writes_its_files_and_no_traceback(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "Ann.ipynb").write_bytes((ROOT / "notebooks" / "01_load.ipynb").read_bytes())
    results = tmp_path / "results.csv"
    command = [sys.executable, "-m", "teach.class_results", str(folder), "--csv", str(results)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        process.stdout.close()  # as `head` does when it has read enough
        complaint = process.stderr.read()
    assert complaint == b""
    assert {path.name for path in tmp_path.iterdir()} == {
        "class",
        "results.csv",
        "results.html",
        "results_without_names.html",
    }
