// The network, from an image to the probability of each class, in plain JavaScript.
//
// An image or a map is one long array, row by row, and within a place channel by channel, as NumPy
// lays out an array of shape (height, width, channels). A network is a list of layers, as layers.py
// describes them: each has a `kind`, the `shape` of what it gives, and its weights. It also has the
// indices of its `inputs`, unless it gets only what the layer before gives.

import { ACTIVATIONS } from "./activations.js";
import { findWindows } from "./windows.js";

/** The names of classes where a network brings none along; `classes` are those that it brings. */
export const DIGIT_NAMES = [..."0123456789"];

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
export const sourcesOf = ({ layers }, step) => layers[step - 1].inputs ?? [step - 1];

/** Return the shape of entry `step` of what `forward` returns. */
export const shapeOf = ({ shape, layers }, step) => (step ? layers[step - 1].shape : shape);

/**
 * What each kind of layer does before its activation. A function gets a list of `inputs`, arrays of
 * float32, with the list of their shapes, and returns the scores of the layer, float32.
 */
export const OPERATIONS = {
  // At each place, add up the numbers under the kernel, each times its weight in each filter.
  Conv2D: addProducts,

  // Each unit adds up all numbers, each times a weight of its own.
  Dense: addProducts,

  // Keep the largest number of each window.
  MaxPooling2D([values], [shape], layer) {
    const windows = findWindows(shape, layer);
    const cells = layer.size[0] * layer.size[1];
    const channels = shape.at(-1);
    const largest = new Float32Array((windows.length / cells) * channels).fill(-Infinity);
    for (let cell = 0; cell < windows.length; cell += 1) {
      const output = Math.floor(cell / cells) * channels;
      if (windows[cell] < 0) continue; // beyond the edge
      for (let k = 0; k < channels; k += 1)
        largest[output + k] = Math.max(largest[output + k], values[windows[cell] + k]);
    }
    return largest;
  },

  // Take the mean of each window; with global pooling a window is the whole map.
  AveragePooling2D([values], [shape], layer) {
    const windows = findWindows(shape, layer);
    const cells = layer.size[0] * layer.size[1];
    const channels = shape.at(-1);
    const counts = countCells(windows, cells);
    const means = new Float32Array(counts.length * channels);
    for (let cell = 0; cell < windows.length; cell += 1) {
      const place = Math.floor(cell / cells);
      if (windows[cell] < 0) continue; // beyond the edge
      for (let k = 0; k < channels; k += 1)
        means[place * channels + k] += values[windows[cell] + k] / counts[place];
    }
    return means;
  },

  // One long row: that is what the array is already.
  Flatten: ([values]) => values,

  // After training, normalizing is a factor and an offset for each channel.
  BatchNormalization: ([values], shapes, { factor, offset }) =>
    values.map((value, i) => value * factor[i % factor.length] + offset[i % factor.length]),

  Activation: ([values]) => values, // a layer of its own; what it does comes next

  Dropout: ([values]) => values, // and its like: they work while one trains, and not afterwards
};

/** Return the weighted sums of a convolution or a dense layer, with the bias, for all its windows. */
function addProducts([values], [shape], layer) {
  const { kernel, bias, size = [1, 1] } = layer;
  const windows = findWindows(shape, layer);
  const cells = size[0] * size[1];
  const channels = shape.at(-1);
  const units = bias.length;
  const sums = new Float32Array((windows.length / cells) * units);
  const inputs = new Float64Array(cells * channels); // of a window, but for zeros, which add nothing
  const rows = new Int32Array(cells * channels); // where the weights of each input begin
  for (let window = 0; window < windows.length; window += cells) {
    let count = 0;
    for (let cell = 0; cell < cells; cell += 1) {
      const start = windows[window + cell];
      if (start < 0) continue; // beyond the edge is 0
      for (let channel = 0; channel < channels; channel += 1) {
        const value = values[start + channel];
        if (value === 0) continue;
        inputs[count] = value;
        rows[count] = (cell * channels + channel) * units;
        count += 1;
      }
    }
    const output = (window / cells) * units;
    sums.set(bias, output);
    for (let k = 0; k < count; k += 1) {
      for (let unit = 0; unit < units; unit += 1)
        sums[output + unit] += inputs[k] * kernel[rows[k] + unit];
    }
  }
  return sums;
}

/** Count the cells of each window that don't lie beyond the edge. */
export function countCells(windows, cells) {
  const counts = new Int32Array(windows.length / cells);
  windows.forEach((start, cell) => (counts[Math.floor(cell / cells)] += start >= 0));
  return counts;
}

/** Find the largest number: the digit that an answer means, or what speaks most for a sum. */
export function strongest(numbers) {
  return numbers.reduce((best, x, i) => (x > numbers[best] ? i : best), 0);
}

/** Return the images in one array, 784 numbers each. */
export function imagesIn(pixels) {
  const image = (_none, i) => pixels.slice(784 * i, 784 * (i + 1));
  return Array.from({ length: pixels.length / 784 }, image);
}

/** Return what a network gets of an image of 784 greys, 0 to 255. */
export const inputOf = (image) => Float32Array.from(image, (grey) => grey / 255);

/** Read bytes from text in base64. */
export function readBytes(text) {
  const letters = atob(text);
  return new Uint8Array(letters.length).map((_none, i) => letters.charCodeAt(i));
}

/** Read a network from its description, in which weights are text: float32 in base64. */
export function readNetwork(description) {
  const layers = description.layers.map((layer) => {
    const weights = Object.entries(layer.weights).map(([name, text]) => {
      return [name, new Float32Array(readBytes(text).buffer)];
    });
    return { ...layer, ...Object.fromEntries(weights) };
  });
  return { ...description, layers, examples: imagesIn(readBytes(description.examples ?? "")) };
}
