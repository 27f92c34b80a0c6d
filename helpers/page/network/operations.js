// What each kind of layer does with its inputs, before its activation.

import { multiply } from "./matrix_product.js";
import {
  ZERO_AND_ONE,
  countCells,
  findBlocks,
  patchesOf,
  windowsOf,
} from "./windows.js";

/**
 * A function gets a list of `inputs`, arrays of float32, the list of their shapes, and the layer. It
 * returns the scores of the layer, float32.
 */
export const OPERATIONS = {
  // At each place, add up the numbers under the kernel, each times its weight in each filter.
  Conv2D: addProducts,

  // Each unit adds up all numbers, each times a weight of its own. On maps it does so at each place.
  Dense: addProducts,

  // Each map has filters of its own.
  DepthwiseConv2D([values], [shape], layer) {
    const { windows, cells, places, channels } = windowsOf(shape, layer);
    const { kernel, bias } = layer;
    const filters = bias.length / channels;
    const sums = new Float32Array(places * bias.length);
    for (let i = 0; i < sums.length; i += 1) {
      const unit = i % bias.length;
      const channel = Math.floor(unit / filters);
      const firstCell = Math.floor(i / bias.length) * cells;
      let sum = bias[unit];
      for (let cell = 0; cell < cells; cell += 1) {
        const start = windows[firstCell + cell];
        if (start >= 0) sum += values[start + channel] * kernel[cell * bias.length + unit];
      }
      sums[i] = sum;
    }
    return sums;
  },

  // Keep the largest number of each window.
  MaxPooling2D([values], [shape], layer) {
    const { windows, cells, places, channels } = windowsOf(shape, layer);
    const largest = new Float32Array(places * channels).fill(-Infinity);
    for (let cell = 0; cell < windows.length; cell += 1) {
      const start = windows[cell];
      if (start < 0) continue; // beyond the edge
      const output = Math.floor(cell / cells) * channels;
      for (let k = 0; k < channels; k += 1)
        largest[output + k] = Math.max(largest[output + k], values[start + k]);
    }
    return largest;
  },

  // Take the mean of each window; with global pooling a window is the whole map.
  AveragePooling2D([values], [shape], layer) {
    const { windows, cells, places, channels } = windowsOf(shape, layer);
    const counts = countCells(windows, cells);
    const means = new Float32Array(places * channels);
    for (let cell = 0; cell < windows.length; cell += 1) {
      const start = windows[cell];
      if (start < 0) continue; // beyond the edge
      const place = Math.floor(cell / cells);
      for (let k = 0; k < channels; k += 1)
        means[place * channels + k] += values[start + k] / counts[place];
    }
    return means;
  },

  // These layers keep the order of the numbers.
  Flatten: passOn,
  Reshape: passOn,
  Activation: passOn, // a layer of its own; what it does comes next
  Dropout: passOn, // and RandomZoom: they work while one trains, and not afterwards

  Rescaling: ([values], shapes, { scale, offset }) => values.map((value) => value * scale + offset),

  // After training, normalizing is a factor and an offset for each channel.
  BatchNormalization: ([values], shapes, { factor, offset }) =>
    values.map((value, i) => value * factor[i % factor.length] + offset[i % factor.length]),

  // Normalize all numbers of a group, then multiply each by its factor, and add its offset.
  LayerNormalization([values], shapes, { factor, offset, epsilon }) {
    const { normalized } = normalizeGroups(values, factor.length, epsilon);
    return normalized.map((value, i) => value * factor[i % factor.length] + offset[i % factor.length]);
  },

  // Add up the numbers at the same place of several inputs.
  Add([first, ...others]) {
    const sums = Float32Array.from(first);
    for (const values of others) for (let i = 0; i < sums.length; i += 1) sums[i] += values[i];
    return sums;
  },

  // Put the maps of several inputs side by side, or their rows of numbers.
  Concatenate(inputs, shapes) {
    const joined = new Float32Array(inputs.reduce((sum, { length }) => sum + length, 0));
    for (const { input, start, end, output } of findBlocks(shapes))
      joined.set(inputs[input].subarray(start, end), output);
    return joined;
  },
};

function passOn([values]) {
  return values;
}

/**
 * Bring each group of so many numbers to a mean of 0 and a variance of 1. Return the `normalized`
 * numbers and the standard `deviations` of the groups, as Keras computes them, with `epsilon`.
 */
export function normalizeGroups(values, length, epsilon) {
  const normalized = new Float32Array(values.length);
  const deviations = new Float64Array(values.length / length);
  for (let group = 0; group < deviations.length; group += 1) {
    const numbers = values.subarray(group * length, (group + 1) * length);
    const mean = numbers.reduce((a, b) => a + b, 0) / length;
    const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length;
    deviations[group] = Math.sqrt(variance + epsilon);
    numbers.forEach((value, i) => {
      normalized[group * length + i] = (value - mean) / deviations[group];
    });
  }
  return { normalized, deviations };
}

/**
 * Return the weighted sums of a convolution or a dense layer for all its windows. A row of the first
 * matrix has the numbers under a window, and a column of the second one has the weights of a unit.
 */
function addProducts([values], [shape], layer) {
  const { inputs, length, places } = patchesOf(shape, layer);
  const { kernel, bias } = layer;
  const size = { rows: places, inner: length, columns: bias.length };
  return multiply([values, ZERO_AND_ONE], inputs, [kernel, bias], size).slice();
}
