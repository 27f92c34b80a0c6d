// What one sees of a training: what there is to choose, the curves, the images of weights, and the
// mistakes.

import { _, element } from "../elements/index.js";
import { showImage } from "../pad/index.js";
import { kernelImages } from "./kernel_images.js";
import { SMALL_SET_SIZE } from "./training_images.js";

const MAX_MISTAKES = 24; // that are shown
// What one may choose, as step_address.py lists it.
const RATES = [0.00001, 0.0007, 0.001, 0.003, 0.1];
const BATCH_SIZES = [16, 32, 64, 256];

// The size of a picture of curves, and the edges of the curves in it.
const CHART = { width: 320, height: 170, left: 30, right: 315, top: 10, bottom: 150 };
const MIN_IMAGES = 3200; // at the end of the axis, however short a run is
const MAX_LOSS = 2.5;
const MAX_ACCURACY = 1;
// As in the lesson's figures (canvas.py), and grey.
const TRAINING_COLOUR = "#0072b2";
const VALIDATION_COLOUR = "#009e73";
const KEPT_COLOUR = "#999";

const INTRODUCTION = _(
  "Draw, and say what it is: the network learns your drawing, together with digits of MNIST, a collection of 70,000 handwritten ones, so that it doesn't forget those. Or choose another network and other images, and press Train. Nothing leaves this page.",
);
const ABOUT_SETTINGS = _(
  "In a step, the network looks at a batch of images and moves each weight a little, so that it reads them better; the learning rate says how far. The seed decides what is left to chance: the first weights, and the order of the images.",
);
const ABOUT_CURVES = _(
  "Loss: how wrong it is, 0 is best. Accuracy: the share that it reads. Blue: images that it learns from; dashed green: others, for validation.",
);
const ABOUT_STEPS = _(
  "One step in numbers: press Step, then tap one of the images of weights above.",
);
const ABOUT_WORKERS = _(
  "A worker of the browser has failed. The page itself computes now, which takes longer.",
);
const ABOUT_HOME = _(
  "At home it is one file with the network and your drawings, which opens anywhere. A notebook can't read it: to go on there, train the same network in notebook 3.",
);

export class TrainingPanel {
  /** Build the panel in the element `root`. There are `digitCount` digits of MNIST to learn from. */
  constructor(root, digitCount) {
    root.innerHTML = panelHtml(digitCount);
    const named = [...root.querySelectorAll("[data-name]")];
    this.nodes = Object.fromEntries(named.map((node) => [node.dataset.name, node]));
    this.kernels = null; // the images of the first layer's weights
    this.keptPoints = []; // of the curves of an earlier run
  }

  /** Say a text as the status of the training. */
  say(text) {
    this.nodes.status.textContent = text;
  }

  /** Show that it trains until the next press; the status is read out only at the end. */
  showStart() {
    this.nodes.status.ariaLive = "off";
    this.nodes.go.textContent = _("Pause");
  }

  showPause() {
    this.nodes.status.ariaLive = "polite";
    this.nodes.go.textContent = _("Train");
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
    loss.innerHTML = chartSvg("loss", points, this.keptPoints, MAX_LOSS);
    accuracy.innerHTML = chartSvg("accuracy", points, this.keptPoints, MAX_ACCURACY);
    this.kernels.draw();
    this.showMistakes(points.at(-1)?.validation?.digits ?? [], validation);
  }

  /** Show some of the images for validation that have wrong `answers`, each with its answer. */
  showMistakes(answers, validation) {
    const mistakes = [...answers.keys()].filter((i) => answers[i] !== validation[i].label);
    const counts = { count: mistakes.length, others: answers.length };
    const caption = _("Wrong: {count} of {others}. Some of them, and what it said:", counts);
    this.nodes["mistakes-caption"].textContent = answers.length ? caption : "";
    const shown = mistakes.slice(0, MAX_MISTAKES);
    const images = shown.map((i) => mistakePicture(validation[i], answers[i]));
    this.nodes.mistakes.replaceChildren(element("div", "train-row", {}, ...images));
  }
}

/** Say what a network has learned in a run and what that has cost. */
export function describeRun({ steps, imagesSeen, points }, drawings) {
  const { validation } = points.at(-1);
  const { training } = points.findLast((point) => point.training);
  const accuracy = `${(100 * training.accuracy).toFixed(1)}%`;
  const sentences = [
    _("Steps: {steps}, images: {seen}. Accuracy on the last of them: {training}.", {
      steps,
      seen: imagesSeen.toLocaleString("en"),
      training: accuracy,
    }),
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
  return sentences.join(" ");
}

/** Make the picture of a validation image with its wrong answer beside it. */
function mistakePicture({ image, label }, answer) {
  const ariaLabel = _("A {label}, read as {answer}", { label, answer });
  const canvas = element("canvas", "", { role: "img", ariaLabel });
  showImage(canvas, image);
  const text = element("span", "", { ariaHidden: "true" }, String(answer));
  return element("span", "train-image", {}, canvas, text);
}

// The texts of HTML. An element with a `data-name` is found in `nodes` by that name.

function panelHtml(digitCount) {
  return `
    <div class="train-row" role="group" data-name="asked" hidden></div>
    <details data-name="details">
      <summary>${escapeHtml(_("Train it yourself"))}</summary>
      <p>${escapeHtml(INTRODUCTION)}</p>
      <div class="train-row">
        ${buttonHtml("go", _("Train"))}
        ${buttonHtml("once", _("Step"))}
        ${buttonHtml("again", _("Begin again"))}
      </div>
      <p class="train-status" role="status" aria-live="polite" data-name="status"></p>
      ${settingsHtml(digitCount)}
      <p>${escapeHtml(ABOUT_SETTINGS)}</p>
      <div data-name="drawings"></div>
      <p data-name="trouble" hidden>${escapeHtml(ABOUT_WORKERS)}</p>
      ${resultsHtml()}
      <p data-name="folds">
        <label>
          <input type="checkbox" data-name="look">
          ${escapeHtml(_("Look inside"))}
        </label>
      </p>
      ${homeHtml()}
    </details>`;
}

function settingsHtml(digitCount) {
  const networks = {
    trained: _("the trained one"),
    one: _("one layer: ten images of weights (softmax regression)"),
    small: _("small: two convolutions"),
    lesson: _("the lesson's: three convolutions"),
    lenet5: _("LeNet-5 of 1998: two convolutions, tanh"),
  };
  const sources = {
    mnist: _("{count} of MNIST", { count: digitCount.toLocaleString("en") }),
    few: _("{count} of MNIST", { count: SMALL_SET_SIZE }),
    shuffled: _("{count} of MNIST, with shuffled labels", { count: SMALL_SET_SIZE }),
    own: _("your drawings"),
    both: _("your drawings and MNIST's"),
  };
  const asOptions = (numbers) => numbers.map((number) => [number, String(number)]);
  return `
    <div class="train-row">
      ${selectHtml("network", _("Network"), Object.entries(networks))}
      ${selectHtml("source", _("Images to learn from"), Object.entries(sources))}
      ${selectHtml("rate", _("Learning rate"), asOptions(RATES))}
      ${selectHtml("size", _("Batch size"), asOptions(BATCH_SIZES))}
      <label>
        ${escapeHtml(_("Seed"))}
        <input type="number" data-name="seed" min="1" value="1">
      </label>
    </div>`;
}

function resultsHtml() {
  return `
    <div data-name="results" hidden>
      <p>
        ${escapeHtml(ABOUT_CURVES)}
        ${buttonHtml("keep", _("Keep this curve"))}
        <span data-name="kept"></span>
      </p>
      <div class="train-row">
        ${figureHtml("loss", _("Loss"))}
        ${figureHtml("accuracy", _("Accuracy"))}
      </div>
      <div class="train-row">
        ${figureHtml("filters")}
        ${figureHtml("mistakes")}
      </div>
      <p>${escapeHtml(ABOUT_STEPS)}</p>
      <div data-name="numbers"></div>
    </div>`;
}

function homeHtml() {
  return `
    <p class="train-row" data-name="way">
      ${buttonHtml("home", _("Take it home"))}
      <a data-name="link">${escapeHtml(_("A link to these settings"))}</a>
      <span role="status" data-name="note"></span>
      <span>${escapeHtml(ABOUT_HOME)}</span>
    </p>`;
}

function buttonHtml(name, text) {
  const content = escapeHtml(text);
  return `<button type="button" class="pad-button" data-name="${name}">${content}</button>`;
}

function selectHtml(name, label, options) {
  const items = options.map(
    ([value, text]) => `<option value="${value}">${escapeHtml(text)}</option>`,
  );
  return `
    <label>
      ${escapeHtml(label)}
      <select data-name="${name}">${items.join("")}</select>
    </label>`;
}

function figureHtml(name, caption = "") {
  return `
    <figure>
      <figcaption data-name="${name}-caption">${escapeHtml(caption)}</figcaption>
      <div data-name="${name}"></div>
    </figure>`;
}

function escapeHtml(text) {
  return text.replaceAll("<", "&lt;");
}

/**
 * Draw the curves of a `measure`, which is the loss or the accuracy. One curve is of the training
 * batches, and one is of the images for validation. A kept curve of an earlier run lies below them.
 * The axis ends at `maximum`.
 */
function chartSvg(measure, points, keptPoints, maximum) {
  const { width, height, left, right, top, bottom } = CHART;
  const counts = [...points, ...keptPoints].map(({ imagesSeen }) => imagesSeen);
  const end = Math.max(MIN_IMAGES, ...counts);
  const middle = (left + right) / 2;
  const label = escapeHtml(_("images seen"));
  const keptImages = keptPoints.some(({ validation }) => validation) ? "validation" : "training";
  const lineOf = (some, images) => {
    const measured = some.filter((point) => point[images]);
    const places = measured.map(({ imagesSeen, [images]: values }) => {
      const x = left + ((right - left) * imagesSeen) / end;
      const y = bottom - ((bottom - top) * Math.min(values[measure], maximum)) / maximum;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    });
    return places.length === 1 ? [...places, ...places] : places; // so a single point is a dot
  };
  return `
    <svg viewBox="0 0 ${width} ${height}" fill="currentColor" font-size="12" aria-hidden="true">
      <path fill="none" stroke="currentColor" d="M${left} ${top}V${bottom}H${right}" />
      <text x="${left - 4}" y="${top + 6}" text-anchor="end">${maximum}</text>
      <text x="${left - 4}" y="${bottom + 3}" text-anchor="end">0</text>
      <text x="${right}" y="${bottom + 16}" text-anchor="end">${end.toLocaleString("en")}</text>
      <text x="${middle}" y="${bottom + 16}" text-anchor="middle">${label}</text>
      <g fill="none" stroke-width="2" stroke-linecap="round">
        <polyline stroke="${KEPT_COLOUR}" points="${lineOf(keptPoints, keptImages)}" />
        <polyline stroke="${TRAINING_COLOUR}" points="${lineOf(points, "training")}" />
        <polyline
          stroke="${VALIDATION_COLOUR}"
          stroke-dasharray="6 3"
          points="${lineOf(points, "validation")}"
        />
      </g>
    </svg>`;
}
