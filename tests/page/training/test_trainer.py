"""The state of a training run, and what a press of a button changes in it, without a view."""

import pytest

from tests.node import run_in_node

# A network of one weight and one bias, whose training is followed by a list of what happened. Its
# batches have two images, and each gradient is the same.
TRAINER = """
const network = {layers: [{kernel: new Float32Array(1), bias: new Float32Array(1)}]};
const run = new TrainingRun(network, Math.random, 7);
const events = [];
const note = (name) => (...values) => events.push([name, ...values]);
const page = {
    isShown: () => true,
    prepare: async () => {},
    nextBatch: () => [{image: [0], label: 0}, {image: [0], label: 1}],
    learningRate: () => 0.5,
    drawings: () => [],
    validation: () => [],
};
for (const name of ["say", "onStart", "onPause", "onStep", "onPoint", "onFinish"])
    page[name] = note(name);
const trainer = new Trainer(page);
const result = {loss: 2, accuracy: 0.5, gradient: [{kernel: [1], bias: [-1]}]};
trainer.workers = {compute: async () => result, stop: note("stop")};
trainer.setRun(run);
const names = () => events.map(([name]) => name);
"""


def evaluate(script):
    """Return the result of a script, in which `trainer` and its `run` wait for a press."""
    function = f"async () => {{ {TRAINER} {script} }}"
    return run_in_node("training/trainer.js", function, also=("training/training_run.js",))


def test_the_steps_that_are_asked_for_are_taken_and_no_more():
    script = "trainer.start(3); const {finished} = trainer; await finished;"
    steps, left, counts, last_step = evaluate(
        script + "return [run.steps, trainer.stepsLeft, names(), Boolean(trainer.lastStep)];"
    )
    assert (steps, left, last_step) == (3, 0, True)
    assert counts.count("onFinish") == 3
    assert counts.count("onStart") == counts.count("onPause") == 1


def test_the_page_shows_the_first_and_the_last_step_and_ten_a_second_in_between():
    script = """
    let time = 0;
    performance.now = () => time;
    trainer.workers.compute = async () => { time += 30; return result; };
    const shown = [];
    page.onStep = () => shown.push(run.steps);
    trainer.start(19);
    await trainer.finished;
    delete performance.now;
    return shown;"""
    assert evaluate(script) == [1, 5, 9, 13, 17, 19]


def test_a_step_just_before_a_pause_is_shown():
    script = """
    let count = 0;
    trainer.workers.compute = async () => {
        count += 1;
        if (count === 3) trainer.pause();
        return result;
    };
    const shown = [];
    page.onStep = () => shown.push(run.steps);
    trainer.start(Infinity);
    await trainer.finished;
    return shown;"""
    assert evaluate(script) == [1, 3]


def test_a_single_step_is_no_training_that_could_be_paused():
    script = "trainer.start(1); const during = trainer.isContinuous; await trainer.finished;"
    during, steps, happened = evaluate(script + "return [during, run.steps, names()];")
    assert during is False and steps == 1
    assert "onStart" not in happened and "onPause" not in happened


def test_a_step_changes_the_weights_against_the_gradient():
    script = "trainer.start(1); await trainer.finished;"
    script += "return [network.layers[0].kernel[0], network.layers[0].bias[0], run.imagesSeen];"
    weight, bias, seen = evaluate(script)
    assert weight == pytest.approx(-0.5 / 0.1**0.5, rel=1e-4) and bias == pytest.approx(-weight)
    assert seen == 2


def test_after_a_pause_the_step_that_is_being_computed_counts_and_no_other_follows():
    script = """
    trainer.workers.compute = async () => { trainer.pause(); return result; };
    trainer.start(Infinity);
    await trainer.finished;
    return [run.steps, trainer.isContinuous, trainer.stepsLeft, names()];"""
    steps, is_continuous, left, happened = evaluate(script)
    assert (steps, is_continuous, left) == (1, False, 0)
    assert happened.count("onPause") == 1


def test_a_step_for_an_earlier_run_changes_neither_run():
    script = """
    const other = new TrainingRun(network, Math.random, 8);
    trainer.workers.compute = async () => { trainer.setRun(other); return result; };
    trainer.start(Infinity);
    await trainer.finished;
    return [run.steps, other.steps, network.layers[0].kernel[0], names()];"""
    steps, other_steps, weight, happened = evaluate(script)
    assert (steps, other_steps, weight) == (0, 0, 0)
    assert "onStep" not in happened and "onFinish" not in happened


def test_a_batch_without_images_pauses_and_says_what_to_draw():
    script = "page.nextBatch = () => []; trainer.start(Infinity); await trainer.finished;"
    steps, left, events = evaluate(script + "return [run.steps, trainer.stepsLeft, events];")
    assert (steps, left) == (0, 0)
    assert ["say", "Draw each sign three times, and say what it is."] in events


def test_a_loss_that_is_no_number_leaves_the_weights_and_ends_the_run():
    script = "result.loss = NaN; trainer.start(5); await trainer.finished;"
    script += "return [run.hasDiverged, run.steps, network.layers[0].kernel[0], events];"
    has_diverged, steps, weight, events = evaluate(script)
    assert has_diverged and (steps, weight) == (0, 0)
    assert events[-1][0] == "say" and "It diverged" in events[-1][1]


def test_images_that_cannot_be_loaded_are_said_and_the_next_press_tries_again():
    script = """
    let count = 0;
    page.prepare = async () => { count += 1; if (count === 1) throw new TypeError("offline"); };
    trainer.start(1);
    await trainer.finished;
    const before = run.steps;
    trainer.start(1);
    await trainer.finished;
    return [before, run.steps, events[0]];"""
    before, steps, said = evaluate(script)
    assert (before, steps) == (0, 1) and "Check your connection" in said[1]


def test_a_point_of_the_curves_is_the_mean_of_the_batches_since_the_last_one():
    script = """
    run.addPoint(null);
    run.takeStep({loss: 1, accuracy: 0.2, gradient: result.gradient}, 320, 0.1);
    const early = run.isPointDue;
    run.takeStep({loss: 3, accuracy: 0.4, gradient: result.gradient}, 320, 0.1);
    const due = run.isPointDue;
    run.addPoint({loss: 5});
    const after = run.isPointDue;
    run.takeStep({loss: 9, accuracy: 1, gradient: result.gradient}, 320, 0.1);
    run.addPoint(null);
    return [early, due, after, run.points, run.hasLearned];"""
    early, due, after, points, has_learned = evaluate(script)
    assert (early, due, after, has_learned) == (False, True, False, True)
    assert points[0] == {"imagesSeen": 0, "training": None, "validation": None}
    assert points[1]["training"] == {"loss": 2, "accuracy": pytest.approx(0.3)}
    assert points[2]["training"] == {"loss": 9, "accuracy": 1}
    assert points[1]["imagesSeen"] == 640 and points[1]["validation"] == {"loss": 5}


def test_an_address_leads_to_a_run_only_while_its_settings_are_the_first():
    script = "run.changeSettings(); const before = run.hasMixedSettings;"
    script += "trainer.start(1); await trainer.finished; run.changeSettings();"
    assert evaluate(script + "return [before, run.hasMixedSettings];") == [False, True]
