"""The program that measures what the lesson better quotes, tried on few images."""

import json
from unittest.mock import Mock

import numpy as np
import pytest

pytest.importorskip("helpers.extras.better", reason="the lesson better was thrown away")

from helpers import mnist
from helpers.extras.better import results
from publish.better import __main__ as program
from publish.better.accurate import NEW_RATE, WITHOUT


def read_part(folder, part):
    return json.loads((folder / f"{part}.json").read_text(encoding="utf-8"))


def identify(run):
    """Return what a run was to be, without what came out: an accuracy, or a rate."""
    return {key: run[key] for key in run if key in ("name", "epochs", "seed")}


@pytest.fixture
def trial(monkeypatch, tmp_path):
    """A function that measures a part from one seed, and the committed record of that seed."""

    def measure(part):
        committed = read_part(results.FOLDER, part)
        committed["runs"] = [run for run in committed["runs"] if run["seed"] == 0]
        monkeypatch.setattr(program, "SEEDS", range(1))
        monkeypatch.setattr(results, "FOLDER", tmp_path)
        program.main([part])
        return read_part(tmp_path, part), committed

    return measure


@pytest.fixture
def few_images(monkeypatch, mnist_data):
    """MNIST with 60 training images to each fold, and 60 test images."""
    (images, labels), (test_images, test_labels) = mnist_data
    few = (images[:360], labels[:360]), (test_images[:60], test_labels[:60])
    monkeypatch.setattr(mnist, "load_data", lambda: few)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["recipes", "ablation", "lenet"])
def test_a_part_is_written_as_the_committed_file_is(part, trial, few_images, monkeypatch):
    monkeypatch.setattr(program, "RATES", (0.01,))
    made, committed = trial(part)
    assert made.keys() == committed.keys()
    assert [*map(identify, made["runs"])] == [*map(identify, committed["runs"])]
    for run, other in zip(made["runs"], committed["runs"], strict=True):
        assert run.keys() == other.keys() and 0 <= run["accuracy"] <= 1


def test_the_budget_is_written_as_the_committed_file_is(trial, monkeypatch):
    """The functions of the notebook draw from all images, so only the epochs are few."""
    monkeypatch.setattr(program, "BUDGETS", (1,))
    made, committed = trial("budget")
    assert made.keys() == committed.keys()
    expected = [identify(run) | {"epochs": 1} for run in committed["runs"] if run["epochs"] == 20]
    assert [*map(identify, made["runs"])] == expected
    for run in made["runs"]:
        assert run.keys() == committed["runs"][0].keys()
        assert run["accuracy"] != run["other_images"]
        assert min(run["accuracy"], run["other_images"]) > 0.3


def test_the_committed_files_have_each_run_of_the_program():
    ablation = results.runs("ablation")
    names = ["nothing", *WITHOUT]
    assert [(run["seed"], run["name"]) for run in ablation] == [
        (seed, name) for seed in program.SEEDS for name in names
    ]
    assert {run["name"] for run in ablation if run["rate"] != 0.03} <= {*NEW_RATE}
    for part in program.PARTS:
        assert {run["seed"] for run in results.runs(part)} == {*program.SEEDS}


@pytest.fixture
def numbered(monkeypatch):
    """Images of which each is its own number, and what learned from which and was judged by which.

    A network is the recipe that trained it. The accuracy is best where the rate is 0.003.
    """
    images = np.arange(60_000)
    monkeypatch.setattr(mnist, "load_data", lambda: ((images, images), (-images, -images)))
    learned, judged = Mock(side_effect=lambda recipe, *_: recipe), []

    def measure(recipe, images, labels):
        np.testing.assert_array_equal(images, labels)
        judged.append(images)
        return 1 - abs(recipe.rate - 0.003)

    monkeypatch.setattr(program, "train_accurate", learned)
    monkeypatch.setattr(program, "measure_accuracy", measure)
    return learned, judged


def test_each_seed_of_the_ablation_learns_from_a_fold_and_is_judged_by_the_one_before(numbered):
    learned, judged = numbered
    runs = [*program.measure_ablation()]
    places = {}
    for call, images in zip(learned.call_args_list, judged, strict=True):
        _recipe, seed, known, labels = call.args
        np.testing.assert_array_equal(known, labels)
        assert len(known) == len(images) == 10_000
        places.setdefault(seed, set()).add((known[0], images[0]))
    folds = {seed: {(10_000 * (seed + 1), 10_000 * seed)} for seed in range(5)}
    assert places == folds | {5: {(0, 50_000)}}
    assert len(runs) == 5 * 8 and learned.call_count == len(runs) + 3 * 4


def test_the_ablation_takes_the_best_of_four_rates_where_another_one_may_suit(numbered):
    rates = {run["name"]: run["rate"] for run in program.measure_ablation()}
    assert {name for name, rate in rates.items() if rate == 0.003} == {*NEW_RATE}
    assert {rate for name, rate in rates.items() if name not in NEW_RATE} == {0.03}


def test_accuracy_is_the_share_of_images_that_are_read_right():
    model = Mock()
    model.predict.return_value = np.eye(10)[[5, 5, 5, 3]]
    images = np.zeros((4, 28, 28), np.uint8)
    assert program.measure_accuracy(model, images, np.array([5, 5, 1, 3])) == 0.75


def test_an_interrupted_part_leaves_its_file_as_it_was(monkeypatch, tmp_path):
    def interrupted():
        yield {"name": "document", "seed": 0, "accuracy": 0.99}
        raise KeyboardInterrupt

    monkeypatch.setattr(results, "FOLDER", tmp_path)
    (tmp_path / "recipes.json").write_text("before", encoding="utf-8")
    monkeypatch.setitem(program.PARTS, "recipes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        program.main(["recipes"])
    assert (tmp_path / "recipes.json").read_text(encoding="utf-8") == "before"


def test_an_unknown_part_is_refused_with_the_names_that_there_are(capsys):
    with pytest.raises(SystemExit):
        program.main(["seconds"])
    assert "no part seconds: name recipes, ablation, budget, lenet" in capsys.readouterr().err
