"""Two real workers on this machine: they agree, they notice a loss, they go on; mistakes are said.

Each process imports TensorFlow, so what can be started together is.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from importlib.metadata import version

import pytest
from packaging.version import Version

from helpers.files import ROOT
from helpers.scaling_out import cluster, workers

SMALL = ["--images", 3_200, "--epochs", 2]  # 100 steps
QUICK = 60  # seconds in which a survivor must have ended; a few are usual


def run(code, **environment):
    """Run Python code as if it were a worker, and return what is left of it."""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    (ended,) = workers.finish([process], wait=QUICK)
    return ended


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of checkpoints that a killed training has left: see `interrupted`."""
    return tmp_path_factory.mktemp("checkpoints")


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    (ended,) = workers.finish(workers.start(1, *SMALL, "--folder", tmp_path_factory.mktemp("one")))
    assert ended.code == 0, ended.error
    return ended.result


@pytest.fixture(scope="module")
def pair():
    ended = workers.finish(workers.start(2, *SMALL))
    assert [one.code for one in ended] == [0, 0], [one.error for one in ended]
    if Version(version("tensorflow")) >= Version("2.20"):  # older ones log that the chief is done
        assert [one.error for one in ended] == ["", ""]
    return [one.result for one in ended]


@pytest.fixture(scope="module")
def interrupted(folder):
    """The worker that is left when worker 1 is killed, and the seconds until it has ended."""
    options = ["--images", 3_200, "--epochs", 400, "--save", 20, "--folder", folder]
    started = workers.start(2, *options)
    workers.wait_for_checkpoint(started, folder)
    started[1].kill()
    begin = time.monotonic()
    survivor, _ = workers.finish(started, wait=300)
    return survivor, time.monotonic() - begin


def test_both_workers_have_the_same_weights_bit_for_bit(pair):
    assert [one["worker"] for one in pair] == [0, 1]
    assert {(one["replicas"], one["first step"], one["steps"]) for one in pair} == {(2, 0, 100)}
    assert pair[0]["weights"] == pair[1]["weights"]


def test_the_accuracy_is_that_of_one_process(pair, alone):
    assert (alone["replicas"], alone["steps"]) == (1, 100)
    assert alone["accuracy"] > 0.85
    assert pair[0]["accuracy"] == pair[1]["accuracy"] == pytest.approx(alone["accuracy"], abs=0.02)


def test_a_worker_that_is_killed_stops_the_other_with_a_message(interrupted, folder):
    survivor, seconds = interrupted
    assert survivor.code == 1 and seconds < QUICK
    assert "Lost worker 1 (localhost:" in survivor.error
    assert "Start the same command again on all machines" in survivor.error
    assert f"in {folder}" in survivor.error and "Traceback" not in survivor.error


def test_a_restart_goes_on_from_the_last_checkpoint(interrupted, folder):
    saved = max(int(path.stem[5:]) for path in folder.glob("ckpt-*.index"))
    epochs = saved // 50 + 1
    options = ["--images", 3_200, "--epochs", epochs, "--save", 20, "--folder", folder]
    ended = workers.finish(workers.start(2, *options))
    assert [one.code for one in ended] == [0, 0], ended
    assert {one.result["first step"] for one in ended} == {saved}
    assert {one.result["steps"] for one in ended} == {50 * epochs}
    assert len({one.result["weights"] for one in ended}) == 1
    assert not list(folder.glob("worker-*"))  # only the chief's are kept, two of them
    assert len(list(folder.glob("ckpt-*.index"))) == 2


def test_going_on_ends_where_going_through_does(alone, tmp_path):
    for epochs in (1, 2):
        options = ["--images", 3_200, "--epochs", epochs, "--folder", tmp_path]
        (ended,) = workers.finish(workers.start(1, *options))
    assert (ended.result["first step"], ended.result["steps"]) == (50, 100)
    assert ended.result["accuracy"] == pytest.approx(alone["accuracy"], abs=0.01)


def test_mistakes_end_in_one_sentence_and_no_traceback(tmp_path):
    with socket.create_server(("", 0)) as taken:
        in_use = f"localhost:{taken.getsockname()[1]}"
        own, absent = workers.free_addresses(2)
        cases = {
            "which is not JSON": workers.start_one("worker 0"),
            "with the indices 0 to 1": workers.start_one(cluster.config([own, absent], 2)),
            f"can't listen at {in_use}": workers.start_one(cluster.config([in_use, absent], 0)),
        }
        waiting = workers.start_one(cluster.config([own, absent], 0), "--wait", 1)
        cases[f"Waited 1 seconds for worker 1 ({absent})"] = waiting
        ended = workers.finish(list(cases.values()), wait=120)
    for said, one in zip(cases, ended, strict=True):
        assert one.code == 1 and one.printed == []
        assert said in one.error and "Traceback" not in one.error


def test_a_folder_that_is_not_shared_and_a_damaged_checkpoint(interrupted, folder, tmp_path):
    addresses = workers.free_addresses(2)
    empty, damaged = tmp_path / "empty", tmp_path / "damaged"
    shutil.copytree(folder, damaged)
    for path in damaged.glob("*.index"):
        path.write_bytes(b"nothing")
    one_by_one = [
        workers.start_one(cluster.config(addresses, index), *SMALL, "--folder", place)
        for index, place in enumerate([folder, empty])
    ]
    alone = workers.start(1, *SMALL, "--folder", damaged)
    *ended, spoilt = workers.finish(one_by_one + alone, wait=120)
    assert [one.code for one in ended] == [1, 1]
    assert any("one folder that all machines share" in one.error for one in ended)
    assert spoilt.code == 1 and "can't be gone on from" in spoilt.error
    assert "Name another --folder" in spoilt.error


@pytest.mark.skipif(os.name != "posix", reason="needs a signal that halts a process")
def test_a_worker_that_is_halted_does_not_hold_up_the_other_for_ever(tmp_path):
    options = ["--images", 3_200, "--epochs", 400, "--save", 20, "--folder", tmp_path]
    started = workers.start(2, *options, "--wait", 30)
    workers.wait_for_checkpoint(started, tmp_path)
    started[1].send_signal(signal.SIGSTOP)
    begin = time.monotonic()
    try:
        (survivor,) = workers.finish(started[:1], wait=150)
        assert survivor.code == 1 and "Lost" in survivor.error
        assert time.monotonic() - begin < 120
    finally:
        started[1].kill()
        workers.finish(started[1:])


def test_a_worker_that_goes_right_after_the_meeting_is_not_waited_for_for_ever():
    """The other one is not there, and `peers.wait_for_workers`, which would say so, is left out."""
    code = "import os; from helpers.scaling_out import cluster, multi_worker\n"
    code += "multi_worker.create_strategy(cluster.read(os.environ['TF_CONFIG']), 2)"
    ended = run(code, TF_CONFIG=cluster.config(workers.free_addresses(2), 0))
    assert ended.code == 1
    assert ended.error.startswith("Waited 2 seconds") and "Start the same" in ended.error
    assert len(ended.error.splitlines()) == 1


def test_the_log_of_tensorflow_is_no_complaint():
    log = "WARNING: All log messages before absl::InitializeLog() is called ...\\n"
    log += "I0000 00:00:1.2 17 server.cc:464] Started\\nE0000 00:00:1.3 17 server.cc:9] Refused\\n"
    code = f"import sys; sys.exit('{log}Lost worker 1')"
    ended = run(code)
    assert ended.code == 1
    assert ended.error == "E0000 00:00:1.3 17 server.cc:9] Refused\nLost worker 1"


def test_the_exchange_is_measured():
    ended = workers.finish(workers.start(2, "--exchange", 1, 104_202))
    for one in ended:
        assert one.code == 0, one.error
        assert set(one.result["seconds"]) == {"1", "104202"}
        assert all(0 < seconds < 1 for seconds in one.result["seconds"].values())


def test_a_worker_that_fails_before_its_first_checkpoint_is_not_waited_for(tmp_path):
    started = [workers.start_one("not JSON")]
    with pytest.raises(RuntimeError, match=r"no checkpoint in .*not JSON"):
        workers.wait_for_checkpoint(started, tmp_path, wait=100)


@pytest.mark.parametrize("count", [0, 9, 1.5, "two", None])
def test_a_count_of_workers_is_checked(count):
    with pytest.raises(ValueError, match="count: got"):
        workers.start(count)


def test_options_that_make_no_sense_are_refused(capsys):
    from helpers.scaling_out import worker

    for options in (["--batch", "0"], ["--images", "70000"], ["--batch", "64", "--images", "9"]):
        with pytest.raises(SystemExit):
            worker.parse(options)
        assert "expected" in capsys.readouterr().err
    assert worker.parse([]).batch == 64
