"""The study: its engine takes the same steps as `fit`, and it reads the test images last."""

import ast
import json
import re

import nbformat
import numpy as np
import pytest

from benchmarks import data, halves, keras_training, one, recipes, report, study
from benchmarks.data import Digits
from helpers import mnist
from helpers.backend import keras
from helpers.faster_and_better import records
from helpers.model import build_model

ALL = recipes.RECIPES | recipes.LADDER


@pytest.fixture(scope="module")
def digits():
    known = data.known()
    return Digits(known.images[:640], known.labels[:640])


def test_two_halves_make_the_same_step_as_the_whole_batch(digits):
    images, labels = mnist.prepare(digits.images), digits.labels
    weights = []
    for in_halves in (False, True):
        keras.utils.set_random_seed(0)
        model = build_model()
        model.compile(keras.optimizers.SGD(0.1), loss="sparse_categorical_crossentropy")
        model.optimizer.build(model.trainable_variables)
        if in_halves:
            halves.epoch_function(model, images, labels, 64)(np.arange(640, dtype=np.int32))
        else:
            model.fit(images, labels, batch_size=64, shuffle=False, verbose=0)
        weights.append(model.get_weights())
    for whole, in_two in zip(*weights, strict=True):
        np.testing.assert_allclose(in_two, whole, atol=1e-5)


def test_the_mean_loss_of_an_epoch_counts_a_short_last_batch_less(digits):
    images, labels = mnist.prepare(digits.images[:96]), digits.labels[:96]
    keras.utils.set_random_seed(0)
    model = build_model()
    model.compile(keras.optimizers.SGD(0.0), loss="sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    expected = model.evaluate(images, labels, verbose=0)
    epoch = halves.epoch_function(model, images, labels, 64)
    (loss,) = halves.fit(epoch, model, 96, epochs=1, seed=0)
    assert loss == pytest.approx(expected, rel=1e-4)


def test_an_odd_number_of_images_cannot_be_halved(digits):
    with pytest.raises(ValueError, match="even"):
        halves.epoch_function(build_model(), mnist.prepare(digits.images[:95]), None, 64)
    with pytest.raises(ValueError, match="even"):
        halves.epoch_function(build_model(), mnist.prepare(digits.images[:96]), None, 63)


def test_the_warm_up_leaves_no_trace(digits, monkeypatch):
    """With no epoch to train, what is left is the network as it was built."""
    recipe = recipes.RECIPES["fast"]
    built = []
    monkeypatch.setattr(halves, "fit", lambda epoch, model, *_: built.append(model))
    keras_training.train(recipe, digits, seed=3)
    keras.utils.set_random_seed(3)
    keras.config.set_dtype_policy(recipe.policy)
    fresh = recipe.build()
    for one_, other in zip(built[0].get_weights(), fresh.get_weights(), strict=True):
        np.testing.assert_array_equal(one_, other)
    assert int(built[0].optimizer.iterations) == 0


@pytest.fixture(autouse=True)
def policy():
    yield
    keras.config.set_dtype_policy("float32")


def test_a_recipe_learns_and_answers_with_digits(digits):
    predict, seconds, parameters = keras_training.train(
        recipes.RECIPES["document"], digits, seed=0, epochs=3
    )
    answers = predict(digits.images)
    assert (answers == digits.labels).mean() > 0.6
    assert seconds > 0 and parameters == 104_202


@pytest.mark.parametrize("name", [*recipes.RECIPES, *recipes.LADDER])
def test_every_recipe_can_be_built_and_compiled(name):
    recipe = ALL[name]
    model = recipe.build()
    recipe.compile(model, 100)
    assert model.output_shape == (None, 10)
    assert recipe.batch_size % 2 == 0 or not recipe.halves


def test_the_accurate_network_is_no_larger_than_the_documents():
    assert recipes.accurate_network().count_params() <= 104_202


def test_the_rate_rises_and_falls():
    schedule = recipes.rise_and_fall(100, 0.02)
    rates = np.array([float(schedule(step)) for step in range(101)])
    assert rates.argmax() == 25 and rates.max() == pytest.approx(0.02)
    assert rates[0] == pytest.approx(0.002) and rates[-1] == pytest.approx(0, abs=1e-8)


def test_known_and_held_out_images_are_the_training_images():
    whole, known, held_out = data.training(), data.known(), data.held_out()
    np.testing.assert_array_equal(np.concatenate([known.images, held_out.images]), whole.images)
    assert len(held_out.images) == 10_000


def test_test_images_are_asked_for_after_all_training(monkeypatch):
    events = []
    few = Digits(np.zeros((4, 28, 28), np.uint8), np.zeros(4, np.uint8))
    for part in ("training", "known", "held_out", "test"):
        monkeypatch.setattr(data, part, lambda part=part: events.append(part) or few)

    def train(recipe, digits, seed, epochs):
        events.append("train")
        return lambda images: np.zeros(len(images)), 1.0, 10

    monkeypatch.setattr(keras_training, "train", train)
    one.measure("accurate", [0, 1])
    assert events == ["training", "train", "train", "test"]
    events.clear()
    one.measure("shifted images", [0, 1])
    assert events == ["known", "train", "train", "held_out"]


def test_nothing_else_in_the_study_can_reach_the_test_images():
    """Only data.py loads MNIST, and only one.py calls its `test`; document.py is a script."""
    folder = study.ROOT / "benchmarks"
    for path in sorted(folder.glob("*.py")):
        if path.name == "document.py":  # the bare script evaluates once, at its end
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
        assert ("mnist.load_data" in called) == (path.name == "data.py"), path.name
        assert ("data.test" in called) == (path.name == "one.py"), path.name


def test_an_unknown_entrant_is_named():
    with pytest.raises(ValueError, match="'slow', expected one of"):
        one.measure("slow", [0])


def test_a_ratio_is_of_medians_and_its_spread_of_neighbours():
    assert report.ratio([4, 6, 8], [2, 2, 4]) == (3.0, 2.0, 3.0)
    assert report.ratio([4, 6, 80], [2, 2]) == (2.5, 2.0, 3.0)
    with pytest.raises(ValueError, match="0 times"):
        report.ratio([1.0], [])


def test_entrants_take_turns():
    names = [command[-1] for key, command, _ in study._jobs(False) if key == "runs"]
    entrants = [name for name in names if name not in recipes.LADDER]
    once = list(dict.fromkeys(entrants))
    assert entrants[: len(once)] == once and entrants.count("fast") == 5
    assert [name for name in names if name in recipes.LADDER] == list(recipes.LADDER)


def test_every_process_has_the_threads_it_needs():
    for key, command, threads in study._jobs(True):
        recipe = ALL.get(command[-1]) if key == "runs" else None
        assert bool(threads) == bool(recipe and recipe.halves), command


@pytest.fixture
def stubbed(monkeypatch, tmp_path):
    """A study whose processes answer at once; the entrant "fast" fails."""

    def process(command, threads):
        name = command[-1]
        if name == "benchmarks.prediction":
            return [{"one image, ms": {"model(x)": [4.0, 5.0]}, "matrix products, GFLOP/s": {}}]
        if command[0] != "benchmarks.one":
            return [60.0]
        if name == "fast":
            return None
        judged = "held-out images" if name in recipes.LADDER else "test images"
        run = {"entrant": name, "seed": 0, "seconds": 10.0, "accuracy": 0.99, "parameters": 5}
        return [run | {"judged on": judged}]

    monkeypatch.setattr(study, "_process", process)
    monkeypatch.setattr(study, "STUDY_FILE", tmp_path / "results.json")
    return tmp_path


def test_the_study_writes_results_picture_and_table(stubbed, capsys):
    assert study.main([]) == 1  # one entrant failed
    result = json.loads((stubbed / "results.json").read_text(encoding="utf-8"))
    assert result["complete"] and len(result["failures"]) == study.TIMES["fast"]
    assert (stubbed / "results.png").read_bytes().startswith(b"\x89PNG")
    printed = capsys.readouterr().out
    assert re.search(r"the bare document +1\.00 times \(1\.00 to 1\.00\), 60 s", printed)
    assert "accuracy 0.9900 +- 0.0000 (lowest 0.9900, n = 5)" in printed
    assert "failed" in printed


def test_a_process_that_fails_is_counted_and_shown(capsys):
    assert study._process(["benchmarks.one", "--", "slow"], {}) is None
    assert "expected one of" in capsys.readouterr().err


def cells_of(name, *beginnings):
    """Run the cells of an optional lesson that define these names, and return what they define."""
    notebook = nbformat.read(study.ROOT / "notebooks" / "extras" / f"{name}.ipynb", as_version=4)
    namespace = {"keras": keras, "layers": keras.layers}
    for beginning in beginnings:
        (source,) = [
            cell.source for cell in notebook.cells if beginning in cell.source.splitlines()
        ]
        lines = source[source.index(beginning) :].splitlines()
        end = next((i for i, line in enumerate(lines) if i and line[:1].strip()), len(lines))
        exec("\n".join(lines[:end]), namespace)
    return namespace


def skeleton(model):
    """Return what matters of each layer, whatever its name, with nested models laid open."""
    told = ("filters", "kernel_size", "units", "use_bias", "pool_size", "activation", "momentum")
    told += ("height_factor", "width_factor", "fill_mode")
    found = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found += skeleton(layer)
        elif not isinstance(layer, keras.layers.InputLayer):
            config = layer.get_config()
            found.append((type(layer).__name__, {key: config.get(key) for key in told}))
    return found


def test_the_lesson_builds_the_networks_of_the_study():
    lesson = cells_of(
        "faster_and_better",
        "def block(x, layer, pool=False):",
        "def normalised_network():",
        "def shifted(network):",
        "def other_shape():",
    )
    assert skeleton(lesson["normalised_network"]()) == skeleton(recipes.normalised_network())
    ours = skeleton(lesson["shifted"](lesson["other_shape"]()))
    assert ours == skeleton(recipes.accurate_network())


def test_the_lesson_has_the_rate_of_the_study():
    lesson = cells_of("faster_and_better", "def rise_and_fall(peak, steps):")
    ours, studied = lesson["rise_and_fall"](0.02, 100), recipes.rise_and_fall(100, 0.02)
    for step in range(0, 101, 10):
        assert float(ours(step)) == pytest.approx(float(studied(step)), abs=1e-9)


def test_what_the_lesson_says_of_the_study_holds():
    """It says which steps helped and which did not; another run of the study might differ."""
    result = records.study()
    assert result["complete"] and not result["failures"]
    steps = records.study_points(result, judged_on="held-out images")
    accuracy = {name: runs["accuracy"].mean() for name, runs in steps.items()}
    seconds = {name: np.median(runs["seconds"]) for name, runs in steps.items()}

    names = ["the document", "batch normalisation", "a rate that rises and falls"]
    rising = [accuracy[name] for name in [*names, "smoothed labels", "shifted images"]]
    assert rising == sorted(rising)
    assert rising[3] - rising[0] > 10 * abs(accuracy["another shape"] - accuracy["shifted images"])
    assert seconds["larger batches"] < seconds["shifted images"]
    assert seconds["shifted images"] < 1.05 * seconds["smoothed labels"]
    assert steps["shifted images"]["accuracy"].min() < steps["smoothed labels"]["accuracy"].max()
    assert accuracy["larger batches"] < accuracy["another shape"]
    assert seconds["another shape"] < 0.7 * seconds["larger batches"]
    assert max(accuracy, key=accuracy.get) == "another shape, 12 epochs"

    assert abs(accuracy["averaged weights"] - accuracy["shifted images"]) < 0.0005
    assert accuracy["another shape, turned as well"] < accuracy["another shape"]
    assert accuracy["another shape, in float32"] <= accuracy["another shape"]
    assert seconds["another shape, in float32"] > seconds["another shape"]

    runs = records.study_points(result)
    document, torch = (np.median(runs[name]["seconds"]) for name in ("document", "PyTorch"))
    assert 0.7 < torch / document < 1.3
    assert np.median(runs["PyTorch, compiled"]["seconds"]) > torch
    assert np.median(runs["fast"]["seconds"]) < document / 5
    assert runs["fast"]["accuracy"].min() >= 0.992
    well = runs["document, executed well"]
    assert np.median(well["seconds"]) < document / 2
    assert abs(well["accuracy"].mean() - runs["document"]["accuracy"].mean()) < 0.001
    assert np.median(well["seconds"]) < np.median(runs["accurate"]["seconds"]) < document
    assert (
        abs(runs["Keras example"]["accuracy"].mean() - runs["document"]["accuracy"].mean()) < 0.001
    )
