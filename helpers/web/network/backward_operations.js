// How to go back through each kind of layer of operations.js.

import { emptyPair, normalizeGroups, readTwoWindows } from "./operations.js";
import { broadcast, countCells, findBlocks, findOrigins, patchesOf, windowsOf } from "./windows.js";

/**
 * A function gets the `inputs` of a layer with their shapes, the layer, and the `derivatives` of the
 * loss with respect to the layer's scores. It returns a list of the derivatives with respect to each
 * input, and adds the derivatives with respect to the layer's weights to `sums`. A number that went into
 * several scores gets the sum of all that comes back (the chain rule).
 *
 * If the derivatives with respect to the inputs aren't needed, the last argument, `needsInputs`, is
 * false. Then the function may return an empty list, if this saves time.
 */
export const BACKWARD = {
  Conv2D: goBackThroughProducts,
  Dense: goBackThroughProducts,

  DepthwiseConv2D([values], [shape], layer, derivatives, sums) {
    const { windows, cells, channels } = windowsOf(shape, layer);
    const { kernel, bias } = layer;
    const filters = bias.length / channels;
    const inputDerivatives = new Float32Array(values.length);
    for (let i = 0; i < derivatives.length; i += 1) {
      if (derivatives[i] === 0) continue;
      const unit = i % bias.length;
      const channel = Math.floor(unit / filters);
      const firstCell = Math.floor(i / bias.length) * cells;
      sums.bias[unit] += derivatives[i];
      for (let cell = 0; cell < cells; cell += 1) {
        const start = windows[firstCell + cell];
        if (start < 0) continue; // beyond the edge
        const weight = cell * bias.length + unit;
        sums.kernel[weight] += values[start + channel] * derivatives[i];
        inputDerivatives[start + channel] += kernel[weight] * derivatives[i];
      }
    }
    return [inputDerivatives];
  },

  // Only the largest number of a window went on, so the whole derivative is its own.
  MaxPooling2D([values], [shape], layer, derivatives) {
    const { windows, cells, places, channels } = windowsOf(shape, layer);
    const inputDerivatives = new Float32Array(values.length);
    for (let place = 0; place < places; place += 1) {
      for (let k = 0; k < channels; k += 1) {
        const derivative = derivatives[place * channels + k];
        if (derivative === 0) continue;
        let largest = -1;
        for (let cell = place * cells; cell < (place + 1) * cells; cell += 1) {
          if (windows[cell] < 0) continue; // beyond the edge
          const input = windows[cell] + k;
          if (largest < 0 || values[input] > values[largest]) largest = input;
        }
        inputDerivatives[largest] += derivative;
      }
    }
    return [inputDerivatives];
  },

  // Each number of a window has the same share of the mean, and so of the derivative.
  AveragePooling2D([values], [shape], layer, derivatives) {
    const { windows, cells, channels } = windowsOf(shape, layer);
    const counts = countCells(windows, cells);
    const inputDerivatives = new Float32Array(values.length);
    for (let cell = 0; cell < windows.length; cell += 1) {
      const start = windows[cell];
      if (start < 0) continue; // beyond the edge
      const place = Math.floor(cell / cells);
      for (let k = 0; k < channels; k += 1)
        inputDerivatives[start + k] += derivatives[place * channels + k] / counts[place];
    }
    return [inputDerivatives];
  },

  Flatten: passBack,
  Reshape: passBack,
  Activation: passBack,
  Dropout: passBack,

  ZeroPadding2D: moveBack,
  Cropping2D: moveBack,
  UpSampling2D: moveBack,
  Permute: moveBack,

  Rescaling: (inputs, shapes, { scale }, derivatives) => [derivatives.map((d) => d * scale)],

  BatchNormalization([values], shapes, { factor }, derivatives, sums) {
    addChannels(sums, values, derivatives);
    return [derivatives.map((d, i) => d * factor[i % factor.length])];
  },

  // Each number of a group has changed the mean and the deviation of the group, too.
  LayerNormalization([values], shapes, { factor, epsilon }, derivatives, sums) {
    const length = factor.length;
    const { normalized, deviations } = normalizeGroups(values, length, epsilon);
    addChannels(sums, normalized, derivatives);
    const scaled = derivatives.map((d, i) => d * factor[i % length]);
    const inputDerivatives = new Float32Array(values.length);
    deviations.forEach((deviation, group) => {
      let sum = 0;
      let sumOfProducts = 0;
      for (let i = group * length; i < (group + 1) * length; i += 1) {
        sum += scaled[i];
        sumOfProducts += scaled[i] * normalized[i];
      }
      for (let i = group * length; i < (group + 1) * length; i += 1) {
        const change = (sum + normalized[i] * sumOfProducts) / length;
        inputDerivatives[i] = (scaled[i] - change) / deviation;
      }
    });
    return [inputDerivatives];
  },

  PReLU([values], shapes, { alpha }, derivatives, sums) {
    derivatives.forEach((d, i) => (sums.alpha[i % alpha.length] += d * Math.min(values[i], 0)));
    return [derivatives.map((d, i) => (values[i] > 0 ? d : d * alpha[i % alpha.length]))];
  },

  Add: goBackThroughJoin(() => 1),
  Subtract: goBackThroughJoin((inputs, k) => (k === 0 ? 1 : -1)),
  Average: goBackThroughJoin((inputs) => 1 / inputs.length),

  // An input was multiplied by all others.
  Multiply: goBackThroughJoin((inputs, k, i) =>
    inputs.reduce((product, values, other) => (other === k ? product : product * values[i]), 1),
  ),

  // Only the largest number went on, the first one of several.
  Maximum: goBackThroughJoin((inputs, k, i) => {
    const numbers = inputs.map((values) => values[i]);
    return numbers.indexOf(Math.max(...numbers)) === k ? 1 : 0;
  }),
  Minimum: goBackThroughJoin((inputs, k, i) => {
    const numbers = inputs.map((values) => values[i]);
    return numbers.indexOf(Math.min(...numbers)) === k ? 1 : 0;
  }),

  Concatenate(inputs, shapes, layer, derivatives) {
    const inputDerivatives = inputs.map(({ length }) => new Float32Array(length));
    for (const { input, start, end, output } of findBlocks(shapes, layer))
      inputDerivatives[input].set(derivatives.subarray(output, output + end - start), start);
    return inputDerivatives;
  },
};

function passBack(inputs, shapes, layer, derivatives) {
  return [derivatives];
}

/** Give each derivative to the number that was moved. One that was repeated gets several. */
function moveBack([values], [shape], layer, derivatives) {
  const origins = findOrigins(shape, layer);
  const inputDerivatives = new Float32Array(values.length);
  for (let i = 0; i < derivatives.length; i += 1)
    if (origins[i] >= 0) inputDerivatives[origins[i]] += derivatives[i];
  return [inputDerivatives];
}

/** Add the derivatives with respect to factors and offsets, which belong to channels. */
function addChannels({ factor, offset }, values, derivatives) {
  for (let i = 0; i < derivatives.length; i += 1) {
    factor[i % factor.length] += values[i] * derivatives[i];
    offset[i % offset.length] += derivatives[i];
  }
}

/**
 * Go back through a layer that joins numbers at the same place. `derivativeOf(inputs, k, i)` says how
 * fast number `i` of the layer grows with number `i` of input `k`.
 */
function goBackThroughJoin(derivativeOf) {
  return (inputs, shapes, layer, derivatives) => {
    const wide = inputs.map((values, k) => broadcast(values, shapes[k], layer));
    return inputs.map((values, k) => {
      const products = derivatives.map((d, i) => d * derivativeOf(wide, k, i));
      if (wide[k] === values) return products;
      return moveBack([values], [shapes[k]], { kind: "Broadcast", shape: layer.shape }, products)[0];
    });
  };
}

/**
 * Go back through the weighted sums of a convolution or a dense layer. Each sum is made of products of
 * an input and a weight. So the weight gets the input times the derivative of the sum, and the input
 * gets the weight times this derivative.
 */
function goBackThroughProducts(inputs, shapes, layer, derivatives, sums, needsInputs = true) {
  if (!needsInputs) {
    addWeightDerivatives(inputs[0], patchesOf(shapes[0], layer), derivatives, sums);
    return [];
  }
  const [values] = inputs;
  const { windows, cells, places, channels } = windowsOf(shapes[0], layer);
  const units = layer.bias.length;
  const inputDerivatives = new Float32Array(values.length);
  const arrays = { values, inputDerivatives, kernel: layer.kernel, kernelSums: sums.kernel };
  const active = emptyUnits(units);
  for (let place = 0; place < places; place += 1) {
    const count = findActiveUnits(derivatives, place * units, units, active);
    for (let k = 0; k < count; k += 1) sums.bias[active.units[k]] += active.derivatives[k];
    // Four units at a time are faster than one.
    for (let k = 0; k < count; k += 4) {
      const first = place * cells;
      for (let cell = 0; cell < cells; ) {
        const start = windows[first + cell];
        const end = findEndOfRun(windows, first + cell, first + cells, channels) - first;
        const weight = cell * channels * units;
        const length = (end - cell) * channels;
        const isInside = start >= 0;
        if (isInside) goBackFromFourUnits(arrays, start, weight, length, units, active, k);
        cell = end;
      }
    }
  }
  return [inputDerivatives];
}

/**
 * Add the derivatives with respect to the weights of weighted sums, and to their biases. Most images are
 * mostly paper, so at each place only the inputs that aren't 0 are read.
 */
function addWeightDerivatives(values, { inputs, length, places }, derivatives, { kernel, bias }) {
  const units = bias.length;
  const active = emptyUnits(units);
  const patch = emptyPair(length);
  for (let place = 0; place < places; place += 1) {
    const count = findActiveUnits(derivatives, place * units, units, active);
    if (!count) continue;
    for (let k = 0; k < count; k += 1) bias[active.units[k]] += active.derivatives[k];
    const start = place * length;
    const inputCount = readTwoWindows(values, inputs, start, start, length, units, patch);
    for (let k = 0; k < count; k += 4) addToFourKernels(kernel, patch, inputCount, active, k);
  }
}

/** Add the inputs of a patch, each times the derivative of its sum, to the weights of four units. */
function addToFourKernels(kernelSums, { rows, firsts }, inputCount, active, k) {
  const derivative0 = active.derivatives[k];
  const derivative1 = active.derivatives[k + 1];
  const derivative2 = active.derivatives[k + 2];
  const derivative3 = active.derivatives[k + 3];
  const unit0 = active.units[k];
  const unit1 = active.units[k + 1];
  const unit2 = active.units[k + 2];
  const unit3 = active.units[k + 3];
  for (let i = 0; i < inputCount; i += 1) {
    const row = rows[i];
    const value = firsts[i];
    kernelSums[row + unit0] += value * derivative0;
    kernelSums[row + unit1] += value * derivative1;
    kernelSums[row + unit2] += value * derivative2;
    kernelSums[row + unit3] += value * derivative3;
  }
}

/** Return room for so many active units and their derivatives, filled up to four at a time. */
function emptyUnits(units) {
  return { units: new Int32Array(units + 3), derivatives: new Float64Array(units + 3) };
}

/**
 * Find the units that have a derivative at a place; after pooling, these are few. Write them and their
 * derivatives into `active`, fill up the last four with derivatives of 0, and return the count.
 */
function findActiveUnits(derivatives, first, units, active) {
  let count = 0;
  for (let unit = 0; unit < units; unit += 1) {
    const derivative = derivatives[first + unit];
    if (derivative === 0) continue;
    active.units[count] = unit;
    active.derivatives[count] = derivative;
    count += 1;
  }
  for (let k = count; k < count + 3; k += 1) active.derivatives[k] = 0; // faster than `fill`
  return count;
}

/** Find the first cell of a window, behind `first`, that doesn't lie beside the cell before it. */
function findEndOfRun(windows, first, end, channels) {
  let cell = first + 1;
  while (cell < end && windows[first] >= 0 && windows[cell] === windows[cell - 1] + channels) cell += 1;
  return cell;
}

/** Go back from four active units to a run of inputs that follow one another, and to their weights. */
function goBackFromFourUnits(arrays, start, firstWeight, length, units, active, k) {
  const { values, inputDerivatives, kernel, kernelSums } = arrays;
  const derivative0 = active.derivatives[k];
  const derivative1 = active.derivatives[k + 1];
  const derivative2 = active.derivatives[k + 2];
  const derivative3 = active.derivatives[k + 3];
  let weight0 = firstWeight + active.units[k];
  let weight1 = firstWeight + active.units[k + 1];
  let weight2 = firstWeight + active.units[k + 2];
  let weight3 = firstWeight + active.units[k + 3];
  for (let input = start; input < start + length; input += 1) {
    const value = values[input];
    if (value !== 0) {
      kernelSums[weight0] += value * derivative0;
      kernelSums[weight1] += value * derivative1;
      kernelSums[weight2] += value * derivative2;
      kernelSums[weight3] += value * derivative3;
    }
    const sum01 = kernel[weight0] * derivative0 + kernel[weight1] * derivative1;
    const sum23 = kernel[weight2] * derivative2 + kernel[weight3] * derivative3;
    inputDerivatives[input] += sum01 + sum23;
    weight0 += units;
    weight1 += units;
    weight2 += units;
    weight3 += units;
  }
}
