// How to go back through each kind of layer of operations.js.

import { multiply } from "./matrix_product.js";
import { normalizeGroups } from "./operations.js";
import {
  ZERO_AND_ONE,
  countCells,
  countUp,
  findBlocks,
  findOnce,
  patchesOf,
  windowsOf,
} from "./windows.js";

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
        let best = 0;
        for (let cell = place * cells; cell < (place + 1) * cells; cell += 1) {
          if (windows[cell] < 0) continue; // beyond the edge
          const input = windows[cell] + k;
          const value = values[input];
          if (largest >= 0 && !(value > best)) continue;
          largest = input;
          best = value;
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

  Add: (inputs, shapes, layer, derivatives) => inputs.map(() => derivatives),

  Concatenate(inputs, shapes, layer, derivatives) {
    const inputDerivatives = inputs.map(({ length }) => new Float32Array(length));
    for (const { input, start, end, output } of findBlocks(shapes))
      inputDerivatives[input].set(derivatives.subarray(output, output + end - start), start);
    return inputDerivatives;
  },
};

function passBack(inputs, shapes, layer, derivatives) {
  return [derivatives];
}

/** Add the derivatives with respect to factors and offsets, which belong to channels. */
function addChannels({ factor, offset }, values, derivatives) {
  for (let i = 0; i < derivatives.length; i += 1) {
    factor[i % factor.length] += values[i] * derivatives[i];
    offset[i % offset.length] += derivatives[i];
  }
}

/**
 * Go back through the weighted sums of a convolution or a dense layer. Each sum is made of products of
 * an input and a weight. So the weight gets the input times the derivative of the sum, and the input
 * gets the weight times this derivative.
 */
function goBackThroughProducts([values], [shape], layer, derivatives, sums, needsInputs = true) {
  const patches = patchesOf(shape, layer);
  addWeightDerivatives(values, patches, derivatives, sums);
  if (!needsInputs) return [];
  return [findInputDerivatives(values.length, patches, derivatives, swapAxes(layer, sums))];
}

/** Add the derivatives with respect to the weights of weighted sums, and to their biases, to sums. */
function addWeightDerivatives(values, { inputs, length, places }, derivatives, { kernel, bias }) {
  const size = { rows: length, inner: places, columns: bias.length, transposed: true };
  const found = multiply([values, ZERO_AND_ONE], inputs, [derivatives], size);
  for (let i = 0; i < kernel.length; i += 1) kernel[i] += found[i];
  for (let unit = 0; unit < bias.length; unit += 1) bias[unit] += found[kernel.length + unit];
}

/**
 * Return the weights of a layer with the axes of its kernel swapped: for each unit, its weights and a 0.
 * While derivatives are added to the same `sums`, no weight changes.
 */
const swapAxes = findOnce(({ kernel, bias: { length: units } }, _sums) => {
  const length = kernel.length / units;
  const weights = new Float32Array(units * (length + 1));
  for (let unit = 0; unit < units; unit += 1)
    for (let k = 0; k < length; k += 1) weights[unit * (length + 1) + k] = kernel[k * units + unit];
  return weights;
});

/** Return the derivatives with respect to so many inputs of weighted sums. */
function findInputDerivatives(count, { inputs, length, places }, derivatives, weights) {
  const size = { rows: places, inner: derivatives.length / places, columns: length };
  const found = multiply([derivatives], countUp(derivatives.length), [weights], size);
  const inputDerivatives = new Float32Array(count + ZERO_AND_ONE.length);
  for (let i = 0; i < inputs.length; i += 1) inputDerivatives[inputs[i]] += found[i];
  return inputDerivatives.slice(0, count);
}
