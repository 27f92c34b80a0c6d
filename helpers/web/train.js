// Train it yourself: a network that learns in the page, from MNIST's digits or from drawings, with
// its curves, its filters, its mistakes, and what it has forgotten.

import { COUNT, areDigits, download } from "./drawings.js";
import { _ } from "./language.js";
import { step } from "./learn.js";
import { DIGIT_NAMES, imageOf, strongest, unpack } from "./network.js";
import { NETWORKS, buildLayers } from "./networks.js";
import { kernelImages, rememberStep } from "./one_step.js";
import { renderDrawings } from "./own_drawings.js";
import { button, element, keepKeys, showImage } from "./pad.js";
import { randomFrom } from "./random.js";
import { pageOf } from "./take_home.js";
import { showNetwork } from "./viewer.js";
import { startWorkers } from "./workers.js";

const FEW = 100; // images, to be learned by heart
const EVERY = 640; // images from one look at the validation images to the next
const SHOWN = 24; // mistakes
const RATES = [0.00001, 0.0007, 0.001, 0.003, 0.1];
const SIZES = [16, 32, 64, 256];
const SETTINGS = ["network", "source", "rate", "size", "seed"]; // of which a link tells
// What it begins with. By the first, and in STEPS steps, it learned each of 22 misread images, and
// lost at most 4 of 500 others.
const DEFAULTS = { trained: ["both", 0.0007, 32], small: ["mnist", 0.003, 64] };
const STEPS = 10;
const DRAWN = 1 / 4; // of a batch, where it learns from drawings and from MNIST's digits

/** Build what one sees in the element `panel`, and return the elements by their names. */
function buildView(panel, known) {
  const text = (said) => said.replaceAll("<", "&lt;");
  const select = (name, label, values) => {
    const option = ([value, said]) => `<option value="${value}">${text(said)}</option>`;
    const list = `<select data-name="${name}">${values.map(option).join("")}</select>`;
    return `<label>${text(label)} ${list}</label>`;
  };
  const numbers = (values) => values.map((value) => [value, String(value)]);
  const figure = (name, caption = "") =>
    `<figure><figcaption data-name="${name}-caption">${text(caption)}</figcaption>
     <div class="train-${name}" data-name="${name}"></div></figure>`;
  const press = (name, said = "") =>
    `<button type="button" class="pad-button" data-name="${name}">${text(said)}</button>`;
  const digits = (count) => _("{count} of MNIST", { count: count.toLocaleString("en") });
  const about = [
    _(
      "Draw, and say what it is: the network learns your drawing, with MNIST's digits beside it, so that it doesn't forget those. Or choose another network and other images, and press Train. Nothing leaves this page.",
    ),
    _(
      "In a step, the network looks at a batch of images and moves each weight a little, so that it reads them better; the learning rate says how far. The seed says with which random weights it begins.",
    ),
  ];
  panel.innerHTML = `
    <div class="train-row" role="group" data-name="asked" hidden></div>
    <p class="train-status" role="status" data-name="status"></p>
    <details data-name="details"><summary>${text(_("Train it yourself"))}</summary>
    <p>${text(about[0])}</p>
    <div class="train-row">
      ${press("go")} ${press("once", _("Step"))} ${press("again", _("Begin again"))}
      ${select("network", _("Network"), [
        ["trained", _("the trained one")],
        ["one", _("one layer: ten images of weights (softmax regression)")],
        ["small", _("small: two convolutions")],
        ["lesson", _("the lesson's: three convolutions")],
      ])}
      ${select("source", _("Images to learn from"), [
        ["mnist", digits(known)],
        ["few", digits(FEW)],
        ["shuffled", _("{count} of MNIST, with shuffled labels", { count: FEW })],
        ["own", _("your drawings")],
        ["both", _("your drawings and MNIST's")],
      ])}
      ${select("rate", _("Learning rate"), numbers(RATES))}
      ${select("size", _("Batch size"), numbers(SIZES))}
      <label>${text(_("Seed"))} <input type="number" data-name="seed" min="1" value="1"></label>
    </div>
    <p>${text(about[1])}</p>
    <div data-name="drawings"></div>
    <p data-name="trouble" hidden></p>
    <div data-name="results" hidden>
    <p>${text(_("Curves, blue: images that it learns from; green: others, for validation."))}
      ${press("keep", _("Keep this curve"))} <span data-name="kept"></span></p>
    <div class="train-row">${figure("loss", _("Loss"))} ${figure("accuracy", _("Accuracy"))}</div>
    <div class="train-row">${figure("filters")} ${figure("mistakes")}</div>
    <p data-name="hint"></p>
    <div data-name="numbers"></div></div>
    ${press("look", _("Look inside"))}
    <p class="train-row" data-name="way">${press("home", _("Take it home"))}
      <a data-name="link">${text(_("A link to these settings"))}</a>
      <span>${text(
        _("At home it is one file, which opens anywhere. A notebook can't read it: to go on there, train the same network in notebook 3."),
      )}</span></p></details>`;
  const named = [...panel.querySelectorAll("[data-name]")];
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

/**
 * Show a network that trains in the element `el`: a pad, what trains it, and its maps. The pad
 * begins with `strokes` or an `image`, and the page, where it has one, with a `trained` network.
 * `load` returns the promise of digits as train.py packs them, of which so many are `known`, to
 * learn from; `home` that of the page to take home, and `packed` that of what else goes into it.
 * Where no worker can help, the page is `alone`.
 *
 * Return `model`, that behind the pad, and `end`.
 */
export function showTraining(el, { trained, strokes, image, load, known, packed, home, alone }) {
  const panel = element("div", "train");
  const nodes = buildView(panel, known ?? 6000);
  keepKeys(panel);
  const network = { ...trained, shape: [28, 28, 1] };
  const names = trained?.classes ?? DIGIT_NAMES;
  const own = renderDrawings(nodes.drawings, names, { changed: change, say });
  let kernels; // of the first layer, as images
  let taken = null; // the last step, where it can be shown in numbers
  let model; // behind the pad
  let kept = []; // the points of an earlier run
  let digits = { images: new Float32Array(0), labels: [], known: 0 }; // until they are loaded
  let workers = null;
  let run; // all that one beginning leads to
  let on = false; // does it go on after this step?
  let left = 0; // for so many
  let closed = !trained; // are the maps?
  let ended = false;
  let working = Promise.resolve();

  /** Choose what is best for a network to begin with. */
  function choose() {
    const [source, rate, size] = DEFAULTS[nodes.network.value] ?? DEFAULTS.small;
    [nodes.source.value, nodes.rate.value, nodes.size.value] = [source, rate, size];
  }

  /** Let only be chosen what fits to the classes, and what the page has. */
  function limit() {
    const allow = (select, values, isAllowed, other) => {
      for (const option of select.options)
        if (values.includes(option.value)) option.hidden = option.disabled = !isAllowed;
      if (select.selectedOptions[0].disabled) select.value = other;
    };
    const hasDigits = Boolean(load) && areDigits(own.classes);
    allow(nodes.source, ["mnist", "few", "shuffled", "both"], hasDigits, "own");
    const isSame = Boolean(trained) && String(own.classes) === String(names);
    allow(nodes.network, ["trained"], isSame, "small");
  }

  function begin() {
    limit();
    const random = randomFrom(Math.round(nodes.seed.valueAsNumber) || 1);
    const isOfDigits = areDigits(own.classes);
    network.classes = isOfDigits ? undefined : own.classes;
    network.examples = String(own.classes) === String(names) ? trained?.examples : [];
    const { value } = nodes.network;
    network.layers = value === "trained"
      ? trained.layers.map(({ weights: _texts, ...layer }) => structuredClone(layer))
      : buildLayers(NETWORKS[value], random, own.classes.length);
    run = { random, steps: 0, seen: 0, looked: -EVERY, recent: [], points: [], order: [] };
    Object.assign(run, { secondMoments: [], answers: null }); // answers to the validation images
    for (const drawing of own.drawings) drawing.before = drawing.after = undefined;
    pause();
    open();
    own.show();
    kernels = kernelImages(network, showStep);
    nodes.filters.replaceChildren(kernels.root);
    nodes["filters-caption"].textContent = kernels.label;
    taken = null;
    showStep();
    show();
    chosen();
  }

  /** Something else has been chosen, and it may go on from here. */
  function chosen() {
    run.order = [];
    nodes.drawings.hidden = !["own", "both"].includes(nodes.source.value);
    nodes.link.href = `#train=${SETTINGS.map((name) => nodes[name].value)}`;
    ask();
  }

  /** Take the settings of the page's address, if there are any that fit. */
  function restore() {
    const values = location.hash.match(/^#train=(.+)$/)?.[1].split(",") ?? [];
    const fits = (name, i) =>
      name === "seed"
        ? /^[1-9]\d{0,8}$/.test(values[i])
        : [...nodes[name].options].some(({ value, disabled }) => value === values[i] && !disabled);
    if (values.length !== SETTINGS.length || !SETTINGS.every(fits)) return;
    SETTINGS.forEach((name, i) => (nodes[name].value = values[i]));
    begin();
    nodes.details.open = true;
    panel.scrollIntoView();
  }

  /** Show pad and maps of the network, which may have other layers and classes than before. */
  function open() {
    const before = model;
    el.style.minHeight = `${el.offsetHeight}px`; // the page stays where it is meanwhile
    const first = before ? { strokes: before.get("strokes") } : { strokes, image };
    model = showNetwork(el, network, { ...first, panel });
    if (before) model.example = before.example;
    model.on("change:answer", ask);
    el.style.minHeight = "";
    fold(closed);
    const press = own.classes.map((name, label) => {
      const pressed = Object.assign(button(name), { dir: "auto" });
      pressed.addEventListener("click", () => correct(label));
      return pressed;
    });
    nodes.asked.replaceChildren(element("span"), ...press);
    ask();
  }

  /** Ask what a drawing is, where there is one. */
  function ask() {
    const isOwn = nodes.source.value === "own";
    const text = isOwn ? _("Keep it: this is a") : _("Wrong? This is a");
    nodes.asked.firstChild.textContent = nodes.asked.ariaLabel = text;
    const isDrawn = model.get("strokes").length && !model.example;
    nodes.asked.hidden = !isDrawn || !model.get("answer").image;
  }

  /** Keep the drawing on the pad; where it learns from MNIST too, learn it at once. */
  function correct(label) {
    const { probabilities } = model.get("answer");
    if (!own.keep(label, model.get("strokes"), strongest(probabilities))) return;
    nodes.details.open = true;
    if (nodes.source.value === "own") return model.showExample([]); // for the next one
    nodes.source.value = "both";
    chosen();
    if (!on) run.secondMoments = [];
    if (on) left += STEPS;
    else train(STEPS);
  }

  /** There are other drawings now, or other classes. */
  function change(areOthers) {
    share();
    if (areOthers) return begin();
    chosen();
    own.show();
    const count = own.drawings.length;
    if (!on) say(count ? _("{count} drawings kept.", { count }) : "");
  }

  /** Give the workers the drawings, which come after the digits. */
  function share() {
    if (!workers) return;
    const pixels = new Float32Array(784 * own.drawings.length);
    own.drawings.forEach(({ ink }, i) => pixels.set(ink, 784 * i));
    workers.put(pixels.map((grey) => grey / 255), 784 * digits.labels.length);
  }

  /** Show the last step in numbers, where it can be, beginning with a unit of a layer. */
  function showStep(layer, unit) {
    nodes.hint.textContent = taken
      ? _("What did the last step make of a weight? Choose one of the first layer's images.")
      : _("One step in numbers: press Step, then choose one of the first layer's images.");
    nodes.numbers.replaceChildren();
    if (taken && layer) taken.show(nodes.numbers, layer, unit);
  }

  /** Keep the validation curve: the next one is drawn over it. */
  function keep() {
    kept = run.points;
    const values = { rate: Number(nodes.rate.value), seed: nodes.seed.value };
    nodes.kept.textContent = _("Grey: kept, learning rate {rate}, seed {seed}.", values);
    show();
  }

  /** Close or open the maps, where one comes to train. */
  function fold(closes) {
    closed = closes;
    nodes.look.ariaExpanded = String(!closed);
    panel.parentElement.classList.toggle("viewer-closed", closed);
  }

  function pause() {
    const was = on;
    on = false;
    left = 0;
    nodes.status.ariaLive = "polite";
    nodes.go.textContent = _("Train");
    if (!was) return;
    model.replays = false;
    model.again(); // while it trains, a screen reader doesn't say what the pad shows
  }

  async function prepare() {
    nodes.results.hidden = false;
    const lacks = load && areDigits(own.classes) && !digits.known;
    if (workers && !lacks) return;
    if (lacks) {
      say(_("Loading the images ..."));
      digits = await unpack(await load());
      if (ended) throw new Error("nobody looks any more");
      const order = shuffled(digits.known, randomFrom(0));
      const others = digits.labels.slice(digits.known);
      digits.shuffledLabels = [...order.map((n) => digits.labels[n]), ...others];
    }
    workers?.stop();
    const room = new Float32Array(digits.images.length + 784 * COUNT);
    room.set(digits.images);
    digits.images = room;
    const failed = () => {
      nodes.trouble.hidden = false;
      nodes.trouble.textContent = _(
        "A worker of the browser has failed. The page itself computes now, which takes longer.",
      );
    };
    workers = startWorkers(room, failed, alone);
    share();
  }

  /** Return the next images; when all have been seen, they are shuffled anew: an epoch. */
  function nextBatch() {
    const { value } = nodes.source;
    const size = Number(nodes.size.value);
    if (value === "both") return mixture(size);
    const first = value === "own" ? digits.labels.length : 0;
    const count = { own: own.drawings.length, mnist: digits.known }[value] ?? FEW;
    if (run.order.length < Math.min(size, count)) run.order = shuffled(count, run.random);
    return run.order.splice(0, size).map((n) => first + n);
  }

  /** Return drawings, the last one among them, and beside them MNIST's digits, to rehearse. */
  function mixture(size) {
    const [first, mine] = [digits.labels.length, own.drawings.length];
    const any = (from, all, count) =>
      Array.from({ length: count }, () => from + Math.floor(run.random() * all));
    const rehearsed = any(0, digits.known, (1 - DRAWN) * size);
    if (!mine) return rehearsed;
    const others = any(first, mine, Math.min(DRAWN * size, mine) - 1);
    return [first + mine - 1, ...others, ...rehearsed];
  }

  /** Return the labels of all images: the digits' and those of the drawings. */
  function labelsOf(ofDigits) {
    return [...ofDigits, ...own.drawings.map(({ label }) => label)];
  }

  /** Return the mean loss and the accuracy on a batch, with the answers and the gradient. */
  async function compute(batch, labels, learns) {
    const { shape, layers } = network; // all that a worker needs, and can be sent
    const result = await workers.compute({ shape, layers }, batch, labels, learns);
    const right = batch.filter((n, i) => labels[n] === result.digits[i]).length;
    return { ...result, right, accuracy: right / batch.length };
  }

  async function learn() {
    const current = run;
    const batch = nextBatch();
    const isShuffled = nodes.source.value === "shuffled";
    const labels = labelsOf(isShuffled ? digits.shuffledLabels : digits.labels);
    const { loss, accuracy, gradient } = await compute(batch, labels, true);
    if (run !== current) return; // somebody has begun again
    if (on && left < Infinity) say(_("It is learning: {left} steps to go.", { left }));
    if (!Number.isFinite(loss)) { // nor are all weights
      run.diverged = true;
      pause();
      return say(_("It diverged: the loss is no number any more. The steps were too long."));
    }
    // Here the gradient is known, and the weights are as before the step.
    const rate = Number(nodes.rate.value);
    const images = batch.map((n) => imageOf(digits.images, n));
    const given = { images, labels: batch.map((n) => labels[n]), gradient, rate };
    taken = left > 1 ? null : rememberStep(network, run.secondMoments, given);
    step(network, gradient, rate, run.secondMoments);
    showStep();
    run.steps += 1;
    run.seen += batch.length;
    run.recent.push({ loss, accuracy });
    left = Math.max(0, left - 1); // it may have been paused meanwhile
    if (!left) pause();
    if (run.seen - run.looked >= EVERY || !on) await look();
    else model.again();
  }

  /** Look at validation images and drawings, and note what the last batches gave in the mean. */
  async function look() {
    const current = run;
    const { drawings } = own;
    const labels = labelsOf(digits.labels);
    const [mine, all] = [digits.labels.length, [...labels.keys()]];
    const others = areDigits(own.classes) ? all.slice(digits.known, mine) : [];
    const validation = others.length ? await compute(others, labels, false) : null;
    const answers = mine < all.length && (await compute(all.slice(mine), labels, false)).digits;
    if (run !== current) return;
    const count = run.recent.length;
    const mean = (key) => run.recent.reduce((sum, values) => sum + values[key], 0) / count;
    const training = count && { loss: mean("loss"), accuracy: mean("accuracy") };
    run.points.push({ seen: run.seen, training, validation });
    Object.assign(run, { looked: run.seen, recent: [], answers: validation?.digits });
    if (drawings === own.drawings) own.show(answers); // else some have come or gone meanwhile
    model.again();
    show();
  }

  function say(text) {
    nodes.status.textContent = text;
  }

  function show() {
    drawCurves(nodes.loss, "loss", run.points, kept, 2.5);
    drawCurves(nodes.accuracy, "accuracy", run.points, kept, 1);
    kernels.draw();
    showMistakes();
    if (run.steps) say(told());
    else if (nodes.network.value !== "trained") say(_("It has learned nothing yet. Press Train."));
  }

  /** Say what it has learned and what that has cost. */
  function told() {
    const { drawings } = own;
    const { validation } = run.points.at(-1);
    const { training } = run.points.findLast((point) => point.training);
    const right = (time) => drawings.filter((drawing) => drawing[time] === drawing.label).length;
    const values = { steps: run.steps, seen: run.seen.toLocaleString("en") };
    values.training = `${(100 * training.accuracy).toFixed(1)}%`;
    const mine = { all: drawings.length, after: right("after"), before: right("before") };
    const others = { others: run.answers?.length, right: validation?.right };
    others.first = run.points[0].validation?.right;
    return [
      _("{steps} steps, {seen} images. Accuracy on the last of them: {training}.", values),
      mine.all ? _("It reads {after} of your {all} drawings (before: {before}).", mine) : "",
      validation
        ? _("Of {others} others it reads {right} (before: {first}).", others)
        : _("Does it read a new one? Draw it."),
    ].join(" ");
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
    while (left > 0 && panel.isConnected) {
      const isNew = own.drawings.some(({ before }) => before === undefined);
      if (isNew || !run.points.length) await look();
      if (left > 0) await learn();
    }
  }

  /** Train for so many steps, or until somebody pauses, when what is on its way has arrived. */
  function train(steps) {
    if (on) return pause();
    if (nodes.source.value === "own" && !own.drawings.length)
      return say(_("There is no drawing to learn from. Draw, and say what it is."));
    if (run.diverged) begin();
    left += steps;
    on = model.replays = steps > 1;
    if (on) nodes.status.ariaLive = "off"; // it is read out at the end
    if (on) nodes.go.textContent = _("Pause");
    if (on) say(_("It is learning ..."));
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

  /** Save the network as one file. It begins with a drawing of its classes, if there is one. */
  async function takeHome() {
    const isOfDigits = areDigits(own.classes);
    const data = await packed();
    if (!isOfDigits) data.rehearsal = undefined;
    data.strokes = isOfDigits ? strokes : (own.drawings[0]?.strokes ?? []);
    const text = pageOf(await home(), network, data);
    download(text, isOfDigits ? "my_network.html" : "my_signs.html", "text/html");
  }

  const pauseIfHidden = () => document.hidden && pause();
  nodes.go.addEventListener("click", () => train(Infinity));
  nodes.once.addEventListener("click", () => train(1));
  nodes.again.addEventListener("click", begin);
  nodes.keep.addEventListener("click", keep);
  nodes.look.addEventListener("click", () => fold(!closed));
  nodes.home.addEventListener("click", takeHome);
  nodes.network.addEventListener("change", choose);
  for (const input of [nodes.network, nodes.seed]) input.addEventListener("change", begin);
  for (const input of [nodes.source, nodes.rate, nodes.size])
    input.addEventListener("change", chosen);
  document.addEventListener("visibilitychange", pauseIfHidden);
  nodes.details.open = closed;
  nodes.look.hidden = !closed;
  nodes.way.hidden = !home;
  nodes.network.value = trained ? "trained" : "small";
  choose();
  begin();
  if (home) restore();
  if (home) window.addEventListener("hashchange", restore);

  return {
    model,
    end() {
      ended = true;
      pause();
      workers?.stop();
      document.removeEventListener("visibilitychange", pauseIfHidden);
      window.removeEventListener("hashchange", restore);
    },
  };
}

/** Show it in a notebook, as an anywidget; the kernel has nothing to do. */
export function renderTraining({ model, el }) {
  const load = async () => model.get("digits");
  return showTraining(el, { load, strokes: model.get("strokes") }).end;
}
