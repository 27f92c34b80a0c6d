// Where a number comes from: the real numbers that it is made of, as elements of a page.

import { _, line, writeSetting, written } from "../elements/index.js";
import { shapeOf, sourcesOf } from "../network/index.js";
import { activationSentence, scoreTables } from "./activation_explanation.js";
import { explainWeight, sourceButton } from "./common_parts.js";
import { explainLayerNormalization } from "./layer_normalization.js";
import { explainCopy, explainSum } from "./merge_explanation.js";
import { explainPooling } from "./pooling_explanation.js";
import {
  explainConvolution,
  explainDense,
  explainDepthwiseConvolution,
} from "./sum_explanation.js";

/**
 * Explain one number of a network, the selection:
 *
 * - It is number `i` of `values[layerIndex]`. The layer `layers[layerIndex - 1]` gives these values, and layer 0 is
 *   the image.
 * - `chosen` remembers which `group` of products has been picked, and which `term` of that group.
 *   `pick(choice)` picks others.
 * - `follow(layerIndex, i)` leads to another number.
 * - A `trainingStep`, as one_step.js remembers it, explains how it changed the weight in a term.
 *
 * Return the `parts` of the explanation, elements. If the number comes from a patch of a map before,
 * return also the `patch`: its `map`, its first `row` and `column`, and its `size`. If the number is a
 * sum over patches, return also the `choice`: the group and the term that are shown of it.
 */
export function explain(network, selection) {
  const { layerIndex, i, values } = selection;
  const layer = network.layers[layerIndex - 1];
  const value = values[layerIndex][i];
  if (!layer) {
    const grey = Math.round(255 * value);
    return { parts: [line(_("{grey} of 255: {value} of full ink."), { grey, value: written(value) })] };
  }
  const sources = sourcesOf(network, layerIndex);
  const inputs = sources.map((source) => values[source]);
  const shapes = sources.map((source) => shapeOf(network, source));
  const details = { network, layer, value, sources, inputs, shapes };
  return EXPLANATIONS[layer.kind].explain({ ...selection, ...details });
}

// How each kind of layer is explained:
//
// - `words` stand above the maps of a layer and say what its numbers are. They may be a function of
//   the `layer` and of the `shapes` of its inputs.
// - `explain(selection)` explains one of the numbers. The selection also has the `network`, the
//   `layer`, and the `value` of the number. It has the `sources` of the layer, which are indices, the
//   values of these, which are the `inputs`, and their `shapes`. It returns an object with `parts`.
//   A sentence is `line(_("... {value}"), { value: written(value) })`, and `sourceButton(selection,
//   input, k)` leads to number `input` of source `k`. `explainSamePlace` makes both for number `i`.
// - If a kind `hasPatch`, its explanations have the patch of a map before.
export const EXPLANATIONS = {
  Conv2D: {
    words: _("each shows where a filter finds its pattern"),
    explain: explainConvolution,
    hasPatch: true,
  },

  DepthwiseConv2D: {
    words: _("each shows where a filter finds its pattern in a single map"),
    explain: explainDepthwiseConvolution,
    hasPatch: true,
  },

  Dense: {
    words: ({ shapes }) =>
      shapes[0].length > 1
        ? _("at each place a sum over all maps before, by weight")
        : _("each a sum of all numbers before, by weight"),
    explain: explainDense,
  },

  MaxPooling2D: {
    words: ({ layer }) =>
      isGlobal(layer) ? _("the largest number of each map") : _("the largest number of each block"),
    hasPatch: true,
    explain: (selection) =>
      explainPooling(selection, _("The largest of {count} numbers of the map before: {value}.")),
  },

  AveragePooling2D: {
    words: ({ layer }) => (isGlobal(layer) ? _("the mean of each map") : _("the mean of each block")),
    hasPatch: true,
    explain: (selection) =>
      explainPooling(selection, _("The mean of {count} numbers of the map before: {value}.")),
  },

  Flatten: { words: _("all maps in one row, place by place"), explain: explainCopy },

  Reshape: { words: _("as before, in another shape"), explain: explainCopy },

  Concatenate: { words: _("the numbers of several layers side by side"), explain: explainCopy },

  Dropout: {
    words: _("as before"),
    explain(selection) {
      const layer = selection.layer.name;
      const text = _("{layer} works while one trains. Here the number stays as it is: {value}");
      return explainSamePlace(selection, text, { layer });
    },
  },

  Rescaling: {
    words: _("brought to another scale"),
    explain(selection) {
      const { i, layer, inputs } = selection;
      const numbers = {
        input: written(inputs[0][i]),
        factor: writeSetting(layer.scale),
        offset: writeSetting(layer.offset),
      };
      return explainSamePlace(selection, _("{input} times {factor}, plus {offset}: {value}"), numbers);
    },
  },

  BatchNormalization: {
    words: _("brought to one scale"),
    explain(selection) {
      const { i, layer, inputs } = selection;
      const channel = i % layer.factor.length;
      const numbers = {
        input: written(inputs[0][i]),
        factor: written(layer.factor[channel]),
        offset: written(layer.offset[channel]),
      };
      const text = _(
        "After training, normalizing is a factor and an offset for each map or unit: {input} times {factor}, plus {offset}: {value}",
      );
      const { parts } = explainSamePlace(selection, text, numbers);
      return { parts: [...parts, ...explainWeight(selection, "factor", channel)] };
    },
  },

  LayerNormalization: {
    words: _("brought to one scale, group by group"),
    explain: explainLayerNormalization,
  },

  Activation: {
    words: _("as before"),
    explain(selection) {
      const score = selection.inputs[0][selection.i];
      const result = activationSentence(selection, score);
      const values = { score: written(score), result };
      const text = _("The number before is {score}. {result}");
      return explainSamePlace(selection, text, values, scoreTables(selection));
    },
  },

  Add: { words: _("the sum of several layers"), explain: explainSum },
};

/** Say what the numbers of a layer are. */
export function wordsOf(network, layerIndex) {
  const layer = network.layers[layerIndex - 1];
  const { words } = EXPLANATIONS[layer.kind];
  if (typeof words !== "function") return words;
  const shapes = sourcesOf(network, layerIndex).map((source) => shapeOf(network, source));
  return words({ layer, shapes });
}

/** Is the window of a pooling always the whole map? */
function isGlobal({ name }) {
  return name.startsWith("Global");
}

/** Explain a number that comes from the number at the same place of the layer before. */
function explainSamePlace(selection, text, values, more = []) {
  const sentence = line(text, { ...values, value: written(selection.value) });
  return { parts: [sentence, ...more, sourceButton(selection, selection.i)] };
}
