// Train it yourself: a network that learns in the page, from MNIST's digits or from drawings, with
// its curves, its filters, its mistakes, and what it has forgotten.

import { _, button, element, hasModifier } from "../elements/index.js";
import {
  DIGIT_NAMES,
  NETWORKS,
  buildLayers,
  randomFrom,
  startWorkers,
  step,
  strongest,
} from "../network/index.js";
import { areDigits, areSameNames, renderDrawings } from "../pad/index.js";
import { showNetwork } from "../viewer/index.js";
import { kernelImages, rememberStep } from "./one_step.js";
import { takeHome } from "./page_file.js";
import { readStep, writeStep } from "./step_address.js";
import { trainingImages } from "./training_images.js";
import { SETTINGS, chooseBest, limitChoices, linkOf, restoreChoices } from "./training_settings.js";
import { buildView, drawCurves, showMistakes, told } from "./training_view.js";

const EVERY = 640; // images from one look at the validation images to the next
const STEPS = 10; // to learn a drawing: so, each of 22 misread images was learned
const NO_DRAWING = _("Draw each sign three times, and say what it is.");
const NO_FILE_HOME = _(
  "The file can't be made, because a part of this page can't be loaded. Check your connection and press Take it home again.",
);
const NO_MEMORY = _("This device lacks memory. Close other tabs or apps, and reload the page.");

/**
 * Show a network that trains in the element `el`: a pad, what trains it, and its maps. The pad
 * begins with `strokes` or an `image`, and the page, where it has one, with a `trained` network.
 * `load` returns the promise of digits as train.py packs them, of which so many are `known`, to
 * learn from; `home` that of the page to take home, and `packed` that of what else goes into it.
 * `drawings` are those to begin with, each with its `label` and `strokes`. An `address`, as a link to
 * the settings has it, is what it begins with.
 *
 * Return `model`, that behind the pad, and `end`.
 */
export function showTraining(el, { trained, strokes, image, drawings, load, known, packed, home, address }) {
  const panel = element("div", "train");
  const nodes = buildView(panel, known ?? 6000);
  const network = { ...trained, shape: [28, 28, 1] };
  const names = trained?.classes ?? DIGIT_NAMES;
  const say = (text) => (nodes.status.textContent = text);
  const own = renderDrawings(nodes.drawings, names, { changed: change, say });
  const { title } = document;
  let kernels; // of the first layer, as images
  let taken = null; // the last step, where it can be shown in numbers
  let model; // behind the pad
  let kept = []; // the points of an earlier run
  const images = trainingImages(own);
  let workers = null;
  let run; // all that one beginning leads to
  let on = false; // does it go on after this step?
  let left = 0; // for so many
  const isSame = () => Boolean(trained) && areSameNames(own.classes, names);
  const end = new AbortController();
  const { signal } = end;
  let working = Promise.resolve();

  function begin() {
    limitChoices(nodes, isSame(), Boolean(load) && areDigits(own.classes));
    const seed = Math.round(nodes.seed.valueAsNumber) || 1;
    nodes.seed.value = Math.min(Math.max(seed, 1), 999_999_999); // what fits into a link
    const random = randomFrom(Number(nodes.seed.value));
    network.classes = areDigits(own.classes) ? undefined : own.classes;
    network.examples = isSame() ? trained.examples : [];
    const { value } = nodes.network;
    network.layers = value === "trained"
      ? trained.layers.map(({ weights: _texts, ...layer }) => structuredClone(layer))
      : buildLayers(NETWORKS[value], random, own.classes.length);
    run = { random, secondMoments: [], steps: 0, seen: 0, points: [], looked: -EVERY, recent: [] };
    for (const drawing of own.drawings) drawing.before = drawing.after = undefined;
    pause();
    open();
    own.show();
    kernels = kernelImages(network, (layer, unit) => showStep({ step: layer, unit }));
    nodes.filters.replaceChildren(kernels.root);
    nodes["filters-caption"].textContent = kernels.label;
    taken = null;
    showStep();
    show();
    chosen();
  }

  /** Something else has been chosen, and it may go on from here. */
  function chosen() {
    images.begin();
    run.isMixed ||= run.steps > 0; // no address tells of a run whose settings have changed
    link(null);
    nodes.note.textContent = "";
    ask();
    if (!on && !left) show();
  }

  /** Let the link lead to the settings, and to what is open of the last step, if an address can. */
  function link(opened) {
    const isKnown = opened && !run.isMixed && !own.drawings.length;
    const step = isKnown ? writeStep(network, run.steps, opened) : "";
    nodes.link.href = `${linkOf(nodes)}${step}`;
  }

  /** Copy the link that has been pressed, where the browser lets a page do it. */
  async function shareLink(event) {
    if (hasModifier(event)) return; // it opens elsewhere
    event.preventDefault();
    history.replaceState(null, "", nodes.link.hash); // nothing is scrolled, so the note is seen
    const copied = await navigator.clipboard?.writeText(nodes.link.href).then(() => true, () => false);
    nodes.note.textContent = copied
      ? _("The link is copied.")
      : _("The address of this page now has these settings. Copy it from there.");
  }

  /** Take the settings of the page's address, if there are any that fit. */
  function follow() {
    const isOther = location.hash !== nodes.link.hash; // else it goes on as it is
    if (!restore(location.hash, isOther)) return;
    panel.scrollIntoView();
    if (run.goal) run.goal.isQuiet = false; // whoever follows a link wants to be led there
  }

  /** Choose what an address tells and, where it `isOther`, begin with that; return whether it fits. */
  function restore(text, isOther = true) {
    const others = restoreChoices(nodes, text);
    if (!others) return false;
    nodes.details.open = true;
    if (!isOther) return true;
    begin();
    const goal = readStep(others);
    if (!goal.steps) return true;
    run.goal = { ...goal, isQuiet: true };
    train(goal.steps);
    return true;
  }

  /** Open the number that the address has named, when all its steps have been made. */
  function reach({ isQuiet, ...goal }) {
    const position = taken?.find(goal);
    if (!position) return;
    showStep(position, true);
    if (isQuiet) return;
    const section = nodes.numbers.querySelector(".explain-step");
    section.scrollIntoView();
    section.querySelector("[tabindex='0']")?.focus({ preventScroll: true });
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
    const press = own.classes.map((name, label) => button(name, () => correct(label)));
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
    nodes.details.open = true;
    if (!own.keep(label, model.get("strokes"), strongest(probabilities))) return;
    if (nodes.source.value === "own") {
      model.showExample([]); // for the next one
      return el.querySelector(".pad-paper").focus(); // and into sight
    }
    nodes.source.value = "both";
    chosen();
    if (!on) run.secondMoments = [];
    if (on) left += STEPS;
    else train(STEPS);
  }

  /** There are other drawings now, or other classes. */
  function change(areOthers) {
    if (areOthers) {
      if (isSame()) nodes.network.value = "trained"; // it reads these
      if (isSame() || areDigits(own.classes)) chooseBest(nodes);
      return begin();
    }
    chosen();
    own.show();
    const count = own.drawings.length;
    if (!on) say(count ? _("Drawings kept: {count}.", { count }) : "");
  }

  /** Show the last step in numbers, where it can be, beginning with a position in the network. */
  function showStep(position, isQuiet) {
    nodes.numbers.replaceChildren();
    link(null);
    if (taken && position) taken.show(nodes.numbers, position, link, isQuiet);
  }

  /** Keep the validation curve: the next one is drawn over it. */
  function keep() {
    if (!run.steps) return;
    kept = [...run.points]; // the run itself goes on
    nodes.kept.textContent = _("Grey: kept, learning rate {rate}, seed {seed}.", run);
    show();
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
    if (load && areDigits(own.classes) && !images.validation.length) {
      say(_("Loading the images ..."));
      await images.load(await load());
    }
    signal.throwIfAborted();
    workers ??= startWorkers(() => (nodes.trouble.hidden = false));
    if (on || left) say(_("It is learning ..."));
    else show();
  }

  async function learn() {
    const current = run;
    const batch = images.next(nodes.source.value, Number(nodes.size.value), run.random);
    if (!batch.length) { // the last drawing has been taken away
      pause();
      return say(NO_DRAWING);
    }
    const { loss, accuracy, gradient } = await workers.compute(network, batch, true);
    if (run !== current) return; // somebody has begun again
    if (on && left < Infinity) say(_("It is learning. Steps to go: {left}.", { left }));
    if (!Number.isFinite(loss)) { // nor are all weights
      run.diverged = true;
      pause();
      return say(_("It diverged: the loss is no number any more. The steps were too long."));
    }
    // Here the gradient is known, and the weights are as before the step.
    const rate = Number(nodes.rate.value);
    const about = { batch, gradient, rate };
    taken = left > 1 ? null : rememberStep(network, run.secondMoments, about);
    step(network, gradient, rate, run.secondMoments);
    showStep();
    run.steps += 1;
    Object.assign(run, { rate, seed: nodes.seed.value });
    run.seen += batch.length;
    run.recent.push({ loss, accuracy });
    left = Math.max(0, left - 1); // it may have been paused meanwhile
    if (!left) pause();
    if (run.seen - run.looked >= EVERY || !on) await look();
    else model.again();
    if (run === current && run.goal?.steps === run.steps) reach(run.goal);
  }

  /** Look at validation images and drawings, and note what the last batches gave in the mean. */
  async function look() {
    const current = run;
    const { drawings } = own;
    const others = areDigits(own.classes) ? images.validation : [];
    const validation = others.length ? await workers.compute(network, others) : null;
    const answers = drawings.length && (await workers.compute(network, drawings)).digits;
    if (run !== current) return;
    const count = run.recent.length;
    const mean = (key) => run.recent.reduce((sum, values) => sum + values[key], 0) / count;
    const training = count && { loss: mean("loss"), accuracy: mean("accuracy") };
    run.points.push({ seen: run.seen, training, validation });
    Object.assign(run, { looked: run.seen, recent: [] });
    if (drawings === own.drawings) own.show(answers); // else some have come or gone meanwhile
    model.again();
    show();
  }

  function show() {
    drawCurves(nodes.loss, "loss", run.points, kept, 2.5);
    drawCurves(nodes.accuracy, "accuracy", run.points, kept, 1);
    kernels.draw();
    showMistakes(nodes, run.points.at(-1)?.validation?.digits ?? [], images.validation);
    if (run.points.some(({ training }) => training)) return say(told(run, own.drawings));
    if (left) return;
    const isTrained = nodes.network.value === "trained";
    const isEmpty = nodes.source.value === "own" && !own.drawings.length;
    // A network that was taken home has learned its signs, whose drawings may be gone.
    if (isEmpty && !(isTrained && !areDigits(own.classes))) return say(NO_DRAWING);
    say(isTrained ? "" : _("It has learned nothing yet. Press Train."));
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
    if (nodes.source.value === "own" && !own.drawings.length) return say(NO_DRAWING);
    if (run.diverged) begin();
    left += steps;
    on = model.replays = steps > 1;
    if (on) nodes.status.ariaLive = "off"; // it is read out at the end
    if (on) nodes.go.textContent = _("Pause");
    const fail = (text) => (error) => {
      pause();
      say(error instanceof RangeError ? NO_MEMORY : text);
    };
    working = working.then(() =>
      prepare().then(
        () => work().catch(fail(_("The training has failed. Reload the page."))),
        fail(_("The images can't be loaded. Check your connection and press Train again.")),
      ),
    );
  }

  /** Save the network as one file. It begins with a drawing of its classes, if there is one. */
  async function save() {
    nodes.note.textContent = "";
    const loaded = await Promise.all([packed(), home()]).catch(() => null);
    if (!loaded) {
      nodes.note.textContent = NO_FILE_HOME;
      return;
    }
    const [others, page] = loaded;
    const data = { ...others, strokes };
    data.drawings = own.drawings.map(({ label, strokes: drawn }) => ({ label, strokes: drawn }));
    if (network.classes) {
      data.rehearsal = undefined;
      data.strokes = own.drawings[0]?.strokes ?? [];
    }
    const read = { names: own.classes.join(", ") };
    const isNamed = data.title && data.title !== title; // by whoever takes it home
    if (!areSameNames(own.classes, names) && !isNamed)
      data.title = _("A network that reads: {names}", read);
    takeHome(page, network, data);
  }

  const isSecondClick = (event) => on && event.detail > 1; // a double click starts it once
  const go = (event) => isSecondClick(event) || train(Infinity);
  const once = () => train(1);
  for (const [name, listener] of Object.entries({ go, once, again: begin, keep, home: save }))
    nodes[name].addEventListener("click", listener);
  nodes.link.addEventListener("click", shareLink);
  nodes.network.addEventListener("change", () => chooseBest(nodes));
  for (const name of SETTINGS)
    nodes[name].addEventListener("change", ["network", "seed"].includes(name) ? begin : chosen);
  document.addEventListener("visibilitychange", () => document.hidden && pause(), { signal });
  nodes.details.open = !trained;
  nodes.look.checked = nodes.folds.hidden = Boolean(trained); // the maps are folded at first
  nodes.way.hidden = !home;
  nodes.network.value = trained ? "trained" : "small";
  chooseBest(nodes);
  own.add(drawings ?? []);
  begin();
  if (address) restore(`#train=${address}`);
  if (home) follow();
  if (home) window.addEventListener("hashchange", follow, { signal });

  return {
    model,
    end() {
      end.abort();
      pause();
      workers?.stop();
    },
  };
}

/** Show it in a notebook, as an anywidget; the kernel has nothing to do. */
export function renderTraining({ model, el }) {
  const load = async () => model.get("digits");
  const [strokes, address] = [model.get("strokes"), model.get("address")];
  return showTraining(el, { load, strokes, address }).end;
}
