"""Two real workers on this machine agree, notice a loss, and go on; one alone trains in here."""

import shutil

import numpy as np
import pytest

from helpers.backend import keras, tf
from helpers.model import build_model, compile_model
from helpers.scaling_out import cluster, worker, workers
from helpers.scaling_out.cluster import WorkerError

SMALL = ["--images", 640, "--save", 4]  # 10 steps an epoch
ALONE = tf.distribute.get_strategy()


def train_here(*options):
    """Train in this process, as a worker alone, and return the result."""
    return worker.train(ALONE, worker.parse([str(one) for one in (*SMALL, *options)]), 0)


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A folder of checkpoints that a training left when worker 1 was killed, and the survivor."""
    folder = tmp_path_factory.mktemp("killed")
    both = workers.start(2, *SMALL, "--epochs", 4000, "--folder", folder)
    workers.wait_for_checkpoint(both, folder)
    both[1].kill()
    return folder, workers.finish(both, wait=100)[0]


def test_a_worker_that_is_killed_stops_the_other_with_a_sentence_that_names_it(killed):
    folder, survivor = killed
    assert survivor.code == 1
    assert survivor.error.startswith("Lost worker 1 (localhost:")
    assert "Start the same command again" in survivor.error and f"in {folder}" in survivor.error
    assert len(survivor.error.splitlines()) == 1


def test_a_restart_goes_on_from_the_last_checkpoint_with_equal_weights(killed, tmp_path):
    folder = shutil.copytree(killed[0], tmp_path / "copy")
    first = max(int(path.stem[5:]) for path in folder.glob("ckpt-*.index"))
    epochs = first // 10 + 2
    ended = workers.finish(workers.start(2, *SMALL, "--folder", folder, "--epochs", epochs))
    assert [one.code for one in ended] == [0, 0], ended
    assert ended[0].result == ended[1].result and "WARNING" not in ended[0].error
    result = ended[0].result
    assert (result["first step"], result["steps"], result["replicas"]) == (first, 10 * epochs, 2)
    assert len(list(folder.glob("ckpt-*.index"))) == 2


def test_a_worker_that_goes_right_after_the_meeting_is_not_waited_for_for_ever():
    """The other is not there, and `cluster.wait_for_workers`, which would say so, is left out."""
    code = "import os; from helpers.scaling_out import cluster, worker\n"
    code += "worker.create_strategy(cluster.read(os.environ['TF_CONFIG']), 1)"
    config = cluster.config(workers.free_addresses(2), 0)
    (ended,) = workers.finish([workers.start_python(config, "-c", code)], wait=100)
    assert ended.code == 1 and ended.error.startswith("Waited 1 seconds")
    assert len(ended.error.splitlines()) == 1


def test_its_steps_are_those_of_keras():
    images = np.random.default_rng(0).random((64, 28, 28, 1), dtype="float32")
    labels = np.arange(64) % 10
    keras.utils.set_random_seed(0)
    model, fitted = build_model(), build_model()
    fitted.set_weights(model.get_weights())
    optimizer = keras.optimizers.RMSprop()
    steps = worker.make_steps(ALONE, model, optimizer, tf.constant(images), labels, 32)
    steps(tf.reshape(tf.range(64, dtype="int64"), (2, 32)))
    compile_model(fitted)
    fitted.fit(images, labels, batch_size=32, epochs=1, shuffle=False, verbose=0)
    for one, other in zip(model.get_weights(), fitted.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-4)


def test_going_on_ends_where_going_through_does(tmp_path):
    alone = train_here("--epochs", 2)
    parts = [train_here("--epochs", epochs, "--folder", tmp_path) for epochs in (1, 2)]
    assert [(one["first step"], one["steps"]) for one in parts] == [(0, 10), (10, 20)]
    assert alone["accuracy"] > 0.5
    assert parts[1]["accuracy"] == pytest.approx(alone["accuracy"], abs=0.01)


def test_a_checkpoint_of_others_a_damaged_one_and_an_unshared_folder(killed, tmp_path, monkeypatch):
    folder, _survivor = killed
    for name, old, new in (("batch", 64, 32), ("images", 640, 6400)):
        with pytest.raises(WorkerError, match=rf"--{name} {old}\b.*--{name} {new}\b.*Name another"):
            train_here("--folder", folder, f"--{name}", new)
    monkeypatch.setattr(worker, "mean_over_replicas", lambda strategy, step: step / 2)
    with pytest.raises(WorkerError, match="Do all machines share"):
        train_here("--folder", folder)
    damaged = shutil.copytree(folder, tmp_path / "damaged")
    for path in damaged.glob("*.index"):
        path.write_bytes(b"nothing")
    with pytest.raises(WorkerError, match=r"can't be gone on from .* Name another --folder"):
        train_here("--folder", damaged)


def test_a_folder_that_cannot_be_written_ends_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WorkerError, match=r"to .*x \(.* not a directory\)\. Free some"):
        train_here("--folder", tmp_path / "file" / "x")


def test_mistakes_end_in_one_sentence(monkeypatch, capsys):
    monkeypatch.setenv("TF_CONFIG", "not JSON")
    with pytest.raises(SystemExit, match="TF_CONFIG: got not JSON"):
        worker.main([])
    for options in ("--batch 0", "--images 70000", "--images 9", "--epochs -1"):
        with pytest.raises(SystemExit):
            worker.main(options.split())
        assert "expected 1 or more" in capsys.readouterr().err
    with pytest.raises(ValueError, match="count: got 9, expected"):
        workers.start(9)


def test_a_worker_that_fails_before_its_first_checkpoint_is_not_waited_for(tmp_path):
    log = "W0000 00:00:1.2 17 server.cc:464] Started"  # no complaint
    code = f"import sys; sys.exit({log!r} + '\\nLost')"
    with pytest.raises(RuntimeError, match=r"no checkpoint in .*\['Lost'\]"):
        workers.wait_for_checkpoint([workers.start_python("", "-c", code)], tmp_path, wait=100)
