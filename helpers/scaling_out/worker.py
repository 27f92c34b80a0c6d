"""Train the lesson's network as one worker of several, each on a machine of its own.

    python -m helpers.scaling_out.worker --folder a/folder/of/all

It is started on all machines at about the same time, with `TF_CONFIG` in the environment (without,
it trains alone). If another worker goes, it stops with a message, and the same command goes on from
the last checkpoint.
"""

import argparse
import faulthandler
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from helpers import mnist
from helpers.quiet_tensorflow import keras, tf
from helpers.scaling_out import cluster
from helpers.scaling_out.cluster import WorkerError

cross_entropy = keras.losses.sparse_categorical_crossentropy
BATCH = 64  # images in a step, over all workers
EXCHANGES = 500  # of which the mean time is measured
WAIT = 120  # seconds for the others


def make_steps(strategy, model, optimizer, images, labels) -> Callable:
    """Return the custom training loop that TensorFlow documents for several machines.

    It takes indices of images, int64, (steps, BATCH), on all workers; it returns the last loss.
    """

    def on_one_replica(batch):
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        own = batch[replica :: strategy.num_replicas_in_sync]  # its part of the global batch
        with tf.GradientTape() as tape:
            probabilities = model(tf.gather(images, own), training=True)
            losses = cross_entropy(tf.gather(labels, own), probabilities)
            loss = tf.nn.compute_average_loss(losses, global_batch_size=BATCH)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)  # adds up those of all replicas
        return loss

    @tf.function(input_signature=[tf.TensorSpec((None, BATCH), tf.int64)])
    def steps(batches):
        for batch in batches[:-1]:
            strategy.run(on_one_replica, args=(batch,))
        parts = strategy.run(on_one_replica, args=(batches[-1],))
        return strategy.reduce("SUM", parts, axis=None)

    return steps


def exchange_seconds(strategy, numbers: int) -> float:
    """Return the mean seconds of an all-reduce of so many float32 numbers from each replica."""

    @tf.function
    def exchange(values):
        for _i in tf.range(EXCHANGES):
            values = mean_over_replicas(strategy, values)
        return values

    values = exchange(tf.ones(numbers))  # the first call is slow: it prepares the second
    start = time.perf_counter()
    exchange(values).numpy()  # waits until they are there
    return (time.perf_counter() - start) / EXCHANGES


@tf.function
def mean_over_replicas(strategy, values: tf.Tensor) -> tf.Tensor:
    """Return the mean of a tensor over all replicas, each of which brings its own (all-reduce)."""
    return strategy.reduce("MEAN", strategy.run(tf.identity, args=(values,)), axis=None)


def create_strategy() -> tf.distribute.Strategy:
    """Return the strategy for a worker whose cluster has met, or end the process after WAIT.

    TensorFlow lets no thread and no signal of Python through while it waits for the others. What
    can end it then is faulthandler; another process, which gets its traceback, says why.
    """
    lost = f"Waited {WAIT} seconds: a worker went since all had met. Start all of them again."
    say = [sys.executable, "-c", "import sys; sys.stdin.read() and sys.exit(sys.argv[1])", lost]
    options = tf.distribute.experimental.CommunicationOptions(timeout_seconds=WAIT)
    with subprocess.Popen(say, stdin=subprocess.PIPE) as reporter:
        faulthandler.dump_traceback_later(WAIT, exit=True, file=reporter.stdin)
        try:
            return tf.distribute.MultiWorkerMirroredStrategy(communication_options=options)
        finally:
            faulthandler.cancel_dump_traceback_later()


def train(strategy: tf.distribute.Strategy, options: argparse.Namespace, index: int) -> dict:
    """Train from the last checkpoint, or the beginning, to the end, or raise WorkerError."""
    from helpers.model import build_model  # starts TensorFlow, which must come after the strategy

    keras.utils.set_random_seed(0)
    with strategy.scope():
        model = build_model()
        optimizer = keras.optimizers.RMSprop()
        optimizer.build(model.trainable_variables)
        step = tf.Variable(0)
    checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer, step=step)
    first = restore(strategy, checkpoint, options.folder)

    (images, labels), (test_images, test_labels) = mnist.load_data()
    images, labels = mnist.prepare(images[: options.images]), labels[: options.images]
    some = tf.constant(images), tf.constant(labels)  # arrays would go into the graph
    steps = make_steps(strategy, model, optimizer, *some)
    rng = np.random.default_rng(0)
    full = options.images // BATCH * BATCH  # the rest doesn't fill a batch
    order = [rng.permutation(options.images)[:full] for _epoch in range(options.epochs)]
    order = np.concatenate(order).reshape(-1, BATCH)
    for begin in range(first, len(order), options.save):
        batches = order[begin : begin + options.save]
        loss = float(steps(tf.constant(batches)))
        step.assign_add(len(batches))
        if options.folder and index == 0:  # all have the same, so the chief's is enough
            save(checkpoint, options.folder)
        print(f"step {begin + len(batches)}, loss {loss:.3f}", flush=True)

    parts = np.split(mnist.prepare(test_images), 10)  # all at once would need much memory
    answers = [tf.argmax(model(part, training=False), axis=1) for part in parts]
    accuracy = float((np.concatenate(answers) == test_labels).mean())
    weights = b"".join(array.tobytes() for array in model.get_weights())
    digest = hashlib.sha256(weights).hexdigest()[:16]
    found = {"accuracy": accuracy, "weights": digest, "replicas": strategy.num_replicas_in_sync}
    return found | {"first step": first, "steps": int(step.numpy())}


def save(checkpoint: tf.train.Checkpoint, folder: Path) -> None:
    """Save a checkpoint in place of the last but one, or raise WorkerError."""
    try:
        manager = tf.train.CheckpointManager(checkpoint, str(folder), max_to_keep=2)
        manager.save(checkpoint_number=int(checkpoint.step.numpy()))
    except (tf.errors.OpError, OSError) as error:
        problem = f"A checkpoint can't be written to {folder} ({str(error).splitlines()[0]})."
        remedy = "Free some space or allow writing; then start the same command again."
        raise WorkerError(f"{problem} {remedy} Earlier checkpoints are as they were.") from error


def restore(strategy, checkpoint: tf.train.Checkpoint, folder: Path | None) -> int:
    """Restore the last checkpoint, if there is one, and return its step, or raise WorkerError."""
    latest = tf.train.latest_checkpoint(str(folder)) if folder else None
    try:
        if latest:
            checkpoint.restore(latest).assert_existing_objects_matched()
    except (tf.errors.OpError, AssertionError, ValueError) as error:
        problem = f"{latest} can't be gone on from ({str(error).splitlines()[0]:.200})."
        remedy = "Name another --folder, or delete this one to begin anew."
        raise WorkerError(f"{problem} {remedy}") from error
    step = int(checkpoint.step.numpy())
    if mean_over_replicas(strategy, tf.constant(float(step))) != step:
        raise WorkerError(f"Others don't begin at step {step}. Do all machines share {folder}?")
    return step


def describe_loss(task: cluster.Task, error: Exception, folder: Path | None) -> str:
    """Return a message that names the worker that went, and says how to go on."""
    gone = task.unreachable() or f"another worker ({type(error).__name__})"
    latest = tf.train.latest_checkpoint(str(folder)) if folder else None
    last = f"from {Path(latest).name} in {folder}" if latest else "from the beginning"
    remedy = f"Start the same command again on all machines: it goes on {last}."
    return f"Lost {gone}; the others can't go on without it. {remedy}"


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="for checkpoints; shared by all machines")
    for name, default, what in (
        ("epochs", 5, "how often each image is seen"),
        ("images", 60_000, "how many to train on"),
        ("save", 100, "steps between checkpoints"),
        ("exchange", None, "don't train; measure the exchange of so many numbers"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{what} ({default})")
    options = parser.parse_args(arguments)
    if min(options.epochs, options.save) < 1 or not BATCH <= options.images <= 60_000:
        parser.error(f"expected 1 or more each, and --images from {BATCH} to 60000")
    return options


def main(arguments: list[str] | None = None) -> None:
    """Train or measure, and print the result; exit with a message where that fails."""
    options = parse(arguments)
    task, strategy = None, tf.distribute.get_strategy()  # of one alone
    try:
        if os.environ.get("TF_CONFIG"):
            task = cluster.read(os.environ["TF_CONFIG"])
            cluster.wait_for_workers(task, WAIT)
            strategy = create_strategy()
        if options.exchange:
            result = {"seconds": exchange_seconds(strategy, options.exchange)}
        else:
            result = train(strategy, options, task.index if task else 0)
    except (WorkerError, mnist.DataFileError) as error:
        sys.exit(str(error))
    except tf.errors.OpError as error:
        if task is None:
            raise
        sys.exit(describe_loss(task, error, options.folder))
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
