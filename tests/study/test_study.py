"""The study: a split batch makes the steps of `fit`, and a fold is held out to choose by."""

import json
from dataclasses import replace
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
    """Of 96 images, 32 are left for the last step."""
    images, labels = mnist.prepare(digits[0][:96]), digits[1][:96]
    whole, split = build_model(), build_model()
    split.set_weights(whole.get_weights())
    for model in (whole, split):
        model.compile(keras.optimizers.SGD(0.1), loss="sparse_categorical_crossentropy")
        model.optimizer.build(model.trainable_variables)
    whole.fit(images, labels, batch_size=64, shuffle=False, verbose=0)
    run = keras_training.epoch_function(split, split, images, labels, 64)
    run(np.arange(96, dtype=np.int32))
    for expected, weights in zip(whole.get_weights(), split.get_weights(), strict=True):
        np.testing.assert_allclose(weights, expected, atol=1e-5)


@pytest.mark.parametrize("name", recipes.RECIPES)
def test_a_recipe_learns(name, digits):
    recipe = replace(recipes.RECIPES[name], batch_size=64, epochs=3)
    train, log_probabilities, parameters = keras_training.prepare(recipe, *digits, seed=0)
    train()
    assert (log_probabilities(digits[0]).argmax(axis=1) == digits[1]).mean() > 0.6
    assert parameters == recipe.build().count_params() <= 104_202


def test_the_rate_rises_for_a_quarter_and_falls_to_0_and_the_first_steps_are_undone(digits):
    keras_training.compile_with_warm_up(model := build_model(), peak=0.02, steps=100)
    for step, rate in {0: 0.002, 25: 0.02, 100: 0}.items():
        model.optimizer.iterations.assign(step)
        assert float(model.optimizer.learning_rate) == pytest.approx(rate, abs=1e-6)
    _train, predict, _parameters = keras_training.prepare(recipes.split, *digits, seed=3)
    keras.utils.set_random_seed(3)
    untrained = recipes.split.build().predict(mnist.prepare(digits[0]), verbose=0)
    np.testing.assert_allclose(np.exp(predict(digits[0])), untrained, atol=0.01)


@pytest.mark.parametrize(("pixels", "degrees", "farthest"), [(2, 0, 2), (0, 90, 7)])
def test_images_are_moved_and_turned_as_far_as_said_while_one_trains(pixels, degrees, farthest):
    layer, dots = recipes.RandomAffine(pixels, degrees), np.zeros((200, 28, 28, 1), np.float32)
    dots[:, 13:15, 20:22] = 1  # 7 pixels from the middle
    np.testing.assert_array_equal(layer(dots), dots)
    mass = np.array(layer(dots, training=True)).sum(axis=(1, 3))
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


@pytest.mark.parametrize("name", PYTORCH[1:])
def test_a_recipe_in_pytorch_learns_in_a_process_of_its_own(name):
    pytest.importorskip("torch")
    run = program.measure_alone(name, seed=0, fold=5)
    assert run["accuracy"] == run["one_view"] > 0.98 and run["seconds"] > 0


def test_a_fold_is_held_out_and_nine_views_are_asked(monkeypatch):
    train_images, trained_on, asked = np.arange(540_000).reshape(-1, 3, 3), [], []
    data = (train_images, train_images[:, 0, 0]), (-1 - train_images[:10_000], np.zeros(10_000))

    def log_probabilities(images):  # wrong for the one view, right for most of nine
        asked.append(images)
        return np.full((len(images), 2), (0, len(asked) == 1))

    def prepare(_recipe, images, labels, _seed):
        np.testing.assert_array_equal(images[:, 0, 0], labels)
        trained_on.append(images)
        return Mock(), log_probabilities, 10

    monkeypatch.setattr(mnist, "load_data", lambda: data)
    monkeypatch.setattr(keras_training, "prepare", prepare)
    assert measure("accurate", 0)["accuracy"] == 1 and trained_on[0] is train_images
    assert len(asked) == 1 + 9 and len({images.tobytes() for images in asked}) == 9
    measure("document", 0, fold=4)
    np.testing.assert_array_equal(asked[10], train_images[40_000:50_000])
    assert len(trained_on[1]) == 50_000 and not np.isin(trained_on[1], asked[10]).any()


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
    assert {name: len(recipe["seconds"]) for name, recipe in runs.items()} == program.ROUNDS
    assert {*program.ROUNDS} == {*recipes.RECIPES, *PYTORCH}
