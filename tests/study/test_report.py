"""What the study's README and the lesson better quote is what the study's files hold."""

import json
import re

import numpy as np
import pytest

pytest.importorskip("helpers.extras.better", reason="the lesson better was thrown away")

from helpers.common.files import ROOT
from helpers.extras.better import results
from study import report
from study.__main__ import MINUTES
from study.measure import LESSON

NUMBER = re.compile(r"\d\.\d{3,}")


def lesson_text(*kinds):
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    cells = [cell for cell in cells if cell["cell_type"] in kinds]
    return "\n".join("".join(cell["source"]) for cell in cells)


def lesson_outputs():
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "\n".join("".join(output.get("text", "")) for output in outputs)


def test_the_readme_has_the_numbers_of_the_study():
    text = report.README.read_text(encoding="utf-8")
    assert report.fill_blocks(text) == text, "python -m study.report writes them"


def test_the_readme_quotes_no_number_outside_of_its_computed_blocks():
    text = report.README.read_text(encoding="utf-8")
    rest = re.sub(r"<!-- [\w ]+ -->\n.*?<!-- end -->", "", text, flags=re.DOTALL)
    assert NUMBER.findall(rest) == []


def test_each_number_of_the_lesson_comes_from_its_cells():
    quoted = {*NUMBER.findall(lesson_text("markdown"))}
    known = [float(number) for number in NUMBER.findall(lesson_outputs() + lesson_text("code"))]
    known += [0.05 / 3, 0.05 / 4, 0.05 / 7]  # Bonferroni's bounds, which the lesson computes
    unknown = [
        number
        for number in quoted
        if not np.isclose(known, float(number), atol=0.51 / 10 ** len(number[2:]), rtol=0).any()
    ]
    assert unknown == []


def test_make_says_how_long_the_study_takes():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"about {sum(MINUTES.values())} minutes" in re.search("bench:.*", makefile)[0]


@pytest.fixture
def parts(monkeypatch, tmp_path):
    """A function that lets the study's files be those of these parts and their runs alone."""
    circumstances = {"cores": 2, "processor": "EPYC", "python": "3.11", "versions": {"keras": "3"}}

    def record(**parts):
        for part, runs in parts.items():
            file = {"began": "2026-11-30", "circumstances": circumstances}
            file["runs"] = [{"step": part} | run for run in runs]
            (tmp_path / f"{part}.json").write_text(json.dumps(file), encoding="utf-8")

    monkeypatch.setattr(results, "FOLDER", tmp_path)
    return record


def ablation_runs():
    mistakes = {"nothing": ([1, 2], [1]), "turns": ([1, 2, 3, 4], [5])}
    for name, both in mistakes.items():
        for seed, indices in enumerate(both):
            yield {"name": name, "seed": seed, "rate": 0.03, "mistakes": indices}
    yield {"step": "rates", "name": "Adam", "seed": 5, "rate": 0.03, "mistakes": 7}


def budget_runs():
    for seed in range(2):
        for epochs, gain in (20, -0.01), (60, 0.02):
            for name, more in ("moved images", 0), ("moved images and dropout", gain):
                run = {"name": name, "seed": seed, "epochs": epochs}
                more *= seed + 1
                yield run | {"accuracy": 0.9 + more, "other_images": 0.8 + 2 * more}


def recipe_runs():
    for name in report.RECIPES:
        for seed in range(3):
            run = {"name": name, "seed": seed, "parameters": 10}
            run |= {
                "one_view": 0.991 + seed / 1e4,
                "nine_views": 0.992 + seed**2 / 1e4,
                "mistakes": [*range(90)],
            }
            run["accuracy"] = 0.992 if name == "accurate" else 0.99 + seed / 1e3
            yield run


def seconds_runs():
    seconds = {"document": (8, 4, 1), "document, split batch": (2, 3, 1)}
    for name in report.RECIPES:
        for seed, number in enumerate(seconds.get(name, (1, 1, 1))):
            yield {"name": name, "seed": seed, "seconds": number}


def lenet_runs():
    for name, count, parameters in ("the lesson's network", 80, 104_202), ("LeNet-5", 180, 61_706):
        for seed in range(3):
            run = {"name": name, "seed": seed, "parameters": parameters}
            run["mistakes"] = [*range(count + 10 * seed)]
            yield run | {"accuracy": 1 - len(run["mistakes"]) / 10_000}


def test_what_a_change_brings_is_accuracy_with_it_minus_without_it(parts):
    parts(ablation=ablation_runs())
    np.testing.assert_allclose(results.ablation()["turns"], [0.0002, 0], atol=1e-9)
    row = next(line for line in report.ablation_block() if line.startswith("| turns"))
    assert row.startswith("| turns | 0.03 | +0.00010 | ")


def test_a_change_counts_if_no_interval_holds_0_and_p_is_below_bonferronis_bound(parts):
    # Each run makes 100 mistakes, and without a change so many more, for three seeds. Without the
    # last one, most mistakes are at other images.
    changes = {
        "clear": ((150, 152, 154), 0),
        "one try": ((110, 150, 190), 0),
        "scattered": ((20, 135, 250), 0),
        "other images": ((3, 3, 4), 60),
    }
    runs = [{"name": "nothing", "seed": seed, "mistakes": [*range(100)]} for seed in range(3)]
    for name, (numbers, first) in changes.items():
        for seed, number in enumerate(numbers):
            mistakes = [*range(first, first + 100 + number)]
            runs.append({"name": name, "seed": seed, "mistakes": mistakes})
    parts(ablation=[run | {"rate": 0.03} for run in runs])
    rows = [line.strip("| ").split(" | ") for line in report.ablation_block()]
    assert {row[0]: row[-1] for row in rows if row[0] in changes} == {
        "clear": "yes",
        "one try": "only as a single try",
        "scattered": "no",
        "other images": "no",
    }


def test_seconds_are_compared_by_their_medians_with_document_and_with_its_split_batch(parts):
    parts(seconds=seconds_runs())
    table = report.seconds_block()
    assert "| document | 3 | 4.00 | 1.00 to 8.00 | 1.0 | 2.0 |" in table
    assert "| document, split batch | 3 | 2.00 | 1.00 to 3.00 | 0.50 | 1.0 |" in table


def test_lenet_is_compared_with_the_lessons_network_over_seeds_and_images(parts):
    parts(lenet=lenet_runs())
    text = "\n".join(report.lenet_block())
    assert "| the lesson's network | 104,202 | 3 | 0.9910 | 0.9900 to 0.9920 |" in text
    assert "| LeNet-5 | 61,706 | 3 | 0.9810 | 0.9800 to 0.9820 |" in text
    low, high = map(float, re.search(r"is -0\.0100, .* of (\S+) to (\S+)\.$", text).groups())
    assert -0.02 < low < -0.0100 < high < 0


def test_dropout_gains_the_difference_of_accuracies_at_each_budget(parts):
    parts(budget=budget_runs())
    expected = {"20 epochs": -0.01, "20 epochs, other images": -0.02}
    expected |= {"60 epochs": 0.02, "60 epochs, other images": 0.04}
    gains = {label: pytest.approx([gain, 2 * gain]) for label, gain in expected.items()}
    assert {label: [*values] for label, values in results.budget().items()} == gains


def test_the_readme_says_which_parts_are_not_measured_and_fills_in_the_others(parts):
    empty = "".join(f"<!-- {name} -->\n<!-- end -->\n" for name in report.BLOCKS)
    text = report.fill_blocks(empty)
    assert text.count("Not measured yet.") == text.count("| not yet |") == 5
    parts(recipes=recipe_runs())
    text = report.fill_blocks(text)
    assert "| recipes | 45 | 2026-11-30, on 2 cores (EPYC), with Python 3.11, keras 3 |" in text
    accurate = (
        "| accurate | another recipe, by split batches; answers by nine views | 3 | 0.99200 |"
    )
    assert accurate in text
    assert "`python -m study recipes` measures" not in text
    assert "`python -m study seconds` measures" in text
    assert text.count("Not measured yet.") == text.count("| not yet |") == 4
    parts(seconds=seconds_runs(), ablation=ablation_runs(), budget=budget_runs())
    parts(lenet=lenet_runs())
    text = report.fill_blocks(text)
    assert "ot yet" not in text and "| 60 epochs | +0.0300 |" in text


def trial(rng, count, hard):
    """Draw the mistakes of two recipes: images are hard or easy, and each seed has its own luck."""
    runs = []
    for share in 0.6, 0.3:
        luck = rng.normal(1, 0.1, count)
        chances = np.clip(np.outer(luck, hard * share), 0, 1)
        runs.append(
            [np.flatnonzero(rng.random(chance.size) < chance).tolist() for chance in chances]
        )
    return runs


def test_95_of_100_crossed_intervals_hold_the_difference_of_all_seeds_and_images():
    rng, held = np.random.default_rng(0), 0
    for _ in range(200):
        hard = np.where(rng.random(report.IMAGES) < 0.02, rng.random(report.IMAGES), 0)
        first, second = trial(rng, 10, hard)
        low, high = report.crossed_interval(second, first)
        held += low < 0.02 * 0.5 * 0.3 < high
    assert held >= 0.92 * 200


def test_an_image_interval_is_as_wide_as_a_bootstrap_over_images():
    rng = np.random.default_rng(1)
    first, second = rng.random((2, 2, report.IMAGES)) < [[[0.004]], [[0.006]]]
    mistakes = [[np.flatnonzero(run).tolist() for run in runs] for runs in (first, second)]
    low, high = report.image_interval(*mistakes)
    differences = second.ravel().astype(int) - first.ravel()
    samples = rng.integers(0, differences.size, (1000, differences.size))
    quantiles = np.quantile(differences[samples].mean(axis=1), [0.025, 0.975])
    np.testing.assert_allclose([low, high], quantiles, atol=1.5e-4)


def test_seconds_of_a_slow_machine_are_whole_numbers_and_short_ones_keep_their_zeros():
    seconds = {"document": np.array([8.0, 123.4, 150]), "accurate": np.array([2100.0, 0.41, 1490])}
    *_head, document, accurate = report.seconds_table(seconds)
    assert document == "| document | 3 | 123 | 8.00 to 150 | 1.0 | 0.083 |"
    assert accurate == "| accurate | 3 | 1490 | 0.410 to 2100 | 12 | 1.0 |"
