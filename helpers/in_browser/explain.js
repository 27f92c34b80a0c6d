// Where a number comes from: the real numbers that it is made of, as elements of a page.

import { ARROWS, element, hasModifier } from "../pad/pad.js";
import { colour, farthest } from "./maps.js";
import { OPERATIONS } from "./network.js";

/** Write a number with so many digits after the point, and a true minus. */
export function written(number, digits = 4) {
  const text = Math.abs(number) < 1e6 ? number.toFixed(digits) : number.toExponential(3);
  return text.replace(/^-(0\.0*)$/, "$1").replace("-", "\u2212");
}

/** Say where number `i` of an array of a shape stands; all counts begin at 0, as in NumPy. */
export function whereabouts(i, [, columns, channels]) {
  if (columns === undefined) return `number ${i}`;
  const place = Math.floor(i / channels);
  const map = channels > 1 ? `map ${i % channels}, ` : "";
  return `${map}row ${Math.floor(place / columns)}, column ${place % columns}`;
}

/** Find the number that speaks most for a sum: the largest, or if all are below 0 the least so. */
export function strongest(numbers) {
  return numbers.reduce((best, x, i) => (x > numbers[best] ? i : best), 0);
}

/**
 * Explain one number.
 *
 * `at` says which: `i` is its place in `values[step]`, what layer `layers[step - 1]` gives; step 0
 * is the image. `chosen` remembers what one has picked of the `group`s of products that are added
 * up and of the `term`s in one group. `pick` takes another choice; `go(step, i)` leads elsewhere.
 *
 * Return the `parts` of the explanation, elements, and, if it comes from a patch of a map before,
 * the `patch`: its `map`, its first `row` and `column`, and its `size`.
 */
export function explain(network, at) {
  const layer = network.layers[at.step - 1];
  const value = at.values[at.step][at.i];
  if (!layer) {
    return { parts: [line(`${Math.round(255 * value)} of 255: `, result(value), " of full ink.")] };
  }
  const shape = network.layers[at.step - 2]?.shape ?? network.shape;
  const before = at.values[at.step - 1];
  return EXPLANATIONS[layer.kind]({ ...at, network, layer, shape, before, value });
}

const EXPLANATIONS = {
  Conv2D(at) {
    const [height, width, channels] = at.shape;
    const [, columns, filters] = at.layer.shape;
    const [filter, place] = [at.i % filters, Math.floor(at.i / filters)];
    const row = Math.floor(place / columns) - at.layer.before[0];
    const column = (place % columns) - at.layer.before[1];
    const [rows, side] = at.layer.size;
    const groups = Array.from({ length: channels }, (_, channel) =>
      Array.from({ length: rows * side }, (_, k) => {
        const [y, x] = [row + Math.floor(k / side), column + (k % side)];
        const inside = y >= 0 && x >= 0 && y < height && x < width;
        const from = inside ? (y * width + x) * channels + channel : null;
        return { from, weight: at.layer.kernel[(k * channels + channel) * filters + filter] };
      }),
    );
    const where = channels > 1 ? `each of the ${channels} maps before` : "the image";
    const count = `${rows * side * channels} products`;
    const { sums, group, term, pickGroup, pickTerm } = choose(at, groups);
    const parts = [
      line(`Its kernel lies on ${rows}x${side} numbers of ${where}: ${count}.`),
      ending(at, total(sums)),
    ];
    if (channels > 1) {
      const title = "What each map adds";
      const sumsTable = table(title, sums, "auto-fill", group, pickGroup);
      parts.push(titled(`${title}; here is map ${group}:`, sumsTable));
    }
    const terms = groups[group];
    const inputs = terms.map(({ from }) => at.before[from] ?? 0);
    const weights = terms.map(({ weight }) => weight);
    const products = terms.map((one) => product(at, one));
    parts.push(
      element(
        "div",
        "explain-row",
        {},
        titled("Patch", table("Patch", inputs, side, term)),
        titled("\u00d7 kernel", table("Kernel", weights, side, term)),
        titled("= products", table("Products", products, side, term, pickTerm)),
      ),
      ...multiplication(at, terms[term], "One of them"),
    );
    return { parts, patch: { map: group, row, column, size: at.layer.size } };
  },

  Dense(at) {
    const units = at.layer.shape[0];
    const [rows, columns, channels] = beforeFlatten(at) ?? [1, 1, at.shape[0]];
    const groups = Array.from({ length: rows * columns }, (_, place) =>
      Array.from({ length: channels }, (_, channel) => {
        const from = place * channels + channel;
        return { from, weight: at.layer.kernel[from * units + at.i] };
      }),
    );
    const { sums, group, term, pickGroup, pickTerm } = choose(at, groups);
    const count = at.before.length.toLocaleString("en");
    const parts = [
      line(`Its unit has a weight for each of the ${count} numbers before: ${count} products.`),
      ending(at, total(sums)),
    ];
    if (groups.length > 1) {
      const title = `What each place of the ${rows}x${columns} adds`;
      const here = `here are row ${Math.floor(group / columns)}, column ${group % columns}`;
      const sumsTable = table(title, sums, columns, group, pickGroup);
      parts.push(titled(`${title}; ${here}, map by map:`, sumsTable));
    }
    const products = groups[group].map((one) => product(at, one));
    const name = groups.length > 1 ? `Map ${term}` : `Number ${term}`;
    parts.push(
      table("Products", products, "auto-fill", term, pickTerm),
      ...multiplication(at, groups[group][term], name),
    );
    return { parts };
  },

  MaxPooling2D(at) {
    const [, width, channels] = at.shape;
    const [, columns] = at.layer.shape;
    const [rows, side] = at.layer.size;
    const [map, place] = [at.i % channels, Math.floor(at.i / channels)];
    const [row, column] = [Math.floor(place / columns) * rows, (place % columns) * side];
    const block = Array.from({ length: rows * side }, (_, k) => {
      const [y, x] = [row + Math.floor(k / side), column + (k % side)];
      return (y * width + x) * channels + map;
    });
    const numbers = block.map((from) => at.before[from]);
    const kept = strongest(numbers);
    const parts = [
      line(`The largest of ${block.length} numbers of the map before: `, result(at.value), "."),
      table("The block", numbers, side, kept, (k) => at.go(at.step - 1, block[k])),
      way(at, block[kept]),
    ];
    return { parts, patch: { map, row, column, size: at.layer.size } };
  },

  Flatten(at) {
    const from = whereabouts(at.i, at.shape);
    return same(at, `In the maps before it stands at ${from}, and it stays as it is: `);
  },

  Dropout: (at) => same(at, "Dropout works while one trains. Here the number stays as it is: "),

  BatchNormalization(at) {
    const channel = at.i % at.layer.factor.length;
    const [factor, offset] = [at.layer.factor[channel], at.layer.offset[channel]];
    const map = at.shape.length > 1 ? "map" : "number";
    const sum = `${written(at.before[at.i])} times ${written(factor)}, plus ${written(offset)}: `;
    return same(
      at,
      `After training, normalising is a factor and an offset for each ${map}: ${sum}`,
    );
  },

  Activation(at) {
    const { parts } = same(at, "");
    return { parts: [activated(at, at.before[at.i]), parts[1]] };
  },
};

/** Explain a number that comes from the one at the same place of the layer before. */
function same(at, text) {
  return { parts: [line(text, result(at.value)), way(at, at.i)] };
}

/** Return the sums of groups of terms, and which group and which term of it are chosen. */
function choose(at, groups) {
  const sums = groups.map((terms) => total(terms.map((one) => product(at, one))));
  const group = at.chosen.group ?? strongest(sums);
  const term = at.chosen.term ?? strongest(groups[group].map((one) => product(at, one)));
  const pickGroup = (i) => at.pick({ group: i });
  const pickTerm = (i) => at.pick({ group, term: i });
  return { sums, group, term, pickGroup, pickTerm };
}

/** Tell of one product, and lead to the number in it. */
function multiplication(at, { from, weight }, name) {
  const input = at.before[from] ?? 0;
  const edge = from === null ? " (beyond the edge, so 0)" : "";
  const parts = `${written(input)}${edge} times ${written(weight)} is `;
  const told = line(`${name}: ${parts}`, result(input * weight), ".");
  return from === null ? [told] : [told, way(at, from)];
}

/** Tell what comes after the sum of all products. */
function ending(at, sum) {
  const bias = at.layer.bias[at.i % at.layer.bias.length];
  const made = line(`They add up to ${written(sum)}; with the bias, ${written(bias)}, that is `);
  made.append(written(sum + bias), ". ", ...activated(at, sum + bias).childNodes);
  return made;
}

/** Tell what the activation makes of a score. */
function activated(at, score) {
  if (at.layer.activation === "relu") {
    const kept =
      score > 0 ? "ReLU keeps what is above 0: " : "That is not above 0, so ReLU makes it ";
    return line(kept, result(at.value), ".");
  }
  if (at.layer.activation !== "softmax") return line("It stays so: ", result(at.value), ".");
  const scores = OPERATIONS[at.layer.kind](at.before, at.shape, at.layer);
  const powers = Array.from(scores, Math.exp);
  const all = `for all ${powers.length} scores these powers add up to ${written(total(powers))}`;
  const one = `Softmax: e to the power of ${written(score)} is ${written(powers[at.i])}; ${all}. `;
  return line(`${one}The share: `, result(at.value), ".");
}

/** Return the shape of the maps that a row of numbers was, unless its length has changed. */
function beforeFlatten({ network, step }) {
  let index = step - 2;
  while (["BatchNormalization", "Activation", "Dropout"].includes(network.layers[index]?.kind)) {
    index -= 1;
  }
  return network.layers[index]?.kind === "Flatten"
    ? (network.layers[index - 1]?.shape ?? network.shape)
    : null;
}

/** Make a button that leads to a number of the layer before. */
function way(at, from) {
  const text = `Where does the ${written(at.before[from])} come from?`;
  const button = element("button", "pad-button", { type: "button", textContent: text });
  button.addEventListener("click", () => at.go(at.step - 1, from));
  return button;
}

/**
 * Show numbers in rows, coloured by their size; the `chosen` one has a frame.
 *
 * With `pick` they are buttons: Tab leads to the chosen one, the arrow keys choose another.
 */
function table(name, numbers, columns, chosen, pick) {
  const most = farthest(numbers);
  const all = Array.from(numbers, (number, i) => {
    const text = { textContent: written(number, 3) };
    const cell = element(pick ? "button" : "span", "number", text);
    cell.style.background = `rgb(${colour((0.4 * number) / most)})`; // pale: the text is dark
    cell.classList.toggle("number-chosen", i === chosen);
    if (!pick) return cell;
    Object.assign(cell, { type: "button", tabIndex: i === chosen ? 0 : -1 });
    cell.setAttribute("aria-pressed", i === chosen);
    cell.addEventListener("click", () => pick(i));
    return cell;
  });
  const root = element("div", "numbers", {}, ...all);
  root.style.gridTemplateColumns = `repeat(${columns}, minmax(3.9em, max-content))`;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", name);
  if (!pick) return root;
  root.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow || hasModifier(event)) return;
    event.preventDefault();
    const across = getComputedStyle(root).gridTemplateColumns.split(" ").length;
    all[all.indexOf(event.target) + arrow[0] + across * arrow[1]]?.click();
  });
  return root;
}

function titled(title, content) {
  const caption = element("figcaption", "", { textContent: title });
  return element("figure", "explain-part", {}, caption, content);
}

const line = (...parts) => element("p", "explain-line", {}, ...parts);
const result = (number) => element("strong", "", { textContent: written(number) });
const product = (at, { from, weight }) => (at.before[from] ?? 0) * weight;
const total = (numbers) => numbers.reduce((a, b) => a + b, 0);
