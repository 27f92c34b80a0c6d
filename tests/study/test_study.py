"""The study: its engine takes the same steps as `fit`, and it reads the test images last."""

import ast
import json
import re
import time
from dataclasses import replace
from functools import cache, partial
from operator import ne

import numpy as np
import pytest

from helpers import mnist, records
from helpers.backend import keras
from helpers.evaluation import mean_interval
from helpers.model import build_model
from study import halves, keras_training, one, recipes, search
from study import run as study

GROUPS = recipes.GROUPS
STEPS = [(group, name) for group, steps in GROUPS.items() for name in steps]


@pytest.fixture(autouse=True)
def same_policy():
    yield
    keras.config.set_dtype_policy("float32")


@pytest.fixture
def digits(mnist_data):
    """The first 640 training images and their labels."""
    return [array[:640] for array in mnist_data[0]]


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
    for name in ("PyTorch, executed well", "PyTorch record", "PyTorch record, executed well"):
        entrant = torch_training.ENTRANTS[name]
        predict, _seconds, parameters = torch_training.train(entrant, *digits, seed=0, epochs=8)
        assert (predict(digits[0]) == digits[1]).mean() > 0.6, name
        assert parameters == (215_194 if entrant.record else 104_202)


def test_the_warm_up_leaves_no_trace(digits, monkeypatch):
    """With no epoch to train, what is left is the network as it was built."""
    recipe, built = GROUPS["finished"]["fast"].recipe, []
    monkeypatch.setattr(halves, "fit", lambda epoch, model, *_unused: built.append(model))
    keras_training.train(recipe, *digits, seed=3)
    keras.utils.set_random_seed(3)
    for one_, other in zip(built[0].get_weights(), recipe.build().get_weights(), strict=True):
        np.testing.assert_array_equal(one_, other)
    assert int(built[0].optimizer.iterations) == 0


def test_a_recipe_learns_by_fit_and_several_networks_in_halves_answer_by_their_mean(digits):
    small = partial(recipes.network, (8, 5), normalise="dense", dense=16, first_pool=3)
    several = {"build": partial(small, members=3), "policy": "float32", "batch_size": 64}
    for recipe, parameters in (
        (GROUPS["finished"]["document"].recipe, 104_202),
        (replace(recipes.fast, **several), 3 * small().count_params()),
    ):
        predict, seconds, found = keras_training.train(recipe, *digits, seed=0, epochs=3)
        assert (predict(digits[0]) == digits[1]).mean() > 0.6
        assert seconds > 0 and found == parameters


@cache
def settings(recipe):
    """Return all that a recipe sets: layers, rate, optimizer, loss, and how it is trained."""
    model = recipe.build()
    recipe.compile(model, 100)
    assert recipe.batch_size % 2 == 0 or not recipe.halves
    optimizer = {key: str(value) for key, value in model.optimizer.get_config().items()}
    rate = optimizer.pop("learning_rate")
    numbers = re.findall(r"'(?:initial_learning_rate|alpha)': ([\d.e-]+)", rate)
    kept = [optimizer.get(key) for key in ("beta_1", "beta_2", "use_ema", "weight_decay")]
    loss = getattr(model.loss, "_fn_kwargs", {}).get("label_smoothing", 0)
    rest = recipe.epochs, recipe.batch_size, recipe.policy, recipe.halves
    return str(skeleton(model)), numbers or rate, str([type(model.optimizer), *kept]), loss, *rest


def skeleton(model):
    """Return each layer's kind and settings but its name, with nested models laid open."""
    if isinstance(model, keras.Model):
        return [found for layer in model.layers for found in skeleton(layer)]
    settings = {key: str(value) for key, value in model.get_config().items() if key != "name"}
    return [] if isinstance(model, keras.layers.InputLayer) else [(type(model), settings)]


@pytest.mark.parametrize("group", GROUPS)
def test_every_step_changes_one_thing_in_the_step_it_is_compared_with(group):
    """A candidate with a comma in its name changes two: its name tells both."""
    for name, step in GROUPS[group].items():
        if step.over:
            before = settings(GROUPS[group][step.over].recipe)
            assert sum(map(ne, settings(step.recipe), before)) == 1 + name.count(","), name


def test_choices_are_made_on_held_out_images_and_test_images_come_last(monkeypatch):
    train_images, test_images = np.arange(60_000), -np.arange(10_000)
    digits = (train_images, train_images % 10), (test_images, test_images % 10)
    seen = []

    def train(recipe, images, labels, seed, epochs):
        np.testing.assert_array_equal(labels, images % 10)
        seen.append(images)
        return lambda images: seen.append(images) or np.zeros(len(images)), 1.0, 10

    monkeypatch.setattr(mnist, "load_data", lambda: digits)
    monkeypatch.setattr(keras_training, "train", train)
    runs = [one.measure("accurate"), one.measure("shifted images", "better")]
    runs.append(one.measure("accurate", "accurate", started=time.time() - 60))
    held_out = train_images[:50_000], *[train_images[50_000:]] * 2
    wanted = train_images, *[test_images] * 2, *held_out, *held_out
    for number, images in enumerate(wanted):  # trained on, the first answer, all answers
        np.testing.assert_array_equal(seen[number], images[:1] if number % 3 == 1 else images)
    assert len(seen) == len(wanted)
    assert [run["over"] for run in runs] == [None, "smoothed labels", None]
    assert "cold" not in runs[0] and runs[2]["cold"] >= 60


def test_nothing_else_in_the_study_can_reach_the_test_images():
    """Only one.py loads MNIST, and document.py, which is a script and evaluates at its end."""
    files = (study.ROOT / "study").glob("*.py")
    loading = {file.name for file in files if "load_data" in file.read_text(encoding="utf-8")}
    assert loading == {"one.py", "document.py"}


@pytest.mark.parametrize(
    ("prefix", "compiler", "torch", "lacking", "why"),
    [
        ("/a/b", "g++", True, [], ""),
        ("/a b", "g++", True, ["PyTorch, compiled"], "a path has a space: /a b"),
        ("/a/b", None, True, ["PyTorch, compiled"], "needs a C++ compiler"),
        ("/a/b", "g++", None, one.TORCH, "PyTorch is not installed here"),
    ],
)
def test_who_cannot_run_is_skipped_and_named(monkeypatch, prefix, compiler, torch, lacking, why):
    monkeypatch.setattr(study.sys, "prefix", prefix)
    monkeypatch.setattr(study.shutil, "which", lambda name: compiler)
    monkeypatch.setattr(study.importlib.util, "find_spec", lambda name: torch)
    skipped = study.skipped()
    assert list(skipped) == list(lacking) and all(why in reason for reason in skipped.values())
    ran = {job.command[-1] for job in study.jobs(skipped=skipped)}
    assert {*study.TIMES} - ran == {*lacking}


def test_a_process_that_fails_is_counted_and_shown(capsys):
    bad = study.entrant("finished", "fast", "first")
    assert study.process(bad) is None
    assert "invalid int value: 'first'" in capsys.readouterr().err
    assert bad.environment == study.ONE_THREAD_AN_OPERATION  # as its batches are cut in two
    assert study.entrant("finished", "document", 0).environment == {}


@pytest.fixture
def failing(monkeypatch, tmp_path):
    """Which (name, round) shall fail; all other processes answer at once, and files are away."""
    names, committed = set(), records.STUDY_FILE.read_bytes()
    over = {("runs", group, name): GROUPS[group][name].over for group, name in STEPS}

    def process(job):
        gain = 0.002 + 0.0001 * job.round if "dropout" in job.place else 0
        found = {"over": over.get(job.place), "parameters": 5, "seconds": 2.0, "cold": 9.0}
        found["accuracy"] = 0.99 + gain
        return None if (job.command[-1], job.round) in names else found

    monkeypatch.setattr(study, "process", process)
    monkeypatch.setattr(study, "skipped", dict)
    monkeypatch.setattr(study, "RESULT_FILE", tmp_path / "build" / "study.json")
    monkeypatch.setattr(study, "PICTURE_FILE", tmp_path / "results.png")
    monkeypatch.setattr(records, "STUDY_FILE", tmp_path / "study.json")
    records.STUDY_FILE.write_bytes(committed)
    return names


def test_the_study_names_what_failed_and_goes_on_and_only_a_whole_one_is_published(failing, capsys):
    committed = records.study()
    assert study.main(["--publish"]) == 1 and "there is none yet" in capsys.readouterr().err
    failing |= {("fast", 1), ("study.speeds", 0)}
    assert study.main([]) == 1
    named = re.findall(r"^failed: .*?(\S+)$", capsys.readouterr().out, re.M)
    assert named == ["study.speeds", "fast"]
    runs = json.loads(study.RESULT_FILE.read_bytes())["runs"]
    assert runs["finished"]["fast"]["seconds"] == [2, None, *[2] * 8]
    assert len(runs["better"]) == len(committed["runs"]["better"])
    assert study.main(["--publish"]) == 1
    assert "it lacks runs of study.speeds; fast." in capsys.readouterr().err
    failing.clear()
    assert study.main(["--quick"]) == 0 and study.main(["--publish"]) == 1
    assert study.main([]) == 0 and records.study() == committed
    assert study.main(["--publish"]) == 0
    published = records.study()["runs"]
    assert published == committed["runs"] | json.loads(study.RESULT_FILE.read_bytes())["runs"]
    assert study.PICTURE_FILE.read_bytes().startswith(b"\x89PNG")


def test_the_search_runs_what_is_not_on_record_and_pairs_by_seed(failing, capsys):
    before = records.study()
    search.main(["--seeds", "5"])
    assert records.study() == before  # all of these are committed
    before["runs"]["accurate"].pop("dropout")
    before["runs"]["accurate"]["accurate"]["accuracy"] = [0.99] * 5
    study.save(before, records.STUDY_FILE)
    search.main(["--seeds", "3"])
    assert records.study()["runs"]["accurate"]["dropout"]["accuracy"] == [0.992, 0.9921, 0.9922]
    low, high = mean_interval([0.002, 0.0021, 0.0022])
    assert f"over accurate: +0.0021 ({low:+.4f} to {high:+.4f})" in capsys.readouterr().out


def test_the_committed_study_is_whole():
    jobs = study.jobs() + study.turns(search.SEARCHES, 5)
    assert all(study.is_recorded(records.study(), job) for job in jobs)
    recorded = {(group, name) for group, runs in records.study()["runs"].items() for name in runs}
    assert recorded == {*STEPS, *(("finished", name) for name in one.TORCH)}


@pytest.fixture(scope="module")
def defined(code_cells):
    """A function from a lesson's name to the functions that its cells define."""

    def define(name):
        names = {"keras": keras, "layers": keras.layers, "build_model": build_model}
        for cell in code_cells(f"extras/{name}"):
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef):
                    exec(ast.unparse(node), names)
        return names

    return define


def test_the_lessons_build_the_networks_of_the_study(defined):
    better, faster = defined("better"), defined("faster")
    steps = {name: step.recipe for name, step in (GROUPS["better"] | GROUPS["faster"]).items()}
    for ours, theirs in (
        ("batch normalisation", better["normalised_network"]()),
        ("shifted images", better["shifted_network"]()),
        ("a peak of 0.02", faster["fast_network"](False)),
        ("all layers normalised", faster["fast_network"](True)),
    ):
        assert skeleton(steps[ours].build()) == skeleton(theirs), ours
    assert recipes.accurate_network().count_params() <= 104_202


def test_the_rate_rises_and_falls_and_the_lesson_has_the_same(defined):
    schedule, ours = recipes.rise_and_fall(100, 0.02), defined("better")["rise_and_fall"](0.02, 100)
    rates = np.array([float(schedule(step)) for step in range(101)])
    assert rates.argmax() == 25 and rates.max() == pytest.approx(0.02)
    assert rates[0] == pytest.approx(0.002) and rates[-1] == pytest.approx(0, abs=1e-8)
    np.testing.assert_allclose([float(ours(step)) for step in range(101)], rates, atol=1e-9)
