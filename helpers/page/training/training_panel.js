// What one sees of a training: what there is to choose, its status, the curves, the images of weights,
// and the mistakes. The elements stand in panel.jinja.

import { _, namedElements, sentence } from "../elements/index.js";
import TRAINING_CHOICES from "../shared/training_choices.json" with { type: "json" };
import { Curves } from "./curves.js";
import { kernelImages } from "./kernel_images.js";
import { Mistakes } from "./mistakes.js";
import { SMALL_SET_SIZE } from "./training_images.js";

// The parts of the panel that speak of MNIST's digits, and those that speak of somebody's own signs.
const OF_DIGITS = ["experiments", "look", "validation-key", "few-digits", "mistakes-figure"];
OF_DIGITS.push("about-digits");
const OF_SIGNS = ["about-own"];
const MANY_DIGITS = 1000; // a network that learns from fewer stays far behind the trained one

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
    this.curves = new Curves(this.nodes);
    this.mistakes = new Mistakes(this.nodes);
  }

  /** Show the curves, the mistakes and the weights, which are folded until somebody trains. */
  openTraining() {
    this.nodes.training.open = true;
  }

  /** Show what belongs to a training of digits, or what belongs to signs of somebody's own. */
  showKind(isOfDigits) {
    for (const name of OF_DIGITS) this.nodes[name].hidden = !isOfDigits;
    for (const name of OF_SIGNS) this.nodes[name].hidden = isOfDigits;
  }

  /** Say a text, or the nodes of sentences, as the status of the training. */
  say(text) {
    this.nodes.message.replaceChildren(...[text].flat());
  }

  /**
   * Say how many steps a run has taken, and by how many images. Before the first step there is nothing
   * to begin again.
   */
  showCount({ steps, imagesSeen }) {
    const values = { steps, seen: imagesSeen.toLocaleString("en") };
    const said = steps ? [...sentence(_("Steps: {steps}, images: {seen}"), values), " "] : [];
    this.nodes.count.replaceChildren(...said);
    this.nodes.restart.disabled = !steps;
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

  /** Show the weights of a network's first layer; `open(layerIndex, unit)` opens the weights of a unit. */
  showKernels(network, open) {
    this.kernels = kernelImages(network, open);
    this.nodes.filters.replaceChildren(this.kernels.root);
    this.nodes["filters-caption"].textContent = this.kernels.label;
  }

  /**
   * Show the points of a run with so many classes, the weights, and the mistakes with digits for
   * `validation`.
   */
  showRun({ points }, validation, classCount) {
    this.curves.show(points, classCount);
    this.kernels.draw();
    this.mistakes.show(points.at(-1)?.validation?.classIndices ?? [], validation);
  }
}

/** Say what a network has learned in a run and what that has cost, by the nodes of sentences. */
export function describeRun({ points }, drawings) {
  const { validation } = points.at(-1);
  const { training } = points.findLast((point) => point.training);
  const accuracy = `${(100 * training.accuracy).toFixed(1)}%`;
  const sentences = [
    sentence(_("Accuracy on the last of them: {training}."), { training: accuracy }),
    drawings.length
      ? sentence(_("It reads {after} of your {all} drawings (before: {before})."), {
          all: drawings.length,
          after: drawings.filter(({ after, label }) => after === label).length,
          before: drawings.filter(({ before, label }) => before === label).length,
        })
      : null,
    validation
      ? sentence(_("Of {others} digits that it doesn't learn from, it reads {right} (before: {first})."), {
          others: validation.classIndices.length,
          right: validation.right,
          first: points[0].validation?.right,
        })
      : sentence(_("Does it read a new one? Draw it.")),
  ];
  return sentences.filter(Boolean).flatMap((nodes, k) => (k > 0 ? [" ", ...nodes] : nodes));
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
