"""The study: its engine takes the same steps as `fit`, and it reads the test images last."""

import json
import re
import time
from dataclasses import replace
from functools import cache
from operator import ne

import numpy as np
import pytest

from helpers import mnist, records
from helpers.backend import keras
from helpers.model import build_model
from study import halves, keras_training, one, recipes
from study import run as study
from study.factorial import effects
from study.ranking import ranking

GROUPS = recipes.GROUPS
# Of fast, 85,226 less the 256 numbers that normalisation doesn't train.
PARAMETERS = {"PyTorch, executed well": 104_202, "train_mnist_fast": 215_194}
PARAMETERS["fast's network in PyTorch"] = 84_970


@pytest.fixture
def digits(mnist_data):
    """The first 640 training images and their labels; the policy of the layers is reset."""
    yield [array[:640] for array in mnist_data[0]]
    keras.config.set_dtype_policy("float32")


def test_two_halves_make_the_same_steps_as_whole_batches(digits):
    """Of 96 images, 32 are left for the last step: they count less in the mean loss."""
    images, labels = mnist.prepare(digits[0][:96]), digits[1][:96]
    keras.utils.set_random_seed(0)
    whole, in_two = build_model(), build_model()
    in_two.set_weights(whole.get_weights())
    for model in (whole, in_two):
        model.compile(keras.optimizers.SGD(0.1), loss="sparse_categorical_crossentropy")
        model.optimizer.build(model.trainable_variables)
    history = whole.fit(images, labels, batch_size=64, shuffle=False, verbose=0)
    loss = halves.epoch_function(in_two, images, labels, 64)(np.arange(96, dtype=np.int32))
    assert float(loss) == pytest.approx(history.history["loss"][0], rel=1e-4)
    for one_, other in zip(whole.get_weights(), in_two.get_weights(), strict=True):
        np.testing.assert_allclose(other, one_, atol=1e-5)


def test_the_peers_learn_where_pytorch_is_installed(digits):
    pytest.importorskip("torch")
    from study import torch_training

    assert tuple(torch_training.ENTRANTS) == one.TORCH
    for name in PARAMETERS:
        entrant = torch_training.ENTRANTS[name]
        predict, _seconds, parameters = torch_training.train(entrant, *digits, seed=0, epochs=8)
        assert (predict(digits[0]) == digits[1]).mean() > 0.6, name
        assert parameters == PARAMETERS[name]


def test_the_warm_up_leaves_no_trace(digits):
    recipe, built = GROUPS["finished"]["fast"].recipe, []
    keep = replace(recipe, build=lambda: built.append(recipe.build()) or built[0])
    keras_training.train(keep, *digits, seed=3, epochs=0)
    keras.utils.set_random_seed(3)
    for one_, other in zip(built[0].get_weights(), recipe.build().get_weights(), strict=True):
        np.testing.assert_array_equal(one_, other)
    assert int(built[0].optimizer.iterations) == 0


@pytest.mark.parametrize("name", ["document", "fast", "accurate", "TensorFlow quickstart"])
def test_a_recipe_learns_by_fit_or_in_halves(digits, name):
    recipe = replace(GROUPS["finished"][name].recipe, batch_size=64)
    predict, seconds, parameters = keras_training.train(recipe, *digits, seed=0, epochs=3)
    assert (predict(digits[0]) == digits[1]).mean() > 0.6
    assert seconds > 0 and parameters == recipe.build().count_params()


def test_images_are_moved_and_turned_as_far_as_said_and_only_while_one_trains():
    dot = np.zeros((200, 28, 28, 1), np.float32)
    dot[:, 13:15, 20:22] = 1
    still, shifts = recipes.RandomAffine(0), recipes.RandomAffine(2)
    np.testing.assert_allclose(still(dot, training=True), dot, atol=1e-5)
    np.testing.assert_array_equal(shifts(dot), dot)
    turned = np.array(recipes.RandomAffine(0, 90)(dot, training=True))
    for images, far in (np.array(shifts(dot, training=True)), 2), (turned, 7 * 2**0.5):
        mass = images.sum((1, 2, 3))
        rows, columns = (
            (images * axis).sum((1, 2, 3)) / mass - start
            for axis, start in (
                (np.arange(28)[:, None, None], 13.5),
                (np.arange(28)[:, None], 20.5),
            )
        )
        assert far / 2 < np.abs(rows).max() < far + 0.1
        assert far / 2 < np.abs(columns).max() < far + 0.1


@pytest.mark.parametrize("shape", [(64, 5, 5, 16), (640, 16)])
def test_batch_normalisation_in_one_operation_is_that_of_keras(shape):
    numbers = np.random.default_rng(0).normal(3, 2, shape).astype(np.float32)
    found = []
    for kind in (keras.layers.BatchNormalization, recipes.BatchNormalization):
        layer = kind(momentum=0.8)
        found.append([layer(numbers, training=True), layer(numbers), *layer.get_weights()])
    for one_, other in zip(*found, strict=True):  # but for n - 1 in place of n, in the variance
        np.testing.assert_allclose(other, one_, rtol=2e-3, atol=2e-3)


def test_the_plan_finds_what_an_idea_is_worth():
    runs = {
        name: {"accuracy": [0.99 + 0.001 * ("zoomed" in name) + 0.0001 * seed for seed in (0, 1)]}
        for name in GROUPS["factorial"]
    }
    assert len(runs) == 16
    for idea, (gain, error) in effects(runs).items():
        assert gain == pytest.approx(0.001 * (idea == "zoomed"), abs=1e-9)
        assert error == pytest.approx(2e-5, rel=0.2)


@cache
def settings(recipe):
    """Return all that a recipe sets: layers, rate, optimizer, loss, and how it is trained."""
    model = recipe.build()
    recipe.compile(model, 100)
    optimizer = model.optimizer.get_config() | {"name": type(model.optimizer).__name__}
    rate = str(optimizer.pop("learning_rate"))
    loss = getattr(model.loss, "_fn_kwargs", {}).get("label_smoothing", 0)
    rest = recipe.epochs, recipe.batch_size, recipe.policy, recipe.halves
    rest += recipe.unmoved, recipe.looks
    return str(skeleton(model)), rate, str(optimizer), loss, *rest


def skeleton(model):
    """Return each layer's kind and settings but its name, with nested models laid open."""
    if isinstance(model, keras.Model):
        return [found for layer in model.layers for found in skeleton(layer)]
    settings = {key: str(value) for key, value in model.get_config().items() if key != "name"}
    return [] if isinstance(model, keras.layers.InputLayer) else [(type(model), settings)]


@pytest.mark.parametrize("steps", [GROUPS["better"], GROUPS["faster"]])
def test_every_step_changes_one_thing_in_the_step_it_is_compared_with(steps):
    for name, step in list(steps.items())[1:]:
        before = settings(steps[step.over].recipe)
        assert sum(map(ne, settings(step.recipe), before)) == 1, name


def test_choices_are_made_on_held_out_images_and_test_images_come_last(monkeypatch):
    train_images, test_images, seen = np.arange(60_000), -np.arange(10_000), []
    digits = (train_images, train_images), (test_images, test_images)

    def train(recipe, images, labels, seed, epochs):
        seen.append(images)
        return lambda images: seen.append(images) or np.zeros(len(images)), 1.0, 10

    monkeypatch.setattr(mnist, "load_data", lambda: digits)
    monkeypatch.setattr(keras_training, "train", train)
    finished = one.measure("accurate", "finished", 0)
    step = one.measure("shifted images", "better", 0, started=time.time() - 60)
    wanted = train_images, test_images[:1], test_images  # trained on, the first answer, all answers
    wanted += train_images[:50_000], train_images[50_000:50_001], train_images[50_000:]
    for found, images in zip(seen, wanted, strict=True):
        np.testing.assert_array_equal(found, images)
    assert "cold" not in finished and step["cold"] >= 60 and step["over"] == "smoothed labels"


def test_who_cannot_run_is_skipped_and_named(monkeypatch):
    monkeypatch.setattr(study.sys, "prefix", "/a b")
    for torch, lacking in (True, ["PyTorch, compiled"]), (None, one.TORCH):
        monkeypatch.setattr(study.importlib.util, "find_spec", lambda name, found=torch: found)
        assert list(study.skipped()) == list(lacking)
        ran = {job.name for job in study.jobs(skipped=study.skipped())}
        assert {*study.TIMES} - ran == {*lacking}


def test_only_a_study_in_which_nothing_failed_is_published(monkeypatch, tmp_path, capsys):
    assert study.process(study.Job("finished", "fast", "first")) is None
    assert "invalid int value: 'first'" in capsys.readouterr().err
    committed = records.study()
    assert all(study.is_recorded(committed, job) for job in study.jobs())
    failing = [("finished", "fast", 1), ("better", "Adam", 0)]

    def process(job, *_options):
        found = {"over": None, "parameters": 5, "seconds": 2.0, "cold": 9.0, "accuracy": 0.99}
        return None if job in failing else found

    monkeypatch.setattr(study, "process", process)
    monkeypatch.setattr(study, "skipped", dict)
    monkeypatch.setattr(study, "matrix_products", dict)
    for module, name in (study, "RESULT_FILE"), (study, "PICTURE_FILE"), (records, "STUDY_FILE"):
        monkeypatch.setattr(module, name, tmp_path / name)
    study.save(committed, records.STUDY_FILE)
    assert study.main([]) == 1
    named = re.findall("^failed: (.*)$", capsys.readouterr().out, re.M)
    assert named == ["finished: fast, round 1", "better: Adam, round 0"]
    runs = json.loads(study.RESULT_FILE.read_bytes())["runs"]
    assert runs["finished"]["fast"]["seconds"] == [2, None, *[2] * 8]
    assert "it lacks runs of fast; Adam." in study.main(["--publish"])
    failing.clear()
    assert study.main(["--quick"]) == 0 and "lacks runs of document;" in study.main(["--publish"])
    assert study.main([]) == 0 and records.study() == committed and not study.main(["--publish"])
    measured = json.loads(study.RESULT_FILE.read_bytes())["runs"]
    assert records.study()["runs"] == committed["runs"] | measured
    assert study.PICTURE_FILE.read_bytes().startswith(b"\x89PNG")


def test_the_fastest_stands_on_top_with_its_runs_and_numbers_at_their_dots():
    columns = {"seconds": (1, 20, 3), "cold": (9, 29, 4), "accuracy": (0.99, 0.995, 0.98)}
    points = {name: {key: [row[i]] for key, row in columns.items()} for i, name in enumerate("abc")}
    left, right, cold = ranking(points).axes
    assert [label.get_text() for label in left.get_yticklabels()] == ["b (1)", "c (1)", "a (1)"]
    assert [text.get_text() for text in left.texts] == ["99.50%", "98.00%", "99.00%"]
    assert [text.xy[0] for text in (*right.texts, *cold.texts)] == [20, 3, 1, 29, 4, 9]
    assert re.search("on top, a; .* highest for b.* shortest for c", left.figure.alt)


def test_accurate_fits_and_the_rate_rises_and_falls():
    assert recipes.accurate_network().count_params() <= 104_202
    rates = [float(recipes.rise_and_fall(100, 0.02)(step)) for step in range(101)]
    assert np.argmax(rates) == 25 and rates[25] == pytest.approx(0.02) and rates[100] < 1e-9
