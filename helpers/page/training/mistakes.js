// The digits for validation that a network misreads.

import { _, element, sentence } from "../elements/index.js";
import { showImage } from "../pad/index.js";

const MAX_MISTAKES = 24; // that are shown

/** The mistakes in the elements `nodes` of the panel. */
export class Mistakes {
  constructor(nodes) {
    this.nodes = nodes;
  }

  /** Show some of the images for validation that have wrong `answers`, each with its answer. */
  show(answers, validation) {
    const mistakes = [...answers.keys()].filter((i) => answers[i] !== validation[i].label);
    const counts = { count: mistakes.length, others: answers.length };
    const caption = answers.length ? _("Mistakes: {count} of {others}, each with the network's answer") : _("Mistakes");
    this.nodes["mistakes-caption"].replaceChildren(...sentence(caption, counts));
    const shown = mistakes.slice(0, MAX_MISTAKES);
    const images = shown.map((i) => mistakePicture(validation[i], answers[i]));
    const hint = element("p", "train-hint", {}, _("Here you will see what it misreads."));
    this.nodes.mistakes.replaceChildren(...(answers.length ? images : [hint]));
  }
}

/** Make the picture of a validation image with its wrong answer beside it. */
function mistakePicture({ image, label }, answer) {
  const ariaLabel = _("A {label}, read as {answer}", { label, answer });
  const canvas = element("canvas", "", { role: "img", ariaLabel });
  showImage(canvas, image);
  const text = element("span", "", { ariaHidden: "true" }, String(answer));
  return element("span", "train-image", {}, canvas, text);
}
