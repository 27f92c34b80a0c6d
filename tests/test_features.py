"""Feature maps, scores and mistakes are what the weights, or the answers, give by hand."""

import numpy as np

from helpers import evaluation, features


def test_a_number_of_the_first_map_and_the_scores_by_hand(shipped_model, test_images):
    image, weights = test_images[0], shipped_model.get_weights()
    maps = features.layer_outputs(shipped_model, image)
    first, third = (maps[layer][1] for layer in (1, 5))
    number = np.tensordot(image[9:12, 12:15], weights[0], 3) + weights[1]
    np.testing.assert_allclose(first[9, 12], np.maximum(number, 0), atol=1e-5)
    inputs, scores = features.before_softmax(shipped_model, test_images[:1])
    np.testing.assert_allclose(inputs[0], third.ravel(), atol=1e-5)
    np.testing.assert_allclose(scores, inputs @ weights[6] + weights[7], atol=1e-4)


def test_mistakes_against_a_loop():
    rng = np.random.default_rng(1)
    probabilities, labels = rng.dirichlet(np.ones(10), size=300), rng.integers(0, 10, size=300)
    wrong = [i for i, row in enumerate(probabilities) if list(row).index(max(row)) != labels[i]]
    expected = sorted(wrong, key=lambda i: -max(probabilities[i]))
    assert evaluation.mistakes(labels, probabilities).tolist() == expected
