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
      "The network learns only 100 images. After 80 steps it reads all of them, so the blue curve is near 100%. The green curve, of new images, stays near 80%.",
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

/**
 * Add a link for each experiment to the element `el`. `choose(address)` gets the address of the one
 * that is pressed.
 */
export function addExperiments(el, choose) {
  for (const { name, address } of EXPERIMENTS) {
    const onclick = (event) => {
      if (hasModifier(event)) return; // it opens elsewhere
      event.preventDefault();
      choose(address);
    };
    el.append(element("a", "pad-button", { href: address, onclick }, name));
  }
}

/**
 * Mark the link in `el` that leads to the settings of an `address`, and return what to look at there,
 * or "". Links that `canOpen(address)` refuses are hidden.
 */
export function markExperiment(el, address, canOpen) {
  for (const link of el.querySelectorAll("a")) {
    link.hidden = !canOpen(link.hash);
    link.ariaCurrent = link.hash === address ? "true" : null;
  }
  const chosen = EXPERIMENTS.find((experiment) => experiment.address === address);
  return chosen?.look ?? "";
}
