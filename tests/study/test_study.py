"""The study: a split batch makes the steps of `fit`, and a fold is held out to choose by."""

import json
from unittest.mock import Mock

import numpy as np
import pytest

import study.__main__ as program
from helpers import mnist
from helpers.backend import keras
from helpers.model import build_model
from study import keras_training, recipes
from study.measure import PYTORCH, measure


@pytest.fixture
def digits(mnist_data):
    """The first 640 training images and their labels; the policy of the layers is reset."""
    yield [array[:640] for array in mnist_data[0]]
    keras.config.set_dtype_policy("float32")


def test_a_split_batch_makes_the_steps_of_fit(digits):
    images, labels = mnist.prepare(digits[0][:96]), digits[1][:96]  # 32 are left for the last step
    whole, split = build_model(), build_model()
    split.set_weights(whole.get_weights())
    for model in (whole, split):
        model.compile(keras.optimizers.SGD(0.1), loss="sparse_categorical_crossentropy")
        model.optimizer.build(model.trainable_variables)
    whole.fit(images, labels, batch_size=64, shuffle=False, verbose=0)
    run_epoch = keras_training.epoch_function(split, images, labels, 64)
    run_epoch(np.arange(96, dtype=np.int32), augmented=False)
    for expected, weights in zip(whole.get_weights(), split.get_weights(), strict=True):
        np.testing.assert_allclose(weights, expected, atol=1e-5)


@pytest.mark.parametrize("name", recipes.RECIPES)
def test_a_recipe_learns(name, digits, monkeypatch):
    recipe = recipes.RECIPES[name] | {"batch_size": 64, "epochs": 3}
    monkeypatch.setitem(recipes.RECIPES, name, recipe)
    train, log_probabilities, parameters = keras_training.prepare(name, *digits, seed=0)
    train()
    assert (log_probabilities(digits[0]).argmax(axis=1) == digits[1]).mean() > 0.6
    assert parameters == recipe["build"]().count_params() <= 104_202


def test_the_rate_rises_for_a_quarter_and_falls_to_0_and_the_first_steps_are_undone(digits):
    keras_training.compile_with_warm_up(model := build_model(), peak=0.02, steps=100)
    for step, rate in {0: 0.002, 25: 0.02, 100: 0}.items():
        model.optimizer.iterations.assign(step)
        assert float(model.optimizer.learning_rate) == pytest.approx(rate, abs=1e-6)
    _train, predict, _parameters = keras_training.prepare("document", *digits, seed=3)
    keras.utils.set_random_seed(3)
    untrained = build_model().predict(mnist.prepare(digits[0]), verbose=0)
    np.testing.assert_allclose(np.exp(predict(digits[0])), untrained, atol=1e-6)


@pytest.mark.parametrize(("pixels", "degrees", "farthest"), [(2, 0, 2), (0, 90, 7)])
def test_images_are_moved_and_turned_as_far_as_said(pixels, degrees, farthest):
    dots = np.zeros((200, 28, 28, 1), np.float32)
    dots[:, 13:15, 20:22] = 1  # 7 pixels from the middle
    mass = np.array(recipes.move_and_turn(dots, pixels, degrees)).sum(axis=(1, 3))
    columns = mass @ np.arange(28) / mass.sum(axis=1)
    assert farthest / 2 < np.abs(columns - 20.5).max() < farthest + 0.1


@pytest.mark.parametrize("shape", [(64, 5, 5, 16), (640, 16)])
def test_batch_normalization_is_that_of_keras(shape):
    numbers = np.random.default_rng(0).normal(3, 2, shape).astype(np.float32)
    kinds = keras.layers.BatchNormalization, recipes.BatchNormalization
    expected, layer = (kind(momentum=0.8) for kind in kinds)
    for training in (True, False):
        wanted = expected(numbers, training=training)
        np.testing.assert_allclose(layer(numbers, training=training), wanted, atol=3e-3)


def test_a_recipe_in_pytorch_learns_in_a_process_of_its_own():
    pytest.importorskip("torch")
    run = program.measure_alone("train_mnist_fast with bfloat16", seed=0, fold=5)
    assert run["accuracy"] == run["one_view"] > 0.98 and run["seconds"] > 0


def test_a_fold_is_held_out_and_nine_views_are_asked(monkeypatch):
    images, held_out = np.arange(540_000).reshape(-1, 3, 3), slice(40_000, 50_000)
    data = (images, images[:, 0, 0]), (-1 - images[:10_000], np.zeros(10_000))
    wrong, right = np.full((10_000, 2), (0, 1)), np.full((10_000, 2), (1, 0))
    ask = Mock(side_effect=2 * [wrong, *9 * [right]])  # wrong by one view, right by nine
    prepare = Mock(return_value=(Mock(), ask, 10))
    monkeypatch.setattr("os.environ", {})
    monkeypatch.setattr(mnist, "load_data", lambda: data)
    monkeypatch.setattr(keras_training, "prepare", prepare)
    assert measure("accurate", 0)["accuracy"] == 1 and prepare.call_args.args[1] is images
    asked = [call.args[0].tobytes() for call in ask.call_args_list]
    assert asked[0] == asked[1] == data[1][0].tobytes() and len({*asked}) == 9
    measure("document", 0, fold=4)
    _name, known, labels, _seed = prepare.call_args.args
    np.testing.assert_array_equal(ask.call_args_list[10].args[0], images[held_out])
    np.testing.assert_array_equal(known, np.delete(images, held_out, axis=0))
    np.testing.assert_array_equal(known[:, 0, 0], labels)


def test_only_a_whole_study_becomes_the_lessons(monkeypatch, tmp_path):
    file, ran = tmp_path / "study.json", {"seconds": 2.5, "accuracy": 0.99}
    monkeypatch.setattr(program, "measure_alone", Mock(side_effect=[ran, MemoryError]))
    monkeypatch.setattr(program, "FILE", tmp_path / "build" / "study.json")
    monkeypatch.setattr(program, "LESSONS_FILE", file)
    with pytest.raises(MemoryError):
        program.main([])
    assert len(json.loads((tmp_path / "build" / "study.json").read_bytes())["recipes"]) == 1
    monkeypatch.setattr(program, "measure_alone", lambda *job: ran)
    for partial in (["--rounds", "1"], ["--fold", "5"], ["fast"]):
        program.main(partial)
        assert not file.exists()
    program.main([])
    runs = json.loads(file.read_bytes())["recipes"]
    assert runs["fast"] == {"seconds": [2.5] * 10, "accuracy": [0.99] * 10}
    assert [*runs] == [*program.RECIPES] and {*runs} == {*recipes.RECIPES, *PYTORCH}
