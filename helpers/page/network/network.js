// The network, from an image to the probability of each class.
//
// An image or a map is one long array, row by row, and within a place channel by channel, as NumPy
// lays out an array of shape (height, width, channels). A network is a list of layers, as
// helpers/widgets/described_network.py describes them: each has a `kind`, the `shape` of what it gives,
// and its weights. It also has the indices of its `inputs`, unless it gets only what the layer before
// gives.

import CLASS_NAMES from "../shared/class_names.json" with { type: "json" };
import { ACTIVATIONS } from "./activations.js";
import { OPERATIONS } from "./operations.js";

/** The names of the classes of a network that has no `classes`, which are names of its own. */
export const DIGIT_NAMES = CLASS_NAMES.digits;

/**
 * Return the values of a network for an image, float32 from 0 to 1. Entry 0 is the image itself, and
 * entry k is what layer k gives.
 */
export const forward = (network, image) => forwardPass(network, image).values;

/**
 * Return the `values` of a network for an image, as `forward` does, and the `scores`. The scores of a
 * layer are its numbers before the activation; entry 0 is empty.
 */
export function forwardPass(network, image) {
  const values = [image];
  const scores = [null];
  network.layers.forEach((layer, i) => {
    const sources = sourcesOf(network, i + 1);
    const inputs = sources.map((source) => values[source]);
    const shapes = sources.map((source) => shapeOf(network, source));
    const layerScores = OPERATIONS[layer.kind](inputs, shapes, layer);
    scores.push(layerScores);
    values.push(ACTIVATIONS[layer.activation].apply(layerScores, layer));
  });
  return { values, scores };
}

/**
 * Return which values a layer gets, by their indices in what `forward` returns. Usually a layer gets
 * only what the layer before gives. The first layer is layer 1.
 */
export const sourcesOf = ({ layers }, layerIndex) => layers[layerIndex - 1].inputs ?? [layerIndex - 1];

/** Return the shape of entry `layerIndex` of what `forward` returns. */
export const shapeOf = ({ shape, layers }, layerIndex) => (layerIndex ? layers[layerIndex - 1].shape : shape);

/** Return the index of the largest number, such as the class that an answer means. */
export function argmax(numbers) {
  return numbers.reduce((best, x, i) => (x > numbers[best] ? i : best), 0);
}

/** Return the images in one array, 784 numbers each. */
export function imagesIn(pixels) {
  const image = (_none, i) => pixels.slice(784 * i, 784 * (i + 1));
  return Array.from({ length: pixels.length / 784 }, image);
}

/** Return what a network gets of an image of 784 greys, 0 to 255. */
export function inputOf(image) {
  const inputs = new Float32Array(image.length);
  for (let i = 0; i < image.length; i += 1) inputs[i] = image[i] / 255;
  return inputs;
}

/** Read bytes from text in base64. */
export function readBytes(text) {
  const letters = atob(text);
  return new Uint8Array(letters.length).map((_none, i) => letters.charCodeAt(i));
}

/**
 * Read a network from its description, in which weights are text: float32 in base64. Raise an error if
 * a weight has more or fewer numbers than its layer needs, as in a damaged file.
 */
export function readNetwork(description) {
  const layers = description.layers.map((layer, i) => {
    const lengths = weightLengths(description, i + 1);
    const weights = Object.entries(layer.weights).map(([name, text]) => {
      const numbers = new Float32Array(readBytes(text).buffer);
      if (numbers.length !== lengths[name])
        throw new Error(`Layer ${i + 1}, ${name}: got ${numbers.length} numbers, expected ${lengths[name]}.`);
      return [name, numbers];
    });
    return { ...layer, ...Object.fromEntries(weights) };
  });
  return { ...description, layers, examples: imagesIn(readBytes(description.examples ?? "")) };
}

/** Return how many numbers each weight of a layer has to have, by the shapes of the layer. */
function weightLengths(network, layerIndex) {
  const { kind, shape, size = [1, 1] } = network.layers[layerIndex - 1];
  const [source] = sourcesOf(network, layerIndex);
  const outputs = shape.at(-1);
  // A filter of a depthwise convolution reads one map, and any other filter or unit reads all.
  const inputs = kind === "DepthwiseConv2D" ? 1 : shapeOf(network, source).at(-1);
  const kernel = size[0] * size[1] * inputs * outputs;
  return { kernel, bias: outputs, factor: outputs, offset: outputs };
}
