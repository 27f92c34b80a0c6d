"""Two real workers on this machine agree, notice a loss, and go on; one alone trains in here."""

import numpy as np
import pytest

from helpers.backend import keras, tf
from helpers.model import build_model, compile_model
from helpers.scaling_out import worker, workers
from helpers.scaling_out.cluster import WorkerError

SMALL = ["--images", 640, "--save", 4]  # 10 steps an epoch
ALONE = tf.distribute.get_strategy()


def train_here(*options):
    """Train in this process, as a worker alone, and return the result."""
    return worker.train(ALONE, worker.parse([str(one) for one in (*SMALL, *options)]), 0)


def test_a_loss_stops_the_other_with_a_sentence_and_a_restart_goes_on_with_equal_weights(tmp_path):
    both = workers.start(2, *SMALL, "--epochs", 4000, "--folder", tmp_path)
    workers.wait_for_checkpoint(both, tmp_path)
    both[1].kill()
    survivor = workers.finish(both)[0]
    assert survivor.code == 1 and len(survivor.error.splitlines()) == 1
    assert survivor.error.startswith("Lost worker 1 (localhost:")
    assert "Start the same command again" in survivor.error and f"in {tmp_path}" in survivor.error

    first = max(int(path.stem[5:]) for path in tmp_path.glob("ckpt-*.index"))
    epochs = first // 10 + 2
    ended = workers.finish(workers.start(2, *SMALL, "--folder", tmp_path, "--epochs", epochs))
    assert [one.code for one in ended] == [0, 0], ended
    assert ended[0].result == ended[1].result and "WARNING" not in ended[0].error
    wanted = {"first step": first, "steps": 10 * epochs, "replicas": 2}
    assert ended[0].result.items() >= wanted.items()


def test_its_steps_are_those_of_keras():
    images = np.random.default_rng(0).random((128, 28, 28, 1), dtype="float32")
    labels = np.arange(128) % 10
    keras.utils.set_random_seed(0)
    model, fitted = build_model(), build_model()
    fitted.set_weights(model.get_weights())
    optimizer = keras.optimizers.RMSprop()
    steps = worker.make_steps(ALONE, model, optimizer, tf.constant(images), labels)
    steps(tf.reshape(tf.range(128, dtype="int64"), (2, 64)))
    compile_model(fitted)
    fitted.fit(images, labels, batch_size=64, epochs=1, shuffle=False, verbose=0)
    for one, other in zip(model.get_weights(), fitted.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-4)


def test_going_on_ends_where_going_through_does_or_faults_are_said(tmp_path, monkeypatch):
    alone, folder = train_here("--epochs", 2), tmp_path / "folder"
    parts = [train_here("--epochs", epochs, "--folder", folder) for epochs in (1, 2)]
    assert [(one["first step"], one["steps"]) for one in parts] == [(0, 10), (10, 20)]
    assert parts[1]["accuracy"] == pytest.approx(alone["accuracy"], abs=0.01)
    assert alone["accuracy"] > 0.5

    monkeypatch.setattr(worker, "mean_over_replicas", lambda strategy, step: step / 2)
    with pytest.raises(WorkerError, match="Do all machines share"):
        train_here("--folder", folder)
    for path in folder.glob("*.index"):
        path.write_bytes(b"nothing")
    with pytest.raises(WorkerError, match=r"can't be gone on from .* Name another --folder"):
        train_here("--folder", folder)
    (tmp_path / "file").touch()
    with pytest.raises(WorkerError, match=r"to .*x \(.* [nN]ot a directory.*\)\. Free some"):
        train_here("--folder", tmp_path / "file" / "x")


def test_a_mistake_ends_in_one_sentence(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", "not JSON")
    with pytest.raises(SystemExit, match="TF_CONFIG: got not JSON"):
        worker.main([])
