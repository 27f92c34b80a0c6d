// Suggested experiments: settings, in an address, and what to look at while the network learns.

import { _, element, hasModifier } from "../elements/index.js";

const EXPERIMENTS = [
  {
    name: _("from random weights"),
    address: "#train=small,mnist,0.003,64,1",
    look: _(
      "The network begins with random weights, and reads about 10% of the new images. Watch the green curve. After 30 steps it reads more than 70%.",
    ),
  },
  {
    name: _("overfit it"),
    address: "#train=small,few,0.003,16,1",
    look: _(
      "The network learns only 100 images. After 80 steps it reads all of them, so the blue curve is near 100%. The green curve, of new images, stays near 80%. Where the page has a trained network, draw until the two networks disagree.",
    ),
  },
  {
    name: _("shuffle the labels"),
    address: "#train=one,shuffled,0.003,16,1",
    look: _(
      "The labels of 100 images are shuffled, so there is nothing to understand. The network learns them by heart, and the blue curve rises above 90%. The green curve stays near 10%, by chance.",
    ),
  },
  {
    name: _("too large a step"),
    address: "#train=small,mnist,0.1,64,1",
    look: _(
      "The learning rate is 0.1, which is 33 times as large as usual. The steps are too long. After 20 steps the network still reads less than 30% of the new images.",
    ),
  },
  {
    name: _("teach it your 7"),
    address: "#train=trained,both,0.0007,32,1",
    look: _(
      "Draw a 7 as you write it. Then press 7 below the answer. The network takes 10 steps to learn it, and hardly forgets the other digits.",
    ),
  },
];

/** The links to the experiments, in the elements `nodes` of the panel. */
export class Experiments {
  /** `open(address)` gets the address of the experiment that somebody presses. */
  constructor(nodes, settings, open) {
    this.nodes = nodes;
    this.settings = settings;
    this.links = EXPERIMENTS.map(({ name, address }) => {
      const onclick = (event) => {
        if (hasModifier(event)) return; // it opens elsewhere
        event.preventDefault();
        open(address);
      };
      return element("a", "pad-button", { href: address, onclick }, name);
    });
    nodes["experiment-links"].append(...this.links);
  }

  /** Mark the experiment whose settings somebody has chosen, and say what to look at there. */
  show() {
    const { settings } = this;
    const address = settings.hasChosen ? settings.hash : "";
    for (const link of this.links) {
      link.hidden = settings.read(link.hash) === null;
      link.ariaCurrent = link.hash === address ? "true" : null;
    }
    const chosen = EXPERIMENTS.find((experiment) => experiment.address === address);
    this.nodes.look.textContent = chosen?.look ?? "";
  }
}
