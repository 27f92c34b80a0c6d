// A run of training: what its steps have made of a network, and the points of its curves.

import { takeStep } from "../network/index.js";

const IMAGES_PER_POINT = 640; // training images from one point of the curves to the next

export class TrainingRun {
  /**
   * Begin a run of a `network`, whose weights its steps change. `random` returns numbers from 0 to
   * 1, and began at the `seed`.
   */
  constructor(network, random, seed) {
    this.network = network;
    this.random = random;
    this.seed = seed;
    this.rate = null; // the learning rate of the last step
    this.steps = 0;
    this.imagesSeen = 0;
    this.secondMoments = []; // RMSprop's means of squared derivatives
    this.points = []; // of the curves: `imagesSeen`, and what `training` and `validation` gave
    this.recentBatches = []; // the loss and the accuracy of each batch since the last point
    this.hasDiverged = false;
    this.hasMixedSettings = false; // then no address leads to it
    this.goal = null; // what an address opens after so many steps
  }

  /** Is it time for another point of the curves? */
  get isPointDue() {
    if (!this.points.length) return true;
    return this.imagesSeen - this.points.at(-1).imagesSeen >= IMAGES_PER_POINT;
  }

  /** Has a point been added since the network began to learn? */
  get hasLearned() {
    return this.points.some(({ training }) => training);
  }

  /** Take a step by the loss, the accuracy and the gradient of a batch. */
  takeStep({ loss, accuracy, gradient }, batchSize, rate) {
    takeStep(this.network, gradient, rate, this.secondMoments);
    this.rate = rate;
    this.steps += 1;
    this.imagesSeen += batchSize;
    this.recentBatches.push({ loss, accuracy });
  }

  /**
   * Add a point: the mean of the batches since the last point, or null without any, and what the
   * network answers to the images for `validation`, or null.
   */
  addPoint(validation) {
    const count = this.recentBatches.length;
    const mean = (key) => this.recentBatches.reduce((sum, batch) => sum + batch[key], 0) / count;
    const training = count ? { loss: mean("loss"), accuracy: mean("accuracy") } : null;
    this.points.push({ imagesSeen: this.imagesSeen, training, validation });
    this.recentBatches = [];
  }

  /** Note that another setting has been chosen. */
  changeSettings() {
    if (this.steps > 0) this.hasMixedSettings = true;
  }
}
