// "Break it": change weights of the network on purpose, and see what becomes of its answers.

import { _, element, writeShare } from "../elements/index.js";
import { argmax, forward, randomFrom } from "../network/index.js";
import { layerName } from "../viewer/index.js";

const DIGIT_COUNT = 200; // that the network reads before and after
const CHANGED = ["kernel", "bias"]; // the weights that can be changed here
const BITS = [4, 2, 1];
const UNKNOWN = "\u2013"; // in place of a number that isn't known

export class Breaking {
  wasBroken = false; // has the network been broken, and not put back?
  #whole = null; // the weights of each layer before the first change, or null while there was none
  #right = {}; // what `countRight` gave `before` the first change, and what it gives `now`
  #changeCount = 0;

  /**
   * Offer it in the elements `nodes` of the panel. `page` has these functions:
   *
   * - `network()` and `pad()`: the network, whose weights are changed, and the model of its pad.
   * - `rest()`: pauses the training. The promise is kept when no step is being computed.
   * - `countRight(count)`: a promise of how many digits are `right` of at most so many, and of their
   *   `count`. Where there are no digits, the promise is of an empty object.
   * - `onChange()`: weights have been changed.
   */
  constructor(nodes, page) {
    Object.assign(this, { nodes, page });
    const listen = (name, listener) => nodes[name].addEventListener("click", listener);
    listen("unit-zero", () => this.breakIt(() => setUnit(this.layer, this.unit, () => 0)));
    listen("unit-random", () => this.breakIt(() => this.setRandom()));
    listen("bias-zero", () => this.breakIt(() => this.layer.bias.fill(0)));
    for (const bits of BITS) listen(`bits-${bits}`, () => this.breakIt(() => this.roundAll(bits)));
    listen("put-back", () => this.putBack());
    nodes["broken-layer"].addEventListener("change", () => this.limitUnit());
  }

  /** The chosen layer. */
  get layer() {
    return this.page.network().layers[Number(this.nodes["broken-layer"].value) - 1];
  }

  /** The chosen filter or unit of that layer. */
  get unit() {
    const number = Math.round(this.nodes["broken-unit"].valueAsNumber) || 0;
    return Math.min(Math.max(number, 0), this.layer.bias.length - 1);
  }

  /** Another network is on the page, and it is whole. */
  begin() {
    const network = this.page.network();
    const indices = network.layers.flatMap(({ kernel }, k) => (kernel ? [k + 1] : []));
    const options = indices.map((index) => new Option(layerName(network, index), index));
    this.nodes["broken-layer"].replaceChildren(...options);
    this.limitUnit();
    this.wasBroken = false;
    this.forget();
  }

  /** The weights have been trained, so nothing can be put back any more. */
  forget() {
    this.#whole = null;
    this.show();
  }

  /** Choose a filter, or a unit, of a layer, for somebody who looks at one of its numbers. */
  choose(layerIndex, unit) {
    const { breaking, "broken-layer": layer, "broken-unit": number } = this.nodes;
    breaking.open = true;
    layer.value = layerIndex;
    number.value = unit;
    this.limitUnit();
    breaking.scrollIntoView({ block: "nearest" });
    number.focus({ preventScroll: true });
  }

  /** Let only such a unit be chosen as the layer has. */
  limitUnit() {
    const { "broken-unit": number } = this.nodes;
    number.max = this.layer.bias.length - 1;
    number.value = this.unit;
  }

  /** Break the network by the function `change`. Count what it reads, before the first change and after each. */
  async breakIt(change) {
    await this.page.rest();
    if (!this.#whole) {
      this.#right = { before: await this.page.countRight(DIGIT_COUNT) };
      this.#whole = this.page.network().layers.map(copyWeights);
    }
    change();
    this.wasBroken = true;
    this.#changeCount += 1;
    const count = this.#changeCount;
    this.#right.now = {};
    this.page.onChange();
    this.show();
    const now = await this.page.countRight(DIGIT_COUNT);
    if (count !== this.#changeCount) return; // it has been changed again meanwhile
    this.#right.now = now;
    this.show();
  }

  /**
   * Set a filter or a unit to 0, count the digits that the network reads then, and put it back. Return
   * the `count` of digits, and how many of them it read `before` and `without` it. Raise an error where
   * there are no digits.
   */
  async tryWithout(layerIndex, unit) {
    if (this.#whole) this.putBack();
    this.nodes["broken-layer"].value = layerIndex;
    this.nodes["broken-unit"].value = unit;
    await this.breakIt(() => setUnit(this.layer, this.unit, () => 0));
    const { before, now } = this.#right;
    if (this.#whole) this.putBack();
    if (!now.count) throw new Error("There are no digits to read.");
    return { count: now.count, before: before.right, without: now.right };
  }

  /** Give the chosen filter or unit random weights, which are about as large as the others of the layer. */
  setRandom() {
    const { kernel } = this.layer;
    const meanSquare = kernel.reduce((sum, weight) => sum + weight * weight, 0) / kernel.length;
    const largest = Math.sqrt(3 * meanSquare); // of numbers between it and its negative
    const random = randomFrom(1 + this.#changeCount);
    setUnit(this.layer, this.unit, () => largest * (2 * random() - 1));
  }

  /** Round all weights of each layer to so many bits. */
  roundAll(bits) {
    for (const { kernel } of this.page.network().layers) if (kernel) roundWeights(kernel, bits);
  }

  /** Give the network its weights back. */
  putBack() {
    this.page.network().layers.forEach((layer, k) => {
      for (const [name, weights] of Object.entries(this.#whole[k])) layer[name].set(weights);
    });
    this.#changeCount += 1;
    this.wasBroken = false;
    this.page.onChange();
    this.forget();
  }

  /** Show what the network answered and read before, and what it answers and reads now. */
  show() {
    const { "put-back": putBack, broken } = this.nodes;
    const network = this.page.network();
    putBack.disabled = !this.#whole;
    if (!this.#whole) {
      broken.replaceChildren();
      return;
    }
    const layers = network.layers.map((layer, k) => ({ ...layer, ...this.#whole[k] }));
    const { before, now } = this.#right;
    const { count = UNKNOWN } = before;
    const heads = ["", _("your drawing"), _("digits that it reads, of {count}", { count })];
    broken.replaceChildren(
      element(
        "table",
        "",
        {},
        tableRow(heads, "col"),
        tableRow([_("as it was"), this.#answerOf({ ...network, layers }), before.right ?? UNKNOWN], "row"),
        tableRow([_("now"), this.#answerOf(network), now.right ?? UNKNOWN], "row"),
      ),
    );
  }

  /** Say what a network answers to the drawing on the pad. */
  #answerOf(network) {
    const { values, classes } = this.page.pad();
    if (!values) return UNKNOWN;
    const shares = forward(network, values[0]).at(-1);
    const best = argmax(shares);
    return `${classes[best]} (${writeShare(shares[best])})`;
  }
}

/** Make a row of a table, in which the first cell, or each cell of the first row, is a heading. */
function tableRow(texts, scope) {
  const cells = texts.map((textContent, k) => {
    const isHead = textContent && (scope === "col" || k === 0);
    return element(isHead ? "th" : "td", "", { textContent, ...(isHead && { scope }) });
  });
  return element("tr", "", {}, ...cells);
}

function copyWeights(layer) {
  const present = CHANGED.filter((name) => layer[name]);
  return Object.fromEntries(present.map((name) => [name, layer[name].slice()]));
}

/** Give a unit of a layer weights that `next` returns one after the other, and a bias of 0. */
function setUnit({ kernel, bias }, unit, next) {
  for (let k = unit; k < kernel.length; k += bias.length) kernel[k] = next();
  bias[unit] = 0;
}

/** Round weights to as many values as so many bits can name, evenly spaced from the smallest to the largest. */
function roundWeights(weights, bits) {
  const smallest = weights.reduce((a, b) => Math.min(a, b));
  const step = (weights.reduce((a, b) => Math.max(a, b)) - smallest) / (2 ** bits - 1);
  if (!step) return;
  weights.forEach((weight, k) => (weights[k] = smallest + step * Math.round((weight - smallest) / step)));
}
