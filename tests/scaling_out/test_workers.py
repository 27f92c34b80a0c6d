"""Workers get a place each, and one that fails ends them all and is heard; nbval runs real ones."""

import os
import time

import pytest

from helpers.scaling_out import workers

PROGRAM = """import json, os, time
config = json.loads(os.environ["TF_CONFIG"])
{source}
print(json.dumps({name}(config)))
"""


@pytest.fixture(autouse=True)
def without_tensorflow(monkeypatch):
    monkeypatch.setattr(workers, "PROGRAM", PROGRAM)


def index(config):
    return config["task"]["index"]


def place(config):
    os.write(2, b"\xe9 of another encoding")
    return index(config), config["cluster"]["worker"]


def fail(config):
    time.sleep(60 * (config["task"]["index"] == 0))
    raise ValueError("a mistake")


def test_each_worker_has_an_index_and_all_have_the_same_addresses():
    (first, addresses), (second, again) = workers.run(place, 2, index)
    assert (first, second) == (0, 1) and addresses == again and len({*addresses}) == 2


def test_a_worker_that_fails_or_never_ends_ends_all_and_is_heard(monkeypatch):
    start = time.monotonic()
    with pytest.raises(RuntimeError, match=r"ended with \[None, 1\].*'ValueError: a mistake'"):
        workers.run(fail, 2)
    monkeypatch.setattr(workers, "WAIT", 0)
    with pytest.raises(RuntimeError, match=r"\[None\], and said: \['nothing'\]"):
        workers.run(fail, 1)
    assert time.monotonic() - start < 50
