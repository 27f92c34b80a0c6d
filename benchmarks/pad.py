"""How long the kernel's answer to a drawing takes, beside one call of the network alone.

Run it from the project's root: `python -m benchmarks.pad`
"""

import statistics
import time

from helpers import mnist
from helpers.drawing import to_mnist
from helpers.model import SHIPPED_MODEL, load_model
from helpers.pad import DrawingPad
from helpers.strokes import recorded_strokes, render_strokes

ROUNDS, REPEATS = 7, 50


def milliseconds(call) -> float:
    """Return the median time of a call."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> None:
    """Print both medians and their ratio, measured in turn so that both meet the same machine."""
    model = load_model(SHIPPED_MODEL)
    pad = DrawingPad(model)
    strokes = recorded_strokes()
    images = mnist.prepare(to_mnist(render_strokes(strokes))[None])

    def answer():
        pad.set_state({"strokes": []})  # costs next to nothing; the pad answers changes alone
        pad.set_state({"strokes": strokes})

    def network():
        model(images, training=False)

    answer(), network()
    rounds = [(milliseconds(network), milliseconds(answer)) for _ in range(ROUNDS)]
    ratios = [slow / fast for fast, slow in rounds]
    print(f"one model(x) call: {statistics.median(r[0] for r in rounds):.2f} ms")
    print(f"the pad's answer: {statistics.median(r[1] for r in rounds):.2f} ms")
    print(f"ratio: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
