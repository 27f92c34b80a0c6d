"""Train the lesson's network as one worker of several, each on a machine of its own.

    python -m helpers.scaling_out.worker --folder a/folder/of/all

It is started on each machine, at about the same time, with `TF_CONFIG` in the environment; without
it, it trains alone. The folder for checkpoints is one that all machines share. The last line is a
result as JSON. If anything is wrong, or another worker goes, it stops with a message and exit code
1, and the same command goes on from the last checkpoint.
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


def make_steps(strategy, model, optimizer, images, labels, batch_size: int) -> Callable:
    """Return the custom training loop that TensorFlow documents for several machines.

    `images` and `labels` are tensors of shapes (n, 28, 28, 1) and (n,). The loop takes the images'
    indices, int64 of shape (steps, batch_size), the same on all workers, and returns the last loss.
    """

    def on_one_replica(batch):
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        own = batch[replica :: strategy.num_replicas_in_sync]  # its part of the global batch
        with tf.GradientTape() as tape:
            probabilities = model(tf.gather(images, own), training=True)
            answers = tf.gather(labels, own)
            losses = keras.losses.sparse_categorical_crossentropy(answers, probabilities)
            loss = tf.nn.compute_average_loss(losses, global_batch_size=batch_size)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)  # adds up those of all replicas
        return loss

    @tf.function(input_signature=[tf.TensorSpec((None, batch_size), tf.int64)])
    def steps(batches):
        for batch in batches[:-1]:
            strategy.run(on_one_replica, args=(batch,))
        parts = strategy.run(on_one_replica, args=(batches[-1],))
        return strategy.reduce("SUM", parts, axis=None)

    return steps


def exchange_seconds(strategy, numbers: int, repeats: int = 500) -> float:
    """Return the mean seconds of an all-reduce of so many float32 numbers from each replica."""

    @tf.function
    def exchange(values):
        for _i in tf.range(repeats):
            values = mean_over_replicas(strategy, values)
        return values

    values = exchange(tf.ones(numbers))  # the first call is slow: it prepares the second
    start = time.perf_counter()
    exchange(values).numpy()  # waits until they are there
    return (time.perf_counter() - start) / repeats


@tf.function
def mean_over_replicas(strategy, values: tf.Tensor) -> tf.Tensor:
    """Return the mean of a tensor over all replicas, each of which brings its own (all-reduce)."""
    return strategy.reduce("MEAN", strategy.run(tf.identity, args=(values,)), axis=None)


def create_strategy(task: cluster.Task, wait: float) -> tf.distribute.Strategy:
    """Return the strategy for a worker whose cluster has met, or end after `wait` seconds.

    TensorFlow lets no thread and no signal of Python through while it waits for the others. What
    can end the process then is faulthandler, and another process, which gets its traceback, says
    why.
    """
    lost = f"Waited {wait:g} seconds: a worker went since all had met. Start all of them again."
    say = [sys.executable, "-c", "import sys; sys.stdin.read() and sys.exit(sys.argv[1])", lost]
    options = tf.distribute.experimental.CommunicationOptions(timeout_seconds=wait)
    with subprocess.Popen(say, stdin=subprocess.PIPE) as reporter:
        faulthandler.dump_traceback_later(wait, exit=True, file=reporter.stdin)
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
    recipe = tf.Variable(f"--batch {options.batch} --images {options.images}")
    checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer, step=step, recipe=recipe)
    first = restore(strategy, checkpoint, options.folder)

    (images, labels), (test_images, test_labels) = mnist.load_data()
    images, labels = mnist.prepare(images[: options.images]), labels[: options.images]
    images, labels = tf.constant(images), tf.constant(labels)  # arrays would go into the graph
    steps = make_steps(strategy, model, optimizer, images, labels, options.batch)
    rng = np.random.default_rng(0)
    full = options.images // options.batch * options.batch  # the rest doesn't fill a batch
    order = [rng.permutation(options.images)[:full] for _epoch in range(options.epochs)]
    order = np.concatenate(order).reshape(-1, options.batch)
    for begin in range(first, len(order), options.save):
        batches = order[begin : begin + options.save]
        loss = float(steps(tf.constant(batches)))
        step.assign_add(len(batches))
        if options.folder and index == 0:  # all have the same, so the chief's is enough
            save(checkpoint, options.folder)
        print(f"step {begin + len(batches)}, loss {loss:.3f}", flush=True)

    answer = tf.function(lambda some: tf.argmax(model(some, training=False), axis=1))
    parts = np.split(mnist.prepare(test_images), 10)  # all at once would need much memory
    right = np.concatenate([answer(part) for part in parts]) == test_labels
    weights = b"".join(array.tobytes() for array in model.get_weights())
    return {
        "replicas": strategy.num_replicas_in_sync,
        "first step": first,
        "steps": int(step.numpy()),
        "accuracy": float(right.mean()),
        "weights": hashlib.sha256(weights).hexdigest()[:16],
    }


def save(checkpoint: tf.train.Checkpoint, folder: Path) -> None:
    """Save a checkpoint in place of the last but one, or raise WorkerError."""
    try:
        manager = tf.train.CheckpointManager(checkpoint, str(folder), max_to_keep=2)
        manager.save(checkpoint_number=int(checkpoint.step.numpy()))
    except (tf.errors.OpError, OSError) as error:
        # Of "{{function_node ...}} some/path; No space left on device [Op:SaveV2]" what is a cause.
        cause = str(error).splitlines()[0].rpartition("; ")[2].partition(" [Op:")[0]
        raise WorkerError(
            f"A checkpoint can't be written to {folder} ({cause}). Free some space or allow "
            "writing; then start the same command again. Earlier checkpoints are as they were."
        ) from error


def restore(strategy, checkpoint: tf.train.Checkpoint, folder: Path | None) -> int:
    """Restore the last checkpoint, if there is one, and return its step, or raise WorkerError."""
    own = checkpoint.recipe.numpy().decode()
    latest = tf.train.latest_checkpoint(str(folder)) if folder else None
    remedy = "Name another --folder, or delete this one to begin anew."
    try:
        if latest:
            checkpoint.restore(latest).assert_existing_objects_matched()
    except (tf.errors.OpError, AssertionError, ValueError) as error:
        cause = f"{str(error).splitlines()[0]:.200}"
        raise WorkerError(f"{latest} can't be gone on from ({cause}). {remedy}") from error
    if (saved := checkpoint.recipe.numpy().decode()) != own:
        raise WorkerError(f"{latest} was trained with {saved}, this command has {own}. {remedy}")
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
        ("batch", 64, "images in a step, over all"),
        ("images", 60_000, "how many to train on"),
        ("save", 100, "steps between checkpoints"),
        ("wait", 120, "seconds to wait for others"),
        ("exchange", None, "don't train; measure the exchange of so many numbers"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{what} ({default})")
    options = parser.parse_args(arguments)
    numbers = [value for value in vars(options).values() if isinstance(value, int)]
    if min(numbers) < 1 or not options.batch <= options.images <= 60_000:
        parser.error("expected 1 or more each, and --images from --batch to 60000")
    return options


def main(arguments: list[str] | None = None) -> None:
    """Train or measure, and print the result; exit with a message where that fails."""
    options = parse(arguments)
    task, strategy = None, tf.distribute.get_strategy()  # of one alone
    try:
        if os.environ.get("TF_CONFIG"):
            task = cluster.read(os.environ["TF_CONFIG"])
            cluster.wait_for_workers(task, options.wait)
            strategy = create_strategy(task, options.wait)
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
