"""Run one entrant of the study in a process of its own; print what came out as a line of JSON.

    python -m study.one "document, executed well" --seed 0

Two clocks. `seconds` is training alone, in a process that is ready: libraries imported, images in
memory as the entrant takes them, network built and traced or compiled, a few steps taken and
undone. `cold` begins before Python starts (`--started`, which the study gives) and ends with
the answer to the first image that was not trained on; it holds all of that, and training.
"""

import argparse
import json
import time

from helpers import mnist

KNOWN = 50_000  # of the 60,000 training images; choices are made on the others
TORCH = (
    *("PyTorch", "PyTorch, executed well", "PyTorch, compiled"),
    *("PyTorch record", "PyTorch record, executed well"),
)


def measure(
    name: str,
    seed: int = 0,
    epochs: int | None = None,
    ladder: str | None = None,
    started: float | None = None,
) -> dict:
    """Train an entrant once, with its own number of epochs if no other is given.

    A finished recipe learns from all 60,000 training images and is judged on the test images, which
    it meets when training is over. The step of this name on a `ladder` or in a search learns from
    50,000 and is judged on the other 10,000.

    Returns:
        What `README.md` in this folder lists for a run; `cold` where `started` is given.
    """
    run = {"entrant": name, "seed": seed}
    if name in TORCH:  # without TensorFlow in the same process, whose threads might disturb
        from study.torch_training import ENTRANTS, train

        recipe = ENTRANTS[name]
    else:
        from study.keras_training import train
        from study.recipes import LADDERS, RECIPES, SEARCHES

        steps = (LADDERS | SEARCHES)[ladder] if ladder else {}
        recipes = {key: step.recipe for key, step in steps.items()} or RECIPES
        if name not in recipes:
            expected = [*recipes] if ladder else [*TORCH, *recipes]
            raise ValueError(f"name: got {name!r}, expected one of {expected}")
        recipe = recipes[name]

    digits, (images, labels) = mnist.load_data()
    if ladder:
        run |= {"ladder": ladder, "over": steps[name].over}
        images, labels = (array[KNOWN:] for array in digits)
        digits = [array[:KNOWN] for array in digits]
    predict, seconds, parameters = train(recipe, *digits, seed, epochs)
    predict(images[:1])
    run["seconds"] = round(seconds, 3)
    if started is not None:
        run["cold"] = round(time.time() - started, 2)
    return run | {
        "accuracy": round(float((predict(images) == labels).mean()), 4),
        "judged on": "held-out images" if ladder else "test images",
        "parameters": parameters,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--ladder", help="a step of better or faster, or of a search; held out")
    parser.add_argument("--started", type=float, help="the clock's seconds when it was called")
    print(json.dumps(measure(**vars(parser.parse_args()))), flush=True)
