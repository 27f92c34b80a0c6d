// What each kind of layer does with its inputs, before its activation.

import { broadcast, countCells, findBlocks, findOrigins, patchesOf, windowsOf } from "./windows.js";

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
    const largest = new Float32Array(places * channels);
    for (let place = 0; place < places; place += 1) {
      for (let k = 0; k < channels; k += 1) {
        let best = -Infinity;
        for (let cell = place * cells; cell < (place + 1) * cells; cell += 1) {
          if (windows[cell] < 0) continue; // beyond the edge
          const value = values[windows[cell] + k];
          if (!(value <= best)) best = value; // also where it is no number
        }
        largest[place * channels + k] = best;
      }
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
  Dropout: passOn, // and its like: they work while one trains, and not afterwards

  // These layers move the numbers, and may put zeros around them.
  ZeroPadding2D: moveNumbers,
  Cropping2D: moveNumbers,
  UpSampling2D: moveNumbers,
  Permute: moveNumbers,

  Rescaling: ([values], shapes, { scale, offset }) => values.map((value) => value * scale + offset),

  // After training, normalizing is a factor and an offset for each channel.
  BatchNormalization: ([values], shapes, { factor, offset }) =>
    values.map((value, i) => value * factor[i % factor.length] + offset[i % factor.length]),

  // Normalize all numbers of a group, then multiply each by its factor, and add its offset.
  LayerNormalization([values], shapes, { factor, offset, epsilon }) {
    const { normalized } = normalizeGroups(values, factor.length, epsilon);
    return normalized.map((value, i) => value * factor[i % factor.length] + offset[i % factor.length]);
  },

  // Keep numbers above 0, and multiply all others by a weight.
  PReLU: ([values], shapes, { alpha }) =>
    values.map((value, i) => (value > 0 ? value : alpha[i % alpha.length] * value)),

  // These layers join numbers at the same place of several inputs.
  Add: join((sum, value) => sum + value),
  Subtract: join((sum, value) => sum - value),
  Multiply: join((product, value) => product * value),
  Average: (inputs, shapes, layer) =>
    OPERATIONS.Add(inputs, shapes, layer).map((sum) => sum / inputs.length),
  Maximum: join(Math.max),
  Minimum: join(Math.min),

  // Put the inputs side by side along one axis.
  Concatenate(inputs, shapes, layer) {
    const joined = new Float32Array(inputs.reduce((sum, { length }) => sum + length, 0));
    for (const { input, start, end, output } of findBlocks(shapes, layer))
      joined.set(inputs[input].subarray(start, end), output);
    return joined;
  },
};

function passOn([values]) {
  return values;
}

function moveNumbers([values], [shape], layer) {
  const origins = findOrigins(shape, layer);
  const moved = new Float32Array(origins.length);
  for (let i = 0; i < moved.length; i += 1) moved[i] = origins[i] < 0 ? 0 : values[origins[i]];
  return moved;
}

/** Return an operation that joins the numbers at each place, one input after the other. */
function join(combine) {
  return (inputs, shapes, layer) => {
    const [first, ...others] = inputs.map((values, k) => broadcast(values, shapes[k], layer));
    const joined = Float32Array.from(first);
    for (const values of others)
      for (let i = 0; i < joined.length; i += 1) joined[i] = combine(joined[i], values[i]);
    return joined;
  };
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
 * Return the weighted sums of a convolution or a dense layer, with the bias, for all its windows. Two
 * windows at a time, and four units at a time, are faster than one: each weight that is read serves
 * two sums, and each input four. A last window without a second one is computed twice.
 */
function addProducts([values], [shape], layer) {
  const { inputs, length, places } = patchesOf(shape, layer);
  const units = layer.bias.length;
  const fours = units - (units % 4);
  const sums = new Float32Array(places * units);
  const pair = emptyPair(length);
  for (let place = 0; place < places; place += 2) {
    const second = Math.min(place + 1, places - 1);
    const count = readTwoWindows(values, inputs, place * length, second * length, length, units, pair);
    const output = place * units;
    const secondOutput = second * units;
    for (let unit = 0; unit < fours; unit += 4)
      addToFourUnits(sums, output, secondOutput, layer, unit, pair, count);
    for (let unit = fours; unit < units; unit += 1)
      addToUnit(sums, output, secondOutput, layer, unit, pair, count);
  }
  return sums;
}

/** Return room for the inputs under two windows, and for where the weights of each input begin. */
export function emptyPair(length) {
  return {
    rows: new Int32Array(length),
    firsts: new Float64Array(length),
    seconds: new Float64Array(length),
  };
}

/**
 * Read the inputs under two windows into `pair`, side by side, and where their weights begin. Inputs
 * that are 0 in both windows add nothing and are left out. Return how many there are.
 */
export function readTwoWindows(values, inputs, first, second, length, units, { rows, firsts, seconds }) {
  let count = 0;
  for (let k = 0; k < length; k += 1) {
    const input = inputs[first + k];
    const secondInput = inputs[second + k];
    const value = input < 0 ? 0 : values[input]; // beyond the edge is 0
    const secondValue = secondInput < 0 ? 0 : values[secondInput];
    if (value === 0 && secondValue === 0) continue;
    firsts[count] = value;
    seconds[count] = secondValue;
    rows[count] = k * units;
    count += 1;
  }
  return count;
}

/** Compute the sums of four units in two windows. */
function addToFourUnits(sums, output, secondOutput, { kernel, bias }, unit, pair, count) {
  const { rows, firsts, seconds } = pair;
  let sum0 = bias[unit];
  let sum1 = bias[unit + 1];
  let sum2 = bias[unit + 2];
  let sum3 = bias[unit + 3];
  let secondSum0 = sum0;
  let secondSum1 = sum1;
  let secondSum2 = sum2;
  let secondSum3 = sum3;
  for (let k = 0; k < count; k += 1) {
    const row = rows[k] + unit;
    const input = firsts[k];
    const secondInput = seconds[k];
    const weight0 = kernel[row];
    const weight1 = kernel[row + 1];
    const weight2 = kernel[row + 2];
    const weight3 = kernel[row + 3];
    sum0 += input * weight0;
    sum1 += input * weight1;
    sum2 += input * weight2;
    sum3 += input * weight3;
    secondSum0 += secondInput * weight0;
    secondSum1 += secondInput * weight1;
    secondSum2 += secondInput * weight2;
    secondSum3 += secondInput * weight3;
  }
  sums[secondOutput + unit] = secondSum0;
  sums[secondOutput + unit + 1] = secondSum1;
  sums[secondOutput + unit + 2] = secondSum2;
  sums[secondOutput + unit + 3] = secondSum3;
  sums[output + unit] = sum0;
  sums[output + unit + 1] = sum1;
  sums[output + unit + 2] = sum2;
  sums[output + unit + 3] = sum3;
}

/** Compute the sums of one unit in two windows. */
function addToUnit(sums, output, secondOutput, { kernel, bias }, unit, pair, count) {
  const { rows, firsts, seconds } = pair;
  let sum = bias[unit];
  let secondSum = sum;
  for (let k = 0; k < count; k += 1) {
    const weight = kernel[rows[k] + unit];
    sum += firsts[k] * weight;
    secondSum += seconds[k] * weight;
  }
  sums[secondOutput + unit] = secondSum;
  sums[output + unit] = sum;
}
