// What one sees of a training: what there is to choose, the curves, the images of weights, and the
// mistakes. The elements stand in panel.jinja.

import { _, element, namedElements } from "../elements/index.js";
import { showImage } from "../pad/index.js";
import TRAINING_CHOICES from "../shared/training_choices.json" with { type: "json" };
import { kernelImages } from "./kernel_images.js";
import { SMALL_SET_SIZE } from "./training_images.js";

// The parts of the panel that speak of MNIST's digits, and those that speak of somebody's own signs.
const OF_DIGITS = ["experiments", "look", "validation-key", "few-digits", "mistakes-figure"];
OF_DIGITS.push("about-digits");
const OF_SIGNS = ["about-own"];
const MANY_DIGITS = 1000; // a network that learns from fewer stays far behind the trained one
const MAX_MISTAKES = 24; // that are shown
const MEASURES = ["accuracy", "loss"];

// The edges of the curves in their picture, which panel.jinja has, and the ends of its axes.
const CHART = { left: 42, right: 315, top: 10, bottom: 150 };
const MIN_IMAGES = 3200; // at the end of the axis, however short a run is
const MAX_LOSS = 2.5;
const MAX_ACCURACY = 1;

export class TrainingPanel {
  /** Build the panel in the element `root`. There are `digitCount` digits of MNIST to learn from. */
  constructor(root, digitCount) {
    root.innerHTML = htmlOf("training/panel.jinja");
    this.nodes = namedElements(root);
    const { source, rate, size } = this.nodes;
    for (const [value, text] of Object.entries(sourceTexts(digitCount)))
      source.append(new Option(text, value));
    if (digitCount < MANY_DIGITS)
      this.nodes["few-digits"].textContent = _(
        "This file has only {count} digits to learn from, so a new network stays behind the trained one, which has learned from many thousands.",
        { count: digitCount },
      );
    rate.append(...TRAINING_CHOICES.learning_rates.map((number) => new Option(number, number)));
    size.append(...TRAINING_CHOICES.batch_sizes.map((number) => new Option(number, number)));
    this.kernels = null; // the images of the first layer's weights
    this.keptPoints = []; // of the curves of an earlier run
    this.nodes.measure.addEventListener("change", () => this.showMeasure());
    this.showMeasure();
  }

  /** Show the curve of the measure that is chosen. */
  showMeasure() {
    for (const name of MEASURES)
      this.nodes[name].toggleAttribute("hidden", name !== this.nodes.measure.value);
  }

  /** Show what belongs to a training of digits, or what belongs to signs of somebody's own. */
  showKind(isOfDigits) {
    for (const name of OF_DIGITS) this.nodes[name].hidden = !isOfDigits;
    for (const name of OF_SIGNS) this.nodes[name].hidden = isOfDigits;
  }

  /** Say a text as the status of the training. */
  say(text) {
    this.nodes.message.textContent = text;
  }

  /**
   * Say how many steps a run has taken, and by how many images. Before the first step there is nothing
   * to begin again, and no curve to keep.
   */
  showCount({ steps, imagesSeen }) {
    const values = { steps, seen: imagesSeen.toLocaleString("en") };
    this.nodes.count.textContent = steps ? `${_("Steps: {steps}, images: {seen}", values)} ` : "";
    for (const name of ["restart", "keep"]) this.nodes[name].disabled = !steps;
  }

  /** Show that it trains until the next press; the status is read out only at the end. */
  showStart() {
    this.nodes.status.ariaLive = "off";
  }

  showPause() {
    this.nodes.status.ariaLive = "polite";
  }

  /** Say on the large button what its next press does. */
  showNextPress(isTraining, beginsNewNetwork) {
    const text = beginsNewNetwork ? _("Train a new network") : _("Train");
    this.nodes.train.textContent = isTraining ? _("Pause") : text;
  }

  /** Show the weights of a network's first layer; `open(step, unit)` opens the weights of a unit. */
  showKernels(network, open) {
    this.kernels = kernelImages(network, open);
    this.nodes.filters.replaceChildren(this.kernels.root);
    this.nodes["filters-caption"].textContent = this.kernels.label;
  }

  /** Keep the curves of a run as they are now: the curves of the next run are drawn over them. */
  keepCurves({ points, rate, seed }) {
    this.keptPoints = [...points]; // the run itself goes on
    const values = { rate, seed };
    this.nodes.kept.textContent = _("Grey: kept, learning rate {rate}, seed {seed}.", values);
  }

  /** Show the points of a run, the weights, and the mistakes with digits for `validation`. */
  showRun({ points }, validation) {
    const { loss, accuracy } = this.nodes;
    drawCurves(loss, "loss", points, this.keptPoints, MAX_LOSS);
    drawCurves(accuracy, "accuracy", points, this.keptPoints, MAX_ACCURACY);
    this.kernels.draw();
    this.showMistakes(points.at(-1)?.validation?.digits ?? [], validation);
  }

  /** Show some of the images for validation that have wrong `answers`, each with its answer. */
  showMistakes(answers, validation) {
    const mistakes = [...answers.keys()].filter((i) => answers[i] !== validation[i].label);
    const counts = { count: mistakes.length, others: answers.length };
    this.nodes["mistakes-caption"].textContent = answers.length
      ? _("Mistakes: {count} of {others}", counts)
      : _("Mistakes");
    const shown = mistakes.slice(0, MAX_MISTAKES);
    const images = shown.map((i) => mistakePicture(validation[i], answers[i]));
    const hint = element("p", "train-hint", {}, _("Here you will see what it misreads."));
    this.nodes.mistakes.replaceChildren(...(answers.length ? images : [hint]));
  }
}

/** Say what a network has learned in a run and what that has cost. */
export function describeRun({ points }, drawings) {
  const { validation } = points.at(-1);
  const { training } = points.findLast((point) => point.training);
  const accuracy = `${(100 * training.accuracy).toFixed(1)}%`;
  const sentences = [
    _("Accuracy on the last of them: {training}.", { training: accuracy }),
    drawings.length
      ? _("It reads {after} of your {all} drawings (before: {before}).", {
          all: drawings.length,
          after: drawings.filter(({ after, label }) => after === label).length,
          before: drawings.filter(({ before, label }) => before === label).length,
        })
      : "",
    validation
      ? _("Of {others} digits that it doesn't learn from, it reads {right} (before: {first}).", {
          others: validation.digits.length,
          right: validation.right,
          first: points[0].validation?.right,
        })
      : _("Does it read a new one? Draw it."),
  ];
  return sentences.filter(Boolean).join(" ");
}

/** Make the picture of a validation image with its wrong answer beside it. */
function mistakePicture({ image, label }, answer) {
  const ariaLabel = _("A {label}, read as {answer}", { label, answer });
  const canvas = element("canvas", "", { role: "img", ariaLabel });
  showImage(canvas, image);
  const text = element("span", "", { ariaHidden: "true" }, String(answer));
  return element("span", "train-image", {}, canvas, text);
}

/** Return the texts of the choices of images, by their values. */
function sourceTexts(digitCount) {
  return {
    mnist: _("{count} of MNIST", { count: digitCount.toLocaleString("en") }),
    few: _("{count} of MNIST", { count: SMALL_SET_SIZE }),
    shuffled: _("{count} of MNIST, with shuffled labels", { count: SMALL_SET_SIZE }),
    own: _("your drawings"),
    both: _("your drawings and MNIST's"),
  };
}

/**
 * Draw the curves of a `measure`, which is the loss or the accuracy, in the picture `chart`. One curve
 * is of the training batches, and one is of the images for validation. A kept curve of an earlier run
 * lies below them. The axis ends at `maximum`.
 */
function drawCurves(chart, measure, points, keptPoints, maximum) {
  const counts = [...points, ...keptPoints].map(({ imagesSeen }) => imagesSeen);
  const end = Math.max(MIN_IMAGES, ...counts);
  const draw = (line, some, images) => {
    const places = curvePlaces(some, images, measure, end, maximum);
    chart.querySelector(line).setAttribute("points", places.join(","));
  };
  const keptImages = keptPoints.some(({ validation }) => validation) ? "validation" : "training";
  draw(".train-kept", keptPoints, keptImages);
  draw(".train-training", points, "training");
  draw(".train-validation", points, "validation");
  chart.querySelector(".train-last-count").textContent = end.toLocaleString("en");
}

/** Return the places of a curve, "x,y", of the points that have a measure of some images. */
function curvePlaces(points, images, measure, end, maximum) {
  const { left, right, top, bottom } = CHART;
  const measured = points.filter((point) => point[images]);
  const places = measured.map(({ imagesSeen, [images]: values }) => {
    const x = left + ((right - left) * imagesSeen) / end;
    const y = bottom - ((bottom - top) * Math.min(values[measure], maximum)) / maximum;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return places.length === 1 ? [...places, ...places] : places; // so a single point is a dot
}
