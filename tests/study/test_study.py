"""The study: its engine takes the same steps as `fit`, and it reads the test images last."""

import ast
import json
import re
import time
from operator import ne

import numpy as np
import pytest

from helpers import mnist, records
from helpers.backend import keras
from helpers.evaluation import mean_interval
from helpers.model import build_model
from study import halves, keras_training, one, recipes, report, search
from study import run as study

GROUPS = recipes.LADDERS | recipes.SEARCHES


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


def test_the_peers_learn_where_pytorch_is_installed(digits):
    pytest.importorskip("torch")
    from study import torch_training

    assert tuple(torch_training.ENTRANTS) == one.TORCH
    for name in ("PyTorch, executed well", "PyTorch record", "PyTorch record, executed well"):
        entrant = torch_training.ENTRANTS[name]
        predict, _, parameters = torch_training.train(entrant, *digits, seed=0, epochs=8)
        assert (predict(digits[0]) == digits[1]).mean() > 0.6, name
        assert parameters == (215_194 if entrant.record else 104_202)


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
    recipe = recipes.RECIPES[name]
    predict, seconds, parameters = keras_training.train(recipe, *digits, seed=0, epochs=3)
    assert (predict(digits[0]) == digits[1]).mean() > 0.6
    assert seconds > 0 and parameters == 104_202


def test_several_networks_answer_with_the_mean_of_their_probabilities(digits):
    step = recipes.SEARCHES["accurate"]["three smaller networks and their mean"]
    predict, _, parameters = keras_training.train(step.recipe, *digits, seed=0, epochs=8)
    assert (predict(digits[0]) == digits[1]).mean() > 0.6
    one_network = recipes.network((8, 5), (32, 3), (40, 3), dense=48)
    assert parameters == 3 * one_network.count_params() <= 104_202


def test_every_recipe_can_be_built_and_compiled():
    steps = [step.recipe for steps in GROUPS.values() for step in steps.values()]
    for recipe in {*recipes.RECIPES.values(), *steps}:
        model = recipe.build()
        recipe.compile(model, 100)
        assert model.output_shape in ((None, 10), (None, 3, 10))
        assert recipe.batch_size % 2 == 0 or not recipe.halves


def changes(step, over):
    """Count the settings in which two recipes differ, those of the network and the rest."""

    def settings(recipe):
        model = recipe.build()
        recipe.compile(model, 100)
        optimizer = {key: str(v) for key, v in model.optimizer.get_config().items()}
        rate = optimizer.pop("learning_rate")
        numbers = re.findall(r"'(?:initial_learning_rate|alpha)': ([\d.e-]+)", rate)
        kept = ("beta_1", "beta_2", "use_ema", "weight_decay")
        momenta = [type(model.optimizer), *(optimizer.get(key) for key in kept)]
        loss = getattr(model.loss, "_fn_kwargs", {}).get("label_smoothing", 0)
        rest = (recipe.epochs, recipe.batch_size, recipe.policy, recipe.halves)
        rest += (recipe.validation_split,)
        return str(skeleton(model)), numbers or rate, str(momenta), loss, *rest

    return sum(map(ne, settings(step), settings(over)))


@pytest.mark.parametrize("ladder", recipes.LADDERS)
def test_every_step_changes_one_thing_in_the_step_it_is_compared_with(ladder):
    steps = recipes.LADDERS[ladder]
    for name, step in steps.items():
        if step.over:
            assert changes(step.recipe, steps[step.over].recipe) == 1, name


def test_choices_are_made_on_held_out_images_and_test_images_come_last(monkeypatch, mnist_data):
    (train_images, _), (test_images, _) = mnist_data
    seen = []

    def train(recipe, images, labels, seed, epochs):
        assert len(images) == len(labels)
        seen.append(images)
        return lambda images: seen.append(images) or np.zeros(len(images)), 1.0, 10

    monkeypatch.setattr(keras_training, "train", train)
    runs = [one.measure("accurate", 7), one.measure("shifted images", 7, ladder="better")]
    runs.append(one.measure("accurate", 8, ladder="accurate", started=time.time() - 60))
    held_out = train_images[:50_000], *[train_images[50_000:]] * 2
    wanted = train_images, *[test_images] * 2, *held_out, *held_out
    for number, images in enumerate(wanted):  # trained on, the first answer, all answers
        np.testing.assert_array_equal(seen[number], images[:1] if number % 3 == 1 else images)
    assert len(seen) == len(wanted)
    assert [run["judged on"] for run in runs] == ["test images", *["held-out images"] * 2]
    assert [run.get("over") for run in runs] == [None, "smoothed labels", None]
    assert "cold" not in runs[0] and runs[2]["cold"] > 60
    for ladder in None, "better":
        with pytest.raises(ValueError, match="'slow', expected one of"):
            one.measure("slow", ladder=ladder)


def test_nothing_else_in_the_study_can_reach_the_test_images():
    """Only one.py loads MNIST, and document.py, which is a script and evaluates at its end."""
    files = (study.ROOT / "study").glob("*.py")
    loading = {file.name for file in files if "load_data" in file.read_text(encoding="utf-8")}
    assert loading == {"one.py", "document.py"}


def test_every_process_has_the_threads_it_needs():
    for key, command, threads in study._jobs(True, {}):
        if key == "runs":
            name = command[-1]
            group = GROUPS.get(
                command[command.index("--ladder") + 1] if "--ladder" in command else ""
            )
            recipe = group[name].recipe if group else recipes.RECIPES.get(name)
        assert bool(threads) == bool(key == "runs" and recipe and recipe.halves), command


@pytest.mark.parametrize(
    ("prefix", "compiler", "peers", "lacking", "why"),
    [
        ("/a/b", "g++", True, [], ""),
        ("/a b", "g++", True, ["PyTorch, compiled"], "a path has a space: /a b"),
        ("/a/b", None, True, ["PyTorch, compiled"], "needs a C++ compiler"),
        ("/a/b", "g++", False, one.TORCH, "PyTorch is not installed here"),
    ],
)
def test_who_cannot_run_is_skipped_and_named(monkeypatch, prefix, compiler, peers, lacking, why):
    monkeypatch.setattr(study.sys, "prefix", prefix)
    monkeypatch.setattr(study.shutil, "which", lambda name: compiler)
    monkeypatch.setattr(study, "PEERS", peers)
    skipped = study.skipped()
    assert list(skipped) == list(lacking) and all(why in reason for reason in skipped.values())
    ran = {command[-1] for _, command, _ in study._jobs(False, skipped)}
    assert {*study.TIMES} - ran == {*lacking}


def test_a_process_that_fails_is_counted_and_shown(capsys):
    assert study.process(["study.one", "--seed", "first", "--", "fast"], {}) is None
    assert "invalid int value: 'first'" in capsys.readouterr().err


@pytest.fixture
def failing(monkeypatch, tmp_path):
    """The names of processes that shall fail; all others answer at once, as for the committed."""
    names, known = set(), records.study()
    parts = {"study.prediction": "speeds", "tools.run": "series, s"}
    parts["study.document"] = "bare document, s"

    def process(command, threads):
        module, name = command[0], command[-1]
        if name in names:
            return None
        if module in parts:
            return known[parts[module]][0]
        ladder = command[command.index("--ladder") + 1] if "--ladder" in command else None
        wanted = {"entrant": name, "seed": int(command[2]), "ladder": ladder}
        whole = [{"ladder": None} | run for run in known["runs"]]
        (place,) = [place for place, run in enumerate(whole) if run == run | wanted]
        return known["runs"][place]

    monkeypatch.setattr(study, "process", process)
    monkeypatch.setattr(study, "skipped", dict)
    monkeypatch.setattr(study, "STUDY_FILE", tmp_path / "results.json")
    monkeypatch.setattr(study, "BENCH_FILE", tmp_path / "bench" / "results.json")
    study.STUDY_FILE.write_text("committed")
    return names


def test_the_study_reports_what_failed_and_all_else(failing, monkeypatch, capsys):
    failing |= {"fast", "study.prediction"}
    assert study.main([]) == 1
    result = json.loads(study.BENCH_FILE.read_text(encoding="utf-8"))
    assert result["complete"] and len(result["failures"]) == study.TIMES["fast"] + 1
    printed = capsys.readouterr().out
    assert re.search(r"the bare document +\d\.\d\d times \(\S+ to \S+\)$", printed, re.M)
    assert re.search(r"accuracy 0\.99\d\d \+- 0\.\d{4} \(lowest 0\.99\d\d, n = 10\)", printed)
    assert re.search(
        r"^better: Adam .*; over a rate .*: [+-]0\.\d{4} \([+-]0\.\d{4} to", printed, re.M
    )
    assert re.search(r"^failed +benchmarks\.prediction$", printed, re.M)
    monkeypatch.setattr(study, "skipped", lambda: dict.fromkeys(one.TORCH, "not installed"))
    failing |= recipes.RECIPES.keys()
    assert study.main([]) == 1  # there is nothing to draw, and still a table
    printed = capsys.readouterr().out
    assert all(f"{name}: not installed" in printed for name in one.TORCH)


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
    monkeypatch.setattr(study, "skipped", lambda: {"PyTorch": "it is not installed"})
    for flags, why in ([], "so nothing was run: PyTorch: it is"), (["--quick"], "only a whole one"):
        with pytest.raises(SystemExit):
            study.main(["--publish", *flags])
        assert why in capsys.readouterr().err


def test_the_committed_study_is_whole_and_another_is_refused():
    assert study.refusal(records.study()) == ""
    for change, reason in (
        ({"command": "make bench QUICK=1"}, "it is a quick one"),
        ({"complete": False}, "it was interrupted"),
        ({"failures": ["study.prediction"]}, "failed: study.prediction"),
        ({"runs": []}, "entrants that it lacks: document; "),
    ):
        assert reason in study.refusal(records.study() | change)
    assert study.BENCH_FILE.is_relative_to(study.ROOT / "build")


def test_committed_runs_have_what_their_description_lists():
    listed = set(re.findall(r"^\| `(.+?)` \|", (study.ROOT / "study/README.md").read_text(), re.M))
    found = {key for run in records.study()["runs"] for key in run} | records.study().keys()
    assert found == listed
    for run in records.search()["runs"]:
        assert run.keys() <= listed and run["judged on"] == "held-out images"


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


def skeleton(model):
    """Return each layer's kind and settings but its name, with nested models laid open."""
    if isinstance(model, keras.Model):
        return [found for layer in model.layers for found in skeleton(layer)]
    settings = {key: str(value) for key, value in model.get_config().items() if key != "name"}
    return [] if isinstance(model, keras.layers.InputLayer) else [(type(model), settings)]


def test_the_lessons_build_the_networks_of_the_study(defined):
    better, faster = defined("better"), defined("faster")
    shifted = recipes.normalised_network(shift=recipes.SHIFT)
    assert skeleton(better["shifted_network"]()) == skeleton(shifted)
    assert skeleton(better["normalised_network"]()) == skeleton(recipes.normalised_network())
    for everywhere, network in (False, recipes.fast_network), (True, recipes.normal_often):
        assert skeleton(faster["fast_network"](everywhere)) == skeleton(network())
    assert recipes.accurate_network().count_params() <= 104_202


def test_the_rate_rises_and_falls_and_the_lesson_has_the_same(defined):
    schedule, ours = recipes.rise_and_fall(100, 0.02), defined("better")["rise_and_fall"](0.02, 100)
    rates = np.array([float(schedule(step)) for step in range(101)])
    assert rates.argmax() == 25 and rates.max() == pytest.approx(0.02)
    assert rates[0] == pytest.approx(0.002) and rates[-1] == pytest.approx(0, abs=1e-8)
    np.testing.assert_allclose([float(ours(step)) for step in range(101)], rates, atol=1e-9)


def clear(steps):
    """Return the steps whose gain has an interval above 0, and those with one below."""
    intervals = {name: mean_interval(step["gain"]) for name, step in steps.items() if step["over"]}
    above = [name for name, (low, high) in intervals.items() if low > 0]
    below = [name for name, (low, high) in intervals.items() if high < 0]
    return above, below


def times(steps):
    return {name: np.median(step["seconds"]) for name, step in steps.items()}


def test_what_better_says_of_the_study_holds():
    steps, found = records.ladder(records.study(), "better"), records.finished(records.study())
    four = ["batch normalisation", "a rate that rises and falls", "smoothed labels"]
    assert clear(steps) == ([*four, "shifted images"], [])
    gains = {name: steps[name]["gain"].mean() for name in [*four, "shifted images"]}
    assert (
        min(gains, key=gains.get) == "shifted images"
        and round(gains["shifted images"], 4) == 0.0004
    )
    assert round(times(steps)["shifted images"], 1) == 17.6
    assert round(times(steps)["another shape"], 1) == 9.6
    candidates = records.ladder(records.search(), "accurate")
    assert len(candidates) == 1 + 9 and clear(candidates)[0] == []
    reach = [np.ptp(mean_interval(step["gain"])) / 2 for step in list(candidates.values())[1:]]
    assert min(reach) > 0.0004 and max(reach) < 0.0011  # what five seeds would have shown
    intervals = [mean_interval(steps[name]["gain"]) for name in ("batches of 256", "another shape")]
    assert -0.001 < min(low for low, high in intervals) < -0.0008
    accurate, document = found["accurate"], found["document"]
    assert accurate["accuracy"].min() > document["accuracy"].max()
    assert accurate["accuracy"].mean() < 0.997 and accurate["parameters"] == 84_826
    rounded = [round(times(found)[name]) for name in ("accurate", "document")]
    assert rounded == [27, 46] and int(times(found)["document, executed well"]) == 15


def test_what_faster_says_of_the_study_holds():
    study_ = records.study()
    steps, found = records.ladder(study_, "faster"), records.finished(study_)
    seconds, accuracy = (
        times(steps),
        {name: step["accuracy"].mean() for name, step in steps.items()},
    )
    names = "one epoch of the document", "two halves", "16 bits", "a smaller network"
    assert [round(seconds[name], 1) for name in names] == [7.3, 4.5, 2.6, 1.5]
    above, below = clear(steps)
    unsteady = np.concatenate([steps[name]["accuracy"] for name in names])
    assert 0.955 < unsteady.min() < 0.965 and unsteady.max() < 0.99
    assert not {*above, *below} & {*names, "all layers normalised", "32 bits again"}
    assert round(accuracy["its labels smoothed"], 4) == 0.9915
    assert seconds["its labels smoothed"] < 1.1 * seconds["a smaller network"]
    for name, gain in ("256 images a step", -0.0033), ("one layer normalised", 0.0030):
        assert round(steps[name]["gain"].mean(), 4) == gain and name in above + below
    assert 0.57 < seconds["256 images a step"] / seconds["its labels smoothed"] < 0.63
    assert 0.66 < seconds["pooling 3x3"] / seconds["one layer normalised"] < 0.76
    assert round(seconds["a peak of 0.02"], 2) == 0.70
    assert round(accuracy["a peak of 0.02"], 4) == 0.9919
    assert 1.2 < seconds["all layers normalised"] / seconds["a peak of 0.02"] < 1.3
    assert round(steps["all layers normalised"]["gain"].mean(), 4) == 0.0006
    assert 1.5 < seconds["32 bits again"] / seconds["a peak of 0.02"] < 1.7
    said = {"all layers normalised": (-0.0005, 0.0017), "32 bits again": (-0.0011, 0.0009)}
    for name, interval in said.items():
        assert mean_interval(steps[name]["gain"]) == pytest.approx(interval, abs=6e-5)

    def ratio(slow, clock="seconds"):
        return np.median(records.ratios(found[slow][clock], found["fast"][clock]))

    well = times(found)["document, executed well"]
    assert 2.5 < times(found)["document"] / well < 3.2
    assert (
        abs(
            found["document, executed well"]["accuracy"].mean()
            - found["document"]["accuracy"].mean()
        )
        < 0.001
    )
    assert round(ratio("document")) == 55 and 2 < ratio("PyTorch record, executed well") < 2.4
    assert found["fast"]["accuracy"].min() == 0.9919
    cold = {name: np.median(runs["cold"]) for name, runs in found.items()}
    assert round(cold["PyTorch record, executed well"], 1) == 3.8 and round(cold["fast"], 1) == 6.9
    assert 0.9 < times(found)["PyTorch"] / times(found)["document"] < 1.1
    assert times(found)["PyTorch, compiled"] > times(found)["PyTorch"]
    assert round(times(found)["Keras example"] / times(found)["document"], 1) == 2.7
    rates = study_["speeds"][0]["matrix products, GFLOP/s"]
    assert 3.7 < rates["bfloat16"] / rates["float32"] < 4.2
    assert 0.18 < 5 * report.EPOCH_FLOP / well / 1e9 / rates["bfloat16"] < 0.23


def test_the_search_runs_what_is_not_on_record_and_pairs_by_seed(tmp_path, monkeypatch, capsys):
    def process(command, threads):
        _, _, seed, _, search_, _, name = command
        assert threads == study.ONE_THREAD_AN_OPERATION
        accuracy = 0.99 + 0.001 * int(seed) + (0.002 + 0.0001 * int(seed)) * (name == "dropout")
        over = recipes.SEARCHES[search_][name].over
        return (
            run
            | {"entrant": name, "seed": int(seed), "ladder": search_, "over": over}
            | {"accuracy": accuracy}
        )

    run = {"seconds": 9.0, "cold": 20.0, "judged on": "held-out images", "parameters": 5}
    monkeypatch.setattr(study, "process", process)
    monkeypatch.setattr(search, "SEARCH_FILE", tmp_path / "search.json")
    search.main(["--seeds", "1"])
    first = json.loads((tmp_path / "search.json").read_bytes())["runs"]
    search.main(["--seeds", "3"])
    runs = json.loads((tmp_path / "search.json").read_bytes())["runs"]
    assert runs[: len(first)] == first and len(runs) == 3 * len(first)
    low, high = mean_interval([0.002, 0.0021, 0.0022])
    said = f"over accurate: +0.0021 ({low:+.4f} to {high:+.4f})"
    assert said in capsys.readouterr().out


def test_the_committed_search_has_five_seeds_of_each_candidate():
    runs = records.search()["runs"]
    ran = sorted((run["ladder"], run["entrant"], run["seed"]) for run in runs)
    groups = recipes.SEARCHES.items()
    assert ran == sorted(
        (g, name, seed) for g, steps in groups for name in steps for seed in range(5)
    )
