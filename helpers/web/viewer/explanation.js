// Where a number comes from: the real numbers that it is made of, as elements of a page.

import {
  _,
  button,
  element,
  line,
  position,
  table,
  titled,
  whereabouts,
  written,
} from "../elements/index.js";
import { OPERATIONS, strongest } from "../network/index.js";

/**
 * Explain one number of a network.
 *
 * It is number `i` of `values[step]`. The layer `layers[step - 1]` gives these values, and step 0 is
 * the image. `chosen` remembers which `group` of products has been picked, and which `term` of that
 * group. `pick` gets another choice, and `go(step, i)` leads to another number. A `trainingStep`, as
 * one_step.js remembers it, explains how it changed the weight in a term.
 *
 * Return the `parts` of the explanation, elements. If the number comes from a patch of a map before,
 * return also the `patch`: its `map`, its first `row` and `column`, and its `size`.
 */
export function explain(network, number) {
  const { step, i, values } = number;
  const layer = network.layers[step - 1];
  const value = values[step][i];
  if (!layer) {
    const grey = Math.round(255 * value);
    return { parts: [line(_("{grey} of 255: {value} of full ink.", { grey }), value)] };
  }
  const shape = network.layers[step - 2]?.shape ?? network.shape; // of the layer before
  const inputs = values[step - 1];
  return EXPLANATIONS[layer.kind]({ ...number, network, layer, shape, inputs, value });
}

const EXPLANATIONS = {
  Conv2D: explainConvolution,
  Dense: explainDense,

  MaxPooling2D: (number) =>
    explainPooling(number, (count) =>
      _("The largest of {count} numbers of the map before: {value}.", { count }),
    ),

  AveragePooling2D: (number) =>
    explainPooling(number, (count) =>
      _("The mean of {count} numbers of the map before: {value}.", { count }),
    ),

  Flatten(number) {
    const place = whereabouts(number.i, number.shape);
    const text = _("In the maps before it stands at {place}, and it stays as it is: {value}", { place });
    return explainSamePlace(number, text);
  },

  Dropout(number) {
    const layer = number.layer.name;
    const text = _("{layer} works while one trains. Here the number stays as it is: {value}", { layer });
    return explainSamePlace(number, text);
  },

  BatchNormalization(number) {
    const { i, layer, inputs } = number;
    const channel = i % layer.factor.length;
    const input = written(inputs[i]);
    const factor = written(layer.factor[channel]);
    const offset = written(layer.offset[channel]);
    const text = _(
      "After training, normalizing is a factor and an offset for each map or unit: {input} times {factor}, plus {offset}: {value}",
      { input, factor, offset },
    );
    return explainSamePlace(number, text);
  },

  Activation(number) {
    const text = activationText(number, number.inputs[number.i]);
    return explainSamePlace(number, text, scoreTables(number));
  },
};

/** Explain a number of a convolution: a patch of each map before, times the kernel of a filter. */
function explainConvolution(number) {
  const { layer, inputs } = number;
  const side = layer.size[1]; // columns of the kernel
  const { groups, row, column } = convolutionTerms(number);
  const choice = chooseTerm(number, groups);
  const { sums, group, terms, term, products, pickGroup, pickTerm } = choice;
  const parts = [element("p", "", {}, convolutionText(number)), sumLine(number, total(sums))];
  if (groups.length > 1) {
    const maps = table(_("What each map adds"), sums, "auto-fill", group, pickGroup);
    parts.push(titled(maps, _("What each map adds; here is map {map}:", { map: group })));
  }
  const patch = terms.map(({ input }) => inputs[input] ?? 0);
  const kernel = terms.map(({ weight }) => layer.kernel[weight]);
  const pickWeight = number.trainingStep && pickTerm;
  const tables = [
    titled(table(_("Patch"), patch, side, term)),
    titled(table(_("Kernel"), kernel, side, term, pickWeight), _("\u00d7 kernel")),
    titled(table(_("Products"), products, side, term, pickTerm), _("= products")),
  ];
  parts.push(element("div", "explain-row", {}, ...tables));
  parts.push(...explainProduct(number, terms[term], _("One of them")));
  return { parts, patch: { map: group, row, column, size: layer.size } };
}

/**
 * Return the terms that a convolution adds up, in a group for each map before: the index of an
 * `input`, null beyond the edge, and of its `weight`. Return also the first `row` and `column` of the
 * patch.
 */
function convolutionTerms({ i, layer, shape }) {
  const [height, width, channels] = shape;
  const [, columns, filters] = layer.shape;
  const [kernelHeight, kernelWidth] = layer.size;
  const output = position(i, columns, filters);
  const row = output.row - layer.padding_before[0];
  const column = output.column - layer.padding_before[1];
  const groups = range(channels).map((channel) =>
    range(kernelHeight * kernelWidth).map((k) => {
      const y = row + Math.floor(k / kernelWidth);
      const x = column + (k % kernelWidth);
      const isInside = y >= 0 && x >= 0 && y < height && x < width;
      const input = isInside ? (y * width + x) * channels + channel : null;
      return { input, weight: (k * channels + channel) * filters + output.map };
    }),
  );
  return { groups, row, column };
}

function convolutionText({ network, step, layer, shape }) {
  const [rows, columns] = layer.size;
  const maps = shape[2];
  const counts = { rows, columns, maps, count: rows * columns * maps };
  if (maps > 1)
    return _(
      "Its kernel lies on {rows}x{columns} numbers of each of the {maps} maps before: {count} products.",
      counts,
    );
  // Layers that only work while one trains pass the image on as it is.
  const isOfImage = network.layers.slice(0, step - 1).every(({ kind }) => kind === "Dropout");
  return isOfImage
    ? _("Its kernel lies on {rows}x{columns} numbers of the image: {count} products.", counts)
    : _("Its kernel lies on {rows}x{columns} numbers of the map before: {count} products.", counts);
}

/** Explain a number of a dense layer: all numbers before, each times a weight of its own. */
function explainDense(number) {
  const { i, layer, shape, inputs } = number;
  const [units] = layer.shape;
  const [rows, columns, channels] = beforeFlatten(number) ?? [1, 1, shape[0]];
  const groups = range(rows * columns).map((place) =>
    range(channels).map((channel) => {
      const input = place * channels + channel;
      return { input, weight: input * units + i };
    }),
  );
  const choice = chooseTerm(number, groups);
  const { sums, terms, term, products, pickTerm } = choice;
  const count = inputs.length.toLocaleString("en");
  const text = _("Its unit has a weight for each of the {count} numbers before: {count} products.", {
    count,
  });
  const parts = [element("p", "", {}, text), sumLine(number, total(sums)), ...scoreTables(number)];
  if (groups.length > 1) parts.push(placesTable(choice, rows, columns, channels));
  parts.push(titled(table(_("Products"), products, "auto-fill", term, pickTerm)));
  const name = inputName(choice, columns, channels);
  return { parts: [...parts, ...explainProduct(number, terms[term], name)] };
}

/** Show what each place of the maps adds to a sum. */
function placesTable({ sums, group, pickGroup }, rows, columns, channels) {
  const label = _("What each place of the {rows}x{columns} adds", { rows, columns });
  const places = table(label, sums, columns, group, pickGroup);
  if (channels === 1) return titled(places);
  const { row, column } = position(group, columns, 1);
  const title = _(
    "What each place of the {rows}x{columns} adds; here are row {row}, column {column}, map by map:",
    { rows, columns, row, column },
  );
  return titled(places, title);
}

/** Name the input in the chosen product by its place in the maps before. */
function inputName({ sums, group, term }, columns, channels) {
  if (sums.length === 1) return _("Number {number}", { number: term });
  if (channels > 1) return _("Map {map}", { map: term });
  const { row, column } = position(group, columns, 1);
  return _("Row {row}, column {column}", { row, column });
}

/** Explain a number that comes from the number at the same place of the layer before. */
function explainSamePlace(number, text, more = []) {
  return { parts: [line(text, number.value), ...more, sourceButton(number, number.i)] };
}

/** Explain a number that comes from a block of a map. The largest number of the block has a frame. */
function explainPooling(number, describe) {
  const { i, step, layer, shape, inputs, value } = number;
  const [, width, channels] = shape;
  const [blockHeight, blockWidth] = layer.size;
  const output = position(i, Math.floor(width / blockWidth), channels);
  const row = output.row * blockHeight;
  const column = output.column * blockWidth;
  const block = range(blockHeight * blockWidth).map((k) => {
    const y = row + Math.floor(k / blockWidth);
    const x = column + (k % blockWidth);
    return (y * width + x) * channels + output.map;
  });
  const numbers = block.map((input) => inputs[input]);
  const largest = strongest(numbers);
  const followInput = (k) => number.go(step - 1, block[k]);
  const parts = [
    line(describe(block.length), value),
    titled(table(_("The block"), numbers, blockWidth, largest, followInput)),
    sourceButton(number, block[largest]),
  ];
  return { parts, patch: { map: output.map, row, column, size: layer.size } };
}

/**
 * Choose a term of a sum, whose terms are in groups. It is the one that has been picked, or else the
 * strongest of the strongest group.
 *
 * Return the `sums` of all groups, the indices of the chosen `group` and `term`, the `terms` and
 * `products` of that group, and the functions that pick another group or term.
 */
function chooseTerm(number, groups) {
  const productsOf = (terms) => terms.map((each) => product(number, each));
  const sums = groups.map((terms) => total(productsOf(terms)));
  const firstInputs = groups.map(([{ input }]) => number.inputs[input] ?? 0);
  const isUntrained = !sums.some(Boolean); // all weights are 0, and the inputs must do
  const group = number.chosen.group ?? strongest(isUntrained ? firstInputs : sums);
  const products = productsOf(groups[group]);
  const term = number.chosen.term ?? strongest(products);
  const pickGroup = (k) => number.pick({ group: k });
  const pickTerm = (k) => number.pick({ group, term: k });
  return { sums, group, term, terms: groups[group], products, pickGroup, pickTerm };
}

/** Explain one product, and lead to the number in it. */
function explainProduct(number, { input, weight }, name) {
  const { layer, inputs, trainingStep } = number;
  const value = written(inputs[input] ?? 0);
  const isBeyondEdge = input === null;
  const factors = {
    name,
    input: isBeyondEdge ? _("{number} (beyond the edge, so 0)", { number: value }) : value,
    weight: written(layer.kernel[weight]),
  };
  const text = _("{name}: {input} times {weight} is {value}.", factors);
  const parts = [line(text, product(number, { input, weight }))];
  if (!isBeyondEdge) parts.push(sourceButton(number, input));
  return [...parts, ...(trainingStep?.ofWeight(number, weight) ?? [])];
}

/** Explain how the sum of all products becomes the number, by the bias and the activation. */
function sumLine(number, sum) {
  const { bias: biases } = number.layer;
  const bias = biases[number.i % biases.length];
  const score = sum + bias;
  const result = activationText(number, score);
  const numbers = { sum: written(sum), bias: written(bias), score: written(score), result };
  const text = _("They add up to {sum}; with the bias, {bias}, that is {score}. {result}", numbers);
  return line(text, number.value);
}

/** Explain what the activation makes of a score. `{value}` is the place of the result. */
function activationText(number, score) {
  const { activation } = number.layer;
  if (activation === "relu") {
    return score > 0
      ? _("ReLU keeps what is above 0: {value}.")
      : _("That is not above 0, so ReLU makes it {value}.");
  }
  if (activation !== "softmax") return _("It stays so: {value}.");
  const powers = Array.from(scoresOf(number), Math.exp);
  return _(
    "Softmax: e (about 2.718) to the power of {score} is {power}. These powers of all {count} scores add up to {sum}. The share is {power} / {sum} = {value}.",
    {
      score: written(score),
      power: written(powers[number.i]),
      count: powers.length,
      sum: written(total(powers)),
    },
  );
}

/** Show all scores of which softmax makes shares, if it does. Each leads to its own sum. */
function scoreTables(number) {
  if (number.layer.activation !== "softmax") return [];
  const scores = scoresOf(number);
  const title = _("All {count} scores", { count: scores.length });
  const write = (score, k) => `${k}\n${written(score, 2)}`;
  const followScore = (k) => number.go(number.step, k);
  return [titled(table(title, scores, "auto-fill", number.i, followScore, write))];
}

/** Return the shape of the maps that a row of numbers was, unless its length has changed. */
export function beforeFlatten({ network, step }) {
  const kindsOfSameLength = ["Flatten", "BatchNormalization", "Activation", "Dropout"];
  let index = step - 2;
  while (kindsOfSameLength.includes(network.layers[index]?.kind)) index -= 1;
  const shape = network.layers[index]?.shape ?? network.shape;
  return shape.length > 1 ? shape : null;
}

/** Make a button that leads to a number of the layer before. */
function sourceButton({ step, inputs, go }, input) {
  const text = _("Where does the {number} come from?", { number: written(inputs[input]) });
  return button(text, () => go(step - 1, input));
}

const range = (count) => Array.from({ length: count }, (_none, k) => k);
const scoresOf = ({ layer, inputs, shape }) => OPERATIONS[layer.kind]([inputs], [shape], layer);
const product = ({ layer, inputs }, { input, weight }) =>
  (inputs[input] ?? 0) * layer.kernel[weight];
const total = (numbers) => numbers.reduce((a, b) => a + b, 0);
