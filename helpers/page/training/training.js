// A network that learns in the page, from MNIST's digits or from drawings, with its curves, its
// filters, its mistakes, and what it has forgotten.

import { _, button, element, hasModifier } from "../elements/index.js";
import { DIGIT_NAMES, buildLayers, randomFrom, strongest } from "../network/index.js";
import { areDigits, areSameNames } from "../pad/index.js";
import ARCHITECTURES from "../shared/architectures.json" with { type: "json" };
import { showNetwork } from "../viewer/index.js";
import { ClassCards } from "./class_cards.js";
import { DrawingList } from "./drawing_list.js";
import { addExperiments, markExperiment } from "./experiments.js";
import { firstWeights } from "./kernel_images.js";
import { homeData, savePage } from "./page_file.js";
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

const STEPS_PER_DRAWING = 10; // so many were enough to learn each of 22 misread images
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
 * - `title`: the name of the network to begin with, if it has one, and `rename(name)`, which gets
 *   another name when somebody writes one.
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

/** Is there a drawing on the pad that can be kept? An example isn't somebody's drawing. */
function hasDrawing({ content, answer }) {
  return Boolean(content.strokes.length && !content.isExample && answer.image);
}

/** What the buttons of a training do, and which parts of the page follow. */
class TrainingPage {
  constructor(el, options) {
    const { trainedNetwork, drawings = [], digitCount = 6000, address } = options;
    this.el = el;
    this.options = options;
    this.root = element("div", "train");
    this.panel = new TrainingPanel(this.root, digitCount);
    this.nodes = this.panel.nodes;
    this.trainedClasses = trainedNetwork?.classes ?? DIGIT_NAMES;
    this.network = { ...trainedNetwork, shape: [28, 28, 1] };
    this.drawingList = new DrawingList(this.trainedClasses, (hasOtherClasses) =>
      this.followDrawings(hasOtherClasses),
    );
    this.cards = new ClassCards(this.nodes, this.drawingList, (label) => this.keepFromCard(label));
    this.images = new TrainingImages(this.drawingList);
    this.trainer = new Trainer(this.pageForTrainer());
    this.view = null; // of the network; each network has another one
    this.stopStepView = () => {}; // stops the view of the step that is shown in numbers
    this.hasChosen = !trainedNetwork; // has somebody chosen settings, or are they the first ones?
    this.ending = new AbortController();

    this.addListeners();
    this.showControls();
    this.drawingList.add(drawings);
    this.restart();
    this.savedWork = this.currentWork();
    if (address) this.openAddress(readHash(this.nodes, `#train=${address}`));
    if (options.loadHomePage) this.followHash();
  }

  /** Show the controls that this page has, and choose the first settings. */
  showControls() {
    const { nodes } = this;
    const hasTrained = Boolean(this.options.trainedNetwork);
    nodes["show-maps"].checked = hasTrained;
    nodes["show-maps-line"].hidden = hasTrained; // else the maps are folded at first
    nodes.home.hidden = !this.options.loadHomePage;
    nodes.title.value = this.options.title ?? "";
    nodes.network.value = hasTrained ? "trained" : "small";
    chooseDefaults(nodes);
  }

  addListeners() {
    const { nodes, trainer } = this;
    const { signal } = this.ending;
    const listen = (name, type, listener) => nodes[name].addEventListener(type, listener);
    listen("train", "click", (event) => {
      const isSecondClick = trainer.isContinuous && event.detail > 1;
      if (!isSecondClick) this.pressTrain(); // a double click starts it once
    });
    listen("step", "click", () => this.train(1));
    listen("one-step", "click", (event) => {
      if (event.detail < 2) this.toggleOneStep(); // a double click opens or closes it once
    });
    listen("restart", "click", () => {
      this.restart();
      nodes.train.focus({ preventScroll: true }); // there is nothing more to begin again
    });
    listen("to-signs", "click", () => this.goToSigns());
    listen("to-pad", "click", () => this.goToPad());
    listen("back", "click", () => this.chooseNetwork("trained"));
    listen("keep", "click", () => this.keepCurves());
    listen("take-home", "click", () => this.takeHome());
    listen("title", "input", () => this.options.rename?.(nodes.title.value.trim()));
    listen("link", "click", (event) => {
      if (hasModifier(event)) return; // it opens elsewhere
      event.preventDefault();
      shareLink(nodes.link, nodes.note);
    });
    listen("network", "change", () => chooseDefaults(nodes));
    for (const name of SETTINGS) {
      const isOfNetwork = name === "network" || name === "seed";
      listen(name, "change", () => {
        this.hasChosen = true;
        if (isOfNetwork) this.restart();
        else this.followSettings();
      });
    }
    addExperiments(nodes["experiment-links"], (address) => this.openAddress(readHash(nodes, address)));
    const pauseIfHidden = () => document.hidden && trainer.pause();
    document.addEventListener("visibilitychange", pauseIfHidden, { signal });
    if (!this.options.loadHomePage) return;
    window.addEventListener("hashchange", () => this.followHash(), { signal });
    const warn = (event) => this.hasUnsavedWork() && event.preventDefault();
    window.addEventListener("beforeunload", warn, { signal });
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
        this.showNextPress();
        this.padModel.isQuiet = true;
      },
      onPause: () => {
        panel.showPause();
        this.showNextPress();
        this.padModel.isQuiet = false;
        this.padModel.recompute(); // while it trains, a screen reader doesn't say what the pad shows
      },
      onStep: () => {
        this.showStep(null);
        panel.showCount(this.trainer.run);
        this.showNextPress();
        this.padModel.recompute();
      },
      onPoint: (drawings, answers) => {
        const isSameList = drawings === drawingList.drawings;
        if (isSameList) drawingList.noteAnswers(answers); // else some have come or gone meanwhile
        this.cards.show();
        this.showResults();
      },
      onFinish: () => this.openGoal(),
      onWorkerFailure: () => (nodes["worker-problem"].hidden = false),
    };
  }

  /** The model of the pad, which has the drawing and the answer. Each network has another one. */
  get padModel() {
    return this.view.pad;
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

  /**
   * Does the trained network of the page wait as it was? To train it further shows next to nothing,
   * so the first press on the large button trains a new one.
   */
  isUntouched() {
    const isAsItWas = !this.hasChosen && !this.trainer.run.steps;
    return isAsItWas && this.canLearnDigits() && !this.drawingList.drawings.length;
  }

  /** Say on the large button what its next press does. */
  showNextPress() {
    this.panel.showNextPress(this.trainer.isContinuous, this.isUntouched());
  }

  /** Choose a network with its best settings, the "trained" one as at the beginning. */
  chooseNetwork(name) {
    const { nodes } = this;
    nodes.network.value = name;
    chooseDefaults(nodes);
    nodes.seed.value = 1;
    this.hasChosen = name !== "trained";
    this.restart();
  }

  /** Begin again, with the network that is chosen as it was before any step. */
  restart() {
    const { nodes, network, drawingList } = this;
    limitChoices(nodes, this.hasTrainedClasses(), this.canLearnDigits());
    this.panel.showKind(this.hasDigitClasses());
    const seed = Number(nodes.seed.value);
    const random = randomFrom(seed);
    network.classes = this.hasDigitClasses() ? undefined : drawingList.classes;
    network.examples = this.hasTrainedClasses() ? this.options.trainedNetwork.examples : [];
    network.layers = this.buildInitialLayers(random);
    drawingList.forgetAnswers();
    this.trainer.setRun(new TrainingRun(network, random, seed));
    this.openPad();
    const isUnlike = ({ kind }) => UNLIKE_IN_TRAINING.includes(kind);
    nodes["layers-note"].hidden = !network.layers.some(isUnlike);
    this.cards.show();
    this.panel.showCount(this.trainer.run);
    this.panel.showKernels(network, (step, unit) => this.openUnit(step, unit));
    this.showStep(null);
    this.followSettings();
  }

  /** Return the layers that the chosen network begins with. */
  buildInitialLayers(random) {
    const { value } = this.nodes.network;
    if (value !== "trained")
      return buildLayers(ARCHITECTURES[value], random, this.drawingList.classes.length);
    const { layers } = this.options.trainedNetwork;
    return layers.map(({ weights: _texts, ...layer }) => structuredClone(layer));
  }

  /** Show pad and maps of the network, which may have other layers and classes than before. */
  openPad() {
    const { el, nodes, network, drawingList } = this;
    const earlierView = this.view;
    const { strokes, image } = this.options;
    const contents = earlierView ? { content: earlierView.pad.content } : { strokes, image };
    const panel = { root: this.root, labels: nodes.teach, head: nodes.head };
    const focused = document.activeElement;
    el.style.minHeight = `${el.offsetHeight}px`; // the page stays where it is meanwhile
    this.view = showNetwork(el, network, { ...contents, panel });
    earlierView?.stop();
    this.padModel.addEventListener("answer", () => this.askForLabel());
    el.style.minHeight = "";
    const buttons = drawingList.classes.map((name, label) => button(name, () => this.learn(label)));
    nodes.labels.replaceChildren(...buttons);
    this.askForLabel();
    if (nodes.head.contains(focused)) focused.focus({ preventScroll: true }); // it was moved
  }

  /** Another setting has been chosen, and the run may go on with it. */
  followSettings() {
    const { nodes } = this;
    this.images.beginEpoch();
    this.trainer.run.changeSettings();
    this.updateLink(null);
    nodes.note.textContent = "";
    this.askForLabel();
    this.showChoice();
    if (!this.trainer.stepsLeft) this.showResults();
  }

  /** Show what follows from the settings, and from whether somebody has chosen them. */
  showChoice() {
    const { nodes } = this;
    this.showNextPress();
    const isNew = Boolean(this.options.trainedNetwork) && nodes.network.value !== "trained";
    nodes.back.hidden = !isNew || !this.hasTrainedClasses();
    const canOpen = (address) => readHash(nodes, address) !== null;
    const address = this.hasChosen ? settingsHash(nodes) : "";
    nodes.look.textContent = markExperiment(nodes["experiment-links"], address, canOpen);
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
    this.cards.show();
    const count = drawingList.drawings.length;
    if (!trainer.isContinuous) this.panel.say(count ? _("Drawings kept: {count}.", { count }) : "");
  }

  /** Ask what a drawing is; where there is none, nobody can answer. */
  askForLabel() {
    const { nodes, padModel } = this;
    const question = this.learnsOnlyDrawings() ? _("Keep it: this is a") : _("Wrong? This is a");
    nodes.question.textContent = nodes.labels.ariaLabel = question;
    nodes.labels.disabled = !hasDrawing(padModel);
  }

  /** Keep the drawing on the pad for the class of a card, or ask for one. */
  keepFromCard(label) {
    if (hasDrawing(this.padModel)) {
      this.learn(label);
      return;
    }
    this.panel.say(_("Draw it on the pad first."));
    this.goToPad();
  }

  goToPad() {
    this.el.querySelector(".pad-paper").focus();
  }

  /** Open the cards of the classes, which are far from the pad where the page is narrow. */
  goToSigns() {
    const { nodes } = this;
    nodes.signs.open = true;
    nodes.signs.scrollIntoView();
    nodes["signs-summary"].focus({ preventScroll: true });
  }

  /** Keep the drawing on the pad; where it learns from MNIST too, learn it at once. */
  learn(label) {
    const { nodes, padModel, panel, trainer } = this;
    const answer = strongest(padModel.answer.probabilities);
    const problem = this.drawingList.keep(label, padModel.content.strokes, answer);
    if (problem) {
      panel.say(problem);
      return;
    }
    if (this.learnsOnlyDrawings()) {
      padModel.showExample([]); // the pad is empty for the next drawing
      this.goToPad();
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

  /** Follow a press on the large button. */
  pressTrain() {
    if (this.isUntouched() && !this.trainer.isContinuous) this.chooseNetwork("small");
    this.train(Infinity);
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
    const { images, panel } = this;
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
    this.panel.keepCurves(this.trainer.run);
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
    if (this.isUntouched())
      return _("A new network begins with random weights. Watch how its answer changes while it learns.");
    const isTrained = this.nodes.network.value === "trained";
    // A network that was taken home has learned its signs, whose drawings may be gone.
    const readsSigns = isTrained && !this.hasDigitClasses();
    const isEmpty = this.learnsOnlyDrawings() && !this.drawingList.drawings.length;
    if (isEmpty && !readsSigns) return NO_DRAWING;
    return isTrained ? "" : _("It has learned nothing yet. Press Train.");
  }

  /**
   * Open the last step in numbers at a weight, below the button, or close it. Where no step was taken
   * last, take one first. The button keeps the focus. The page scrolls only if the numbers would be
   * out of sight.
   */
  async toggleOneStep() {
    const { nodes, trainer } = this;
    const isOpen = nodes.numbers.hasChildNodes();
    trainer.pause();
    await trainer.finished;
    if (isOpen) {
      this.showStep(null);
      return;
    }
    if (!trainer.lastStep) this.train(1);
    await trainer.finished;
    if (!trainer.lastStep) return;
    this.showStep(firstWeights(this.network));
    const { top } = nodes.numbers.querySelector(".explain:not([hidden])").getBoundingClientRect();
    if (top > (2 / 3) * innerHeight) nodes.actions.scrollIntoView();
  }

  /** Open the last step in numbers at the weights of a unit, and lead there. */
  openUnit(step, unit) {
    this.showStep({ step, unit });
    this.goToNumbers();
  }

  goToNumbers() {
    const section = this.nodes.numbers.querySelector(".explain-step");
    section?.scrollIntoView();
    section?.querySelector("[tabindex='0']")?.focus({ preventScroll: true });
  }

  /** Show the last step in numbers, beginning with a position in the network; null closes it. */
  showStep(position) {
    const { numbers, "one-step": opener } = this.nodes;
    const { lastStep } = this.trainer;
    this.stopStepView();
    this.stopStepView = () => {}; // so that the view, which is removed now, isn't remembered
    numbers.replaceChildren();
    this.updateLink(null);
    const isOpen = Boolean(lastStep && position);
    opener.ariaExpanded = String(isOpen);
    if (!isOpen) return;
    this.stopStepView = lastStep.show(numbers, position, (opened) => this.updateLink(opened));
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
    if (isOpen) {
      this.hasChosen = true;
      this.showChoice();
      if (!this.trainer.stepsLeft) this.showResults();
    } else this.openAddress(settings);
    this.nodes.head.scrollIntoView();
    const { goal } = this.trainer.run;
    if (goal) goal.isQuiet = false; // whoever follows a link wants to be led there
  }

  /** Choose settings that an address names, and take the steps that it asks for. */
  openAddress(settings) {
    if (!settings) return;
    chooseValues(this.nodes, settings.values);
    this.hasChosen = true;
    this.restart();
    if (this.learnsOnlyDrawings()) this.nodes.signs.open = true;
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
    this.showStep(position);
    if (!run.goal.isQuiet) this.goToNumbers();
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
    const { drawingList, trainedClasses } = this;
    const title = nodes.title.value.trim();
    const firstData = { ...data, title, strokes: options.strokes };
    this.savedWork = this.currentWork();
    savePage(text, network, homeData(firstData, options.title, drawingList, trainedClasses));
  }

  /** Return what somebody would lose by leaving the page: the drawings, and the steps of the run. */
  currentWork() {
    const { run } = this.trainer;
    return { drawings: this.drawingList.drawings, run, steps: run.steps };
  }

  /** Are there drawings or steps that weren't there at first, and that no file has? */
  hasUnsavedWork() {
    const { savedWork } = this;
    const { drawings, run, steps } = this.currentWork();
    const hasNewDrawings = drawings.length > 0 && drawings !== savedWork.drawings;
    return hasNewDrawings || (steps > 0 && (run !== savedWork.run || steps !== savedWork.steps));
  }

  /** End the training and its workers, and let no view follow the page any more. */
  end() {
    this.ending.abort();
    this.trainer.end();
    this.stopStepView();
    this.view.stop();
  }
}
