"""How long one prediction takes, by several ways, and how fast this machine multiplies matrices.

python -m study.prediction
"""

import json
import statistics
import time
from collections.abc import Callable

import numpy as np

from helpers import mnist
from helpers.backend import keras, tf
from helpers.drawing import to_mnist
from helpers.drawing.strokes import recorded_strokes, render_strokes
from helpers.model import SHIPPED_MODEL, load_model, single_image_predictor
from helpers.web.pad import DrawingPad

ROUNDS, CALLS = 9, 20
SIDE = 2048  # of the square matrices


def interleaved(
    ways: dict[str, Callable[[], object]], calls: int = CALLS, rounds: int = ROUNDS
) -> dict[str, list]:
    """Time all ways in turn, so that all meet the same machine; return each round's median ms."""
    for call in ways.values():
        call(), call()
    medians = {name: [] for name in ways}
    for name, call in list(ways.items()) * rounds:
        times = []
        for _ in range(calls):
            start = time.perf_counter()
            call()
            times.append(1000 * (time.perf_counter() - start))
        medians[name].append(round(statistics.median(times), 4))
    return medians


def one_image(rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Return milliseconds for one image by each of three ways, and for a drawing on the pad.

    The pad answers by the third way; the rest of its time goes into making the image.
    """
    keras.config.disable_interactive_logging()
    model, strokes = load_model(SHIPPED_MODEL), recorded_strokes()
    image = mnist.prepare(to_mnist(render_strokes(strokes))[None])
    compiled, pad = single_image_predictor(model), DrawingPad(model)

    def draw():
        pad.set_state({"strokes": []})  # costs next to nothing; the pad answers changes alone
        pad.set_state({"strokes": strokes})

    ways = {
        "model.predict(x)": lambda: model.predict(image),
        "model(x)": lambda: np.asarray(model(image, training=False)),
        "a compiled function": lambda: compiled(image),
        "the drawing pad's answer": draw,
    }
    return interleaved(ways, rounds=rounds)


def matrix_products() -> dict[str, float]:
    """Return the machine's rate in GFLOP/s for products of square matrices, by dtype."""
    rates = {}
    for dtype in ("float32", "bfloat16"):
        matrix = tf.cast(tf.random.normal((SIDE, SIDE)), dtype)
        product = tf.function(lambda m: tf.reduce_sum(tf.matmul(m, m)))
        times = interleaved({dtype: lambda: float(product(matrix))}, calls=5)[dtype]  # noqa: B023
        rates[dtype] = round(2 * SIDE**3 / min(times) / 1e6, 1)
    return rates


if __name__ == "__main__":
    print(json.dumps({"one image, ms": one_image(), "matrix products, GFLOP/s": matrix_products()}))
