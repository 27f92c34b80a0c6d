// Watch it learn: a network that trains in the page, with its curves, its filters, its mistakes and
// what it makes of a drawing.

import { _ } from "./language.js";
import { step } from "./learn.js";
import { drawMaps } from "./maps.js";
import { imageOf, unpack } from "./network.js";
import { NETWORKS, buildLayers } from "./networks.js";
import { element, keepKeys, renderPad, showImage } from "./pad.js";
import { pageModel } from "./page_model.js";
import { randomFrom } from "./random.js";
import { showNetwork } from "./viewer.js";
import { startWorkers } from "./workers.js";

const FEW = 100; // images, to be learned by heart
const EVERY = 640; // images from one look at the validation images to the next
const SHOWN = 24; // mistakes
const RATES = [0.00001, 0.001, 0.003, 0.1];
const SIZES = [16, 64, 256];

/** Build what one sees, and return the elements by their names. */
function buildView(el) {
  const options = (texts) =>
    texts.map((text, i) => `<option value="${i}">${text}</option>`).join("");
  const figure = (name, text = "") =>
    `<figure><figcaption data-name="${name}-caption">${text}</figcaption>
     <div class="train-${name}" data-name="${name}"></div></figure>`;
  el.innerHTML = `<div class="viewer train">
    <div class="train-controls">
      <button type="button" class="pad-button" data-name="go"></button>
      <button type="button" class="pad-button" data-name="once">${_("Step")}</button>
      <button type="button" class="pad-button" data-name="again">${_("Begin again")}</button>
      <label>${_("Network")} <select data-name="network">${options([
        _("one layer: ten images of weights (softmax regression)"),
        _("small: two convolutions"),
        _("the lesson's: three convolutions"),
      ])}</select></label>
      <label>${_("Learning rate")} <select data-name="rate">${options(RATES)}</select></label>
      <label>${_("Batch size")} <select data-name="size">${options(SIZES)}</select></label>
      <label>${_("Seed")} <input type="number" data-name="seed" min="1" value="1"></label>
      <label><input type="checkbox" data-name="few"> ${_("only {count} images", { count: FEW })}</label>
      <label><input type="checkbox" data-name="shuffles"> ${_("shuffled labels")}</label>
    </div>
    <p class="train-status" role="status" data-name="status"></p>
    <p data-name="trouble" hidden></p>
    <div data-name="results" hidden>
    <p>${_("Curves, blue: images that it learns from; green: others, for validation.")}
      <button type="button" class="pad-button" data-name="keep">${_("Keep this curve")}</button>
      <span data-name="kept"></span></p>
    <div class="train-row">
      <div class="train-wide">
        <div class="train-row">${figure("loss", _("Loss"))} ${figure("accuracy", _("Accuracy"))}</div>
        <p>${_("Draw, and watch its answer change while it trains:")}</p>
        <div data-name="pad"></div>
      </div>
      <div>${figure("filters")} ${figure("mistakes")}</div>
    </div>
    <button type="button" class="pad-button" data-name="look" aria-expanded="false">${_(
      "Look inside",
    )}</button>
    <div data-name="inside"></div></div></div>`;
  keepKeys(el);
  const named = [...el.querySelectorAll("[data-name]")];
  return Object.fromEntries(named.map((node) => [node.dataset.name, node]));
}

/** Draw a curve of the training batches and one of the validation images, over one kept of these. */
function drawCurves(node, name, run, kept, top) {
  const end = Math.max(3200, ...[...run, ...kept].map(({ seen }) => seen));
  const line = (key, points = run) =>
    points.flatMap(({ seen, [key]: values }) => {
      const height = values && (140 * Math.min(values[name], top)) / top;
      return values ? [`${(30 + (285 * seen) / end).toFixed(1)},${(150 - height).toFixed(1)}`] : [];
    });
  node.innerHTML = `<svg viewBox="0 0 320 170" aria-hidden="true">
    <path class="train-axes" d="M30 10V150H315" /><text x="26" y="16" text-anchor="end">${top}</text>
    <text x="26" y="153" text-anchor="end">0</text>
    <text x="315" y="166" text-anchor="end">${end.toLocaleString("en")}</text>
    <text x="172" y="166" text-anchor="middle">${_("images seen")}</text>
    <polyline class="train-kept" points="${line("validation", kept).join(" ")}" />
    <polyline class="train-training" points="${line("training").join(" ")}" />
    <polyline class="train-validation" points="${line("validation").join(" ")}" /></svg>`;
}

/** Return the numbers from 0 to `count`, shuffled. */
function shuffled(count, random) {
  const draws = Array.from({ length: count }, random);
  return [...draws.keys()].sort((a, b) => draws[a] - draws[b]);
}

const inPercent = (share) => `${(100 * share).toFixed(1)}%`;

/**
 * Show a network that trains in the element `el`; return what ends it. `load` returns the promise of
 * digits, as train.py packs them, and is called when somebody trains; the pad begins with `strokes`.
 */
export function showTraining(el, { load, strokes }) {
  const nodes = buildView(el);
  const network = { shape: [28, 28, 1] };
  const model = pageModel(network);
  const filters = element("canvas", "map-canvas", { role: "img" });
  nodes.filters.append(filters);
  [nodes.network.value, nodes.rate.value, nodes.size.value] = [1, 2, 1];
  let kept = []; // the points of an earlier run
  let inside = null; // the model behind the pad of the viewer, where somebody looks inside
  let digits = null; // as unpacked, with `shuffledLabels`
  let workers = null;
  let run; // all that one beginning leads to
  let on = false; // does it go on after this step?
  let ended = false;
  let working = Promise.resolve();

  function begin() {
    const random = randomFrom(Math.round(nodes.seed.valueAsNumber) || 1);
    network.layers = buildLayers(NETWORKS[nodes.network.value], random);
    run = { random, steps: 0, seen: 0, looked: -EVERY, recent: [], points: [], order: [] };
    Object.assign(run, { secondMoments: [], answers: null }); // answers to the validation images
    pause();
    show();
    if (inside) open();
  }

  /** Keep the validation curve: the next one is drawn over it. */
  function keep() {
    kept = run.points;
    const values = { rate: RATES[nodes.rate.value], seed: nodes.seed.value };
    nodes.kept.textContent = _("Grey: kept, learning rate {rate}, seed {seed}.", values);
    show();
  }

  /** Show all maps of the network, whose weights change as it trains. */
  function open() {
    nodes.inside.replaceChildren();
    inside = showNetwork(nodes.inside, network, { strokes: model.get("strokes") });
  }

  function toggle() {
    const opens = !inside;
    if (opens) open();
    else nodes.inside.replaceChildren();
    if (!opens) inside = null;
    nodes.look.ariaExpanded = String(opens);
  }

  function pause() {
    on = model.replays = false;
    nodes.status.ariaLive = "polite";
    nodes.go.textContent = _("Train");
    model.again(); // while it trains, a screen reader doesn't say what the pad shows
  }

  async function prepare() {
    if (digits) return;
    nodes.results.hidden = false;
    say(_("Loading the images ..."));
    digits = await unpack(await load());
    if (ended) throw new Error("nobody looks any more");
    const order = shuffled(digits.known, randomFrom(0));
    digits.shuffledLabels = order.map((n) => digits.labels[n]);
    workers = startWorkers(digits.images, () => {
      nodes.trouble.hidden = false;
      nodes.trouble.textContent = _(
        "A worker of the browser has failed. The page itself computes now, which takes longer.",
      );
    });
  }

  /** Return the next images; when all have been seen, they are shuffled anew: an epoch. */
  function nextBatch() {
    const count = nodes.few.checked ? FEW : digits.known;
    const size = Math.min(SIZES[nodes.size.value], count);
    if (run.order.length < size) run.order = shuffled(count, run.random);
    return run.order.splice(0, size);
  }

  /** Return the mean loss and the accuracy on a batch, with the answers and the gradient. */
  async function compute(batch, labels, learns) {
    const result = await workers.compute(network, batch, labels, learns);
    const right = batch.filter((n, i) => labels[n] === result.digits[i]).length;
    return { ...result, accuracy: right / batch.length };
  }

  async function learn() {
    const current = run;
    const batch = nextBatch();
    const labels = nodes.shuffles.checked ? digits.shuffledLabels : digits.labels;
    const { loss, accuracy, gradient } = await compute(batch, labels, true);
    if (run !== current) return; // somebody has begun again
    if (!Number.isFinite(loss)) { // nor are all weights
      run.diverged = true;
      pause();
      return say(_("It diverged: the loss is no number any more. The steps were too long."));
    }
    step(network, gradient, RATES[nodes.rate.value], run.secondMoments);
    run.steps += 1;
    run.seen += batch.length;
    run.recent.push({ loss, accuracy });
    if (run.seen - run.looked >= EVERY || !on) await look();
    else model.again();
  }

  /** Look at the validation images, and note what the last batches gave in the mean. */
  async function look() {
    const current = run;
    const batch = [...digits.labels.keys()].slice(digits.known);
    const validation = await compute(batch, digits.labels, false);
    if (run !== current) return;
    const mean = (key) =>
      run.recent.reduce((sum, values) => sum + values[key], 0) / run.recent.length;
    const training = run.steps && { loss: mean("loss"), accuracy: mean("accuracy") };
    run.points.push({ seen: run.seen, training, validation });
    Object.assign(run, { looked: run.seen, recent: [], answers: validation.digits });
    show();
  }

  function say(text) {
    nodes.status.textContent = text;
  }

  function show() {
    drawCurves(nodes.loss, "loss", run.points, kept, 2.5);
    drawCurves(nodes.accuracy, "accuracy", run.points, kept, 1);
    showFilters();
    showMistakes();
    model.again();
    inside?.again();
    const { training, validation } = run.points.at(-1) ?? {};
    if (!training) return say(_("It has learned nothing yet. Press Train."));
    const values = {
      steps: run.steps,
      seen: run.seen.toLocaleString("en"),
      training: inPercent(training.accuracy),
      validation: inPercent(validation.accuracy),
      others: run.answers.length,
    };
    say(
      _(
        "{steps} steps, {seen} images. Accuracy: {training} on the last of them, {validation} on {others} others.",
        values,
      ),
    );
  }

  function showFilters() {
    const { kernel, size = [28, 28], shape } = network.layers.find((layer) => layer.kernel);
    const count = shape.at(-1);
    drawMaps(filters, kernel, [...size, count], count > 10 ? 8 : 5);
    const text = _("The first layer: {count} images of weights", { count });
    nodes["filters-caption"].textContent = filters.ariaLabel = text;
  }

  function showMistakes() {
    const answers = run.answers ?? [];
    const wrong = [...answers.keys()].filter((i) => answers[i] !== digits.labels[digits.known + i]);
    const counts = { count: wrong.length, others: answers.length };
    const text = _("Wrong: {count} of {others}. Some of them, and what it said:", counts);
    nodes["mistakes-caption"].textContent = answers.length ? text : "";
    const shown = wrong.slice(0, SHOWN).map((i) => {
      const canvas = element("canvas", "", { width: 28, height: 28 });
      const image = imageOf(digits.images, digits.known + i);
      showImage(canvas, Uint8Array.from(image, (ink) => Math.round(255 * ink)));
      return element("span", "train-mistake", {}, canvas, String(answers[i]));
    });
    nodes.mistakes.replaceChildren(...shown);
  }

  async function work() {
    if (!run.points.length) await look();
    do await learn();
    while (on && el.isConnected);
  }

  /** Train until somebody pauses, or take one step, when what is on its way has arrived. */
  function train(goesOn) {
    if (on) return pause();
    if (run.diverged) begin();
    on = model.replays = goesOn;
    if (on) nodes.status.ariaLive = "off"; // it is read out at the end
    if (on) nodes.go.textContent = _("Pause");
    const fail = (text) => () => {
      pause();
      say(text);
    };
    working = working.then(() =>
      prepare().then(
        () => work().catch(fail(_("The training has failed. Reload the page."))),
        fail(_("The images can't be loaded. Reload the page.")),
      ),
    );
  }

  const pauseIfHidden = () => document.hidden && pause();
  nodes.go.addEventListener("click", () => train(true));
  nodes.once.addEventListener("click", () => train(false));
  nodes.again.addEventListener("click", begin);
  nodes.keep.addEventListener("click", keep);
  nodes.look.addEventListener("click", toggle);
  for (const input of [nodes.network, nodes.few, nodes.shuffles, nodes.seed])
    input.addEventListener("change", begin);
  document.addEventListener("visibilitychange", pauseIfHidden);
  begin();
  model.showExample(strokes);
  const endPad = renderPad({ model, el: nodes.pad });

  return () => {
    ended = true;
    on = false;
    endPad();
    workers?.stop();
    document.removeEventListener("visibilitychange", pauseIfHidden);
  };
}

/** Show it in a notebook, as an anywidget; the kernel has nothing to do. */
export function renderTraining({ model, el }) {
  const load = async () => model.get("digits");
  return showTraining(el, { load, strokes: model.get("strokes") });
}
