// One step in numbers: each weight's derivative as a sum over the batch, what RMSprop made of it,
// and the way back from a number of a map to p - y.

import { _, button, element, table, whereabouts, written } from "../elements/index.js";
import {
  DIGIT_NAMES,
  OPERATIONS,
  backward,
  forwardPass,
  inputOf,
  shapeOf,
  strongest,
} from "../network/index.js";
import { named, showNetwork } from "../viewer/index.js";
import { findPosition } from "./step_address.js";

const MAX_PRODUCTS = 5; // of a sum that are listed; all others are added up

export class OneStep {
  /**
   * Remember the step that a network is about to take by a batch, its gradient and a learning rate.
   * The step will change `network` and the means of squares in `secondMoments`.
   */
  constructor(network, secondMoments, { batch, gradient, rate }) {
    this.networkAfter = network;
    this.network = structuredClone(network); // as it is before the step
    this.network.examples = batch.map(({ image }) => image);
    this.meansAfter = secondMoments;
    this.meansBefore = structuredClone(secondMoments);
    this.gradient = gradient;
    this.rate = rate;
    this.images = batch.map(({ image }) => inputOf(image));
    this.labels = batch.map(({ label }) => label);
    this.passes = []; // forward and back, of each image that has been asked for
    this.shownWeight = null; // its place in the kernel
    this.report = () => {}; // gets each position that is opened
  }

  /**
   * Show the network as it was before the step in the element `el`, and open a position in it. The
   * position is as step_address.js finds it. It names a number `i`, or a `unit`, of which the
   * largest number is opened. `onReport` gets each position that is opened from then on, or null.
   * Where `isQuiet`, nothing gets the focus.
   */
  show(el, { step, unit, i, chosen = {}, image = 0 }, onReport = () => {}, isQuiet = false) {
    this.report = onReport;
    const imageNumber = image < this.images.length ? image : 0;
    const number = i ?? this.findLargest(step, unit, imageNumber);
    const title = imageNumber
      ? _("The network before this step, with image {image} of the batch", { image: imageNumber })
      : _("The network before this step, with the first image of the batch");
    el.append(element("p", "explain-title", {}, title));
    const example = this.network.examples[imageNumber];
    const viewer = showNetwork(el, this.network, { image: example, trainingStep: this });
    if (isQuiet) {
      viewer.present(step, number, chosen);
      return;
    }
    viewer.open(step, number);
    el.querySelector(".explain-step [tabindex='0']")?.focus();
  }

  /** Return the position of what an address names, for `show`, or null. */
  find(target) {
    return findPosition(this.network, target);
  }

  /** Return the place of the largest number that a unit makes of an image of the batch. */
  findLargest(step, unit, imageNumber) {
    const units = this.network.layers[step - 1].bias.length;
    const values = this.passThrough(imageNumber).values[step];
    return strongest(values.map((value, i) => (i % units === unit ? value : -Infinity)));
  }

  /** Return which image of the batch is shown, or -1. */
  findImage(shown) {
    return this.images.findIndex((image) => image.every((ink, k) => ink === shown[k]));
  }

  /** Pass an image of the batch forward and back, once; return the values and the derivatives. */
  passThrough(imageNumber) {
    this.passes[imageNumber] ??= this.computePass(imageNumber);
    return this.passes[imageNumber];
  }

  computePass(imageNumber) {
    const pass = forwardPass(this.network, this.images[imageNumber]);
    const label = this.labels[imageNumber];
    return { ...pass, ...backward(this.network, pass, label, this.images.length) };
  }

  /** Explain, for the viewer, what the step made of a weight, or of the bias beside it. */
  ofWeight(position, weight) {
    const { step, layer, chosen, i, values } = position;
    this.shownWeight = weight;
    const unit = i % layer.bias.length;
    const [name, index] = chosen.bias ? ["bias", unit] : ["kernel", weight];
    const numberIn = (arrays) => arrays[step - 1]?.[name][index] ?? 0;
    const before = numberIn(this.network.layers);
    const after = numberIn(this.networkAfter.layers);
    const numbers = {
      before: sixDigits(before),
      after: sixDigits(after),
      change: sixDigits(after - before),
      earlier: sixDigits(numberIn(this.meansBefore)),
      mean: sixDigits(numberIn(this.meansAfter)),
      derivative: sixDigits(numberIn(this.gradient)),
      rate: this.rate,
      count: this.images.length,
      places: values[step].length / layer.bias.length,
    };
    const title = _("What the step made of the weight, or of the bias");
    const labels = [_("weight"), _("bias")];
    const write = (number, k) => `${labels[k]}\n${written(number)}`;
    const pick = (k) => position.pick({ ...chosen, bias: k === 1 });
    const both = [layer.kernel[weight], layer.bias[unit]];
    const sum = element("div", "", {}, _("Adding up ..."));
    this.showSum(sum, position, name, index);
    return section(
      title,
      table(title, both, 2, chosen.bias ? 1 : 0, pick, write),
      _("Before the step: {before}", numbers),
      _(
        "Its derivative: {derivative}. That is the sum of input \u00d7 derivative of the output over {count} images (places in each: {places}). The input of a bias is 1.",
        numbers,
      ),
      sum,
      _(
        "RMSprop's mean of squares: 0.9 \u00d7 {earlier} + 0.1 \u00d7 ({derivative})\u00b2 = {mean}",
        numbers,
      ),
      _(
        "The step goes against the derivative, divided by its usual size, the root of that mean: \u2212{rate} \u00d7 ({derivative}) / \u221a({mean} + 0.0000001) = {change}",
        numbers,
      ),
      _("After the step: {before} + ({change}) = {after}", numbers),
    );
  }

  /** Show the derivative of a weight or a bias in `node`, as a sum over all images and places. */
  async showSum(node, { step, layer, shape, go }, name, index) {
    const units = layer.bias.length;
    const unit = index % units;
    const inputLayer = layerOfOneWeight(layer, name, Math.floor(index / units));
    const products = [];
    for (let image = 0; image < this.images.length; image += 1) {
      // Before each pass, the page may do other things.
      if (!this.passes[image]) await new Promise((resolve) => setTimeout(resolve));
      const { values, scoreDerivatives } = this.passThrough(image);
      const inputs = OPERATIONS[layer.kind]([values[step - 1]], [shape], inputLayer);
      inputs.forEach((factor, place) => {
        const output = place * units + unit;
        products.push({ image, output, factor, derivative: scoreDerivatives[step][output] });
      });
    }
    const nameOf = ({ image }) => _("image {image}", { image });
    const open = ({ image, output }) => go(step, output, image);
    node.replaceChildren(...productList(products, nameOf, layer.shape, open));
  }

  /** Explain, for the viewer, how the derivative of a number comes back from the next layer. */
  ofNumber({ step, i, values: [shown], go }) {
    const imageNumber = this.findImage(shown);
    if (imageNumber < 0)
      return section(_("A drawing has no label, and so no derivatives. Press Another example."));
    const { layers, classes = DIGIT_NAMES } = this.network;
    const { values, derivatives, scoreDerivatives } = this.passThrough(imageNumber);
    const derivative = derivatives[step][i];
    const label = this.labels[imageNumber];
    const title = _("Backpropagation: image {image} of the batch, label {label}", {
      image: imageNumber,
      label: classes[label],
    });
    const next = layers[step];
    if (!next) {
      const error = this.describeError(values[step][i], derivative, label === i);
      return section(title, error);
    }
    const weights = this.weightsFrom(step, i, values[step].length);
    const products = Array.from(weights, (factor, output) => {
      return { output, factor, derivative: scoreDerivatives[step + 1][output] };
    });
    // Without weights, the whole derivative comes from one number. A 0 comes from none.
    const isOrigin = (product) => product.derivative !== 0 && product.derivative === derivative;
    const counts = (product) => product.factor && (next.kernel || isOrigin(product));
    const nextName = named(this.network, step + 1);
    const open = ({ output }) => go(step + 1, output);
    return section(
      title,
      _(
        "Its derivative: {derivative}. If this number grew by 1, the loss would change by about so much, were the slope the same all the way.",
        { derivative: sixDigits(derivative) },
      ),
      _(
        "It went on into the next layer. From each number there comes back weight \u00d7 derivative (1 where there is no weight), all added up: the chain rule. Nothing comes back through ReLU where it made 0, and from a block only to its largest number.",
      ),
      ...productList(products.filter(counts), () => nextName, next.shape, open),
    );
  }

  /** Describe the derivative of a logit: its probability p minus y, in the mean of the batch. */
  describeError(probability, derivative, isLabel) {
    const count = this.images.length;
    let p = sixDigits(probability);
    // A p that rounds to 1 is described by its distance from 1.
    if (isLabel && p === "1.000000") p = `1 \u2212 ${sixDigits(-count * derivative)}`;
    return _(
      "It begins with the derivative of the logit: p \u2212 y, the error. In the mean of {count} images, that is ({p} \u2212 {y}) / {count} = {derivative}",
      { p, y: Number(isLabel), count, derivative: sixDigits(derivative) },
    );
  }

  /** Return the weights by which number `i` of a layer goes into each number of the next layer. */
  weightsFrom(step, i, length) {
    // Run the next layer without its bias, with this number set to 1 and all others to 0.
    const next = this.network.layers[step];
    const oneNumber = new Float32Array(length);
    oneNumber[i] = 1;
    const withoutBias = { ...next, bias: next.bias?.map(() => 0) };
    return OPERATIONS[next.kind]([oneNumber], [shapeOf(this.network, step)], withoutBias);
  }

  /** Report what an address could name: the weight or bias that is chosen, else the number. */
  onOpen(position) {
    if (!position) {
      this.report(null);
      return;
    }
    const { step, i, chosen, values } = position;
    const layer = this.network.layers[step - 1];
    const isWeight = layer?.kernel && (chosen.group ?? chosen.term) !== undefined;
    const image = this.findImage(values[0]);
    if (chosen.bias) this.report({ kind: "bias", step, i: i % layer.bias.length });
    else if (isWeight) this.report({ kind: "weight", step, i: this.shownWeight });
    else if (image < 0) this.report(null); // a drawing is in no batch
    else this.report({ kind: "number", step, i, image });
  }
}

/** Write a number with six digits after the point, and a zero as 0. */
function sixDigits(number) {
  return number ? written(number, 6) : "0";
}

/**
 * Return a layer of one unit, in which one weight is 1 and all others are 0. Such a layer returns the
 * inputs by which that weight is multiplied. The weight is the bias, or the one at the place `input`
 * of the unit's kernel.
 */
function layerOfOneWeight(layer, name, input) {
  const weights = { kernel: new Float32Array(layer.kernel.length / layer.bias.length), bias: [0] };
  weights[name][input] = 1;
  return { ...layer, ...weights, shape: [...layer.shape.slice(0, -1), 1] };
}

/** Make a section of a title and further parts: elements, or texts that become paragraphs. */
function section(title, ...parts) {
  const nodes = parts.map((part) => (part.nodeType ? part : element("p", "", {}, part)));
  const heading = element("p", "explain-title", {}, title);
  return [element("div", "explain-step", {}, heading, ...nodes)];
}

/**
 * List the largest products of a sum as buttons, and add up the others. A product belongs to a number
 * of an array with this `shape`, at the place `output`; `nameOf` returns the array's name. `open`
 * gets the product of the button that is pressed.
 */
function productList(products, nameOf, shape, open) {
  const resultOf = ({ factor, derivative }) => factor * derivative;
  const sum = (some) => sixDigits(some.reduce((total, product) => total + resultOf(product), 0));
  const sizeOf = (product) => Math.abs(resultOf(product));
  const sorted = products.filter(resultOf).sort((a, b) => sizeOf(b) - sizeOf(a));
  const largest = sorted.slice(0, MAX_PRODUCTS);
  const buttons = largest.map((product) => {
    const factor = sixDigits(product.factor);
    const derivative = sixDigits(product.derivative);
    const result = sixDigits(resultOf(product));
    const text = _("{layer}, {place}: {value}", {
      layer: nameOf(product),
      place: whereabouts(product.output, shape),
      value: `${factor} \u00d7 ${derivative} = ${result}`,
    });
    return button(text, () => open(product));
  });
  const count = (products.length - largest.length).toLocaleString("en");
  const rest = sum(sorted.slice(MAX_PRODUCTS));
  const others = _("The other {count} products add up to {rest}.", { count, rest });
  const whole = _("The whole sum: {sum}", { sum: sum(sorted) });
  const text = products.length > largest.length ? `${others} ${whole}` : whole;
  return [...buttons, element("p", "", {}, text)];
}
