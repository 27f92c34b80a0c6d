"""Train as one worker of several: the strategy, the checkpoints, and what to say of a loss.

Importing this takes seconds, for TensorFlow; worker.py looks at `TF_CONFIG` before.
"""

import argparse
import faulthandler
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from helpers import mnist
from helpers.quiet_tensorflow import keras, tf
from helpers.scaling_out import cluster, distributed, peers

STEPS_PER_EXECUTION = 25  # Python takes part once in so many steps


class CheckpointError(OSError):
    """A checkpoint can't be written or gone on from; the message says what to do."""


def create_strategy(task: cluster.Task | None, wait: float) -> tf.distribute.Strategy:
    """Return the strategy for a worker of a cluster, or for one process alone.

    Args:
        task: the worker's place, read from `TF_CONFIG`, or None. All workers have met.
        wait: for how many seconds an exchange may take.
    """
    if task is None:
        return tf.distribute.get_strategy()
    options = tf.distribute.experimental.CommunicationOptions(timeout_seconds=wait)
    lost = (
        f"Waited {wait:g} seconds for the strategy: another worker went, or hangs, since all had "
        "met. Start the same command again on all machines."
    )
    with _ended_after(wait, lost):
        strategy = tf.distribute.MultiWorkerMirroredStrategy(communication_options=options)
    return strategy


@contextmanager
def _ended_after(seconds: float, message: str) -> Iterator[None]:
    """End this process with a message, and exit code 1, if what is inside takes longer.

    TensorFlow holds Python still while it waits for the others, so faulthandler has to end it, and
    another process says why: it gets faulthandler's traceback, or nothing if all went well.
    """
    say = "import sys; sys.stdin.read() and sys.exit(sys.argv[1])"
    with subprocess.Popen([sys.executable, "-c", say, message], stdin=subprocess.PIPE) as reporter:
        faulthandler.dump_traceback_later(seconds, exit=True, file=reporter.stdin)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def measure_exchange(
    strategy: tf.distribute.Strategy, options: argparse.Namespace, index: int
) -> dict:
    """Measure the exchange for each count of numbers, in seconds."""
    seconds = {n: distributed.exchange_seconds(strategy, n) for n in options.exchange}
    return {"worker": index, "seconds": seconds}


def train(strategy: tf.distribute.Strategy, options: argparse.Namespace, index: int) -> dict:
    """Train from the last checkpoint, or from the beginning, to the end.

    Raises:
        CheckpointError: there is a checkpoint of another network, or not the same for all.
    """
    from helpers.model import build_model  # starts TensorFlow, which must come after the strategy

    (images, labels), (test_images, test_labels) = mnist.load_data()
    images, labels = mnist.prepare(images[: options.images]), labels[: options.images]
    keras.utils.set_random_seed(options.seed)
    with strategy.scope():
        model = build_model()
        optimizer = keras.optimizers.RMSprop()
        optimizer.build(model.trainable_variables)
        step = tf.Variable(0)
    checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer, step=step)
    first = restore(strategy, checkpoint, options.folder)
    if first:
        print(f"going on from step {first}", flush=True)

    steps = distributed.make_steps(strategy, model, optimizer, options.batch)
    steps_per_epoch = options.images // options.batch
    start = time.perf_counter()
    for epoch in range(first // steps_per_epoch, options.epochs):
        order = np.random.default_rng([options.seed, epoch]).permutation(options.images)
        done = int(step.numpy()) - epoch * steps_per_epoch
        rest = order[done * options.batch :]
        batches = distributed.batches(strategy, images, labels, options.batch, rest)
        while done < steps_per_epoch:
            until_save = options.save - int(step.numpy()) % options.save
            count = min(STEPS_PER_EXECUTION, steps_per_epoch - done, until_save)
            loss = float(steps(batches, tf.constant(count)))
            step.assign_add(count)
            done += count
            if int(step.numpy()) % options.save == 0 or done == steps_per_epoch:
                save(checkpoint, options.folder, index)
                print(f"step {int(step.numpy())}, loss {loss:.3f}", flush=True)
    return {
        "worker": index,
        "replicas": strategy.num_replicas_in_sync,
        "first step": first,
        "steps": int(step.numpy()),
        "seconds": time.perf_counter() - start,
        "accuracy": distributed.accuracy(model, mnist.prepare(test_images), test_labels),
        "weights": distributed.digest(model),
    }


def save(checkpoint: tf.train.Checkpoint, folder: Path | None, index: int) -> None:
    """Save a checkpoint, which is worker 0's task, the chief's.

    The others take part, as TensorFlow asks for, in a folder of their own that goes at once.
    """
    if folder is None:
        return
    own = folder / f"worker-{index}" if index else folder
    try:
        manager = tf.train.CheckpointManager(checkpoint, str(own), max_to_keep=2)
        manager.save(checkpoint_number=int(checkpoint.step.numpy()))
    finally:
        if index:
            shutil.rmtree(own, ignore_errors=True)


def restore(
    strategy: tf.distribute.Strategy, checkpoint: tf.train.Checkpoint, folder: Path | None
) -> int:
    """Restore the chief's last checkpoint, if there is one, and return its step.

    Raises:
        CheckpointError: it can't be read, or the workers don't find the same one.
    """
    latest = tf.train.latest_checkpoint(str(folder)) if folder else None
    try:
        if latest:
            checkpoint.restore(latest).assert_existing_objects_matched()
    except (tf.errors.OpError, AssertionError, ValueError) as error:
        raise CheckpointError(
            f"{latest} can't be gone on from ({str(error).splitlines()[0]:.200}). Name another "
            "--folder, or delete this one to begin anew."
        ) from error
    step = int(checkpoint.step.numpy())
    workers = strategy.num_replicas_in_sync
    if distributed.total(strategy, step) != step * workers:
        raise CheckpointError(
            f"This worker begins at step {step}, and others elsewhere. Is {folder} one folder that "
            "all machines share?"
        )
    return step


def describe_lost_workers(task: cluster.Task, error: Exception, folder: Path | None) -> str:
    """Say which worker went, and how to go on."""
    gone = ", ".join(peers.unreachable(task)) or f"another worker ({type(error).__name__})"
    latest = tf.train.latest_checkpoint(str(folder)) if folder else None
    last = f"from {Path(latest).name} in {folder}" if latest else "from the beginning"
    return (
        f"Lost {gone}; the others can't go on without it. Start the same command again on all "
        f"machines: it goes on {last}."
    )
