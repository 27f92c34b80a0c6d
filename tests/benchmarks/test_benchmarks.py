"""The study: its engine takes the same steps as `fit`, and it reads the test images last."""

import json
import re

import numpy as np
import pytest

from benchmarks import halves, keras_training, one, recipes, report, search, study
from helpers import mnist
from helpers.backend import keras
from helpers.faster_and_better import records
from helpers.model import build_model

ALL = recipes.RECIPES | recipes.LADDER


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
    for count, batch_size in (95, 64), (96, 63):
        with pytest.raises(ValueError, match=f"{count} images in steps of {batch_size}, .* even"):
            halves.epoch_function(in_two, images[:count], labels, batch_size)


def test_the_warm_up_leaves_no_trace(digits, monkeypatch):
    """With no epoch to train, what is left is the network as it was built."""
    recipe, built = recipes.RECIPES["fast"], []
    monkeypatch.setattr(halves, "fit", lambda epoch, model, *_: built.append(model))
    keras_training.train(recipe, *digits, seed=3)
    keras.utils.set_random_seed(3)
    for one_, other in zip(built[0].get_weights(), recipe.build().get_weights(), strict=True):
        np.testing.assert_array_equal(one_, other)
    assert int(built[0].optimizer.iterations) == 0


@pytest.mark.parametrize("name", ["document", "document, executed well"])
def test_a_recipe_learns_and_answers_with_digits(digits, name):
    predict, seconds, parameters = keras_training.train(ALL[name], *digits, seed=0, epochs=3)
    assert (predict(digits[0]) == digits[1]).mean() > 0.6
    assert seconds > 0 and parameters == 104_202


def test_every_recipe_can_be_built_and_compiled():
    for recipe in (ALL | search.CANDIDATES).values():
        model = recipe.build()
        recipe.compile(model, 100)
        assert model.output_shape == (None, 10)
        assert recipe.batch_size % 2 == 0 or not recipe.halves


def test_choices_are_made_on_held_out_images_and_test_images_come_last(monkeypatch, mnist_data):
    (train_images, _), (test_images, _) = mnist_data
    seen = []

    def train(recipe, images, labels, seed, epochs):
        assert len(images) == len(labels)
        seen.append(images)
        return lambda images: seen.append(images) or np.zeros(len(images)), 1.0, 10

    monkeypatch.setattr(keras_training, "train", train)
    one.measure("accurate", [0, 1])
    one.measure("shifted images", [0, 1])
    one.measure("accurate", [0, 1], held_out=True)
    wanted = train_images, test_images, *[train_images[:50_000], train_images[50_000:]] * 2
    for number, images in enumerate(seen):
        np.testing.assert_array_equal(images, wanted[number // 2])
    assert len(seen) == 12
    with pytest.raises(ValueError, match="'slow', expected one of"):
        one.measure("slow", [0])


def test_nothing_else_in_the_study_can_reach_the_test_images():
    """Only one.py loads MNIST, and document.py, which is a script and evaluates at its end."""
    files = (study.ROOT / "benchmarks").glob("*.py")
    loading = {file.name for file in files if "load_data" in file.read_text(encoding="utf-8")}
    assert loading == {"one.py", "document.py"}


def test_a_ratio_is_of_medians_and_its_spread_of_neighbours():
    assert report.ratio([4, 6, 8], [2, 2, 4]) == "3.00 times (2.00 to 3.00)"
    assert report.ratio([4, 6, 80], [2, 2]) == "2.50 times (2.00 to 3.00)"


def test_every_process_has_the_threads_it_needs():
    for key, command, threads in study._jobs(True):
        recipe = ALL.get(command[-1]) if key == "runs" else None
        assert bool(threads) == bool(recipe and recipe.halves), command


def test_a_process_that_fails_is_counted_and_shown(capsys):
    assert study.process(["benchmarks.one", "--seeds", "first", "--", "fast"], {}) is None
    assert "invalid int value: 'first'" in capsys.readouterr().err


@pytest.fixture
def failing(monkeypatch, tmp_path):
    """The names of processes that shall fail; all others answer at once, as for the committed."""
    names, known = set(), records.study()
    parts = {"benchmarks.prediction": "speeds", "tools.run": "series, s"}
    parts["benchmarks.document"] = "bare document, s"

    def process(command, threads):
        module, name = command[0], command[-1]
        if name in names:
            return None
        if module in parts:
            return known[parts[module]][:1]
        runs = (run for run in known["runs"] if run["entrant"] == name)
        return [run for run in runs if str(run["seed"]) in command]

    monkeypatch.setattr(study, "process", process)
    monkeypatch.setattr(study, "PEERS", True)
    monkeypatch.setattr(study, "STUDY_FILE", tmp_path / "results.json")
    monkeypatch.setattr(study, "BENCH_FILE", tmp_path / "bench" / "results.json")
    study.STUDY_FILE.write_text("committed")
    return names


def test_the_study_reports_what_failed_and_all_else(failing, monkeypatch, capsys):
    failing |= {"fast", "benchmarks.prediction"}
    assert study.main([]) == 1
    result = json.loads(study.BENCH_FILE.read_text(encoding="utf-8"))
    assert result["complete"] and len(result["failures"]) == study.TIMES["fast"] + 1
    printed = capsys.readouterr().out
    assert re.search(r"the bare document +\d\.\d\d times \(\S+ to \S+\), \d+ s$", printed, re.M)
    assert re.search(r"accuracy 0\.99\d\d \+- 0\.\d{4} \(lowest 0\.99\d\d, n = 5\)", printed)
    assert re.search(r"^failed +benchmarks\.prediction$", printed, re.M)
    monkeypatch.setattr(study, "PEERS", False)
    failing |= ALL.keys()
    assert study.main([]) == 1  # there is nothing to draw, and still a table
    printed = capsys.readouterr().out
    assert all(f"{name}: not installed here" in printed for name in one.TORCH)


def test_only_a_whole_study_that_is_published_replaces_the_committed_one(failing, monkeypatch):
    failing.add("fast")
    assert study.main([]) == study.main(["--publish"]) == 1
    failing.clear()
    assert study.main([]) == 0 and study.STUDY_FILE.read_text() == "committed"
    result = json.loads(study.BENCH_FILE.read_text(encoding="utf-8"))
    assert result["runs"] == records.study()["runs"]  # and so the entrants take turns
    monkeypatch.setattr(study, "run", None)  # there is one, which is published
    assert study.main(["--publish"]) == 0
    assert study.STUDY_FILE.read_bytes() == study.BENCH_FILE.read_bytes()
    assert study.STUDY_FILE.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_nothing_runs_that_could_not_be_published(failing, monkeypatch, capsys):
    monkeypatch.setattr(study, "PEERS", False)
    for flags, why in ([], "not installed; nothing was run"), (["--quick"], "only a whole one"):
        with pytest.raises(SystemExit):
            study.main(["--publish", *flags])
        assert why in capsys.readouterr().err


def test_the_committed_study_is_whole_and_another_is_refused():
    assert study.refusal(records.study()) == ""
    for change, reason in (
        ({"command": "make bench QUICK=1"}, "it is a quick one"),
        ({"complete": False}, "it was interrupted"),
        ({"failures": ["benchmarks.prediction"]}, "failed: benchmarks.prediction"),
        ({"runs": []}, "entrants that it lacks: document; "),
    ):
        assert reason in study.refusal(records.study() | change)
    assert study.BENCH_FILE.is_relative_to(study.ROOT / "build")


@pytest.fixture(scope="module")
def lesson(code_cells):
    """What those cells of the lesson define that begin with a definition."""
    names = {"keras": keras, "layers": keras.layers}
    for cell in code_cells("extras/faster_and_better"):
        if cell.source.startswith("def "):
            exec(cell.source, names)
    return names


def skeleton(model):
    """Return each layer's kind and settings but its name, with nested models laid open."""
    if isinstance(model, keras.Model):
        return [found for layer in model.layers for found in skeleton(layer)]
    settings = {key: str(value) for key, value in model.get_config().items() if key != "name"}
    return [] if isinstance(model, keras.layers.InputLayer) else [(type(model), settings)]


def test_the_lesson_builds_the_networks_of_the_study(lesson):
    ours, accurate = lesson["shifted"](lesson["other_shape"]()), recipes.accurate_network()
    assert skeleton(ours) == skeleton(accurate) and accurate.count_params() <= 104_202
    assert skeleton(lesson["normalised_network"]()) == skeleton(recipes.normalised_network())


def test_the_rate_rises_and_falls_and_the_lesson_has_the_same(lesson):
    schedule, ours = recipes.rise_and_fall(100, 0.02), lesson["rise_and_fall"](0.02, 100)
    rates = np.array([float(schedule(step)) for step in range(101)])
    assert rates.argmax() == 25 and rates.max() == pytest.approx(0.02)
    assert rates[0] == pytest.approx(0.002) and rates[-1] == pytest.approx(0, abs=1e-8)
    np.testing.assert_allclose([float(ours(step)) for step in range(101)], rates, atol=1e-9)


def summary(judged_on):
    """Return the committed study's mean accuracies, median seconds and runs, by entrant."""
    runs = records.study_points(records.study(), judged_on)
    accuracy = {name: entrant["accuracy"].mean() for name, entrant in runs.items()}
    return accuracy, {name: np.median(entrant["seconds"]) for name, entrant in runs.items()}, runs


def test_what_the_lesson_says_of_the_study_holds():
    """It says which steps helped and which did not; another run of the study might differ."""
    accuracy, seconds, steps = summary("held-out images")
    rising = list(accuracy.values())[:5]
    assert rising == sorted(rising) and list(accuracy)[4] == "shifted images"
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

    accuracy, seconds, runs = summary("test images")
    assert 0.7 < seconds["PyTorch"] / seconds["document"] < 1.3
    assert seconds["PyTorch, compiled"] > seconds["PyTorch"]
    assert seconds["fast"] < seconds["document"] / 5
    assert runs["fast"]["accuracy"].min() >= 0.992
    assert seconds["document, executed well"] < seconds["document"] / 2
    assert seconds["document, executed well"] < seconds["accurate"] < seconds["document"]
    for name in ("document, executed well", "Keras example"):
        assert abs(accuracy[name] - accuracy["document"]) < 0.001


def test_the_search_runs_what_is_not_on_record_and_pairs_by_seed(tmp_path, monkeypatch, capsys):
    def process(command, threads):
        *_, seed, _, name = command
        assert "--held-out" in command and threads == study.ONE_THREAD_AN_OPERATION
        accuracy = 0.99 + 0.001 * int(seed) + (0.002 + 0.0001 * int(seed)) * (name == "dropout")
        return [{"entrant": name, "seed": int(seed), "seconds": 9.0, "accuracy": accuracy}]

    monkeypatch.setattr(study, "process", process)
    monkeypatch.setattr(search, "SEARCH_FILE", tmp_path / "search.json")
    search.main(["--seeds", "1"])
    first = json.loads((tmp_path / "search.json").read_bytes())["runs"]
    search.main(["--seeds", "3"])
    runs = json.loads((tmp_path / "search.json").read_bytes())["runs"]
    assert runs[: len(first)] == first and len(runs) == 3 * len(first)
    low, high = 0.0021 - 4.303 * 0.0001 / 3**0.5, 0.0021 + 4.303 * 0.0001 / 3**0.5  # Student's t
    said = f"0.9931, 9 s; gain +0.0021, 95% interval {low:+.4f} to {high:+.4f} (n = 3)"
    assert said in " ".join(capsys.readouterr().out.split())


def test_the_committed_search_has_five_seeds_of_each_candidate_and_no_test_image():
    runs = json.loads(search.SEARCH_FILE.read_bytes())["runs"]
    ran = sorted((run["entrant"], run["seed"]) for run in runs)
    assert ran == sorted((name, seed) for name in search.CANDIDATES for seed in range(5))
    assert {run["judged on"] for run in runs} == {"held-out images"}
