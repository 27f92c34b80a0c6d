"""Run one entrant of the study in a process of its own; print what came out as a line of JSON.

    python -m study.one "document, executed well" --seed 0

README.md says what it measures; `cold` only where the study tells when it `--started` Python.
"""

import argparse
import json
import time

from helpers import mnist

KNOWN = 50_000  # of the 60,000 training images; choices are made on the others
TORCH = ("PyTorch", "PyTorch, executed well", "PyTorch, compiled")
TORCH += ("train_mnist_fast", "train_mnist_fast, executed well", "fast's network in PyTorch")


def measure(name: str, group: str, seed: int, epochs=None, started=None) -> dict:
    """Train an entrant once; return what README.md in this folder lists for a run.

    A finished recipe learns from all 60,000 training images and is judged on the test images; a
    step of a ladder learns from 50,000 and is judged on the other 10,000.
    """
    if name in TORCH:  # without TensorFlow in the same process, whose threads might disturb
        from study.torch_training import ENTRANTS, train

        recipe, over = ENTRANTS[name], None
    else:
        from study.keras_training import train
        from study.recipes import GROUPS

        recipe, over = GROUPS[group][name]
    digits, (images, labels) = mnist.load_data()
    if group != "finished":
        images, labels = (array[KNOWN:] for array in digits)
        digits = [array[:KNOWN] for array in digits]
    predict, seconds, parameters = train(recipe, *digits, seed, epochs)
    predict(images[:1])
    cold = {"cold": round(time.time() - started, 2)} if started else {}
    accuracy = round(float((predict(images) == labels).mean()), 4)
    run = {"over": over, "parameters": parameters, "seconds": round(seconds, 3)}
    return run | cold | {"accuracy": accuracy}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name")
    parser.add_argument("--group", default="finished", help="finished, better or faster")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, help="in place of the entrant's own number")
    parser.add_argument("--started", type=float, help="the clock's seconds when it was called")
    print(json.dumps(measure(**vars(parser.parse_args()))), flush=True)
