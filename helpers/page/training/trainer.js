// What trains a network: one step after the other, until the steps that were asked for have been
// taken or somebody pauses. It knows nothing of the page's elements.

import { _ } from "../elements/index.js";
import { startWorkers } from "../network/index.js";
import { OneStep } from "./one_step.js";

export const NO_DRAWING = _("Draw each sign three times, and say what it is.");
const STEP_PAUSE = 100; // milliseconds: drawing after each step would take time from the steps
const NO_MEMORY = _("This device lacks memory. Close other tabs or apps, and reload the page.");
export const NO_IMAGES = _("The images can't be loaded. Check your connection and press Train again.");
const FAILED = _("The training has failed. Reload the page.");
const DIVERGED = _("It diverged: the loss is no number any more. The steps were too long.");

export class Trainer {
  /**
   * `page` has the images and shows what happens. These functions return what the trainer needs:
   *
   * - `isShown()`: is the page still there?
   * - `prepare()`: a promise that is kept when the images are loaded.
   * - `nextBatch(run)`: the images of the next step, each with its `label`.
   * - `learningRate()`.
   * - `drawings()` and `validation()`: the images for which each point of the curves has answers.
   *
   * These functions are told what happens:
   *
   * - `say(text)`.
   * - `onStart()` and `onPause()`: of a training of more than one step.
   * - `onStep()`: the weights have changed. It is called for the first step, for the last step, and at
   *   most ten times a second in between.
   * - `onPoint(drawings, answers)`: the run has another point, and there are `answers` to drawings.
   * - `onFinish()`: a step has been taken, and its point has been added if one was due.
   * - `onWorkerFailure()`: from now on, the page itself computes.
   */
  constructor(page) {
    this.page = page;
    this.run = null;
    this.stepsLeft = 0;
    this.isContinuous = false; // does another step follow the one that is being computed?
    this.lastStep = null; // in numbers, where it can be shown
    this.shownAt = -Infinity; // when the page was last told of a step
    this.workers = null;
    this.finished = Promise.resolve(); // is kept when nothing is being computed
  }

  /** Begin another run. A step that is being computed for the run before doesn't count. */
  setRun(run) {
    this.run = run;
    this.lastStep = null;
    this.pause();
  }

  /** Take so many steps, after those that are being computed. */
  start(stepCount) {
    this.addSteps(stepCount);
    this.shownAt = -Infinity;
    this.isContinuous = stepCount > 1;
    if (this.isContinuous) this.page.onStart();
    this.finished = this.finished.then(() => this.work());
  }

  /** Take so many steps more than those that are left. */
  addSteps(stepCount) {
    this.stepsLeft += stepCount;
  }

  /** Take no further step after the one that is being computed. */
  pause() {
    const wasContinuous = this.isContinuous;
    this.isContinuous = false;
    this.stepsLeft = 0;
    if (wasContinuous) this.page.onPause();
  }

  /** Pause, and end the workers. */
  end() {
    this.pause();
    this.workers?.stop();
  }

  /** Pause. The promise is kept when no step is being computed any more. */
  async rest() {
    this.pause();
    await this.finished;
  }

  /** Let the network answer a batch, or learn from it, as `compute` of worker_pool.js does. */
  compute(batch, learns = false) {
    this.workers ??= startWorkers(this.page.onWorkerFailure);
    return this.workers.compute(this.run.network, batch, learns);
  }

  /** Prepare what the steps need, and take them. A failure pauses, and is said. */
  async work() {
    try {
      await this.page.prepare();
    } catch (error) {
      this.fail(error, NO_IMAGES);
      return;
    }
    try {
      await this.takeSteps();
    } catch (error) {
      this.fail(error, FAILED);
    }
  }

  fail(error, text) {
    this.pause();
    this.page.say(error instanceof RangeError ? NO_MEMORY : text);
  }

  async takeSteps() {
    while (this.stepsLeft > 0 && this.page.isShown()) {
      const hasNewDrawing = this.page.drawings().some(({ before }) => before === undefined);
      if (hasNewDrawing || !this.run.points.length) await this.measure();
      if (this.stepsLeft > 0) await this.learnBatch(); // it may have been paused meanwhile
    }
  }

  /** Take a step by the next batch. */
  async learnBatch() {
    const { run, page } = this;
    const batch = page.nextBatch(run);
    if (!batch.length) {
      this.pause(); // the last drawing has been taken away
      page.say(NO_DRAWING);
      return;
    }
    const result = await this.compute(batch, true);
    if (run !== this.run) return; // somebody has begun again
    if (!Number.isFinite(result.loss)) {
      run.hasDiverged = true; // not all weights are numbers any more
      this.pause();
      page.say(DIVERGED);
      return;
    }
    if (this.isContinuous && this.stepsLeft < Infinity)
      page.say(_("It is learning. Steps to go: {left}.", { left: this.stepsLeft }));
    // Here the gradient is known, and the weights are still as before the step.
    const { gradient } = result;
    const rate = page.learningRate();
    const isLast = this.stepsLeft <= 1;
    this.lastStep = isLast
      ? new OneStep(run.network, run.secondMoments, { batch, gradient, rate })
      : null;
    run.takeStep(result, batch.length, rate);
    this.showStep(isLast);
    this.stepsLeft = Math.max(0, this.stepsLeft - 1); // it is 0 after a pause
    if (!this.stepsLeft) this.pause();
    if (run.isPointDue || !this.isContinuous) await this.measure();
    if (run === this.run) page.onFinish();
  }

  /** Tell the page that the weights have changed, unless it was told just before and steps follow. */
  showStep(isLast) {
    const now = performance.now();
    if (!isLast && now - this.shownAt < STEP_PAUSE) return;
    this.shownAt = now;
    this.page.onStep();
  }

  /** Let the network answer the validation images and the drawings: a point of the curves. */
  async measure() {
    const { run, page } = this;
    const drawings = page.drawings();
    const images = page.validation();
    const validation = images.length ? await this.compute(images) : null;
    const answers = drawings.length ? (await this.compute(drawings)).classIndices : [];
    if (run !== this.run) return;
    run.addPoint(validation);
    page.onPoint(drawings, answers);
  }
}
