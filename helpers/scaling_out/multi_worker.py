"""Train as one worker of several: the strategy, the checkpoints, and what to say of a lost worker.

Importing this takes seconds, for TensorFlow; worker.py looks at `TF_CONFIG` before.
"""

import argparse
import faulthandler
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from helpers import mnist
from helpers.quiet_tensorflow import keras, tf
from helpers.scaling_out import cluster, distributed


class CheckpointError(OSError):
    """A checkpoint can't be written or gone on from; the message says what to do."""


def create_strategy(task: cluster.Task | None, wait: float) -> tf.distribute.Strategy:
    """Return the strategy for a worker of a cluster whose workers have met, or for one alone.

    TensorFlow holds Python still while it waits for the others. So faulthandler ends this process,
    with exit code 1, where that, or an exchange, takes more than `wait` seconds, and another
    process says why: it gets faulthandler's traceback, or nothing if all went well.
    """
    if task is None:
        return tf.distribute.get_strategy()
    lost = (
        f"Waited {wait:g} seconds for the strategy: another worker went, or hangs, since all had "
        "met. Start the same command again on all machines."
    )
    say = "import sys; sys.stdin.read() and sys.exit(sys.argv[1])"
    options = tf.distribute.experimental.CommunicationOptions(timeout_seconds=wait)
    with subprocess.Popen([sys.executable, "-c", say, lost], stdin=subprocess.PIPE) as reporter:
        faulthandler.dump_traceback_later(wait, exit=True, file=reporter.stdin)
        try:
            return tf.distribute.MultiWorkerMirroredStrategy(communication_options=options)
        finally:
            faulthandler.cancel_dump_traceback_later()


def train(strategy: tf.distribute.Strategy, options: argparse.Namespace, index: int) -> dict:
    """Train from the last checkpoint, or the beginning, to the end, or raise CheckpointError."""
    from helpers.model import build_model  # starts TensorFlow, which must come after the strategy

    keras.utils.set_random_seed(options.seed)
    with strategy.scope():
        model = build_model()
        optimizer = keras.optimizers.RMSprop()
        optimizer.build(model.trainable_variables)
        step = tf.Variable(0)
    recipe = f"--batch {options.batch} --images {options.images} --seed {options.seed}"
    recipe = tf.Variable(recipe)  # says what a step is: a checkpoint goes on with the same
    checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer, step=step, recipe=recipe)
    first = restore(strategy, checkpoint, options.folder)
    if first:
        print(f"going on from step {first}", flush=True)

    (images, labels), (test_images, test_labels) = mnist.load_data()
    images, labels = mnist.prepare(images[: options.images]), labels[: options.images]
    steps = distributed.make_steps(strategy, model, optimizer, options.batch)
    steps_per_epoch = options.images // options.batch
    chances = [np.random.default_rng([options.seed, epoch]) for epoch in range(options.epochs)]
    full = steps_per_epoch * options.batch  # images that don't fill a last batch are left out
    order = np.concatenate([rng.permutation(options.images)[:full] for rng in chances])
    last = steps_per_epoch * options.epochs
    if first < last:  # one data set for all epochs, since each takes time and memory
        rest = order[first * options.batch :]
        batches = distributed.batches(strategy, images, labels, options.batch, rest)
    start = time.perf_counter()
    done = first
    while done < last:
        until_save = min(every - done % every for every in (options.save, steps_per_epoch))
        count = min(25, until_save)  # Python takes part once in so many steps
        loss = float(steps(batches, tf.constant(count)))
        done += count
        if count == until_save:
            step.assign(done)
            if options.folder and index == 0:  # all have the same, so the chief's is enough
                save(checkpoint, options.folder)
            print(f"step {done}, loss {loss:.3f}", flush=True)
    return {
        "worker": index,
        "replicas": strategy.num_replicas_in_sync,
        "first step": first,
        "steps": done,
        "seconds": time.perf_counter() - start,
        "accuracy": distributed.accuracy(model, mnist.prepare(test_images), test_labels),
        "weights": distributed.digest(model),
    }


def save(checkpoint: tf.train.Checkpoint, folder: Path) -> None:
    """Save a checkpoint in place of the last but one, or raise CheckpointError."""
    try:
        manager = tf.train.CheckpointManager(checkpoint, str(folder), max_to_keep=2)
        manager.save(checkpoint_number=int(checkpoint.step.numpy()))
    except (tf.errors.OpError, OSError) as error:
        # Of "{{function_node ...}} some/path; No space left on device [Op:SaveV2]" what is a cause.
        cause = str(error).splitlines()[0].rpartition("; ")[2].partition(" [Op:")[0]
        raise CheckpointError(
            f"A checkpoint can't be written to {folder} ({cause}). Is the disk full, or the folder "
            "read-only? Free some space or allow writing; then start the same command again on all "
            "machines. Earlier checkpoints are as they were."
        ) from error


def restore(strategy, checkpoint: tf.train.Checkpoint, folder: Path | None) -> int:
    """Restore the chief's last checkpoint, if there is one, and return its step.

    Raises CheckpointError if it can't be read, is of another recipe, or not the same for all.
    """
    own = checkpoint.recipe.numpy().decode()
    latest = tf.train.latest_checkpoint(str(folder)) if folder else None
    remedy = "Name another --folder, or delete this one to begin anew."
    try:
        if latest:
            checkpoint.restore(latest).assert_existing_objects_matched()
    except (tf.errors.OpError, AssertionError, ValueError) as error:
        raise CheckpointError(
            f"{latest} can't be gone on from ({str(error).splitlines()[0]:.200}). {remedy}"
        ) from error
    if (saved := checkpoint.recipe.numpy().decode()) != own:
        raise CheckpointError(
            f"{latest} was trained with {saved}, and this command has {own}, which makes other "
            f"steps. Go on with the same numbers. {remedy}"
        )
    step = int(checkpoint.step.numpy())
    if distributed.sum_over_replicas(strategy, step) != step * strategy.num_replicas_in_sync:
        raise CheckpointError(
            f"This worker begins at step {step}, and others elsewhere. Is {folder} one folder that "
            "all machines share?"
        )
    return step


def describe_lost_workers(task: cluster.Task, error: Exception, folder: Path | None) -> str:
    """Say which worker went, and how to go on."""
    gone = ", ".join(cluster.unreachable(task.others()).values())
    gone = gone or f"another worker ({type(error).__name__})"
    latest = tf.train.latest_checkpoint(str(folder)) if folder else None
    last = f"from {Path(latest).name} in {folder}" if latest else "from the beginning"
    return (
        f"Lost {gone}; the others can't go on without it. Start the same command again on all "
        f"machines: it goes on {last}."
    )
