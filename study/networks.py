"""Train the lesson's network or LeNet-5 by the recipe of notebook 3, and note the mistakes."""

from helpers import mnist
from study.measure import find_mistakes, limit_threads

NETWORKS = "the lesson's network", "LeNet-5"
# Notebook 3 learns from 50,000 training images. Fewer take less time, and both networks get them.
LEARNING_COUNT = 20_000
VALIDATION_START = 50_000  # the last 10,000 training images judge, as in notebook 3


def measure_network(name: str, seed: int, count: int = LEARNING_COUNT) -> dict:
    """Train a network of `NETWORKS` on the first `count` training images, and judge it.

    The last 10,000 training images judge. Return the number of `parameters`, the `accuracy`, 0 to
    1, and the `mistakes`, as indices in the images that judge.
    """
    limit_threads(1)
    from helpers.common.backend import keras
    from helpers.lenet import build_lenet5
    from helpers.model import build_model, compile_model

    images, labels = mnist.load_data()[0]
    keras.utils.set_random_seed(seed)
    model = build_lenet5() if name == "LeNet-5" else build_model()
    compile_model(model)
    model.fit(mnist.prepare(images[:count]), labels[:count], batch_size=64, epochs=5, verbose=0)

    def probabilities(images):
        return model.predict(mnist.prepare(images), 1000, verbose=0)

    judging = slice(VALIDATION_START, None)
    mistakes = find_mistakes(probabilities, images[judging], labels[judging], 1)
    return {
        "parameters": model.count_params(),
        "accuracy": round(1 - len(mistakes) / len(labels[judging]), 4),
        "mistakes": mistakes,
    }
