// The part of an address that opens one step in numbers, such as "step=1&weight=1,0,0,0,5". A
// weight, a bias or a number has the index that it has in Keras: layers[1].kernel[0, 0, 0, 5]. Layer
// 0 is the image.

import { ravel, shapeOf, sourcesOf, unravel } from "../network/index.js";
import TRAINING_CHOICES from "../shared/training_choices.json" with { type: "json" };
import { beforeFlatten } from "../viewer/index.js";

const { max_steps: MAX_STEPS } = TRAINING_CHOICES; // that a page takes at once
const MAX_IMAGE = 999;
const KINDS_OPENED = ["weight", "bias", "number"];
const LAYER_AND_INDEX = /^\d{1,5}(,\d{1,5}){1,4}$/;

/**
 * Read the parts "name=value" of an address. Return how many `steps` it asks for, and what it opens
 * then: the `kind`, the `layer`, the `index` in that layer, and the `image` of the batch. A part that
 * doesn't fit is passed over.
 */
export function readStep(parts) {
  const values = Object.fromEntries(parts.map((part) => part.split("=")));
  const kind = KINDS_OPENED.find((name) => LAYER_AND_INDEX.test(values[name]));
  const [layer, ...index] = kind ? values[kind].split(",").map(Number) : [];
  const steps = readWhole(values.step, MAX_STEPS);
  return { steps, image: readWhole(values.image, MAX_IMAGE), kind, layer, index };
}

/** Read a whole number of at most three digits; return 0 for any other text, or a larger number. */
function readWhole(text, most) {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return number <= most ? number : 0;
}

/** Return the shape of a layer's kernel, as in Keras. */
function kernelShape(layer, inputShape) {
  const units = layer.bias.length;
  const channels = inputShape.at(-1);
  if (layer.kind === "DepthwiseConv2D") return [...layer.size, channels, units / channels];
  return [...(layer.size ?? []), channels, units];
}

/** Return the shape of what a layer takes. */
function inputShapeOf(network, layerIndex) {
  const [source] = sourcesOf(network, layerIndex);
  return shapeOf(network, source);
}

/** Return which group and which term of a layer's sum have a weight: `chosen` in an explanation. */
function choiceOf(network, layerIndex, weight) {
  const layer = network.layers[layerIndex - 1];
  const input = Math.floor(weight / layer.bias.length);
  if (layer.kind === "DepthwiseConv2D") return { group: 0, term: input };
  const inputShape = inputShapeOf(network, layerIndex);
  const maps = layer.size ? inputShape : (beforeFlatten({ network, layerIndex }) ?? inputShape);
  const place = Math.floor(input / maps.at(-1));
  const channel = input % maps.at(-1);
  return layer.size ? { group: channel, term: place } : { group: place, term: channel };
}

/**
 * Find in a network what an address names. Return its position, or null if the network has no such
 * number. A position has the `layerIndex` of its layer, the `image` of the batch, and `chosen`, which says
 * what is selected in the explanation. It names the number `i` or, for a weight or a bias, the
 * `unit`.
 */
export function findPosition(network, { kind, layer: layerIndex, index, image }) {
  const layer = network.layers[layerIndex - 1];
  if (!kind || (layerIndex > 0 && !layer)) return null;
  if (kind === "number") {
    const i = ravel(index, layer?.shape ?? network.shape);
    return i === null ? null : { layerIndex, i, chosen: {}, image };
  }
  if (!layer?.kernel) return null;
  const units = layer.bias.length;
  if (kind === "bias") {
    const unit = ravel(index, [units]);
    return unit === null ? null : { layerIndex, unit, chosen: { bias: true }, image };
  }
  const weight = ravel(index, kernelShape(layer, inputShapeOf(network, layerIndex)));
  return weight === null ? null : { ...findWeight(network, layerIndex, weight), image };
}

/** Return the position of a weight, whose place in the kernel of its layer is given, for `OneStep.show`. */
export function findWeight(network, layerIndex, weight) {
  const units = network.layers[layerIndex - 1].bias.length;
  return { layerIndex, unit: weight % units, chosen: choiceOf(network, layerIndex, weight) };
}

/** Write the part of an address that opens a weight, a bias or a number after so many steps. */
export function writeStep(network, steps, { kind, layerIndex, i, image }) {
  if (steps > MAX_STEPS) return "";
  const layer = network.layers[layerIndex - 1];
  const shapes = {
    weight: () => kernelShape(layer, inputShapeOf(network, layerIndex)),
    bias: () => [layer.bias.length],
    number: () => layer?.shape ?? network.shape,
  };
  const index = unravel(i, shapes[kind]());
  const position = `&step=${steps}&${kind}=${[layerIndex, ...index]}`;
  return image ? `${position}&image=${image}` : position;
}
