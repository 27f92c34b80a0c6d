// Train it yourself: a network that learns in the page, from MNIST's digits or from drawings, with
// its curves, its filters, its mistakes, and what it has forgotten.

import { _, button, element, hasModifier, joinList } from "../elements/index.js";
import { DIGIT_NAMES, NETWORKS, buildLayers, randomFrom, strongest } from "../network/index.js";
import { DrawingList, areDigits, areSameNames } from "../pad/index.js";
import { showNetwork } from "../viewer/index.js";
import { savePage } from "./page_file.js";
import { readStep, writeStep } from "./step_address.js";
import { NO_DRAWING, Trainer } from "./trainer.js";
import { TrainingImages } from "./training_images.js";
import { TrainingRun } from "./training_run.js";
import {
  SETTINGS,
  chooseDefaults,
  chooseValues,
  limitChoices,
  readHash,
  settingsHash,
  shareLink,
} from "./training_settings.js";
import { TrainingPanel, describeRun } from "./training_view.js";

const STEPS_PER_DRAWING = 10; // to learn it: so, each of 22 misread images was learned
// Kinds of layers that work in another way while Keras trains them.
const UNLIKE_IN_TRAINING = ["Dropout", "BatchNormalization"];
const NO_FILE_HOME = _(
  "The file can't be made, because a part of this page can't be loaded. Check your connection and press Take it home again.",
);

/**
 * Show a network that trains in the element `el`: a pad, what trains it, and its maps.
 *
 * - `trainedNetwork`: the network that the page begins with, if it has one.
 * - `strokes` or an `image`: what the pad begins with.
 * - `drawings`: the kept drawings to begin with, each with its `label` and `strokes`.
 * - `loadDigits`: returns the promise of digits as train.py packs them. So many of them as
 *   `digitCount` says are to learn from; the others are for validation.
 * - `loadHomePage`: returns the promise of the text of the page to take home.
 * - `loadHomeData`: returns the promise of the data that go into that page besides the network.
 * - `address`: the settings to begin with, as a link has them behind "#train=".
 *
 * Return `model`, which is the model behind the pad, and `end`.
 */
export function showTraining(el, options) {
  const page = new TrainingPage(el, options);
  return { model: page.padModel, end: () => page.end() };
}

/** Show it in a notebook, as an anywidget; the kernel has nothing to do. */
export function renderTraining({ model, el }) {
  const loadDigits = async () => model.get("digits");
  const strokes = model.get("strokes");
  const address = model.get("address");
  return showTraining(el, { loadDigits, strokes, address }).end;
}

/** What the buttons of a training do, and which parts of the page follow. */
class TrainingPage {
  constructor(el, options) {
    const { trainedNetwork, drawings = [], digitCount = 6000, address } = options;
    this.el = el;
    this.options = options;
    this.title = document.title;
    this.root = element("div", "train");
    this.panel = new TrainingPanel(this.root, digitCount);
    this.nodes = this.panel.nodes;
    this.trainedClasses = trainedNetwork?.classes ?? DIGIT_NAMES;
    this.network = { ...trainedNetwork, shape: [28, 28, 1] };
    this.drawingList = new DrawingList(this.nodes.drawings, this.trainedClasses, {
      changed: (hasOtherClasses) => this.followDrawings(hasOtherClasses),
      say: (text) => this.panel.say(text),
    });
    this.images = new TrainingImages(this.drawingList);
    this.trainer = new Trainer(this.pageForTrainer());
    this.padModel = null; // each network has another one
    this.ending = new AbortController();

    this.addListeners();
    this.showControls();
    this.drawingList.add(drawings);
    this.restart();
    if (address) this.openAddress(readHash(this.nodes, `#train=${address}`));
    if (options.loadHomePage) this.followHash();
  }

  /** Show the controls that this page has, and choose the first settings. */
  showControls() {
    const { nodes } = this;
    const hasTrained = Boolean(this.options.trainedNetwork);
    nodes.details.open = !hasTrained;
    nodes["show-maps"].checked = hasTrained;
    nodes["show-maps-line"].hidden = hasTrained; // else the maps are folded at first
    nodes["take-home-line"].hidden = !this.options.loadHomePage;
    nodes.network.value = hasTrained ? "trained" : "small";
    chooseDefaults(nodes);
  }

  addListeners() {
    const { nodes, trainer } = this;
    const { signal } = this.ending;
    const listen = (name, type, listener) => nodes[name].addEventListener(type, listener);
    listen("train", "click", (event) => {
      const isSecondClick = trainer.isContinuous && event.detail > 1;
      if (!isSecondClick) this.train(Infinity); // a double click starts it once
    });
    listen("step", "click", () => this.train(1));
    listen("restart", "click", () => this.restart());
    listen("keep", "click", () => this.keepCurves());
    listen("take-home", "click", () => this.takeHome());
    listen("link", "click", (event) => {
      if (hasModifier(event)) return; // it opens elsewhere
      event.preventDefault();
      shareLink(nodes.link, nodes.note);
    });
    listen("network", "change", () => chooseDefaults(nodes));
    for (const name of SETTINGS) {
      const isOfNetwork = name === "network" || name === "seed";
      listen(name, "change", () => (isOfNetwork ? this.restart() : this.followSettings()));
    }
    const pauseIfHidden = () => document.hidden && trainer.pause();
    document.addEventListener("visibilitychange", pauseIfHidden, { signal });
    if (this.options.loadHomePage)
      window.addEventListener("hashchange", () => this.followHash(), { signal });
  }

  /** Return the functions by which the trainer knows the page. */
  pageForTrainer() {
    const { nodes, images, panel, drawingList } = this;
    return {
      isShown: () => this.root.isConnected,
      prepare: () => this.prepare(),
      nextBatch: ({ random }) =>
        images.nextBatch(nodes.source.value, Number(nodes.size.value), random),
      learningRate: () => Number(nodes.rate.value),
      drawings: () => drawingList.drawings,
      validation: () => (this.hasDigitClasses() ? images.validation : []),
      say: (text) => panel.say(text),
      onStart: () => {
        panel.showStart();
        this.padModel.isQuiet = true;
      },
      onPause: () => {
        panel.showPause();
        this.padModel.isQuiet = false;
        this.padModel.recompute(); // while it trains, a screen reader doesn't say what the pad shows
      },
      onStep: () => {
        this.showStep(null);
        this.padModel.recompute();
      },
      onPoint: (drawings, answers) => {
        const isSameList = drawings === drawingList.drawings;
        if (isSameList) drawingList.show(answers); // else some have come or gone meanwhile
        this.showResults();
      },
      onFinish: () => this.openGoal(),
      onWorkerFailure: () => (nodes["worker-problem"].hidden = false),
    };
  }

  /** Does it learn the classes that the trained network reads? */
  hasTrainedClasses() {
    const { classes } = this.drawingList;
    return Boolean(this.options.trainedNetwork) && areSameNames(classes, this.trainedClasses);
  }

  hasDigitClasses() {
    return areDigits(this.drawingList.classes);
  }

  canLearnDigits() {
    return Boolean(this.options.loadDigits) && this.hasDigitClasses();
  }

  /** Does it learn from drawings alone? */
  learnsOnlyDrawings() {
    return this.nodes.source.value === "own";
  }

  /** Begin again, with the network that is chosen as it was before any step. */
  restart() {
    const { nodes, network, drawingList } = this;
    limitChoices(nodes, this.hasTrainedClasses(), this.canLearnDigits());
    const seed = Number(nodes.seed.value);
    const random = randomFrom(seed);
    network.classes = this.hasDigitClasses() ? undefined : drawingList.classes;
    network.examples = this.hasTrainedClasses() ? this.options.trainedNetwork.examples : [];
    network.layers = this.buildInitialLayers(random);
    for (const drawing of drawingList.drawings) drawing.before = drawing.after = undefined;
    this.trainer.setRun(new TrainingRun(network, random, seed));
    this.openPad();
    drawingList.show();
    const isUnlike = ({ kind }) => UNLIKE_IN_TRAINING.includes(kind);
    nodes["layers-note"].hidden = !network.layers.some(isUnlike);
    this.panel.showKernels(network, (step, unit) => this.showStep({ step, unit }));
    this.showStep(null);
    this.followSettings();
  }

  /** Return the layers that the chosen network begins with. */
  buildInitialLayers(random) {
    const { value } = this.nodes.network;
    if (value !== "trained")
      return buildLayers(NETWORKS[value], random, this.drawingList.classes.length);
    const { layers } = this.options.trainedNetwork;
    return layers.map(({ weights: _texts, ...layer }) => structuredClone(layer));
  }

  /** Show pad and maps of the network, which may have other layers and classes than before. */
  openPad() {
    const { el, nodes, network, drawingList } = this;
    const earlierModel = this.padModel;
    const { strokes, image } = this.options;
    const contents = earlierModel ? { content: earlierModel.content } : { strokes, image };
    el.style.minHeight = `${el.offsetHeight}px`; // the page stays where it is meanwhile
    this.padModel = showNetwork(el, network, { ...contents, panel: this.root }).pad;
    this.padModel.addEventListener("answer", () => this.askForLabel());
    el.style.minHeight = "";
    const buttons = drawingList.classes.map((name, label) => button(name, () => this.learn(label)));
    nodes.labels.replaceChildren(element("span"), ...buttons);
    this.askForLabel();
  }

  /** Another setting has been chosen, and the run may go on with it. */
  followSettings() {
    this.images.beginEpoch();
    this.trainer.run.changeSettings();
    this.updateLink(null);
    this.nodes.note.textContent = "";
    this.askForLabel();
    if (!this.trainer.stepsLeft) this.showResults();
  }

  /** There are other drawings now, or also other classes. */
  followDrawings(hasOtherClasses) {
    const { nodes, drawingList, trainer } = this;
    if (hasOtherClasses) {
      if (this.hasTrainedClasses()) nodes.network.value = "trained";
      if (this.hasTrainedClasses() || this.hasDigitClasses()) chooseDefaults(nodes);
      this.restart();
      return;
    }
    this.followSettings();
    drawingList.show();
    const count = drawingList.drawings.length;
    if (!trainer.isContinuous) this.panel.say(count ? _("Drawings kept: {count}.", { count }) : "");
  }

  /** Ask what a drawing is, where there is one. */
  askForLabel() {
    const { nodes, padModel } = this;
    const text = this.learnsOnlyDrawings() ? _("Keep it: this is a") : _("Wrong? This is a");
    nodes.labels.firstChild.textContent = nodes.labels.ariaLabel = text;
    const isDrawn = padModel.content.strokes.length && !padModel.content.isExample;
    nodes.labels.hidden = !isDrawn || !padModel.answer.image;
  }

  /** Keep the drawing on the pad; where it learns from MNIST too, learn it at once. */
  learn(label) {
    const { nodes, padModel, trainer } = this;
    const answer = strongest(padModel.answer.probabilities);
    nodes.details.open = true;
    if (!this.drawingList.keep(label, padModel.content.strokes, answer)) return;
    if (this.learnsOnlyDrawings()) {
      padModel.showExample([]); // the pad is empty for the next drawing
      this.el.querySelector(".pad-paper").focus(); // and into sight
      return;
    }
    nodes.source.value = "both";
    this.followSettings();
    if (trainer.isContinuous) {
      trainer.addSteps(STEPS_PER_DRAWING);
      return;
    }
    trainer.run.secondMoments = [];
    this.train(STEPS_PER_DRAWING);
  }

  /** Train for so many steps, or until somebody pauses. While it trains, this press pauses it. */
  train(stepCount) {
    const { trainer } = this;
    if (trainer.isContinuous) {
      trainer.pause();
      return;
    }
    if (this.learnsOnlyDrawings() && !this.drawingList.drawings.length) {
      this.panel.say(NO_DRAWING);
      return;
    }
    if (trainer.run.hasDiverged) this.restart();
    trainer.start(stepCount);
  }

  /** Load the images that a training needs. */
  async prepare() {
    const { nodes, images, panel } = this;
    nodes.results.hidden = false;
    if (this.canLearnDigits() && !images.validation.length) {
      panel.say(_("Loading the images ..."));
      await images.load(await this.options.loadDigits());
    }
    this.ending.signal.throwIfAborted();
    if (this.trainer.stepsLeft) panel.say(_("It is learning ..."));
    else this.showResults();
  }

  /** Keep the curves: the curves of the next run are drawn over them. */
  keepCurves() {
    const { run } = this.trainer;
    if (!run.steps) return;
    this.panel.keepCurves(run);
    this.showResults();
  }

  showResults() {
    const { panel, trainer, drawingList } = this;
    panel.showRun(trainer.run, this.images.validation);
    if (trainer.run.hasLearned) panel.say(describeRun(trainer.run, drawingList.drawings));
    else if (!trainer.stepsLeft) panel.say(this.describeBeginning());
  }

  /** Say what to do before the first step. */
  describeBeginning() {
    const isTrained = this.nodes.network.value === "trained";
    // A network that was taken home has learned its signs, whose drawings may be gone.
    const readsSigns = isTrained && !this.hasDigitClasses();
    const isEmpty = this.learnsOnlyDrawings() && !this.drawingList.drawings.length;
    if (isEmpty && !readsSigns) return NO_DRAWING;
    return isTrained ? "" : _("It has learned nothing yet. Press Train.");
  }

  /** Show the last step in numbers, beginning with a position in the network; null closes it. */
  showStep(position, isQuiet = false) {
    const { numbers } = this.nodes;
    const { lastStep } = this.trainer;
    numbers.replaceChildren();
    this.updateLink(null);
    if (!lastStep || !position) return;
    lastStep.show(numbers, position, (opened) => this.updateLink(opened), isQuiet);
  }

  /** Let the link lead to the settings, and to a position in the last step if an address can. */
  updateLink(position) {
    const { nodes, network, drawingList } = this;
    const { run } = this.trainer;
    const hasAddress = position && !run.hasMixedSettings && !drawingList.drawings.length;
    const step = hasAddress ? writeStep(network, run.steps, position) : "";
    nodes.link.href = `${settingsHash(nodes)}${step}`;
  }

  /** Take the settings of the page's address, if they fit. */
  followHash() {
    const settings = readHash(this.nodes, location.hash);
    if (!settings) return;
    const isOpen = location.hash === this.nodes.link.hash; // then it goes on as it is
    if (isOpen) this.nodes.details.open = true;
    else this.openAddress(settings);
    this.root.scrollIntoView();
    const { goal } = this.trainer.run;
    if (goal) goal.isQuiet = false; // whoever follows a link wants to be led there
  }

  /** Choose settings that an address names, and take the steps that it asks for. */
  openAddress(settings) {
    if (!settings) return;
    chooseValues(this.nodes, settings.values);
    this.nodes.details.open = true;
    this.restart();
    const { steps, ...position } = readStep(settings.parts);
    if (!steps) return;
    this.trainer.run.goal = { steps, position, isQuiet: true };
    this.train(steps);
  }

  /** Open the number that an address has named, when all its steps have been taken. */
  openGoal() {
    const { run, lastStep } = this.trainer;
    if (run.goal?.steps !== run.steps) return;
    const position = lastStep?.find(run.goal.position);
    if (!position) return;
    this.showStep(position, true);
    if (run.goal.isQuiet) return;
    const section = this.nodes.numbers.querySelector(".explain-step");
    section.scrollIntoView();
    section.querySelector("[tabindex='0']")?.focus({ preventScroll: true });
  }

  /** Save the network as one file. */
  async takeHome() {
    const { nodes, options, network } = this;
    nodes.note.textContent = "";
    const loading = Promise.all([options.loadHomeData(), options.loadHomePage()]);
    const loaded = await loading.catch(() => null);
    if (!loaded) {
      nodes.note.textContent = NO_FILE_HOME;
      return;
    }
    const [data, text] = loaded;
    savePage(text, network, { ...data, ...this.buildHomeData(data.title) });
  }

  /** Return the data with which a page to take home begins; `title` is this page's title, if any. */
  buildHomeData(title) {
    const { classes, drawings } = this.drawingList;
    const homeDrawings = drawings.map(({ label, strokes }) => ({ label, strokes }));
    const isNamed = title && title !== this.title; // by whoever takes it home
    const hasOtherClasses = !areSameNames(classes, this.trainedClasses);
    const names = joinList(classes);
    const data = { drawings: homeDrawings, strokes: this.options.strokes, title };
    if (hasOtherClasses && !isNamed) data.title = _("A network that reads: {names}", { names });
    if (!this.network.classes) return data;
    // Signs: the page begins with one of them, and has no digits to learn from.
    return { ...data, strokes: drawings[0]?.strokes ?? [], rehearsal: undefined };
  }

  /** End the training and its workers. */
  end() {
    this.ending.abort();
    this.trainer.end();
  }
}
