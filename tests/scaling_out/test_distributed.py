"""The loop for several replicas does what one step of Keras's fit does, and shares out batches."""

import numpy as np
import pytest

from helpers.backend import keras, tf
from helpers.model import build_model, compile_model
from helpers.scaling_out import distributed

IMAGES = np.random.default_rng(0).random((64, 28, 28, 1), dtype="float32")
LABELS = np.arange(64) % 10
STRATEGY = tf.distribute.get_strategy()  # of one replica
RIGHT = {"images": IMAGES, "labels": LABELS, "batch_size": 32, "order": np.arange(64)}


def untrained():
    keras.utils.set_random_seed(0)
    return build_model()


def test_its_steps_and_its_accuracy_are_those_of_keras():
    model, fitted = untrained(), untrained()
    steps = distributed.make_steps(STRATEGY, model, keras.optimizers.RMSprop(), 32)
    steps(distributed.batches(STRATEGY, **RIGHT), tf.constant(2))
    compile_model(fitted)
    fitted.fit(IMAGES, LABELS, batch_size=32, epochs=1, shuffle=False, verbose=0)
    for one, other in zip(model.get_weights(), fitted.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-4)
    _, wanted = fitted.evaluate(IMAGES, LABELS, verbose=0)
    assert distributed.accuracy(fitted, IMAGES, LABELS) == pytest.approx(wanted)


def test_batches_follow_the_order_and_leave_out_the_rest():
    order = np.arange(63, -1, -1)
    found = list(distributed.batches(STRATEGY, IMAGES, LABELS, 30, order))
    assert [len(labels) for _, labels in found] == [30, 30]
    np.testing.assert_array_equal(np.concatenate([labels for _, labels in found]), LABELS[:3:-1])
    np.testing.assert_array_equal(found[0][0], IMAGES[order[:30]])


def test_the_images_are_not_written_into_the_graph():
    data = distributed.batches(STRATEGY, **RIGHT)._dataset
    graph = tf.raw_ops.DatasetToGraphV2(input_dataset=data._variant_tensor).numpy()
    functions = tf.compat.v1.GraphDef.FromString(graph).library
    assert 0 < functions.ByteSize() < IMAGES.nbytes / 10


def test_a_digest_changes_with_any_bit():
    model = untrained()
    before = distributed.digest(model)
    assert before == distributed.digest(untrained())
    kernel = model.variables[0]
    kernel.assign(np.nextafter(kernel.numpy(), np.float32(1)))
    assert distributed.digest(model) != before


def test_other_arguments_are_refused():
    for changed, said in (
        ({"labels": LABELS + 5}, "labels: got 5 to 14, expected 0 to 9"),
        ({"order": [64]}, "order: got 64 to 64, expected 0 to 63"),
        ({"batch_size": 65}, "batch_size: got 65, expected a whole number, 1 to 64"),
    ):
        with pytest.raises(ValueError, match=said):
            distributed.batches(STRATEGY, **(RIGHT | changed))
