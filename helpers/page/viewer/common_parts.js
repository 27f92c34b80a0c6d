// What many explanations have: a link to a number, and what a step of training made of a weight.

import { _, button, sentence, written } from "../elements/index.js";
import { layerName } from "./layer_graph.js";

/**
 * Make a button that leads to number `input` of what a layer takes. If the layer takes the values of
 * several layers, `k` says which of them, and the button names the layer.
 */
export function sourceButton({ network, sources, inputs, follow }, input, k = 0) {
  const number = written(inputs[k][input]);
  const layer = layerName(network, sources[k]);
  const text =
    sources.length > 1
      ? _("{layer}: where does the {number} come from?")
      : _("Where does the {number} come from?");
  return button(sentence(text, { layer, number }), () => follow(sources[k], input));
}

/** Explain what a step of training made of a weight, if there is a step. */
export function explainWeight(selection, arrayName, weight) {
  return selection.trainingStep?.explainWeight(selection, arrayName, weight) ?? [];
}
