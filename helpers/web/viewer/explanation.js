// Where a number comes from: the real numbers that it is made of, as elements of a page.

import { _, element, line, table, titled, whereabouts, writeSetting, written } from "../elements/index.js";
import { OPERATIONS, shapeOf, sourcesOf, strongest } from "../network/index.js";
import { activationText, scoreTables } from "./activation_explanation.js";
import { layerName, namesOfSources } from "./layer_graph.js";
import { sourceButton } from "./source_button.js";
import {
  explainConvolution,
  explainDense,
  explainDepthwiseConvolution,
} from "./sum_explanation.js";
import { cellsOfWindow, patchOf, windowTexts } from "./window.js";

/**
 * Explain one number of a network, the selection:
 *
 * - It is number `i` of `values[step]`. The layer `layers[step - 1]` gives these values, and step 0 is
 *   the image.
 * - `chosen` remembers which `group` of products has been picked, and which `term` of that group.
 *   `pick(choice)` picks others.
 * - `follow(step, i)` leads to another number.
 * - A `trainingStep`, as one_step.js remembers it, explains how it changed the weight in a term.
 *
 * Return the `parts` of the explanation, elements. If the number comes from a patch of a map before,
 * return also the `patch`: its `map`, its first `row` and `column`, and its `size`.
 */
export function explain(network, selection) {
  const { step, i, values } = selection;
  const layer = network.layers[step - 1];
  const value = values[step][i];
  if (!layer) {
    const grey = Math.round(255 * value);
    return { parts: [line(_("{grey} of 255: {value} of full ink.", { grey }), value)] };
  }
  const sources = sourcesOf(network, step);
  const inputs = sources.map((source) => values[source]);
  const shapes = sources.map((source) => shapeOf(network, source));
  const details = { network, layer, value, sources, inputs, shapes };
  return EXPLANATIONS[layer.kind].explain({ ...selection, ...details });
}

// For each kind of layer the words above its maps, which say what its numbers are, and a function that
// explains one of them. The function gets a selection with the `network`, the `layer`, the `value`, and
// with the `sources` of the layer, their values, which are the `inputs`, and their `shapes`. Where the
// kind `hasPatch`, the explanation has the patch of a map before.
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

  Dense: { words: _("each a sum of all numbers before, by weight"), explain: explainDense },

  MaxPooling2D: {
    words: _("the largest number of each block"),
    hasPatch: true,
    explain: (selection) =>
      explainPooling(selection, (count) =>
        _("The largest of {count} numbers of the map before: {value}.", { count }),
      ),
  },

  AveragePooling2D: {
    words: _("the mean of each block"),
    hasPatch: true,
    explain: (selection) =>
      explainPooling(selection, (count) =>
        _("The mean of {count} numbers of the map before: {value}.", { count }),
      ),
  },

  Flatten: { words: _("all maps in one row, place by place"), explain: explainCopy },

  Concatenate: { words: _("several arrays, one behind the other"), explain: explainCopy },

  ZeroPadding2D: { words: _("as before, in a border of zeros"), explain: explainCopy },

  Dropout: {
    words: _("as before"),
    explain(selection) {
      const layer = selection.layer.name;
      const text = _("{layer} works while one trains. Here the number stays as it is: {value}", { layer });
      return explainSamePlace(selection, text);
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
      const text = _("{input} times {factor}, plus {offset}: {value}", numbers);
      return explainSamePlace(selection, text);
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
        numbers,
      );
      return explainSamePlace(selection, text);
    },
  },

  LayerNormalization: {
    words: _("all numbers of a place are brought to one scale"),
    explain: explainLayerNormalization,
  },

  Activation: {
    words: _("as before"),
    explain(selection) {
      const text = activationText(selection, selection.inputs[0][selection.i]);
      return explainSamePlace(selection, text, scoreTables(selection));
    },
  },

  Add: {
    words: _("the sum of several layers"),
    explain: (selection) =>
      explainMerge(selection, " + ", (numbers) =>
        _("The sum of the numbers at the same place of {layers}: {terms} = {value}", numbers),
      ),
  },

  Subtract: {
    words: _("the difference of two layers"),
    explain: (selection) =>
      explainMerge(selection, " \u2212 ", (numbers) =>
        _("The difference of the numbers at the same place of {layers}: {terms} = {value}", numbers),
      ),
  },

  Multiply: {
    words: _("the product of several layers"),
    explain: (selection) =>
      explainMerge(selection, " \u00d7 ", (numbers) =>
        _("The product of the numbers at the same place of {layers}: {terms} = {value}", numbers),
      ),
  },

  Average: {
    words: _("the mean of several layers"),
    explain: (selection) =>
      explainMerge(selection, " + ", (numbers) =>
        _(
          "The mean of the numbers at the same place of {layers}: ({terms}) / {count} = {value}",
          numbers,
        ),
      ),
  },

  Maximum: {
    words: _("the largest number of several layers"),
    explain: (selection) =>
      explainMerge(selection, ", ", (numbers) =>
        _(
          "The largest of the numbers at the same place of {layers}, which are {terms}: {value}",
          numbers,
        ),
      ),
  },

  Minimum: {
    words: _("the smallest number of several layers"),
    explain: (selection) =>
      explainMerge(selection, ", ", (numbers) =>
        _(
          "The smallest of the numbers at the same place of {layers}, which are {terms}: {value}",
          numbers,
        ),
      ),
  },
};

/** Explain a number that comes from the number at the same place of the layer before. */
function explainSamePlace(selection, text, more = []) {
  return { parts: [line(text, selection.value), ...more, sourceButton(selection, selection.i)] };
}

/** Explain a number that stands somewhere in what the layer takes, and stays as it is. */
function explainCopy(selection) {
  const { network, layer, sources, shapes, value } = selection;
  const origin = originOfCopy(selection);
  if (!origin) {
    const text = _("{layer} puts a border of zeros around each map. This is one of them: {value}", {
      layer: layer.name,
    });
    return { parts: [line(text, value)] };
  }
  const { k, input } = origin;
  const place = whereabouts(input, shapes[k]);
  const name = layerName(network, sources[k]);
  const text =
    sources.length > 1
      ? _("In {layer} it stands at {place}, and it stays as it is: {value}", { layer: name, place })
      : _("In the maps before it stands at {place}, and it stays as it is: {value}", { place });
  return { parts: [line(text, value), sourceButton(selection, input, k)] };
}

/**
 * Find where a layer that only moves numbers has taken one from: number `input` of its input `k`.
 * Return null if the number is a zero that the layer has added.
 */
function originOfCopy({ i, layer, inputs, shapes }) {
  // The layer moves the numbers 1, 2, 3 ... in place of its inputs. So each number tells its origin.
  let count = 0;
  const numbered = inputs.map((input) => input.map(() => (count += 1)));
  let input = OPERATIONS[layer.kind](numbered, shapes, layer)[i] - 1;
  if (input < 0) return null;
  let k = 0;
  while (input >= inputs[k].length) {
    input -= inputs[k].length;
    k += 1;
  }
  return { k, input };
}

/** Explain a number that is made of the numbers at the same place of several layers. */
function explainMerge(selection, sign, describe) {
  const { i, step, network, layer, shapes, inputs, value } = selection;
  const places = shapes.map((shape) => placeInSmaller(i, layer.shape, shape));
  const numbers = inputs.map((input, k) => input[places[k]]);
  const isListed = sign === ", ";
  const terms = numbers.map((number, k) => {
    const text = written(number);
    return number < 0 && k > 0 && !isListed ? `(${text})` : text;
  });
  const layers = namesOfSources(network, step);
  const text = describe({ layers, terms: terms.join(sign), count: numbers.length });
  const buttons = places.map((place, k) => sourceButton(selection, place, k));
  return { parts: [line(text, value), ...buttons] };
}

/**
 * Return the place in an array, of a shape with axes of length 1, of the number that stands for place
 * `i` of a larger array. NumPy calls this broadcasting.
 */
function placeInSmaller(i, shape, smallerShape) {
  let rest = i;
  let place = 0;
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    if (smallerShape[axis] > 1) place += stride * (rest % shape[axis]);
    stride *= smallerShape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return place;
}

/** Explain a number of a layer normalization: all numbers of its place are brought to one scale. */
function explainLayerNormalization(selection) {
  const { i, layer, sources, inputs, value, follow } = selection;
  const count = layer.shape.at(-1);
  const channel = i % count;
  const first = i - channel;
  const numbers = Array.from(inputs[0].subarray(first, first + count));
  const mean = numbers.reduce((a, b) => a + b) / count;
  const variance = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / count;
  const deviation = Math.sqrt(variance + layer.epsilon);
  const values = {
    count,
    mean: written(mean),
    variance: written(variance),
    epsilon: writeSetting(layer.epsilon),
    deviation: written(deviation),
    input: written(inputs[0][i]),
    normalized: written((inputs[0][i] - mean) / deviation),
    factor: written(layer.factor[channel]),
    offset: written(layer.offset[channel]),
  };
  const texts = [
    _("The {count} numbers at this place have the mean {mean} and the variance {variance}.", values),
    _(
      "The root of the variance, to which {epsilon} is added so that it isn't 0, is {deviation}. So ({input} \u2212 mean) / {deviation} is {normalized}.",
      values,
    ),
  ];
  const text = _("{normalized} times the factor {factor}, plus the offset {offset}: {value}", values);
  const followInput = (k) => follow(sources[0], first + k);
  const parts = [
    ...texts.map((sentence) => element("p", "", {}, sentence)),
    line(text, value),
    titled(table(_("The numbers at this place"), numbers, "auto-fill", channel, followInput)),
    sourceButton(selection, i),
  ];
  return { parts };
}

/** Explain a number that comes from a block of a map. The largest number of the block has a frame. */
function explainPooling(selection, describe) {
  const { i, layer, sources, inputs, value, follow } = selection;
  const [, width] = layer.size;
  const map = i % layer.shape.at(-1);
  const isInside = (start) => start >= 0; // what lies beyond the edge doesn't count
  const cells = cellsOfWindow(selection);
  const block = cells.filter(isInside).map((start) => start + map);
  const columns = new Set(cells.flatMap((start, k) => (isInside(start) ? [k % width] : []))).size;
  const numbers = block.map((input) => inputs[0][input]);
  const largest = strongest(numbers);
  const followInput = (k) => follow(sources[0], block[k]);
  const parts = [
    line(describe(block.length), value),
    ...windowTexts(selection),
    titled(table(_("The block"), numbers, columns, largest, followInput)),
    sourceButton(selection, block[largest]),
  ];
  return { parts, patch: { map, ...patchOf(selection) } };
}
