"""Train the lesson's network as one worker of several, each on a machine of its own.

    python -m helpers.scaling_out.worker --folder a/folder/of/all

It is started once on each machine, at about the same time, with `TF_CONFIG` in the environment,
which says where the workers are and which of them this one is; without it, it trains alone. The
folder for checkpoints must be one that all machines share. Its last line is a result as JSON.

A worker stops with a message, and exit code 1, where `TF_CONFIG` can't be used, where the others
don't come, or where one of them goes. The same command then goes on from the last checkpoint.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from helpers.scaling_out import cluster


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    say_defaults = argparse.ArgumentDefaultsHelpFormatter
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], formatter_class=say_defaults
    )
    parser.add_argument("--folder", type=Path, help="for checkpoints; shared by all machines")
    for name, default, what in (
        ("epochs", 5, "how often each image is seen"),
        ("batch", 64, "images in a step, over all"),
        ("images", 60_000, "how many to train on"),
        ("save", 100, "steps between checkpoints"),
        ("wait", 120, "seconds to wait for others"),
    ):
        parser.add_argument(f"--{name}", type=whole_number, default=default, help=what)
    parser.add_argument("--seed", type=int, default=0, help="of the weights and the order")
    measure = "don't train; measure how long it takes to exchange so many"
    parser.add_argument("--exchange", type=whole_number, metavar="NUMBERS", help=measure)
    options = parser.parse_args(arguments)
    if not 0 <= options.seed < 2**32:
        parser.error(f"--seed: got {options.seed}, expected 0 to {2**32 - 1}")
    if not options.batch <= options.images <= 60_000:
        wanted = "60,000 at most, and a batch at least"
        parser.error(f"--images: got {options.images:,}, expected {wanted}")
    return options


def main(arguments: list[str] | None = None) -> None:
    """Train or measure, and print the result; exit with a message where that fails."""
    options = parse(arguments)
    task = None
    try:
        if os.environ.get("TF_CONFIG"):
            task = cluster.read(os.environ["TF_CONFIG"])
            cluster.wait_for_workers(task, options.wait)
    except cluster.ClusterError as error:
        sys.exit(str(error))

    from helpers import mnist  # these take seconds, for TensorFlow
    from helpers.quiet_tensorflow import tf
    from helpers.scaling_out import distributed, multi_worker

    try:
        strategy = multi_worker.create_strategy(task, options.wait)
        index = task.index if task else 0
        if options.exchange:
            seconds = distributed.exchange_seconds(strategy, options.exchange)
            result = {"worker": index, "seconds": seconds}
        else:
            result = multi_worker.train(strategy, options, index)
    except (multi_worker.CheckpointError, mnist.DataFileError) as error:
        sys.exit(str(error))
    except tf.errors.OpError as error:
        if task is None:
            raise
        sys.exit(multi_worker.describe_lost_workers(task, error, options.folder))
    print(json.dumps(result), flush=True)


def whole_number(text: str) -> int:
    """Read a number of the command line, 1 or more."""
    if (value := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"got {value}, expected 1 or more")
    return value


if __name__ == "__main__":
    main()
