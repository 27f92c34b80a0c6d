// Watch it learn: a network that trains in the page, with its curves, its filters, its mistakes and
// what it makes of a drawing.

import { _ } from "./language.js";
import { drawMaps } from "./maps.js";
import { element, keepKeys, renderPad, showImage } from "./pad.js";
import { pageModel } from "./page_model.js";
import { imageOf, unpack } from "./network.js";
import { step } from "./learn.js";

const VALIDATION = 500; // images at the end of the digits, which it doesn't learn from
const FEW = 100;
const EVERY = 640; // images from one look at the validation images to the next
const SHOWN = 24; // mistakes
const RATES = [0.00001, 0.001, 0.003, 0.1];
const SIZES = [16, 64, 256];
const DIVERGED = _("It diverged: the loss is no number any more. The steps were too long.");
const WORKER = sourceOf("learner.js"); // scripts.py puts the worker's text there

// Each layer with its number of filters or units, and the side of its window.
const NETWORKS = [
  "Flatten, Dense 10",
  "Conv2D 16 5, MaxPooling2D 3, Conv2D 64 3, MaxPooling2D 2, Flatten, Dense 10",
  "Conv2D 32 3, MaxPooling2D 2, Conv2D 64 3, MaxPooling2D 2, Conv2D 128 3, Flatten, Dense 10",
];

/** Build the layers of a network, with random weights but for one of a single layer, as in 03. */
function layersOf(line) {
  let shape = [28, 28, 1];
  const spread = line.startsWith("Flatten") ? 0 : 1;
  return line.split(", ").map((words) => {
    const [kind, ...numbers] = words.split(" ");
    const layer = { kind, name: kind, activation: "linear" };
    Object.assign(layer, LAYERS[kind](shape, numbers.map(Number), spread));
    shape = layer.shape;
    return layer;
  });
}

const LAYERS = {
  Conv2D: ([height, width, channels], [filters, side]) => ({
    shape: [height - side + 1, width - side + 1, filters],
    size: [side, side],
    padding_before: [0, 0],
    activation: "relu",
    ...drawn(side * side * channels, filters, side * side * filters),
  }),
  MaxPooling2D: ([height, width, channels], [side]) => ({
    shape: [Math.floor(height / side), Math.floor(width / side), channels],
    size: [side, side],
  }),
  Flatten: (shape) => ({ shape: [shape.reduce((a, b) => a * b)] }),
  Dense: ([inputs], [units], spread) => ({
    shape: [units],
    activation: "softmax",
    ...drawn(inputs, units, units, spread),
  }),
};

/** Draw weights as Keras does (Glorot): the more ways lead in and out, the smaller they are. */
function drawn(inputs, outputs, ways, spread = 1) {
  const most = spread * Math.sqrt(6 / (inputs + ways));
  const kernel = new Float32Array(inputs * outputs).map(() => (2 * Math.random() - 1) * most);
  return { kernel, bias: new Float32Array(outputs) };
}

/** Start a worker for each core, with all images, float32; return what asks them about a batch. */
function startWorkers(images) {
  const url = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
  const count = Math.min(4, navigator.hardwareConcurrency);
  const workers = Array.from({ length: count }, () => new Worker(url));
  for (const worker of workers) worker.postMessage({ images });

  /** Let them learn from images, or only answer; what their shares gave adds up to the whole. */
  return async (network, batch, answers, learns) => {
    const size = Math.ceil(batch.length / count);
    const asked = workers.slice(0, Math.ceil(batch.length / size)).map((worker, i) => {
      const share = batch.slice(i * size, (i + 1) * size);
      const labels = share.map((n) => answers[n]);
      worker.postMessage({ network, share, labels, of: batch.length, learns });
      return new Promise((done) => (worker.onmessage = ({ data }) => done(data)));
    });
    const [whole, ...others] = await Promise.all(asked);
    for (const { loss, right, gradient, digits } of others) {
      whole.loss += loss;
      whole.right += right;
      whole.digits?.push(...digits);
      whole.gradient?.forEach((arrays, i) => {
        for (const name in arrays)
          gradient[i][name].forEach((slope, k) => (arrays[name][k] += slope));
      });
    }
    return whole;
  };
}

/** Return the numbers from 0 to `count`, shuffled. */
function shuffled(count) {
  const draws = Array.from({ length: count }, () => Math.random());
  return [...draws.keys()].sort((a, b) => draws[a] - draws[b]);
}

/** Build what one sees, and return its parts. */
function trainingParts(el) {
  const options = (texts) =>
    texts.map((text, i) => `<option value="${i}">${text}</option>`).join("");
  const part = (name, text = "") =>
    `<figure><figcaption data-part="${name}-caption">${text}</figcaption>
     <div class="train-${name}" data-part="${name}"></div></figure>`;
  el.innerHTML = `<div class="viewer train">
    <div class="train-controls">
      <button type="button" class="pad-button" data-part="go"></button>
      <button type="button" class="pad-button" data-part="once">${_("Step")}</button>
      <button type="button" class="pad-button" data-part="again">${_("Begin again")}</button>
      <label>${_("Network")} <select data-part="network">${options([
        _("one layer: ten images of weights (softmax regression)"),
        _("small: two convolutions"),
        _("the lesson's: three convolutions"),
      ])}</select></label>
      <label>${_("Learning rate")} <select data-part="rate">${options(RATES)}</select></label>
      <label>${_("Batch size")} <select data-part="size">${options(SIZES)}</select></label>
      <label><input type="checkbox" data-part="few"> ${_("only {count} images", { count: FEW })}</label>
      <label><input type="checkbox" data-part="lot"> ${_("shuffled labels")}</label>
    </div>
    <p class="train-status" role="status" data-part="status"></p>
    <div data-part="seen" hidden>
    <p class="train-legend">${_("Curves, blue: images that it learns from; green: 500 others, for validation.")}</p>
    <div class="train-parts">
      <div class="train-wide">
        <div class="train-parts">${part("loss", _("Loss"))} ${part("accuracy", _("Accuracy"))}</div>
        <p>${_("Draw, and watch its answer change while it trains:")}</p>
        <div data-part="pad"></div>
      </div>
      <div>${part("filters")} ${part("mistakes")}</div>
    </div></div></div>`;
  keepKeys(el);
  const found = [...el.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]);
  return Object.fromEntries(found);
}

/** Draw a curve of the training batches and one of the validation images. */
function drawCurve(node, name, points, top) {
  const end = Math.max(3200, ...points.map(({ seen }) => seen));
  const line = (key) =>
    points.flatMap(({ seen, [key]: found }) => {
      const height = found && (140 * Math.min(found[name], top)) / top;
      return found ? [`${(30 + (285 * seen) / end).toFixed(1)},${(150 - height).toFixed(1)}`] : [];
    });
  node.innerHTML = `<svg viewBox="0 0 320 170" aria-hidden="true">
    <path class="train-axes" d="M30 10V150H315" /><text x="26" y="16" text-anchor="end">${top}</text>
    <text x="26" y="153" text-anchor="end">0</text>
    <text x="315" y="166" text-anchor="end">${end.toLocaleString("en")}</text>
    <text x="172" y="166" text-anchor="middle">${_("images seen")}</text>
    <polyline class="train-training" points="${line("training").join(" ")}" />
    <polyline class="train-validation" points="${line("validation").join(" ")}" /></svg>`;
}

/**
 * Show a network that trains in the element `el`. `load` returns the promise of digits, as digits.py
 * packs them, and is called when somebody trains; the pad begins with the `strokes`.
 */
export function showTraining(el, { load, strokes }) {
  const parts = trainingParts(el);
  const network = { shape: [28, 28, 1] };
  const model = pageModel(network);
  const filters = element("canvas", "map-canvas");
  filters.setAttribute("role", "img");
  parts.filters.append(filters);
  [parts.network.value, parts.rate.value, parts.size.value] = [1, 2, 1];
  let digits = null; // all images and labels, and `ask`, which asks the workers
  let run; // all that one beginning leads to
  let on = false; // does it go on after this step?
  let working = Promise.resolve();

  function begin() {
    network.layers = layersOf(NETWORKS[parts.network.value]);
    run = { steps: 0, seen: 0, looked: -EVERY, squares: [], recent: [], points: [], order: [] };
    run.digits = null; // what it answers to the validation images
    pause();
    show();
  }

  function pause() {
    on = model.replays = false;
    parts.go.textContent = _("Train");
    model.again(); // while it trains, a screen reader doesn't say what the pad shows
  }

  async function prepare() {
    if (digits) return;
    parts.seen.hidden = false;
    say(_("Loading the images ..."));
    const { images, labels } = await unpack(await load());
    const known = labels.length - VALIDATION;
    const lot = shuffled(known).map((n) => labels[n]);
    digits = { images, labels, known, lot, ask: startWorkers(images) };
  }

  /** Return the label of a validation image. */
  function answer(i) {
    return digits.labels[digits.known + i];
  }

  /** Return the next images; when all have been seen, they are shuffled anew: an epoch. */
  function nextBatch() {
    const count = parts.few.checked ? FEW : digits.known;
    const size = Math.min(SIZES[parts.size.value], count);
    if (run.order.length < size) run.order = shuffled(count);
    return run.order.splice(0, size);
  }

  async function learn() {
    const mine = run;
    const batch = nextBatch();
    const labels = parts.lot.checked ? digits.lot : digits.labels;
    const found = await digits.ask(network, batch, labels, true);
    if (run !== mine) return; // somebody has begun again
    if (!Number.isFinite(found.loss)) {
      run.diverged = true;
      pause();
      return say(DIVERGED);
    }
    step(network, found.gradient, RATES[parts.rate.value], run.squares);
    run.steps += 1;
    run.seen += batch.length;
    run.recent.push({ loss: found.loss, accuracy: found.right / batch.length });
    if (run.seen - run.looked >= EVERY || !on) await look(mine);
    else model.again();
  }

  /** Look at the validation images, and note what the last batches gave in the mean. */
  async function look(mine) {
    const { known, labels, ask } = digits;
    const validation = Array.from({ length: VALIDATION }, (_unused, i) => known + i);
    const found = await ask(network, validation, labels, false);
    if (run !== mine) return;
    const right = found.digits.filter((digit, i) => digit === answer(i)).length;
    const mean = (key) => run.recent.reduce((sum, one) => sum + one[key], 0) / run.recent.length;
    const training = run.steps && { loss: mean("loss"), accuracy: mean("accuracy") };
    const judged = { loss: found.loss, accuracy: right / VALIDATION };
    run.points.push({ seen: run.seen, training, validation: judged });
    Object.assign(run, { looked: run.seen, recent: [], digits: found.digits });
    show();
  }

  function say(text) {
    parts.status.textContent = text;
  }

  function show() {
    drawCurve(parts.loss, "loss", run.points, 2.5);
    drawCurve(parts.accuracy, "accuracy", run.points, 1);
    showFilters();
    showMistakes();
    model.again();
    const { training, validation } = run.points.at(-1) ?? {};
    if (!training) return say(_("It has learned nothing yet. Press Train."));
    const places = { steps: run.steps, seen: run.seen.toLocaleString("en") };
    places.training = `${(100 * training.accuracy).toFixed(1)}%`;
    places.validation = `${(100 * validation.accuracy).toFixed(1)}%`;
    say(
      _(
        "{steps} steps, {seen} images. Accuracy: {training} on the last of them, {validation} on 500 others.",
        places,
      ),
    );
  }

  function showFilters() {
    const { kernel, size = [28, 28], shape } = network.layers.find((layer) => layer.kernel);
    const count = shape.at(-1);
    drawMaps(filters, kernel, [...size, count], count > 10 ? 8 : 5);
    const text = _("The first layer: {count} images of weights", { count });
    parts["filters-caption"].textContent = text;
    filters.setAttribute("aria-label", text);
  }

  function showMistakes() {
    const wrong = run.digits ? run.digits.flatMap((d, i) => (d === answer(i) ? [] : [i])) : [];
    const text = _("Wrong: {count} of 500. Some of them, and what it said:", {
      count: wrong.length,
    });
    parts["mistakes-caption"].textContent = run.digits ? text : "";
    const shown = wrong.slice(0, SHOWN).map((i) => {
      const canvas = element("canvas", "", { width: 28, height: 28 });
      const image = imageOf(digits.images, digits.known + i);
      showImage(
        canvas,
        Uint8Array.from(image, (ink) => 255 * ink),
      );
      return element("span", "train-mistake", {}, canvas, String(run.digits[i]));
    });
    parts.mistakes.replaceChildren(...shown);
  }

  async function work() {
    await prepare();
    if (!run.points.length) await look(run);
    do await learn();
    while (on && el.isConnected);
  }

  /** Train until somebody pauses, or take one step, when what is on its way has arrived. */
  function train(goesOn) {
    if (on) return pause();
    if (run.diverged) begin();
    on = model.replays = goesOn;
    if (on) parts.go.textContent = _("Pause");
    working = working.then(work).catch(() => {
      pause();
      say(_("The images can't be loaded. Reload the page."));
    });
  }

  parts.go.addEventListener("click", () => train(true));
  parts.once.addEventListener("click", () => train(false));
  parts.again.addEventListener("click", begin);
  for (const input of [parts.network, parts.few, parts.lot])
    input.addEventListener("change", begin);
  document.addEventListener("visibilitychange", () => document.hidden && pause());
  begin();
  model.showExample(strokes);
  renderPad({ model, el: parts.pad });
}

/** Show it in a notebook, as an anywidget; the kernel has nothing to do. */
export function renderTraining({ model, el }) {
  showTraining(el, { load: async () => model.get("digits"), strokes: model.get("strokes") });
}
