// Where a number of a convolution or of a dense layer comes from: a sum of products of an input and a
// weight, plus a bias.

import { _, element, line, position, sentence, table, titled, written } from "../elements/index.js";
import { argmax } from "../network/index.js";
import { activationSentence, scoreTables } from "./activation_explanation.js";
import { explainWeight, sourceButton } from "./common_parts.js";
import { beforeFlatten, isOfImage } from "./layer_graph.js";
import { cellsOfWindow, patchOf, windowTexts } from "./window.js";

/** Explain a number of a convolution: a patch of each map before, times the kernel of a filter. */
export function explainConvolution(selection) {
  const { i, layer, shapes } = selection;
  const [, , filters] = layer.shape;
  const [, , channels] = shapes[0];
  const cells = cellsOfWindow(selection);
  const groups = range(channels).map((channel) =>
    cells.map((start, cell) => ({
      input: start < 0 ? null : start + channel,
      weight: (cell * channels + channel) * filters + (i % filters),
    })),
  );
  const choice = chooseTerm(selection, groups);
  return explainPatch(selection, choice, choice.group, convolutionLine(selection));
}

/** Explain a number of a depthwise convolution: a patch of one map before, times a kernel. */
export function explainDepthwiseConvolution(selection) {
  const { i, layer, shapes } = selection;
  const [rows, columns] = layer.size;
  const [, , units] = layer.shape;
  const [, , channels] = shapes[0];
  const unit = i % units;
  const map = Math.floor(unit / (units / channels)); // a map before may have several kernels
  const terms = cellsOfWindow(selection).map((start, cell) => ({
    input: start < 0 ? null : start + map,
    weight: cell * units + unit,
  }));
  const text = _(
    "Its kernel lies on {rows}x{columns} numbers of a single map before, map {map}: {count} products.",
  );
  const about = line(text, { rows, columns, map, count: terms.length });
  return explainPatch(selection, chooseTerm(selection, [terms]), map, about);
}

/**
 * Show the patch of a map before, the kernel and their products, and explain one of the products.
 * The paragraph `about` begins the explanation.
 */
function explainPatch(selection, choice, map, about) {
  const { layer, inputs, trainingStep } = selection;
  const { sums, group, terms, term, products, pickGroup, pickTerm } = choice;
  const columns = layer.size[1];
  const parts = [about, ...windowTexts(selection)];
  parts.push(sumLine(selection, total(sums)));
  if (sums.length > 1) {
    const maps = table(_("What each map adds"), sums, "auto-fill", group, pickGroup);
    const title = sentence(_("What each map adds; here is map {map}:"), { map: group });
    parts.push(titled(maps, title));
  }
  const patch = terms.map(({ input }) => inputs[0][input] ?? 0);
  const kernel = terms.map(({ weight }) => layer.kernel[weight]);
  const pickWeight = trainingStep && pickTerm;
  const tables = [
    titled(table(_("Patch"), patch, columns, term)),
    titled(table(_("Kernel"), kernel, columns, term, pickWeight), _("\u00d7 kernel")),
    titled(table(_("Products"), products, columns, term, pickTerm), _("= products")),
  ];
  parts.push(element("div", "explain-row", {}, ...tables));
  parts.push(...explainProduct(selection, terms[term], sentence(_("One of them"))));
  return { parts, patch: { map, ...patchOf(selection) }, choice: { group, term } };
}

function convolutionLine({ network, layer, sources, shapes }) {
  const [rows, columns] = layer.size;
  const [, , maps] = shapes[0];
  const counts = { rows, columns, maps, count: rows * columns * maps };
  if (maps > 1)
    return line(
      _("Its kernel lies on {rows}x{columns} numbers of each of the {maps} maps before: {count} products."),
      counts,
    );
  const text = isOfImage(network, sources[0])
    ? _("Its kernel lies on {rows}x{columns} numbers of the image: {count} products.")
    : _("Its kernel lies on {rows}x{columns} numbers of the map before: {count} products.");
  return line(text, counts);
}

/** Explain a number of a dense layer: all numbers before, each times a weight of its own. */
export function explainDense(selection) {
  const { shapes } = selection;
  const isOnMaps = shapes[0].length > 1; // then it has a sum for each place of the maps
  const oneGroup = [1, 1, shapes[0].at(-1)];
  const [rows, columns, channels] = beforeFlatten(selection) ?? oneGroup;
  const groups = groupInputs(selection, rows * columns, channels);
  const choice = chooseTerm(selection, groups);
  const { sums, terms, term, products, pickTerm } = choice;
  const parts = [
    denseLine(selection),
    sumLine(selection, total(sums)),
    ...scoreTables(selection),
  ];
  if (groups.length > 1) parts.push(placesTable(choice, rows, columns, channels));
  parts.push(titled(table(_("Products"), products, "auto-fill", term, pickTerm)));
  const name = isOnMaps ? sentence(_("Map {map}"), { map: term }) : inputName(choice, columns, channels);
  return { parts: [...parts, ...explainProduct(selection, terms[term], name)] };
}

/** Return the terms of a sum of a dense layer: a group for each place of the maps before `Flatten`. */
function groupInputs({ i, layer, shapes }, placeCount, channels) {
  const units = layer.shape.at(-1);
  const firstInput = Math.floor(i / units) * shapes[0].at(-1);
  return range(placeCount).map((place) =>
    range(channels).map((channel) => {
      const k = place * channels + channel;
      return { input: firstInput + k, weight: k * units + (i % units) };
    }),
  );
}

function denseLine({ shapes }) {
  const count = shapes[0].at(-1).toLocaleString("en");
  const text =
    shapes[0].length > 1
      ? _("Its unit has a weight for each of the {count} numbers at this place: {count} products.")
      : _("Its unit has a weight for each of the {count} numbers before: {count} products.");
  return line(text, { count });
}

/** Show what each place of the maps adds to a sum. */
function placesTable({ sums, group, pickGroup }, rows, columns, channels) {
  const label = _("What each place of the {rows}x{columns} adds", { rows, columns });
  const places = table(label, sums, columns, group, pickGroup);
  const { row, column } = position(group, columns, 1);
  const title =
    channels === 1
      ? _("What each place of the {rows}x{columns} adds")
      : _("What each place of the {rows}x{columns} adds; here are row {row}, column {column}, map by map:");
  return titled(places, sentence(title, { rows, columns, row, column }));
}

/** Name the input in the chosen product by its place in the maps before. */
function inputName({ sums, group, term }, columns, channels) {
  if (sums.length === 1) return sentence(_("Number {number}"), { number: term });
  if (channels > 1) return sentence(_("Map {map}"), { map: term });
  const { row, column } = position(group, columns, 1);
  return sentence(_("Row {row}, column {column}"), { row, column });
}

/**
 * Choose a term of a sum, whose terms are in groups. A term has the index of an `input`, null beyond
 * the edge, and of its `weight`. The chosen term is the one that has been picked, or else the strongest
 * of the strongest group.
 *
 * Return the `sums` of all groups, the indices of the chosen `group` and `term`, the `terms` and
 * `products` of that group, and the functions that pick another group or term.
 */
function chooseTerm(selection, groups) {
  const { chosen, inputs, pick } = selection;
  const productsOf = (terms) => terms.map((term) => productOf(selection, term));
  const sums = groups.map((terms) => total(productsOf(terms)));
  const firstInputs = groups.map(([{ input }]) => inputs[0][input] ?? 0);
  const isUntrained = !sums.some(Boolean); // all weights are 0, so the largest input is chosen
  const group = chosen.group ?? argmax(isUntrained ? firstInputs : sums);
  const products = productsOf(groups[group]);
  const term = chosen.term ?? argmax(products);
  const pickGroup = (k) => pick({ group: k });
  const pickTerm = (k) => pick({ group, term: k });
  return { sums, group, term, terms: groups[group], products, pickGroup, pickTerm };
}

/** Explain one product, and lead to the number in it. `name` are nodes, which name the input. */
function explainProduct(selection, { input, weight }, name) {
  const { layer, inputs } = selection;
  const value = written(inputs[0][input] ?? 0);
  const isBeyondEdge = input === null;
  const beyondEdge = sentence(_("{number} (beyond the edge, so 0)"), { number: value });
  const values = {
    name,
    input: isBeyondEdge ? beyondEdge : value,
    weight: written(layer.kernel[weight]),
    value: written(productOf(selection, { input, weight })),
  };
  const parts = [line(_("{name}: {input} times {weight} is {value}."), values)];
  if (!isBeyondEdge) parts.push(sourceButton(selection, input));
  return [...parts, ...explainWeight(selection, "kernel", weight)];
}

/** Explain how the sum of all products becomes the number, by the bias and the activation. */
function sumLine(selection, sum) {
  const { i, layer } = selection;
  const bias = layer.bias[i % layer.bias.length];
  const score = sum + bias;
  const result = activationSentence(selection, score);
  const numbers = { sum: written(sum), bias: written(bias), score: written(score), result };
  const lacksBias = layer.constants?.includes("bias") && !layer.bias.some(Boolean);
  const text = lacksBias
    ? _("They add up to {sum}. {result}")
    : _("They add up to {sum}; with the bias, {bias}, that is {score}. {result}");
  return line(text, numbers);
}

const range = (count) => Array.from({ length: count }, (_none, k) => k);
const total = (numbers) => numbers.reduce((a, b) => a + b, 0);
const productOf = ({ layer, inputs }, { input, weight }) =>
  (inputs[0][input] ?? 0) * layer.kernel[weight];
