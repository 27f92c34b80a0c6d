// Where a number comes from: the real numbers that it is made of, as elements of a page.

import { element } from "../pad/pad.js";
import { colour, farthest } from "./maps.js";
import { OPERATIONS } from "./network.js";

/** Write a number with three digits after the point, and a true minus. */
export function written(number) {
  const text = Math.abs(number) < 1e6 ? number.toFixed(3) : number.toExponential(3);
  return text.replace(/^-0\.000$/, "0.000").replace("-", "\u2212");
}

/** Say where number `i` of an array of a shape stands; all counts begin at 0, as in NumPy. */
export function whereabouts(i, [, columns, channels]) {
  if (columns === undefined) return `number ${i}`;
  const place = Math.floor(i / channels);
  const map = channels > 1 ? `map ${i % channels}, ` : "";
  return `${map}row ${Math.floor(place / columns)}, column ${place % columns}`;
}

/**
 * Explain one number.
 *
 * `at` says which: `i` is its place in `values[step]`, what layer `layers[step - 1]` gives; step 0
 * is the image. `chosen` remembers what one has picked of the `group`s of products that are added
 * up and of the `term`s in one group. `pick` takes another choice; `go(step, i)` leads elsewhere.
 */
export function explain(network, at) {
  const layer = network.layers[at.step - 1];
  const value = at.values[at.step][at.i];
  if (!layer)
    return [
      line(`This pixel has ${Math.round(255 * value)} of 255, so `, result(value), " of full ink."),
    ];
  const shape = network.layers[at.step - 2]?.shape ?? network.shape;
  const before = at.values[at.step - 1];
  const parts = EXPLANATIONS[layer.kind]({ ...at, network, layer, shape, before, value });
  if (layer.activation !== "softmax") return parts;
  return [...parts, softmax(OPERATIONS[layer.kind](before, shape, layer), at.i, value)];
}

const EXPLANATIONS = {
  Conv2D(at) {
    const [height, width, channels] = at.shape;
    const [, columns, filters] = at.layer.shape;
    const [filter, place] = [at.i % filters, Math.floor(at.i / filters)];
    const top = Math.floor(place / columns) - at.layer.before[0];
    const left = (place % columns) - at.layer.before[1];
    const [rows, side] = at.layer.size;
    const groups = Array.from({ length: channels }, (_, channel) =>
      Array.from({ length: rows * side }, (_, k) => {
        const [y, x] = [top + Math.floor(k / side), left + (k % side)];
        const inside = y >= 0 && x >= 0 && y < height && x < width;
        const from = inside ? (y * width + x) * channels + channel : null;
        return { from, weight: at.layer.kernel[(k * channels + channel) * filters + filter] };
      }),
    );
    const maps = channels > 1 ? `each of the ${channels} maps before` : "the image";
    const intro = `The kernel of this map lies on a patch of ${rows}x${side} numbers of ${maps}.`;
    return [line(intro), ...weightedSum(at, groups, "map", "auto-fill", side)];
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
    const intro = `This unit weighs all ${at.before.length.toLocaleString("en")} numbers.`;
    return [line(intro), ...weightedSum(at, groups, "place", columns, "auto-fill")];
  },

  MaxPooling2D(at) {
    const [, width, channels] = at.shape;
    const [, columns] = at.layer.shape;
    const [rows, side] = at.layer.size;
    const [channel, place] = [at.i % channels, Math.floor(at.i / channels)];
    const block = Array.from({ length: rows * side }, (_, k) => {
      const y = Math.floor(place / columns) * rows + Math.floor(k / side);
      const x = (place % columns) * side + (k % side);
      return (y * width + x) * channels + channel;
    });
    const numbers = block.map((from) => at.before[from]);
    const kept = numbers.indexOf(Math.max(...numbers));
    return [
      line(
        `Of these ${numbers.length} numbers of the map before, the largest is kept: `,
        result(at.value),
      ),
      table("The block", numbers, side, kept, (k) => at.go(at.step - 1, block[k])),
      way(at, block[kept]),
    ];
  },

  Flatten(at) {
    const place = whereabouts(at.i, at.shape);
    return [
      line(`It is the number at ${place}, and stays as it is: `, result(at.value)),
      way(at, at.i),
    ];
  },

  Dropout(at) {
    const text = "Dropout works while one trains. Here the number stays as it is: ";
    return [line(text, result(at.value)), way(at, at.i)];
  },

  BatchNormalization(at) {
    const channel = at.i % at.layer.factor.length;
    const [factor, offset] = [at.layer.factor[channel], at.layer.offset[channel]];
    const sum = `${written(at.before[at.i])} times ${written(factor)}, plus ${written(offset)}: `;
    return [
      line("After training, normalising is one factor and one offset for each map."),
      line(sum, result(at.value)),
      way(at, at.i),
    ];
  },

  Activation(at) {
    const means = at.layer.activation === "relu" ? [relu(at.before[at.i]), result(at.value)] : [];
    return [line(...means), way(at, at.i)];
  },
};

/** Explain a sum of products in groups: all groups, one group, one product. */
function weightedSum(at, groups, name, columns, side) {
  const products = groups.map((terms) =>
    terms.map(({ from, weight }) => (at.before[from] ?? 0) * weight),
  );
  const sums = products.map(total);
  const group = at.chosen.group ?? largest(sums);
  const term = at.chosen.term ?? largest(products[group]);
  const { from, weight } = groups[group][term];
  const input = at.before[from] ?? 0;
  const pickTerm = (i) => at.pick({ group, term: i });
  const parts = [];
  if (groups.length > 1) {
    const all = `What each ${name} adds`;
    parts.push(
      titled(
        `${all}; here is ${name} ${group}:`,
        table(all, sums, columns, group, (i) => at.pick({ group: i })),
      ),
    );
  }
  const multiplied = titled("products", table("Products", products[group], side, term, pickTerm));
  if (side === "auto-fill") {
    parts.push(multiplied);
  } else {
    const inputs = groups[group].map((one) => at.before[one.from] ?? 0);
    const weights = groups[group].map((one) => one.weight);
    parts.push(
      element(
        "div",
        "explain-row",
        {},
        titled("patch", table("Patch", inputs, side, term)),
        sign("\u00d7"),
        titled("kernel", table("Kernel", weights, side, term)),
        sign("="),
        multiplied,
      ),
    );
  }
  const edge = from === null ? " (beyond the edge, so 0)" : "";
  parts.push(
    line(
      `One product: ${written(input)}${edge} times ${written(weight)} ` +
        `is ${written(input * weight)}.`,
    ),
  );
  if (from !== null) parts.push(way(at, from));
  const [sum, bias] = [total(sums), at.layer.bias[at.i % at.layer.bias.length]];
  const among = groups.length > 1 ? `all ${groups.length} ${name}s` : "all products";
  const end = `${written(sum)} from ${among}, and the bias ${written(bias)}, make `;
  if (at.layer.activation !== "relu") return [...parts, line(end, result(sum + bias))];
  return [...parts, line(end, `${written(sum + bias)}. `, relu(sum + bias), result(at.value))];
}

function relu(score) {
  return score > 0 ? "ReLU keeps what is above 0: " : "ReLU makes 0 of what is below: ";
}

function softmax(scores, unit, value) {
  const powers = Array.from(scores, Math.exp);
  const one = `Softmax: e to the power of ${written(scores[unit])} is ${written(powers[unit])}. `;
  return line(
    one,
    `For all ${powers.length} scores that adds up to ${written(total(powers))}. The share: `,
    result(value),
  );
}

/** Return the shape of the maps that a row of numbers was, unless its length has changed. */
function beforeFlatten({ network, step }) {
  let index = step - 2;
  while (["BatchNormalization", "Activation"].includes(network.layers[index]?.kind)) index -= 1;
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
 * With `pick` they are buttons: Tab leads to the chosen one, the arrow keys from there to others.
 */
function table(name, numbers, columns, chosen, pick) {
  const most = farthest(numbers);
  const all = Array.from(numbers, (number, i) => {
    const cell = element(pick ? "button" : "span", "number", { textContent: written(number) });
    cell.style.background = `rgb(${colour((0.4 * number) / most)})`; // pale: the text is dark
    cell.classList.toggle("number-chosen", i === chosen);
    if (!pick) return cell;
    Object.assign(cell, { type: "button", tabIndex: i === chosen ? 0 : -1 });
    cell.setAttribute("aria-pressed", i === chosen);
    cell.addEventListener("click", () => pick(i));
    return cell;
  });
  const root = element("div", "numbers", {}, ...all);
  root.style.gridTemplateColumns = `repeat(${columns}, minmax(3.7em, max-content))`;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", name);
  root.addEventListener("keydown", (event) => {
    const across = getComputedStyle(root).gridTemplateColumns.split(" ").length;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
    if (!by) return;
    event.preventDefault();
    all[all.indexOf(document.activeElement) + by]?.focus();
  });
  return root;
}

function titled(title, content) {
  return element(
    "figure",
    "explain-part",
    {},
    element("figcaption", "", { textContent: title }),
    content,
  );
}

const line = (...parts) => element("p", "explain-line", {}, ...parts);
const result = (number) => element("strong", "", { textContent: written(number) });
const sign = (text) => element("span", "explain-sign", { textContent: text });
const total = (numbers) => numbers.reduce((a, b) => a + b, 0);
const largest = (numbers) =>
  numbers.reduce((best, x, i) => (Math.abs(x) > Math.abs(numbers[best]) ? i : best), 0);
