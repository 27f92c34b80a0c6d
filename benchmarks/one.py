"""Run one entrant of the study in a process of its own; print a line of JSON for each seed.

    python -m benchmarks.one "document, executed well" --seeds 0 1

The test images are loaded when all training is over, and read once for each seed.
"""

import argparse
import json

from helpers import mnist

KNOWN = 50_000  # of the 60,000 training images; choices are made on the others
TORCH = ("PyTorch", "PyTorch, compiled", "PyTorch record")


def measure(
    name: str, seeds: list[int], epochs: int | None = None, held_out: bool = False
) -> list[dict]:
    """Train an entrant once for each seed, with its own number of epochs if no other is given.

    Steps of the ladder, and all others if they are to be judged on `held_out` images, learn from
    50,000 training images and are judged on the other 10,000. Else they learn from 60,000 and are
    judged on the test images.
    """
    if name in TORCH:  # without TensorFlow in the same process, whose threads might disturb
        from benchmarks.torch_training import train

        entrant, choosing = name, False
    else:
        from benchmarks.keras_training import train
        from benchmarks.recipes import CANDIDATES, LADDER, RECIPES

        recipes = RECIPES | LADDER | CANDIDATES
        if name not in recipes:
            raise ValueError(f"name: got {name!r}, expected one of {[*TORCH, *recipes]}")
        entrant, choosing = recipes[name], held_out or name in LADDER

    digits = mnist.load_data()[0]
    known = [array[:KNOWN] for array in digits] if choosing else digits
    trained = [train(entrant, *known, seed, epochs) for seed in seeds]
    images, labels = [array[KNOWN:] for array in digits] if choosing else mnist.load_data()[1]
    return [
        {
            "entrant": name,
            "seed": seed,
            "seconds": round(seconds, 3),
            "accuracy": round(float((predict(images) == labels).mean()), 4),
            "judged on": "held-out images" if choosing else "test images",
            "parameters": parameters,
        }
        for seed, (predict, seconds, parameters) in zip(seeds, trained, strict=True)
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--held-out", action="store_true", help="judge on held-out images")
    options = parser.parse_args()
    for run in measure(options.name, options.seeds, options.epochs, options.held_out):
        print(json.dumps(run), flush=True)
