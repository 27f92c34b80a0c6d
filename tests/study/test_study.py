"""The study: a split batch makes the steps of `fit`, and each run is judged on the right images."""

import json
import threading
import time
from unittest.mock import Mock

import numpy as np
import pytest

pytest.importorskip("helpers.extras.better", reason="the lesson better was thrown away")

import study.__main__ as program
from helpers import mnist
from helpers.common.backend import keras
from helpers.model import build_model
from study import keras_training, measure, networks, recipes, report


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
    run_epoch = keras_training.epoch_function(split, images, labels, recipes.split)
    run_epoch(np.arange(96, dtype=np.int32), augmented=False)
    for expected, weights in zip(whole.get_weights(), split.get_weights(), strict=True):
        np.testing.assert_allclose(weights, expected, atol=1e-5)


@pytest.mark.parametrize("name", recipes.RECIPES)
def test_a_recipe_learns(name, digits):
    # bfloat16 takes minutes where the processor has to imitate it.
    precision = measure.choose_precision()
    recipe = recipes.replace(recipes.RECIPES[name], batch_size=64, epochs=3, last_epochs=1)
    train, log_probabilities, parameters = keras_training.prepare_training(
        recipe, *digits, 0, precision
    )
    train()
    assert (log_probabilities(digits[0]).argmax(axis=1) == digits[1]).mean() > 0.6
    assert parameters == recipe.build().count_params() <= 104_202


def test_the_rate_rises_for_a_quarter_and_falls_to_0_and_the_first_steps_are_undone(digits):
    keras_training.compile_recipe(model := build_model(), recipes.fast, steps=100)
    for step, rate in {0: 0.002, 25: 0.02, 100: 0}.items():
        model.optimizer.iterations.assign(step)
        assert float(model.optimizer.learning_rate) == pytest.approx(rate, abs=1e-6)
    _train, predict, _parameters = keras_training.prepare_training(
        recipes.document, *digits, 3, "float32"
    )
    keras.utils.set_random_seed(3)
    untrained = build_model().predict(mnist.prepare(digits[0]), verbose=0)
    np.testing.assert_allclose(np.exp(predict(digits[0])), untrained, atol=1e-6)


def network_of(change):
    return [type(layer).__name__ for layer in recipes.ABLATIONS[change].build().layers]


def test_an_ablation_leaves_out_one_change_and_keeps_the_others():
    whole = vars(recipes.accurate)
    differing = {
        change: [key for key in whole if vars(recipe)[key] != whole[key]]
        for change, recipe in recipes.ABLATIONS.items()
    }
    assert differing.pop("nothing") == []
    assert all(len(keys) == 1 for keys in differing.values())
    assert len({keys[0] for keys in differing.values()}) == len(differing) == 7
    without = network_of("batch normalization")
    assert [kind for kind in network_of("nothing") if kind != "BatchNormalization"] == without


def test_an_ablation_without_warm_up_adam_or_smoothing_is_compiled_so():
    for change, rate, optimizer, smoothing in (
        ("warm-up and decay", 0.03, "Adam", 0.1),
        ("Adam", 0.003, "RMSprop", 0.1),
        ("smoothed labels", 0.003, "Adam", 0),
    ):
        model = build_model()
        keras_training.compile_recipe(model, recipes.ABLATIONS[change], steps=100)
        assert float(model.optimizer.learning_rate) == pytest.approx(rate), change
        assert type(model.optimizer).__name__ == optimizer, change
        assert model.loss.label_smoothing == smoothing, change


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
    job = {"step": "recipes", "name": "train_mnist_fast", "seed": 0, "count": 20_000}
    run = program.measure_alone(job)
    assert run["accuracy"] == run["one_view"] == round(1 - len(run["mistakes"]) / 10_000, 4) > 0.96


def test_the_seconds_of_a_recipe_are_the_time_that_it_trains(monkeypatch):
    monkeypatch.setattr("os.environ", {})
    train = Mock(side_effect=lambda: time.sleep(0.2))
    prepare = Mock(side_effect=lambda *_arguments: time.sleep(0.3) or (train, Mock(), 10))
    monkeypatch.setattr(keras_training, "prepare_training", prepare)
    assert 0.2 <= measure.measure_seconds("fast", 0)["seconds"] < 0.3
    assert prepare.call_args.args[1].shape == (6_000, 28, 28)


def test_the_two_networks_learn_from_the_first_images_and_are_judged_on_the_last(monkeypatch):
    """Each image is one number, its label; a network that reads it is right."""
    images = np.zeros((60_000, 28, 28), np.uint8)
    labels = (np.arange(60_000) // 10_000).astype(np.uint8)  # 5 where the networks are judged
    model = Mock(count_params=lambda: 61_706)
    model.predict.return_value = np.eye(10)[[5] * 9_990 + [3] * 10]
    monkeypatch.setattr("os.environ", {})
    monkeypatch.setattr(mnist, "load_data", lambda: ((images, labels), None))
    monkeypatch.setattr("helpers.lenet.build_lenet5", lambda: model)
    run = networks.measure_network("LeNet-5", seed=0)
    assert run == {"parameters": 61_706, "accuracy": 0.999, "mistakes": [*range(9_990, 10_000)]}
    known, answers = model.fit.call_args.args
    assert len(known) == 20_000 and {*answers} == {0, 1}


@pytest.fixture
def numbered(monkeypatch):
    """Images that are numbers; a network that is wrong by one view and right by nine."""
    images = np.arange(540_000).reshape(-1, 3, 3)
    data = (images, images[:, 0, 0]), (-1 - images[:10_000], np.zeros(10_000))
    wrong, right = np.full((10_000, 2), (0, 1)), np.full((10_000, 2), (1, 0))
    ask = Mock(side_effect=2 * [wrong, *9 * [right]])
    prepare = Mock(return_value=(Mock(), ask, 10))
    monkeypatch.setattr("os.environ", {})
    monkeypatch.setattr(mnist, "load_data", lambda: data)
    monkeypatch.setattr(keras_training, "prepare_training", prepare)
    return images, data[1][0], prepare, ask


def test_the_accuracy_of_accurate_is_by_nine_views_and_of_others_by_one(numbered):
    images, test_images, prepare, ask = numbered
    run = measure.measure_recipe("accurate", 0)
    assert run["accuracy"] == run["nine_views"] == 1 and run["mistakes"] == []
    assert run["one_view"] == 0
    np.testing.assert_array_equal(prepare.call_args.args[1], images)
    asked = [call.args[0].tobytes() for call in ask.call_args_list]
    assert asked[0] == asked[1] == test_images.tobytes() and len({*asked}) == 9
    run = measure.measure_recipe("document", 0)
    assert run["accuracy"] == 0 and len(run["mistakes"]) == 10_000 and run["nine_views"] == 1


@pytest.mark.parametrize(("seed", "learning"), [(4, 5), (5, 0)])
def test_an_ablation_is_judged_on_the_fold_of_its_seed_and_learns_from_the_next(
    seed, learning, numbered
):
    images, _test_images, prepare, ask = numbered
    run = measure.measure_ablation("turns", seed=seed, rate=0.01)
    recipe, known, labels, used_seed, _precision = prepare.call_args.args
    assert (recipe.degrees, recipe.rate, used_seed) == (0, 0.01, seed)
    assert len(run["mistakes"]) > 9_000
    judged = ask.call_args_list[0].args[0]
    np.testing.assert_array_equal(judged, images[10_000 * seed : 10_000 * (seed + 1)])
    np.testing.assert_array_equal(known, images[10_000 * learning : 10_000 * (learning + 1)])
    np.testing.assert_array_equal(known[:, 0, 0], labels)


def test_the_budget_is_measured_by_the_functions_of_the_lesson():
    lesson = {}
    exec(measure.read_lesson_functions(), {"keras": keras, "build_model": build_model}, lesson)
    assert {"train", "dropout_network", "moved"} <= {*lesson}
    assert "epochs" in lesson["train"].__code__.co_varnames


@pytest.fixture
def folders(monkeypatch, tmp_path):
    """Where a study would write, in a folder of the test, and its README untouched."""
    monkeypatch.setattr(program, "ROOT", tmp_path)
    monkeypatch.setattr(program, "BUILD", tmp_path)
    monkeypatch.setattr(program, "LESSONS_FOLDER", tmp_path / "lesson")
    (tmp_path / "lesson").mkdir()
    circumstances = {"cores": 2, "code": "abc"}
    monkeypatch.setattr(program, "describe_circumstances", lambda part: circumstances)
    monkeypatch.setattr(report, "write_readme", Mock())
    return tmp_path / "study", tmp_path / "lesson"


def runs_of(file):
    return json.loads(file.read_bytes())["runs"]


def fake_run(job):
    """Return numbers as `measure_alone` does, at once: the rate 0.003 makes the fewest mistakes."""
    if job["step"] == "rates":
        return {"mistakes": round(1000 * abs(job["rate"] - 0.003))}
    return {"seconds": 2.5, "accuracy": 0.99, "mistakes": []}


def test_an_interrupted_study_keeps_its_runs_and_goes_on_where_it_stopped(monkeypatch, folders):
    build, lessons = folders
    jobs = {part: program.list_jobs(part) for part in program.MINUTES}
    before = [*jobs["recipes"], *jobs["seconds"], *jobs["ablation"][:3]]
    ran = Mock(side_effect=[*map(fake_run, before), KeyboardInterrupt])
    monkeypatch.setattr(program, "measure_alone", ran)
    with pytest.raises(KeyboardInterrupt):
        program.main([])
    assert len(runs_of(build / "ablation.json")) == 3
    assert {file.name for file in lessons.iterdir()} == {"recipes.json", "seconds.json"}
    ran = Mock(side_effect=fake_run)
    monkeypatch.setattr(program, "measure_alone", ran)
    program.main([])
    assert ran.call_count == len(jobs["ablation"]) - 3 + len(jobs["budget"]) + len(jobs["lenet"])
    for part, expected in jobs.items():
        runs = runs_of(lessons / f"{part}.json")
        assert [(run["step"], run["name"], run["seed"]) for run in runs] == [
            (job["step"], job["name"], job["seed"]) for job in expected
        ]
    report.write_readme.assert_called_once()


def test_an_ablation_that_needs_a_new_rate_takes_the_best_of_those_tried(monkeypatch, folders):
    monkeypatch.setattr(program, "measure_alone", fake_run)
    program.main(["ablation"])
    runs = runs_of(folders[1] / "ablation.json")
    rates = {run["name"]: run["rate"] for run in runs if run["step"] == "ablation"}
    assert {name for name, rate in rates.items() if rate == 0.003} == {*recipes.NEW_RATE}
    assert {rate for name, rate in rates.items() if name not in recipes.NEW_RATE} == {0.03}


@pytest.mark.parametrize("part", program.MINUTES)
def test_a_part_becomes_the_lessons_alone_and_a_quick_one_doesnt(part, monkeypatch, folders):
    monkeypatch.setattr(program, "measure_alone", fake_run)
    program.main([part, "--quick"])
    assert [*folders[1].iterdir()] == []
    program.main([part])
    assert [file.name for file in folders[1].iterdir()] == [f"{part}.json"]


def test_a_quick_study_makes_each_kind_of_run_once_and_each_run_is_short():
    jobs = [job for part in program.MINUTES for job in program.list_jobs(part, quick=True)]
    assert {*program.STEPS["ablation"], "recipes", "seconds", "budget", "lenet"} == {
        job["step"] for job in jobs
    }
    assert len(jobs) == 29
    assert all(job.get("count") == 1_000 or job["epochs"] <= 2 for job in jobs)


def test_runs_of_other_code_or_of_another_machine_are_not_mixed(monkeypatch, folders):
    monkeypatch.setattr(program, "measure_alone", fake_run)
    program.main(["budget"])
    monkeypatch.setattr(program, "describe_circumstances", lambda part: {"cores": 2, "code": "abd"})
    with pytest.raises(SystemExit, match=r"budget\.json .* code .* delete that file"):
        program.main(["budget"])


@pytest.mark.parametrize("part", ["recipes", "seconds"])
def test_recipes_that_are_compared_take_turns(part):
    jobs = program.list_jobs(part)
    names = [job["name"] for job in jobs]
    assert names == program.SEEDS * names[:6]
    assert {*names} == {*recipes.RECIPES, *measure.PYTORCH}
    assert [job["seed"] for job in jobs[::6]] == [*range(program.SEEDS)]


def test_only_runs_whose_seconds_count_have_the_machine_for_themselves(monkeypatch, folders):
    running, most = 0, {}
    lock = threading.Lock()

    def run(job):
        nonlocal running
        with lock:
            running += 1
            most[job["step"]] = max(running, most.get(job["step"], 0))
        time.sleep(0.01)
        with lock:
            running -= 1
        return fake_run(job)

    monkeypatch.setattr(program, "measure_alone", run)
    program.main([])
    assert most.pop("seconds") == 1 and {*most.values()} == {2}
