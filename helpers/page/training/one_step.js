// One step in numbers: each weight's derivative as a sum over the batch, what RMSprop made of it,
// and the way back from a number of a map to p - y.

import { _, button, element, line, sentence, table, whereabouts, written } from "../elements/index.js";
import {
  ACTIVATIONS,
  DIGIT_NAMES,
  TRAITS,
  argmax,
  backward,
  forwardPass,
  inputOf,
  shapeOf,
  sourcesOf,
} from "../network/index.js";
import { layerName, listLayers, showNetwork } from "../viewer/index.js";
import { countUnits, findFactors, findWeightInputs } from "./factors.js";
import { firstWeights } from "./kernel_images.js";
import { findPosition } from "./step_address.js";

const MAX_PRODUCTS = 5; // of a sum that are listed; all others are added up
// What is shown of the weights in an explanation: an array, and often a second one that is added.
const WEIGHTS_SHOWN = {
  kernel: {
    title: _("What the step made of the weight, or of the bias"),
    labels: { kernel: _("weight"), bias: _("bias") },
  },
  factor: {
    title: _("What the step made of the factor, or of the offset"),
    labels: { factor: _("factor"), offset: _("offset") },
  },
};

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
    this.shownWeight = null; // the place in its array of the weight that is explained
    this.report = () => {}; // gets the address of each number that is opened
  }

  /**
   * Show the network as it was before the step in the element `el`, and open a position in it. The
   * position is as step_address.js finds it. It names a number `i`, or a `unit`, of which the
   * largest number is opened. From then on `onReport` gets the address of each number that is opened,
   * or null. Nothing gets the focus, and nothing is scrolled. Return a function to call before the
   * elements are removed.
   */
  show(el, { layerIndex, unit, i, chosen = {}, image = 0 }, onReport = () => {}) {
    this.report = onReport;
    const imageNumber = image < this.images.length ? image : 0;
    const number = i ?? this.findLargest(layerIndex, unit, imageNumber);
    const title = imageNumber
      ? _("The network before this step, with image {image} of the batch")
      : _("The network before this step, with the first image of the batch");
    el.append(element("p", "explain-title", {}, ...sentence(title, { image: imageNumber })));
    const example = this.network.examples[imageNumber];
    const viewer = showNetwork(el, this.network, { image: example, trainingStep: this });
    viewer.present(layerIndex, number, chosen);
    return viewer.stop;
  }

  /** Return the position of what an address names, for `show`, or null. */
  find(target) {
    return findPosition(this.network, target);
  }

  /**
   * Return the weight of the first layer with weights with which the loss grows fastest: its
   * `layerIndex`, its place `weight` in the kernel, its `derivative`, and what it was `before` and
   * `after` the step.
   */
  findSteepestWeight() {
    const { layerIndex } = firstWeights(this.network);
    const kernelOf = (layers) => layers[layerIndex - 1].kernel;
    const weight = argmax(kernelOf(this.gradient));
    return {
      layerIndex,
      weight,
      derivative: kernelOf(this.gradient)[weight],
      before: kernelOf(this.network.layers)[weight],
      after: kernelOf(this.networkAfter.layers)[weight],
    };
  }

  /** Return the place of the largest number that a unit makes of an image of the batch. */
  findLargest(layerIndex, unit, imageNumber) {
    const units = countUnits(this.network.layers[layerIndex - 1]);
    const values = this.passThrough(imageNumber).values[layerIndex];
    return argmax(values.map((value, i) => (i % units === unit ? value : -Infinity)));
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

  /**
   * Explain, for the viewer, what the step made of a weight, or of the bias beside it. The weight is
   * the one at the place `weight` of an array of the layer, a `kernel` or the `factor` of a
   * normalization.
   */
  explainWeight(selection, arrayName, weight) {
    const { layerIndex, layer, chosen, i, values } = selection;
    const { title, labels } = WEIGHTS_SHOWN[arrayName];
    const isTrained = (name) => !layer.constants?.includes(name);
    const names = Object.keys(labels).filter(isTrained);
    if (!names.includes(arrayName)) return [];
    const units = countUnits(layer);
    const indexIn = (name) => (name === arrayName ? weight : i % units);
    const shown = chosen.bias && names.length > 1 ? 1 : 0;
    const name = names[shown];
    const index = indexIn(name);
    this.shownWeight = index;
    const numberIn = (arrays) => arrays[layerIndex - 1]?.[name][index] ?? 0;
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
      places: values[layerIndex].length / units,
    };
    const write = (number, k) => `${labels[names[k]]}\n${written(number)}`;
    const pick = (k) => selection.pick({ ...chosen, bias: k === 1 });
    const weights = names.map((array) => layer[array][indexIn(array)]);
    const sum = element("div", "", {}, _("Adding up ..."));
    this.showSum(sum, selection, name, index);
    return section(
      title,
      table(title, weights, names.length, shown, pick, write),
      line(_("Before the step: {before}"), numbers),
      line(
        _(
          "Its derivative: {derivative}. That is the sum of input \u00d7 derivative of the output over {count} images (places in each: {places}). The input of a bias is 1.",
        ),
        numbers,
      ),
      sum,
      line(
        _(
          "RMSprop's mean of squares: 0.9 \u00d7 {earlier} + 0.1 \u00d7 ({derivative})\u00b2 = {mean}",
        ),
        numbers,
      ),
      line(
        _(
          "The step goes against the derivative, divided by its usual size, the root of that mean: \u2212{rate} \u00d7 ({derivative}) / \u221a({mean} + 0.0000001) = {change}",
        ),
        numbers,
      ),
      line(_("After the step: {before} + ({change}) = {after}"), numbers),
    );
  }

  /** Show the derivative of a weight or a bias in `node`, as a sum over all images and places. */
  async showSum(node, { layerIndex, layer, shapes, sources, follow }, name, index) {
    const units = countUnits(layer);
    const unit = index % units;
    const products = [];
    for (let image = 0; image < this.images.length; image += 1) {
      // Before each pass, the page may do other things.
      if (!this.passes[image]) await new Promise((resolve) => setTimeout(resolve));
      const { values, scoreDerivatives } = this.passThrough(image);
      const inputs = sources.map((source) => values[source]);
      findWeightInputs(layer, inputs, shapes, name, index).forEach((factor, place) => {
        const output = place * units + unit;
        products.push({ image, output, factor, derivative: scoreDerivatives[layerIndex][output] });
      });
    }
    const nameOf = ({ image }) => sentence(_("image {image}"), { image });
    const shapeOfProduct = () => layer.shape;
    const open = ({ image, output }) => follow(layerIndex, output, image);
    node.replaceChildren(...productList(products, nameOf, shapeOfProduct, open));
  }

  /** Explain, for the viewer, how the derivative of a number comes back from the next layers. */
  explainNumber({ layerIndex, i, values: [shown], follow }) {
    const imageNumber = this.findImage(shown);
    if (imageNumber < 0)
      return section(_("A drawing has no label, and so no derivatives. Press Another example."));
    const { layers, classes = DIGIT_NAMES } = this.network;
    const { values, derivatives } = this.passThrough(imageNumber);
    const derivative = derivatives[layerIndex][i];
    const label = this.labels[imageNumber];
    const title = sentence(_("Backpropagation: image {image} of the batch, label {label}"), {
      image: imageNumber,
      label: classes[label],
    });
    if (layerIndex === layers.length) {
      const error = this.describeError(values[layerIndex][i], derivative, label === i);
      return section(title, error);
    }
    const products = this.productsAfter(layerIndex, i, imageNumber);
    const nameOf = (product) => layerName(this.network, product.layerIndex);
    const shapeOfProduct = (product) => shapeOf(this.network, product.layerIndex);
    const open = (product) => follow(product.layerIndex, product.output);
    return section(
      title,
      line(
        _(
          "Its derivative: {derivative}. If this number grew by 1, the loss would change by about so much, were the slope the same all the way.",
        ),
        { derivative: sixDigits(derivative) },
      ),
      this.describeWayBack(layerIndex),
      ...productList(products, nameOf, shapeOfProduct, open),
      ...this.describeSlope(layerIndex, i, imageNumber),
    );
  }

  /** Describe how derivatives come back from the layers that take the numbers of this one. */
  describeWayBack(layerIndex) {
    const { layers } = this.network;
    const nextIndices = this.layersAfter(layerIndex);
    const isUsual = nextIndices.every((next) => TRAITS[layers[next - 1].kind].isUsual);
    const isNext = nextIndices.length === 1 && nextIndices[0] === layerIndex + 1;
    if (isUsual && isNext)
      return _(
        "It went on into the next layer. From each number there comes back weight \u00d7 derivative (1 where there is no weight), all added up: the chain rule. Nothing comes back through ReLU where it made 0, and from a block only to its largest number.",
      );
    const text = _(
      "It went on into {layers}. From each number there comes back factor \u00d7 derivative, all added up: the chain rule. The factor says how fast that number, before its activation, grows with this one. It is the weight where there is one, and 1 where the number is only moved or added.",
    );
    return line(text, { layers: listLayers(this.network, nextIndices) });
  }

  /** Return the indices of the layers that take what a layer gives. */
  layersAfter(layerIndex) {
    const layerIndices = this.network.layers.map((_layer, k) => k + 1);
    return layerIndices.filter((next) => sourcesOf(this.network, next).includes(layerIndex));
  }

  /** Return the products of which the derivative of number `i` of a layer is the sum. */
  productsAfter(layerIndex, i, imageNumber) {
    const { layers } = this.network;
    const { values, scoreDerivatives } = this.passThrough(imageNumber);
    return this.layersAfter(layerIndex).flatMap((next) => {
      const factors = findFactors(this.network, next, values, { layerIndex, i });
      const products = Array.from(factors, (factor, output) => {
        return { layerIndex: next, output, factor, derivative: scoreDerivatives[next][output] };
      });
      // A layer without weights passes most derivatives on to a single number. The zeros are left out.
      const counts = ({ factor, derivative }) =>
        factor !== 0 && (layers[next - 1].kernel || derivative !== 0);
      return products.filter(counts);
    });
  }

  /** Describe how the derivative of a number goes back through an activation with slopes of its own. */
  describeSlope(layerIndex, i, imageNumber) {
    const layer = this.network.layers[layerIndex - 1];
    if (!layer || layer.activation === "linear") return [];
    const { values, scores, derivatives, scoreDerivatives } = this.passThrough(imageNumber);
    const slope = ACTIVATIONS[layer.activation].derivative(scores[layerIndex][i], values[layerIndex][i], layer);
    const isPlain = layer.activation === "relu" && (slope === 0 || slope === 1);
    if (isPlain) return [];
    return [
      line(
        _(
          "Before the activation it was {score}. There, the slope of {activation} is {slope}, so the derivative becomes {derivative} \u00d7 {slope} = {result}.",
        ),
        {
          score: sixDigits(scores[layerIndex][i]),
          activation: layer.activation,
          slope: sixDigits(slope),
          derivative: sixDigits(derivatives[layerIndex][i]),
          result: sixDigits(scoreDerivatives[layerIndex][i]),
        },
      ),
    ];
  }

  /** Describe the derivative of a logit: its probability p minus y, in the mean of the batch. */
  describeError(probability, derivative, isLabel) {
    const count = this.images.length;
    let p = sixDigits(probability);
    // A p that rounds to 1 is described by its distance from 1.
    if (isLabel && p === "1.000000")
      p = sentence("1 \u2212 {rest}", { rest: sixDigits(-count * derivative) });
    return line(
      _(
        "It begins with the derivative of the logit: p \u2212 y, the error. In the mean of {count} images, that is ({p} \u2212 {y}) / {count} = {derivative}",
      ),
      { p, y: Number(isLabel), count, derivative: sixDigits(derivative) },
    );
  }

  /** Report what an address could name: the weight or bias that is chosen, else the number. */
  reportSelection(selection) {
    if (!selection) {
      this.report(null);
      return;
    }
    const { layerIndex, i, chosen, values } = selection;
    const layer = this.network.layers[layerIndex - 1];
    const isWeight = layer?.kernel && (chosen.group ?? chosen.term) !== undefined;
    const image = this.findImage(values[0]);
    const isBias = layer?.bias && chosen.bias && !layer.constants?.includes("bias");
    if (isBias) this.report({ kind: "bias", layerIndex, i: i % layer.bias.length });
    else if (isWeight) this.report({ kind: "weight", layerIndex, i: this.shownWeight });
    else if (image < 0) this.report(null); // a drawing is in no batch
    else this.report({ kind: "number", layerIndex, i, image });
  }
}

/** Write a number with six digits after the point, and a zero as 0. */
function sixDigits(number) {
  return number ? written(number, 6) : "0";
}

/** Make a section of a title, a text or nodes, and further parts: elements, or texts that become paragraphs. */
function section(title, ...parts) {
  const nodes = parts.map((part) => (part.nodeType ? part : element("p", "", {}, part)));
  const heading = element("p", "explain-title", {}, ...[title].flat());
  return [element("div", "explain-step", {}, heading, ...nodes)];
}

/**
 * List the largest products of a sum as buttons, and add up the others. A product belongs to a number
 * of an array, at the place `output`. `nameOf` returns the name of this array, a text or nodes, and
 * `shapeOfProduct` its shape. `open` gets the product of the button that is pressed.
 */
function productList(products, nameOf, shapeOfProduct, open) {
  const resultOf = ({ factor, derivative }) => factor * derivative;
  const sum = (some) => sixDigits(some.reduce((total, product) => total + resultOf(product), 0));
  const sizeOf = (product) => Math.abs(resultOf(product));
  const sorted = products.filter(resultOf).sort((a, b) => sizeOf(b) - sizeOf(a));
  const largest = sorted.slice(0, MAX_PRODUCTS);
  const buttons = largest.map((product) => {
    const factor = sixDigits(product.factor);
    const derivative = sixDigits(product.derivative);
    const result = sixDigits(resultOf(product));
    const values = {
      layer: nameOf(product),
      place: whereabouts(product.output, shapeOfProduct(product)),
      value: sentence("{factor} \u00d7 {derivative} = {result}", { factor, derivative, result }),
    };
    return button(sentence(_("{layer}, {place}: {value}"), values), () => open(product));
  });
  const count = (products.length - largest.length).toLocaleString("en");
  const rest = sum(sorted.slice(MAX_PRODUCTS));
  const others = sentence(_("The other {count} products add up to {rest}."), { count, rest });
  const whole = sentence(_("The whole sum: {sum}"), { sum: sum(sorted) });
  const parts = products.length > largest.length ? [...others, " ", ...whole] : whole;
  return [...buttons, element("p", "", {}, ...parts)];
}
