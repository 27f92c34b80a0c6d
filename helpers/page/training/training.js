// A network that learns in the page, from MNIST's digits or from drawings, with its curves, its
// filters, its mistakes, and what it has forgotten.

import { _, element, sentence } from "../elements/index.js";
import { DIGIT_NAMES, TRAITS, buildLayers, randomFrom } from "../network/index.js";
import { areDigits, areSameNames } from "../pad/index.js";
import ARCHITECTURES from "../shared/architectures.json" with { type: "json" };
import { showNetwork } from "../viewer/index.js";
import { Breaking } from "./breaking.js";
import { DrawingList } from "./drawing_list.js";
import { Experiments } from "./experiments.js";
import { Signs } from "./signs.js";
import { readStep, writeStep } from "./step_address.js";
import { StepNumbers } from "./step_numbers.js";
import { TakeHome } from "./take_home.js";
import { NO_DRAWING, NO_IMAGES, Trainer } from "./trainer.js";
import { TrainingImages } from "./training_images.js";
import { TrainingPanel, describeRun } from "./training_panel.js";
import { TrainingRun } from "./training_run.js";
import { TrainingSettings } from "./training_settings.js";

const STEPS_PER_DRAWING = 10; // so many were enough to learn each of 22 misread images

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
 * - `wasBroken`: has somebody broken the network of the page, before it was taken home?
 * - `onView(view)`: gets what showNetwork returns, for each network that is shown.
 *
 * Return `model`, which is the model behind the pad, the `training`, as a path over the page may use it,
 * and `end`.
 */
export function showTraining(el, options) {
  const page = new TrainingPage(el, options);
  return { model: page.padModel, training: page.forPath(), end: () => page.end() };
}

/** Show it in a notebook, as an anywidget; the kernel has nothing to do. */
export function renderTraining({ model, el }) {
  const loadDigits = async () => model.get("digits");
  const strokes = model.get("strokes");
  const address = model.get("address");
  return showTraining(el, { loadDigits, strokes, address }).end;
}

/**
 * The parts of a training, and what connects them: the settings, the signs, the numbers of a step and
 * what is taken home are classes of their own, which know each other only by the page.
 */
class TrainingPage {
  constructor(el, options) {
    const { trainedNetwork, drawings = [], digitCount = 6000, address } = options;
    const hasTrained = Boolean(trainedNetwork);
    this.el = el;
    this.options = options;
    this.root = element("div", "train");
    this.panel = new TrainingPanel(this.root, digitCount);
    const { nodes } = this.panel;
    this.nodes = nodes;
    nodes["show-maps"].checked = hasTrained;
    nodes["show-maps-line"].hidden = hasTrained; // else the maps are folded at first
    nodes.training.open = !hasTrained;
    this.network = { ...trainedNetwork, shape: [28, 28, 1] };
    this.view = null; // of the network; each network has another one
    this.ending = new AbortController();

    this.drawingList = new DrawingList(trainedNetwork?.classes ?? DIGIT_NAMES, (hasOtherClasses) =>
      this.followDrawings(hasOtherClasses),
    );
    this.images = new TrainingImages(this.drawingList);
    this.trainer = new Trainer(this.pageForTrainer());
    this.settings = new TrainingSettings(nodes, hasTrained, (isOfNetwork) => {
      if (isOfNetwork) this.restart();
      else this.followSettings();
    });
    this.experiments = new Experiments(nodes, this.settings, (hash) => this.openAddress(hash));
    this.signs = new Signs(el, nodes, this.drawingList, {
      isOfDrawings: () => this.settings.isOfDrawings,
      say: (text) => this.panel.say(text),
      onKeep: () => this.learnDrawing(),
    });
    this.stepNumbers = new StepNumbers(
      nodes,
      this.trainer,
      () => this.train(1),
      (position) => this.updateLink(position),
    );
    this.breaking = new Breaking(nodes, {
      network: () => this.network,
      pad: () => this.padModel,
      rest: () => this.trainer.rest(),
      countRight: (count) => this.countRight(count),
      onChange: () => this.showChangedWeights(),
    });
    this.addListeners();
    this.drawingList.add(drawings);
    this.restart();
    const isBroken = () =>
      this.breaking.wasBroken || Boolean(options.wasBroken && this.settings.isOfTrained);
    this.home = new TakeHome(
      { nodes, options, trainer: this.trainer, drawingList: this.drawingList, isBroken },
      this.ending.signal,
    );
    if (address) this.openAddress(`#train=${address}`);
    if (options.loadHomePage) this.followHash();
  }

  addListeners() {
    const { nodes, trainer } = this;
    const { signal } = this.ending;
    const listen = (name, listener) => nodes[name].addEventListener("click", listener);
    listen("train", (event) => {
      const isSecondClick = trainer.isContinuous && event.detail > 1;
      if (!isSecondClick) this.pressTrain(); // a double click starts it once
    });
    listen("step", () => this.train(1));
    listen("restart", () => {
      this.restart();
      nodes.train.focus({ preventScroll: true }); // there is nothing more to begin again
    });
    listen("back", () => this.chooseNetwork("trained"));
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
      nextBatch: ({ random }) => images.nextBatch(this.settings.source, this.settings.size, random),
      learningRate: () => this.settings.rate,
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
        this.stepNumbers.close();
        this.breaking.forget();
        panel.showCount(this.trainer.run);
        this.showNextPress();
        this.compareWithTrained();
        this.padModel.recompute();
      },
      onPoint: (drawings, answers) => {
        const isSameList = drawings === drawingList.drawings;
        if (isSameList) drawingList.noteAnswers(answers); // else some have come or gone meanwhile
        this.signs.show();
        this.showResults();
      },
      onFinish: () => this.stepNumbers.openGoal(),
      onWorkerFailure: () => (nodes["worker-problem"].hidden = false),
    };
  }

  /**
   * Return what a path over the page may ask for:
   *
   * - `nodes`, the elements of the panel, and the present `run`.
   * - `canLearnDigits()`.
   * - `beginNewNetwork()`: a promise of the images for validation, when a small network with random
   *   weights is on the page.
   * - `trainFor(stepCount)`: a promise that is kept when so many steps have been taken.
   * - `tryWithout(layerIndex, unit)`: a promise of how many digits the network reads `before`, and how
   *   many it reads `without` a filter, of so many as `count` says. Then the filter is put back.
   * - `findLastStep()`: a promise of the last step. If none has been taken, one is.
   * - `openWeight(step, layerIndex, weight)`: opens a weight in the numbers of a step, if it is still
   *   the last one.
   */
  forPath() {
    const page = this;
    return {
      nodes: this.nodes,
      get run() {
        return page.trainer.run;
      },
      canLearnDigits: () => this.canLearnDigits(),
      beginNewNetwork: () => this.beginNewNetwork(),
      trainFor: (stepCount) => this.trainFor(stepCount),
      tryWithout: (...place) => this.breaking.tryWithout(...place),
      findLastStep: () => this.stepNumbers.findLastStep(),
      openWeight: (...place) => this.stepNumbers.openWeight(...place),
    };
  }

  /** The model of the pad, which has the drawing and the answer. Each network has another one. */
  get padModel() {
    return this.view.pad;
  }

  /** Does it learn the classes that the trained network reads? */
  hasTrainedClasses() {
    const { classes, firstClasses } = this.drawingList;
    return Boolean(this.options.trainedNetwork) && areSameNames(classes, firstClasses);
  }

  hasDigitClasses() {
    return areDigits(this.drawingList.classes);
  }

  canLearnDigits() {
    return Boolean(this.options.loadDigits) && this.hasDigitClasses();
  }

  /** Does it learn from drawings alone, and is there none? */
  lacksDrawings() {
    return this.settings.isOfDrawings && !this.drawingList.drawings.length;
  }

  /**
   * Does the trained network of the page wait as it was? To train it further shows next to nothing,
   * so the first press on the large button trains a new one.
   */
  isUntouched() {
    const isAsItWas = !this.settings.hasChosen && !this.trainer.run.steps;
    return isAsItWas && this.canLearnDigits() && !this.drawingList.drawings.length;
  }

  /** Say on the large button what its next press does. */
  showNextPress() {
    this.panel.showNextPress(this.trainer.isContinuous, this.isUntouched());
  }

  /** Choose a network with its best settings, the "trained" one as at the beginning. */
  chooseNetwork(name) {
    this.settings.chooseNetwork(name);
    this.restart();
  }

  /** Begin again, with the network that is chosen as it was before any step. */
  restart() {
    const { nodes, network, drawingList, settings } = this;
    settings.limitChoices(this.hasTrainedClasses(), this.canLearnDigits());
    this.panel.showKind(this.hasDigitClasses());
    const random = randomFrom(settings.seed);
    network.classes = this.hasDigitClasses() ? undefined : drawingList.classes;
    network.examples = this.hasTrainedClasses() ? this.options.trainedNetwork.examples : [];
    network.layers = this.buildInitialLayers(random);
    drawingList.forgetAnswers();
    this.trainer.setRun(new TrainingRun(network, random, settings.seed));
    this.openPad();
    const isUnlike = ({ kind }) => TRAITS[kind].isUnlikeInTraining;
    nodes["layers-note"].hidden = !network.layers.some(isUnlike);
    this.signs.show();
    this.panel.showCount(this.trainer.run);
    this.panel.showKernels(network, (layerIndex, unit) =>
      this.stepNumbers.openUnit(layerIndex, unit),
    );
    this.stepNumbers.close();
    this.breaking.begin();
    this.followSettings();
  }

  /** Return the layers that the chosen network begins with. */
  buildInitialLayers(random) {
    const { network, isOfTrained } = this.settings;
    if (!isOfTrained)
      return buildLayers(ARCHITECTURES[network], random, this.drawingList.classes.length);
    const { layers } = this.options.trainedNetwork;
    return layers.map(({ weights: _texts, ...layer }) => structuredClone(layer));
  }

  /** Show pad and maps of the network, which may have other layers and classes than before. */
  openPad() {
    const { el, nodes, network } = this;
    const earlierView = this.view;
    const { strokes, image } = this.options;
    const contents = earlierView ? { content: earlierView.pad.content } : { strokes, image };
    const breakUnit = (...place) => this.breaking.choose(...place);
    const panel = { root: this.root, labels: nodes.teach, head: nodes.head, breakUnit };
    const focused = document.activeElement;
    el.style.minHeight = `${el.offsetHeight}px`; // the page stays where it is meanwhile
    this.view = showNetwork(el, network, { ...contents, panel });
    this.options.onView?.(this.view);
    earlierView?.stop();
    el.style.minHeight = "";
    this.signs.setPad(this.padModel);
    this.padModel.addEventListener("answer", () => this.breaking.show());
    if (nodes.head.contains(focused)) focused.focus({ preventScroll: true }); // it was moved
  }

  /** Another setting has been chosen, and the run may go on with it. */
  followSettings() {
    this.images.beginEpoch();
    this.trainer.run.changeSettings();
    this.updateLink(null);
    this.nodes.note.textContent = "";
    this.signs.askForLabel();
    this.showChoice();
    if (!this.trainer.stepsLeft) this.showResults();
  }

  /** Show what follows from the settings, and from whether somebody has chosen them. */
  showChoice() {
    this.showNextPress();
    const canGoBack = this.hasTrainedClasses() && !this.settings.isOfTrained;
    this.nodes.back.hidden = !canGoBack;
    this.compareWithTrained();
    this.experiments.show();
  }

  /** There are other drawings now, or also other classes. */
  followDrawings(hasOtherClasses) {
    if (hasOtherClasses) {
      this.settings.chooseForClasses(this.hasTrainedClasses(), this.hasDigitClasses());
      this.restart();
      return;
    }
    this.followSettings();
    this.signs.show();
    const count = this.drawingList.drawings.length;
    if (!this.trainer.isContinuous)
      this.panel.say(count ? sentence(_("Drawings kept: {count}."), { count }) : "");
  }

  /** A drawing has been kept. Where the network learns from MNIST too, it learns it at once. */
  learnDrawing() {
    const { trainer, settings } = this;
    if (settings.isOfDrawings) {
      this.signs.clearPad();
      return;
    }
    settings.chooseBothSources();
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
    if (this.lacksDrawings()) {
      this.panel.say(NO_DRAWING);
      return;
    }
    this.panel.openTraining();
    if (trainer.run.hasDiverged) this.restart();
    trainer.start(stepCount);
  }

  /** Show a small network with random weights. Return the images for validation, once they are loaded. */
  async beginNewNetwork() {
    this.panel.openTraining();
    this.chooseNetwork("small");
    await this.prepare();
    return this.images.validation;
  }

  /** Train for so many steps from now, whatever was asked for before. */
  async trainFor(stepCount) {
    await this.trainer.rest();
    this.train(stepCount);
    await this.trainer.finished;
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

  /**
   * Return how many digits are `right` of at most so many, and their `count`, or an empty object where
   * there are no digits. The digits are those for validation. The trained network of the lesson has
   * learned from them.
   */
  async countRight(count) {
    if (!this.canLearnDigits()) return {};
    try {
      await this.prepare();
    } catch {
      this.panel.say(NO_IMAGES);
      return {};
    }
    const images = this.images.validation.slice(0, count);
    const { right } = await this.trainer.compute(images);
    return { right, count: images.length };
  }

  /** Let the trained network of the page read the drawing, too, while another one is shown. */
  compareWithTrained() {
    const { options, settings, trainer, breaking } = this;
    const isOther = !settings.isOfTrained || trainer.run.steps > 0 || breaking.wasBroken;
    this.padModel.setTrained(isOther && this.hasTrainedClasses() ? options.trainedNetwork : null);
  }

  /** Somebody has broken the network, or put it back. */
  showChangedWeights() {
    this.compareWithTrained();
    this.trainer.lastStep = null;
    this.stepNumbers.close();
    this.padModel.recompute();
    this.showResults();
  }

  showResults() {
    const { panel, trainer, drawingList } = this;
    panel.showRun(trainer.run, this.images.validation, drawingList.classes.length);
    if (trainer.run.hasLearned) panel.say(describeRun(trainer.run, drawingList.drawings));
    else if (!trainer.stepsLeft) panel.say(this.describeBeginning());
  }

  /** Say what to do before the first step. */
  describeBeginning() {
    if (this.isUntouched())
      return _("A new network begins with random weights. Watch how its answer changes while it learns.");
    const isTrained = this.settings.isOfTrained;
    // A network that was taken home has learned its signs, whose drawings may be gone.
    const readsSigns = isTrained && !this.hasDigitClasses();
    if (this.lacksDrawings() && !readsSigns) return NO_DRAWING;
    return isTrained ? "" : _("It has learned nothing yet. Press Train.");
  }

  /** Let the link lead to the settings, and to a position in the last step if an address can. */
  updateLink(position) {
    const { run } = this.trainer;
    const { drawings } = this.drawingList;
    const hasAddress = position && !run.hasMixedSettings && !drawings.length;
    this.settings.updateLink(hasAddress ? writeStep(this.network, run.steps, position) : "");
  }

  /** Take the settings of the page's address, if they fit. */
  followHash() {
    const { settings } = this;
    if (!settings.read(location.hash)) return;
    if (settings.isLinkTo(location.hash)) {
      settings.hasChosen = true; // the run goes on as it is
      this.showChoice();
      if (!this.trainer.stepsLeft) this.showResults();
    } else this.openAddress(location.hash);
    this.nodes.head.scrollIntoView();
    const { goal } = this.trainer.run;
    if (goal) goal.isQuiet = false; // whoever follows a link wants to be led there
  }

  /** Choose settings that an address names, if they fit, and take the steps that it asks for. */
  openAddress(hash) {
    const found = this.settings.read(hash);
    if (!found) return;
    this.settings.choose(found.values);
    this.restart();
    this.panel.openTraining();
    if (this.settings.isOfDrawings) this.signs.openCards();
    const { steps, ...position } = readStep(found.parts);
    if (!steps) return;
    this.trainer.run.goal = { steps, position, isQuiet: true };
    this.train(steps);
  }

  /** End the training and its workers, and let no view follow the page any more. */
  end() {
    this.ending.abort();
    this.trainer.end();
    this.stepNumbers.stop();
    this.view.stop();
  }
}
