"""Train the lesson's network as one worker of several, each on a machine of its own.

    python -m tools.worker --folder a/folder/of/all

It is started once on each machine, at about the same time, with `TF_CONFIG` in the environment,
which says where the workers are and which of them this one is; without it, it trains alone. The
folder for checkpoints must be one that all machines share. Its last line is a result as JSON.

A worker stops with a message, and exit code 1, where `TF_CONFIG` can't be used, where the others
don't come, or where one of them goes. The same command then goes on from the last checkpoint.
"""

import argparse
import faulthandler
import json
import os
import shutil
import sys
import time
from pathlib import Path

import numpy as np

from helpers import cluster, distributed, mnist, peers
from helpers.unstarted import keras, tf

STEPS_A_CALL = 25  # Python takes part once in so many steps


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--folder", type=Path, help="for checkpoints; shared by all machines")
    parser.add_argument("--epochs", type=_positive, default=5, help="how often each image is seen")
    parser.add_argument("--batch", type=_positive, default=64, help="images in a step, over all")
    parser.add_argument("--images", type=_positive, default=60_000, help="how many to train on")
    parser.add_argument("--seed", type=int, default=0, help="of the weights and the order")
    parser.add_argument("--save", type=_positive, default=100, help="steps between checkpoints")
    parser.add_argument("--wait", type=_positive, default=120, help="seconds to wait for others")
    parser.add_argument(
        "--exchange",
        type=_positive,
        nargs="+",
        metavar="NUMBERS",
        help="don't train; measure how long it takes to exchange so many",
    )
    options = parser.parse_args(arguments)
    if options.batch > options.images or options.images > 60_000:
        parser.error(
            f"--images: got {options.images:,}, expected 60,000 at most, and a batch at least"
        )
    return options


def main(arguments: list[str] | None = None) -> int:
    """Train or measure, print the result; return 1 where that fails."""
    options = parse(arguments)
    task = None
    try:
        if os.environ.get("TF_CONFIG"):
            task = cluster.read(os.environ["TF_CONFIG"])
        strategy = join(task, options.wait)
        work = measure if options.exchange else train
        result = work(strategy, options, task.index if task else 0)
    except (cluster.ClusterError, CheckpointError, mnist.DataFileError) as error:
        return _fail(str(error))
    except tf.errors.OpError as error:
        if task is None:
            raise
        return _fail(_who_went(task, error, options.folder))
    print(json.dumps(result), flush=True)
    return 0


class CheckpointError(OSError):
    """A checkpoint can't be written or gone on from; the message says what to do."""


def join(task: cluster.Task | None, wait: float) -> tf.distribute.Strategy:
    """Return the strategy for a worker of a cluster, or for one process alone.

    Raises:
        ClusterError: this worker can't listen at its address, or the others don't come in time.
    """
    if task is None:
        return tf.distribute.get_strategy()
    peers.meet(task, wait)
    # Should one go in this very moment, TensorFlow holds Python still, and only this ends it.
    faulthandler.dump_traceback_later(wait, exit=True)
    options = tf.distribute.experimental.CommunicationOptions(timeout_seconds=wait)
    strategy = tf.distribute.MultiWorkerMirroredStrategy(communication_options=options)
    faulthandler.cancel_dump_traceback_later()
    return strategy


def measure(strategy: tf.distribute.Strategy, options: argparse.Namespace, index: int) -> dict:
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
    an_epoch = options.images // options.batch
    start = time.perf_counter()
    for epoch in range(first // an_epoch, options.epochs):
        order = np.random.default_rng([options.seed, epoch]).permutation(options.images)
        done = int(step.numpy()) - epoch * an_epoch
        rest = order[done * options.batch :]
        batches = distributed.batches(strategy, images, labels, options.batch, rest)
        while done < an_epoch:
            count = min(
                STEPS_A_CALL, an_epoch - done, options.save - int(step.numpy()) % options.save
            )
            loss = float(steps(batches, tf.constant(count)))
            step.assign_add(count)
            done += count
            if int(step.numpy()) % options.save == 0 or done == an_epoch:
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


def _who_went(task: cluster.Task, error: Exception, folder: Path | None) -> str:
    """Say which worker went, and how to go on."""
    gone = ", ".join(peers.silent(task)) or f"another worker ({type(error).__name__})"
    latest = tf.train.latest_checkpoint(str(folder)) if folder else None
    last = f"from {Path(latest).name} in {folder}" if latest else "from the beginning"
    return (
        f"Lost {gone}; the others can't go on without it. Start the same command again on all "
        f"machines: it goes on {last}."
    )


def _fail(message: str) -> int:
    print(message, file=sys.stderr, flush=True)
    return 1


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"got {value}, expected 1 or more")
    return value


if __name__ == "__main__":
    sys.exit(main())
