"""Print the rate of this machine in matrix products, GFLOP/s by dtype, as a line of JSON.

python -m study.speeds
"""

import json
import time

from helpers.backend import tf

SIDE = 2048  # of the square matrices


def matrix_products() -> dict[str, float]:
    """Return the highest of 50 rates in GFLOP/s for the square of a matrix, by dtype."""
    rates = {}
    multiply = tf.function(lambda matrix: tf.reduce_sum(tf.matmul(matrix, matrix)))
    for dtype in ("float32", "bfloat16"):
        matrix, times = tf.cast(tf.random.normal((SIDE, SIDE)), dtype), []
        for _call in range(50):
            start = time.perf_counter()
            float(multiply(matrix))  # waits for the result
            times.append(time.perf_counter() - start)
        rates[dtype] = round(2 * SIDE**3 / min(times) / 1e9, 1)
    return rates


if __name__ == "__main__":
    print(json.dumps(matrix_products()))
