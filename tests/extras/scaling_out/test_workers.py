"""A worker that fails ends them all and is heard; nbval runs those that learn."""

import os
import sys
import time

import pytest

from helpers.extras.scaling_out import workers

WITHOUT_TENSORFLOW = """import json, os, time
config = json.loads(os.environ["TF_CONFIG"])
{source}
print(json.dumps({name}(config)))
"""


def fail(config):
    time.sleep(60 * (config["task"]["index"] == 0))
    os.write(2, b"\xe9 of another encoding\n")
    raise ValueError("a mistake")


def test_a_worker_that_fails_or_never_ends_ends_all_and_is_heard(monkeypatch):
    monkeypatch.setattr(workers, "PROGRAM", WITHOUT_TENSORFLOW)
    start = time.monotonic()
    with pytest.raises(RuntimeError, match=r"ended with \[None, 1\].*'ValueError: a mistake'"):
        workers.run(fail, 2)
    monkeypatch.setattr(workers, "TIMEOUT", 0)
    with pytest.raises(RuntimeError, match=r"took more than 0 seconds, and said: \['nothing'\]"):
        workers.run(fail, 1)
    assert time.monotonic() - start < 50


def test_without_pytorch_a_sentence_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "`uv sync --inexact --group pytorch` installs it" in workers.run_in_torch("", 2)


def test_torchrun_runs_a_program_in_two_processes_and_says_why_it_fails():
    pytest.importorskip("torch")
    program = "import os\nif os.environ['RANK'] == '1': print('of', os.environ['WORLD_SIZE'])"
    assert workers.run_in_torch(program, 2) == "of 2"
    with pytest.raises(RuntimeError, match="a mistake of ours"):
        workers.run_in_torch("raise ValueError('a mistake of ours')", 1)
