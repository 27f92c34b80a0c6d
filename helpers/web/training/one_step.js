// One step in numbers: each weight's derivative as a sum over the batch, what RMSprop made of it,
// and the way back from a number of a map to p - y.

import {
  _,
  button,
  cells,
  drawMaps,
  element,
  table,
  whereabouts,
  written,
} from "../elements/index.js";
import {
  DIGIT_NAMES,
  OPERATIONS,
  backward,
  forward,
  inputOf,
  strongest,
} from "../network/index.js";
import { beforeFlatten, named, showNetwork } from "../viewer/index.js";
import { findPosition } from "./step_address.js";

const LISTED = 5; // products of a sum; the others are added up
const six = (number) => (number ? written(number, 6) : "0");

/**
 * Remember a step that `trained` is about to take by a batch and its gradient. Return what can `show`
 * it: the network as it was before, what the step made of its weights, and the way back.
 */
export function rememberStep(trained, secondMoments, { batch, gradient, rate }) {
  const [network, means] = structuredClone([trained, secondMoments]);
  const { layers, classes = DIGIT_NAMES } = network;
  const images = batch.map(({ image }) => inputOf(image));
  const labels = batch.map(({ label }) => label);
  const count = images.length;
  network.examples = batch.map(({ image }) => image);
  const passes = [];
  let shownWeight = null; // its place in the kernel
  let report = () => {}; // gets what is open

  /** Pass an image forward and back, once. */
  function pass(n) {
    if (passes[n]) return passes[n];
    const values = forward(network, images[n]);
    return (passes[n] = { values, ...backward(network, values, labels[n], count) });
  }

  const findImage = (shown) => images.findIndex((image) => image.every((ink, k) => ink === shown[k]));

  /** Show the derivative of a weight as a sum over all images and places. */
  async function showSum(node, { step, layer, shape, go, show }, name, index) {
    const units = layer.bias.length;
    // A unit that has but this weight, and it is 1, gives what the weight is multiplied by.
    const only = { kernel: new Float32Array(layer.kernel.length / units), bias: [0] };
    only[name][Math.floor(index / units)] = 1;
    const alone = { ...layer, ...only, shape: [...layer.shape.slice(0, -1), 1] };
    const products = [];
    for (let image = 0; image < count; image += 1) {
      if (!passes[image]) await new Promise((done) => setTimeout(done)); // the page itself looks up
      const { values, added } = pass(image);
      OPERATIONS[layer.kind](values[step - 1], shape, alone).forEach((factor, place) => {
        const to = place * units + (index % units);
        products.push({ image, to, factor, derivative: added[step][to] });
      });
    }
    node.replaceChildren(...list(products, ["", layer.shape], ({ image, to }) => show(image) ?? go(step, to)));
  }

  function ofWeight(at, weight) {
    const { step, layer, chosen } = at;
    shownWeight = weight;
    const bias = at.i % layer.bias.length;
    const [name, index] = chosen.bias ? ["bias", bias] : ["kernel", weight];
    const numberOf = (all) => all[step - 1]?.[name][index] ?? 0;
    const [before, after] = [layers, trained.layers].map(numberOf);
    const [earlier, mean, derivative] = [means, secondMoments, gradient].map(numberOf);
    const told = { before, after, change: after - before, earlier, mean, derivative };
    for (const key of Object.keys(told)) told[key] = six(told[key]);
    Object.assign(told, { rate, count, places: at.values[step].length / layer.bias.length });
    const title = _("What the step made of the weight, or of the bias");
    const named = (number, i) => `${[_("weight"), _("bias")][i]}\n${written(number)}`;
    const pick = (i) => at.pick({ ...chosen, bias: i === 1 });
    const both = [layer.kernel[weight], layer.bias[bias]];
    const sum = element("div", "", {}, _("Adding up ..."));
    showSum(sum, at, name, index);
    return section(
      title,
      table(title, both, 2, chosen.bias ? 1 : 0, pick, named),
      _("Before the step: {before}", told),
      _(
        "Its derivative: {derivative}. That is the sum of input \u00d7 derivative of the output over {count} images (places in each: {places}). The input of a bias is 1.",
        told,
      ),
      sum,
      _("RMSprop's mean of squares: 0.9 \u00d7 {earlier} + 0.1 \u00d7 ({derivative})\u00b2 = {mean}", told),
      _(
        "The step goes against the derivative, divided by its usual size, the root of that mean: \u2212{rate} \u00d7 ({derivative}) / \u221a({mean} + 0.0000001) = {change}",
        told,
      ),
      _("After the step: {before} + ({change}) = {after}", told),
    );
  }

  function ofNumber({ step, i, values: [shown], go }) {
    const n = findImage(shown);
    if (n < 0) return section(_("A drawing has no label, and so no derivatives. Press Another example."));
    const { values, derivatives, added } = pass(n);
    const told = { image: n, label: classes[labels[n]], count, y: Number(labels[n] === i) };
    Object.assign(told, { p: six(values[step][i]), derivative: six(derivatives[step][i]) });
    // So close to 1 that it must be told otherwise.
    if (told.y && told.p === "1.000000") told.p = `1 \u2212 ${six(-count * derivatives[step][i])}`;
    const title = _("Backpropagation: image {image} of the batch, label {label}", told);
    const next = layers[step];
    const error = _(
      "It begins with the derivative of the logit: p \u2212 y, the error. In the mean of {count} images, that is ({p} \u2212 {y}) / {count} = {derivative}",
      told,
    );
    if (!next) return section(title, error);
    // Were this number 1 and all others 0, the next layer would give the weights by which it went on.
    const only = Float32Array.from(values[step], (_value, k) => k === i);
    const shape = layers[step - 1]?.shape ?? network.shape;
    const weights = OPERATIONS[next.kind](only, shape, { ...next, bias: next.bias?.map(() => 0) });
    const links = Array.from(weights, (factor, to) => ({ to, factor, derivative: added[step + 1][to] }));
    // Without weights, all of a derivative comes back to one number; what is 0 comes from nowhere.
    const isOwn = (derivative) => derivative !== 0 && derivative === derivatives[step][i];
    const counts = ({ derivative }) => next.kernel || isOwn(derivative);
    return section(
      title,
      _("Its derivative: {derivative}. If this number grew by 1, the loss would change by about so much, were the slope the same all the way.", told),
      _(
        "It went on into the next layer. From each number there comes back weight \u00d7 derivative (1 where there is no weight), all added up: the chain rule. Nothing comes back through ReLU where it made 0, and from a block only to its largest number.",
      ),
      ...list(links.filter((link) => link.factor && counts(link)), [named(network, step + 1), next.shape], ({ to }) => go(step + 1, to)),
    );
  }

  /** Report what an address could name: the weight or bias that was chosen, else the number. */
  function onOpen(at) {
    if (!at) return report(null);
    const { step, i, chosen } = at;
    const layer = layers[step - 1];
    if (chosen.bias) return report({ kind: "bias", step, i: i % layer.bias.length });
    const isWeight = layer?.kernel && (chosen.group ?? chosen.term) !== undefined;
    if (isWeight) return report({ kind: "weight", step, i: shownWeight });
    const image = findImage(at.values[0]); // a drawing is in no batch
    report(image < 0 ? null : { kind: "number", step, i, image });
  }

  /**
   * Show the network as it was in `el`, and in it a position as step_address.js finds it: a number, or
   * the largest number that a unit makes of an image. `onReport` gets what is open. Where `isQuiet`,
   * nothing gets the focus.
   */
  function show(el, { step, unit, i, chosen = {}, image = 0 }, onReport = () => {}, isQuiet = false) {
    report = onReport;
    const n = image < count ? image : 0;
    const isOfUnit = (place) => place % layers[step - 1].bias.length === unit;
    const largest = () =>
      strongest(pass(n).values[step].map((value, place) => (isOfUnit(place) ? value : -Infinity)));
    const taken = { ofWeight, ofNumber, onOpen };
    const title = n
      ? _("The network before this step, with image {image} of the batch", { image: n })
      : _("The network before this step, with the first image of the batch");
    el.append(element("p", "explain-title", {}, title));
    const viewer = showNetwork(el, network, { image: network.examples[n], taken });
    if (isQuiet) return viewer.present(step, i ?? largest(), chosen);
    viewer.open(step, i ?? largest());
    el.querySelector(".explain-step [tabindex='0']")?.focus();
  }

  /** Find what an address names: a position for `show`, or null. */
  const find = (wanted) => findPosition(network, wanted);

  return { show, find };
}

/** Make a section of elements and texts. */
function section(title, ...parts) {
  const node = (part) => (part.nodeType ? part : element("p", "", {}, part));
  return [element("div", "explain-step", {}, element("p", "explain-title", {}, title), ...parts.map(node))];
}

/** List the largest products, which lead to the numbers of a layer in them, and add up the others. */
function list(products, [name, shape], open) {
  const product = ({ factor, derivative }) => factor * derivative;
  const total = (some) => six(some.reduce((sum, one) => sum + product(one), 0));
  const sorted = products.filter(product).sort((a, b) => Math.abs(product(b)) - Math.abs(product(a)));
  const largest = sorted.slice(0, LISTED).map((one) => {
    const layer = one.image === undefined ? name : _("image {image}", one);
    const [factor, derivative, result] = [one.factor, one.derivative, product(one)].map(six);
    const value = `${factor} \u00d7 ${derivative} = ${result}`;
    const text = _("{layer}, {place}: {value}", { layer, place: whereabouts(one.to, shape), value });
    return button(text, () => open(one));
  });
  const count = (products.length - largest.length).toLocaleString("en");
  const sums = { count, rest: total(sorted.slice(LISTED)), sum: total(sorted) };
  const rest = _("The other {count} products add up to {rest}.", sums);
  const end = _("The whole sum: {sum}", sums);
  const line = products.length > largest.length ? `${rest} ${end}` : end;
  return [...largest, element("p", "", {}, line)];
}

/** Show the first layer's kernels, or units, of which `open(step, unit)` opens one. */
export function kernelImages(network, open) {
  const step = 1 + network.layers.findIndex(({ kernel }) => kernel);
  const { kernel, size, bias } = network.layers[step - 1];
  const count = bias.length;
  const inARow = [1, kernel.length / count];
  const [rows, columns] = size ?? beforeFlatten({ network, step }) ?? inARow;
  const across = count > 10 ? 8 : 5;
  const label = _("The first layer: {count} images of weights", { count });
  let chosen = null;
  const images = cells("map-all", label, Math.ceil(count / across), across, (row, column, tapped) => {
    const opens = tapped || chosen === row * across + column; // by the keyboard: Enter
    chosen = row * across + column;
    images.mark(row, column);
    if (opens && chosen < count) open(step, chosen);
  });
  const draw = () => drawMaps(images.canvas, kernel, [rows, columns, count], across);
  return { root: images.root, label, draw };
}
