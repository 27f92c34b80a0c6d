"""Two real workers on this machine: they agree, they notice a loss, they go on; mistakes are said.

Each process imports TensorFlow, so what can be started together is, and one alone trains in here.
"""

import os
import shutil
import signal
import sys
from importlib.metadata import version

import pytest
from packaging.version import Version

from helpers.scaling_out import cluster, multi_worker, worker, workers
from helpers.scaling_out.multi_worker import CheckpointError
from tests.disks import mounted, read_only
from tests.scaling_out.test_cluster import HOSTS, taken

SMALL = ["--images", 3_200, "--save", 20]  # 50 steps an epoch
QUICK = 60  # seconds in which a survivor must have ended; a few are usual


def train_here(*options):
    """Train in this process, as a worker alone, and return the result."""
    options = worker.parse([str(option) for option in (*SMALL, *options)])
    return multi_worker.train(multi_worker.create_strategy(None, options.wait), options, 0)


def train_until_checkpoint(folder, *options):
    """Start two workers that train for long, and return them when there is a checkpoint."""
    both = workers.start(2, *SMALL, "--epochs", 400, "--folder", folder, *options)
    workers.wait_for_checkpoint(both, folder)
    return both


def start_each(folders, *options):
    """Start workers that meet at addresses of IPv6 if there are any, with a folder for each."""
    addresses = workers.free_addresses(len(folders))
    addresses = [address.replace("localhost", HOSTS[-1]) for address in addresses]
    return [
        workers.start_one(cluster.config(addresses, i), *SMALL, "--folder", folder, *options)
        for i, folder in enumerate(folders)
    ]


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A folder of checkpoints that a training left when worker 1 was killed, and the survivor."""
    folder = tmp_path_factory.mktemp("killed")
    both = train_until_checkpoint(folder)
    both[1].kill()
    return folder, workers.finish(both, wait=QUICK)[0]


def test_a_worker_that_is_killed_stops_the_other_with_a_message(killed):
    folder, survivor = killed
    assert survivor.code == 1
    assert "Lost worker 1 (localhost:" in survivor.error
    assert "Start the same command again on all machines" in survivor.error
    assert f"in {folder}" in survivor.error and "Traceback" not in survivor.error


def test_a_restart_goes_on_from_the_last_checkpoint(killed):
    folder, _ = killed
    first = max(int(path.stem[5:]) for path in folder.glob("ckpt-*.index"))
    epochs = max(2, first // 50 + 1)
    ended = workers.finish(start_each([folder, folder], "--epochs", epochs))
    assert [one.code for one in ended] == [0, 0], ended
    if Version(version("tensorflow")) >= Version("2.20"):  # older ones log that the chief is done
        assert [one.error for one in ended] == ["", ""]
    one, other = (each.result for each in ended)
    assert (one.pop("worker"), other.pop("worker")) == (0, 1)
    del one["seconds"], other["seconds"]
    assert one == other  # also in weights and accuracy
    assert (one["first step"], one["steps"], one["replicas"]) == (first, 50 * epochs, 2)
    assert one["accuracy"] > 0.85
    assert len(list(folder.glob("ckpt-*.index"))) == 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit for another process's files")
def test_a_checkpoint_that_cannot_be_written_stops_all_with_a_message(tmp_path):
    import resource

    both = train_until_checkpoint(tmp_path)
    resource.prlimit(both[0].pid, resource.RLIMIT_FSIZE, (100_000, 100_000))
    chief, other = workers.finish(both, wait=QUICK)
    assert (chief.code, other.code) == (1, 1)
    assert f"can't be written to {tmp_path} (File too large)" in chief.error
    assert "Lost worker 0 (localhost:" in other.error
    assert all("Traceback" not in one.error for one in (chief, other))


def test_going_on_ends_where_going_through_does(tmp_path):
    alone = train_here("--epochs", 2)
    parts = [train_here("--epochs", epochs, "--folder", tmp_path) for epochs in (1, 2, 2)]
    assert [(one["first step"], one["steps"]) for one in parts] == [(0, 50), (50, 100), (100, 100)]
    assert alone["replicas"] == 1 and alone["accuracy"] > 0.85
    assert parts[1]["accuracy"] == pytest.approx(alone["accuracy"], abs=0.01)
    assert parts[1]["weights"] == parts[2]["weights"]


def test_other_steps_than_those_of_the_checkpoint_are_refused(killed):
    folder, _ = killed
    for name, old, new in (("batch", 64, 32), ("images", 3200, 6400), ("seed", 0, 7)):
        said = rf"--{name} {old}\b.*--{name} {new}\b.*Name another"
        with pytest.raises(CheckpointError, match=said):
            train_here("--folder", folder, f"--{name}", new)


@pytest.mark.parametrize("cause", ["No space left on device", "Read-only.*|Permission denied"])
def test_a_full_disk_or_a_read_only_folder_ends_in_a_sentence(tmp_path, cause):
    small = ("-t", "tmpfs", "-o", "size=2m", "none")  # two checkpoints, and a part of a third
    disk, copy = tmp_path / "disk", tmp_path / "copy"
    disk.mkdir()
    with mounted(disk, *small) if "space" in cause else read_only(disk):
        with pytest.raises(CheckpointError, match=rf"to {disk} \(({cause})\)\. .*same command"):
            train_here("--epochs", 2, "--folder", disk)
        shutil.copytree(disk, copy)
    if "space" in cause:
        assert train_here("--epochs", 1, "--folder", copy)["first step"] == 40


def test_mistakes_end_in_one_sentence_and_no_traceback():
    with taken("localhost") as in_use:
        own, absent = workers.free_addresses(2)
        configs = {
            "which is not JSON": "worker 0",
            "with the indices 0 to 1": cluster.config([own, absent], 2),
            f"can't listen at {in_use}": cluster.config([in_use, absent], 0),
            f"Waited 1 seconds for worker 1 ({absent})": cluster.config([own, absent], 0),
        }
        started = [workers.start_one(config, "--wait", 1) for config in configs.values()]
        ended = workers.finish(started, wait=120)
    for said, one in zip(configs, ended, strict=True):
        assert one.code == 1 and one.printed == []
        assert said in one.error and "Traceback" not in one.error


def test_a_folder_that_is_not_shared_and_a_damaged_checkpoint(killed, tmp_path):
    folder, _ = killed
    empty, damaged = tmp_path / "empty", tmp_path / "damaged"
    shutil.copytree(folder, damaged)
    for path in damaged.glob("*.index"):
        path.write_bytes(b"nothing")
    ended = workers.finish(start_each([folder, empty]))
    assert [one.code for one in ended] == [1, 1]
    assert any("one folder that all machines share" in one.error for one in ended)
    assert not any("Traceback" in one.error for one in ended)
    with pytest.raises(CheckpointError, match=r"can't be gone on from .* Name another --folder"):
        train_here("--folder", damaged)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs a signal that halts a process")
def test_a_worker_that_is_halted_does_not_hold_up_the_other_for_ever(tmp_path):
    started = train_until_checkpoint(tmp_path, "--wait", 30)
    started[1].send_signal(signal.SIGSTOP)
    (survivor,) = workers.finish(started[:1], wait=120)
    started[1].kill()
    workers.finish(started[1:])
    assert survivor.code == 1 and "Lost" in survivor.error


def test_a_worker_that_goes_right_after_the_meeting_is_not_waited_for_for_ever():
    """The other is not there, and `cluster.wait_for_workers`, which would say so, is left out."""
    code = "import os; from helpers.scaling_out import cluster, multi_worker\n"
    code += "multi_worker.create_strategy(cluster.read(os.environ['TF_CONFIG']), 2)"
    config = cluster.config(workers.free_addresses(2), 0)
    (ended,) = workers.finish([workers.start_python(config, "-c", code)], wait=QUICK)
    assert ended.code == 1
    assert ended.error.startswith("Waited 2 seconds") and "Start the same" in ended.error
    assert len(ended.error.splitlines()) == 1


def test_the_log_of_tensorflow_is_no_complaint():
    log = ["WARNING: All log messages before absl::InitializeLog() is called ..."]
    log += ["I0000 00:00:1.2 17 server.cc:464] Started", "E0000 00:00:1.3 17 server.cc:9] Refused"]
    code = "import sys; sys.exit('\\n'.join(sys.argv[1:]))"
    (ended,) = workers.finish([workers.start_python("", "-c", code, *log, "Lost worker 1")])
    assert (ended.code, ended.error.splitlines()) == (1, [log[2], "Lost worker 1"])


def test_a_worker_that_prints_much_holds_up_no_other(tmp_path):
    done = tmp_path / "done"
    waiting = "import os, sys, time\nwhile not os.path.exists(sys.argv[1]): time.sleep(0.05)"
    printing = "import sys; print(10**6 * 'x'); open(sys.argv[1], 'w').close()"
    both = [workers.start_python("", "-c", code, done) for code in (waiting, printing)]
    waited, printed = workers.finish(both, wait=10)
    assert (waited.code, printed.code) == (0, 0)
    assert printed.printed == [10**6 * "x"]


def test_a_worker_that_fails_before_its_first_checkpoint_is_not_waited_for(tmp_path):
    started = [workers.start_one("not JSON")]
    with pytest.raises(RuntimeError, match=r"no checkpoint in .*not JSON"):
        workers.wait_for_checkpoint(started, tmp_path, wait=100)


def test_counts_and_options_that_make_no_sense_are_refused_and_help_comes(capsys):
    for count in (0, 1, 9, 1.5, "two", None):
        with pytest.raises(ValueError, match="count: got"):
            workers.start(count)
    for options in ("--batch 0", "--images 70000", "--images 9", "--seed -1"):
        with pytest.raises(SystemExit):
            worker.main(options.split())
        assert "expected" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        worker.main(["--help"])
    assert "--folder" in capsys.readouterr().out
