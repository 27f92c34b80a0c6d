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
 * Explain one number.
 *
 * `at` says which: `i` is its place in `values[step]`, what layer `layers[step - 1]` gives; step 0
 * is the image. `chosen` remembers what one has picked of the `group`s of products that are added
 * up and of the `term`s in one group. `pick` takes another choice; `go(step, i)` leads elsewhere.
 * `taken` is a step of training, as one_step.js remembers it, which tells of the weight in a term.
 *
 * Return the `parts` of the explanation, elements, and, if it comes from a patch of a map before,
 * the `patch`: its `map`, its first `row` and `column`, and its `size`.
 */
export function explain(network, at) {
  const layer = network.layers[at.step - 1];
  const value = at.values[at.step][at.i];
  if (!layer) {
    const grey = Math.round(255 * value);
    return { parts: [line(_("{grey} of 255: {value} of full ink.", { grey }), value)] };
  }
  const shape = network.layers[at.step - 2]?.shape ?? network.shape;
  const before = at.values[at.step - 1];
  return EXPLANATIONS[layer.kind]({ ...at, network, layer, shape, before, value });
}

const EXPLANATIONS = {
  Conv2D(at) {
    const [height, width, channels] = at.shape;
    const [, columns, filters] = at.layer.shape;
    const { map: filter, ...output } = position(at.i, columns, filters);
    const [row, column] = [output.row, output.column].map((n, k) => n - at.layer.padding_before[k]);
    const [rows, side] = at.layer.size;
    const groups = Array.from({ length: channels }, (unused, channel) =>
      Array.from({ length: rows * side }, (_unused, k) => {
        const [y, x] = [row + Math.floor(k / side), column + (k % side)];
        const inside = y >= 0 && x >= 0 && y < height && x < width;
        const from = inside ? (y * width + x) * channels + channel : null;
        return { from, index: (k * channels + channel) * filters + filter };
      }),
    );
    const counts = { rows, columns: side, maps: channels, count: rows * side * channels };
    // Layers that only work while one trains pass the image on as it is.
    const earlier = at.network.layers.slice(0, at.step - 1);
    const isImage = earlier.every(({ kind }) => kind === "Dropout");
    let about = _(
      "Its kernel lies on {rows}x{columns} numbers of each of the {maps} maps before: {count} products.",
      counts,
    );
    if (channels === 1) {
      about = isImage
        ? _("Its kernel lies on {rows}x{columns} numbers of the image: {count} products.", counts)
        : _("Its kernel lies on {rows}x{columns} numbers of the map before: {count} products.", counts);
    }
    const { sums, group, term, terms, products, pickGroup, pickTerm } = choose(at, groups);
    const parts = [element("p", "", {}, about), ending(at, total(sums))];
    if (channels > 1) {
      const sumsTable = table(_("What each map adds"), sums, "auto-fill", group, pickGroup);
      parts.push(titled(sumsTable, _("What each map adds; here is map {map}:", { map: group })));
    }
    const inputs = terms.map(({ from }) => at.before[from] ?? 0);
    const weights = terms.map(({ index }) => at.layer.kernel[index]);
    const tables = [
      titled(table(_("Patch"), inputs, side, term)),
      titled(table(_("Kernel"), weights, side, term, at.taken && pickTerm), _("\u00d7 kernel")),
      titled(table(_("Products"), products, side, term, pickTerm), _("= products")),
    ];
    parts.push(element("div", "explain-row", {}, ...tables));
    parts.push(...multiplication(at, terms[term], _("One of them")));
    return { parts, patch: { map: group, row, column, size: at.layer.size } };
  },

  Dense(at) {
    const units = at.layer.shape[0];
    const [rows, columns, channels] = beforeFlatten(at) ?? [1, 1, at.shape[0]];
    const groups = Array.from({ length: rows * columns }, (unused, place) =>
      Array.from({ length: channels }, (_unused, channel) => {
        const from = place * channels + channel;
        return { from, index: from * units + at.i };
      }),
    );
    const { sums, group, term, terms, products, pickGroup, pickTerm } = choose(at, groups);
    const count = at.before.length.toLocaleString("en");
    const about = _(
      "Its unit has a weight for each of the {count} numbers before: {count} products.",
      { count },
    );
    const parts = [element("p", "", {}, about), ending(at, total(sums))];
    parts.push(...allScores(at));
    let name = _("Number {number}", { number: term });
    if (groups.length > 1) {
      const place = position(group, columns, 1);
      const hasMaps = channels > 1;
      name = hasMaps ? _("Map {map}", { map: term }) : _("Row {row}, column {column}", place);
      const label = _("What each place of the {rows}x{columns} adds", { rows, columns });
      const mapByMap = _(
        "What each place of the {rows}x{columns} adds; here are row {row}, column {column}, map by map:",
        { rows, columns, ...place },
      );
      const title = hasMaps ? mapByMap : label;
      parts.push(titled(table(label, sums, columns, group, pickGroup), title));
    }
    parts.push(titled(table(_("Products"), products, "auto-fill", term, pickTerm)));
    parts.push(...multiplication(at, terms[term], name));
    return { parts };
  },

  MaxPooling2D: (at) =>
    pooled(at, (count) => _("The largest of {count} numbers of the map before: {value}.", { count })),

  AveragePooling2D: (at) =>
    pooled(at, (count) => _("The mean of {count} numbers of the map before: {value}.", { count })),

  Flatten(at) {
    const place = whereabouts(at.i, at.shape);
    const text = _("In the maps before it stands at {place}, and it stays as it is: {value}", { place });
    return same(at, text);
  },

  Dropout(at) {
    const layer = at.layer.name;
    const text = _("{layer} works while one trains. Here the number stays as it is: {value}", { layer });
    return same(at, text);
  },

  BatchNormalization(at) {
    const channel = at.i % at.layer.factor.length;
    const input = written(at.before[at.i]);
    const factor = written(at.layer.factor[channel]);
    const offset = written(at.layer.offset[channel]);
    const text = _(
      "After training, normalizing is a factor and an offset for each map or unit: {input} times {factor}, plus {offset}: {value}",
      { input, factor, offset },
    );
    return same(at, text);
  },

  Activation: (at) => same(at, activated(at, at.before[at.i]), allScores(at)),
};

/** Explain a number that comes from the one at the same place of the layer before. */
function same(at, text, more = []) {
  return { parts: [line(text, at.value), ...more, sourceButton(at, at.i)] };
}

/** Explain a number that comes from a block of a map; the largest number of it has a frame. */
function pooled(at, says) {
  const [, width, channels] = at.shape;
  const [rows, side] = at.layer.size;
  const output = position(at.i, Math.floor(width / side), channels);
  const [map, row, column] = [output.map, output.row * rows, output.column * side];
  const block = Array.from({ length: rows * side }, (unused, k) => {
    const [y, x] = [row + Math.floor(k / side), column + (k % side)];
    return (y * width + x) * channels + map;
  });
  const numbers = block.map((from) => at.before[from]);
  const largest = strongest(numbers);
  const pick = (k) => at.go(at.step - 1, block[k]);
  const parts = [
    line(says(block.length), at.value),
    titled(table(_("The block"), numbers, side, largest, pick)),
    sourceButton(at, block[largest]),
  ];
  return { parts, patch: { map, row, column, size: at.layer.size } };
}

/** Return the sums of groups of terms, and which group and which term of it are chosen. */
function choose(at, groups) {
  const productsOf = (terms) => terms.map((term) => product(at, term));
  const sums = groups.map((terms) => total(productsOf(terms)));
  const shown = sums.some(Boolean) ? sums : groups.map(([{ from }]) => at.before[from] ?? 0);
  const group = at.chosen.group ?? strongest(shown);
  const products = productsOf(groups[group]);
  const term = at.chosen.term ?? strongest(products);
  const pickGroup = (i) => at.pick({ group: i });
  const pickTerm = (i) => at.pick({ group, term: i });
  return { sums, group, term, terms: groups[group], products, pickGroup, pickTerm };
}

/** Tell of one product, and lead to the number in it. */
function multiplication(at, { from, index }, name) {
  const weight = at.layer.kernel[index];
  const number = written(at.before[from] ?? 0);
  const input = from === null ? _("{number} (beyond the edge, so 0)", { number }) : number;
  const factors = { name, input, weight: written(weight) };
  const text = _("{name}: {input} times {weight} is {value}.", factors);
  const parts = [line(text, product(at, { from, index }))];
  if (from !== null) parts.push(sourceButton(at, from));
  return parts.concat(at.taken?.ofWeight(at, index) ?? []);
}

/** Tell what comes after the sum of all products. */
function ending(at, sum) {
  const bias = at.layer.bias[at.i % at.layer.bias.length];
  const [score, result] = [sum + bias, activated(at, sum + bias)];
  const numbers = { sum: written(sum), bias: written(bias), score: written(score), result };
  const text = _("They add up to {sum}; with the bias, {bias}, that is {score}. {result}", numbers);
  return line(text, at.value);
}

/** Tell what the activation makes of a score; the result goes where `{value}` stands. */
function activated(at, score) {
  if (at.layer.activation === "relu") {
    return score > 0
      ? _("ReLU keeps what is above 0: {value}.")
      : _("That is not above 0, so ReLU makes it {value}.");
  }
  if (at.layer.activation !== "softmax") return _("It stays so: {value}.");
  const powers = Array.from(scoresOf(at), Math.exp);
  const [power, sum] = [powers[at.i], total(powers)].map((number) => written(number));
  return _(
    "Softmax: e (about 2.718) to the power of {score} is {power}. These powers of all {count} scores add up to {sum}. The share is {power} / {sum} = {value}.",
    { score: written(score), power, count: powers.length, sum },
  );
}

/** Show all numbers that softmax makes shares of, if it does; one of them leads to its own sum. */
function allScores(at) {
  if (at.layer.activation !== "softmax") return [];
  const scores = scoresOf(at);
  const title = _("All {count} scores", { count: scores.length });
  const named = (score, i) => `${i}\n${written(score, 2)}`;
  return [titled(table(title, scores, "auto-fill", at.i, (i) => at.go(at.step, i), named))];
}

/** Return the shape of the maps that a row of numbers was, unless its length has changed. */
export function beforeFlatten({ network, step }) {
  const kept = ["Flatten", "BatchNormalization", "Activation", "Dropout"];
  let index = step - 2;
  while (kept.includes(network.layers[index]?.kind)) index -= 1;
  const shape = network.layers[index]?.shape ?? network.shape;
  return shape.length > 1 ? shape : null;
}

/** Make a button that leads to a number of the layer before. */
function sourceButton(at, from) {
  const text = _("Where does the {number} come from?", { number: written(at.before[from]) });
  return button(text, () => at.go(at.step - 1, from));
}

const scoresOf = (at) => OPERATIONS[at.layer.kind](at.before, at.shape, at.layer);
const product = (at, { from, index }) => (at.before[from] ?? 0) * at.layer.kernel[index];
const total = (numbers) => numbers.reduce((a, b) => a + b, 0);
