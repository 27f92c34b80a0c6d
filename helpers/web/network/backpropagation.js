// How a network learns: backpropagation through the layers of network.js, and a step of RMSprop.
// The derivative of the loss with respect to a number says how fast the loss rises with that number.
// The derivatives with respect to all weights are the gradient.

import { forward, inputOf, strongest } from "./network.js";

const RHO = 0.9; // RMSprop keeps this share of its mean in each step, as in Keras
const EPSILON = 1e-7; // keeps a logarithm and a quotient finite, as in Keras

/**
 * Compute the gradient of the mean loss of a batch. The loss of an image is -ln p of the right class
 * (cross-entropy). Each image of the batch has `image`, 784 greys, and a `label`.
 *
 * Return the `loss`; the `digits`, which are the classes that the network answers; and the
 * `gradient`, by layer and weight. Unless the network `learns`, the gradient is null.
 *
 * The batch may be a share of a larger batch of `batchSize` images. Then the loss and the gradient
 * are its part of the whole mean, and the parts of all shares add up to the whole.
 */
export function computeGradient(network, batch, batchSize = batch.length, learns = true) {
  const sums = learns ? network.layers.map(zeros) : null;
  let loss = 0;
  const digits = batch.map(({ image, label }) => {
    const values = forward(network, inputOf(image));
    const probabilities = values.at(-1);
    loss -= Math.log(Math.max(probabilities[label], EPSILON)) / batchSize;
    if (sums) backward(network, values, label, batchSize, sums);
    return strongest(probabilities);
  });
  return { gradient: sums, loss, digits };
}

/**
 * Go back through a network, from the loss of one image of a batch to the image. `forward` has
 * computed the `values` of the image and all layers. The derivatives with respect to weights are
 * added to `sums`.
 *
 * Return two lists of arrays, with an entry for the image and for each layer. `derivatives` has the
 * derivatives with respect to `values`; its last entry has the derivatives with respect to the
 * logits. `added` has the derivatives with respect to the sums of a layer before its ReLU.
 */
export function backward({ layers, shape }, values, label, batchSize, sums = layers.map(zeros)) {
  // Softmax and cross-entropy together give a simple derivative with respect to a logit: p - y. Here
  // y is 1 for the right class and 0 for all others.
  const errors = values.at(-1).map((p, digit) => (p - (digit === label)) / batchSize);
  const derivatives = [errors];
  const added = [];
  for (let i = layers.length - 1; i >= 0; i -= 1) {
    const inputShape = layers[i - 1]?.shape ?? shape;
    let [outputDerivatives] = derivatives;
    // A derivative goes back through ReLU only where the number was above 0.
    if (layers[i].activation === "relu")
      outputDerivatives = outputDerivatives.map((d, k) => d * (values[i + 1][k] > 0));
    added[i + 1] = outputDerivatives;
    const goBack = BACKWARD[layers[i].kind];
    derivatives.unshift(goBack(values[i], inputShape, layers[i], outputDerivatives, sums[i]));
  }
  return { derivatives, added };
}

/** Can a network be trained here? It ends in softmax, and there is a way back through each layer. */
export function isTrainable({ layers }) {
  return layers.every(
    ({ kind, activation }, i) =>
      BACKWARD[kind] && (activation === "softmax") === (i === layers.length - 1),
  );
}

/** Return arrays as large as a layer's weights, with 0 everywhere. */
function zeros({ kernel = [], bias = [] }) {
  return { kernel: new Float64Array(kernel.length), bias: new Float64Array(bias.length) };
}

// How to go back through each kind of layer. A function gets the `values` before the layer, and the
// `derivatives` of the loss with respect to the numbers after it. It returns the derivatives with
// respect to `values`, and adds the derivatives with respect to the layer's weights to `sums`. A
// number that went into several sums gets the sum of all that comes back (the chain rule).
const BACKWARD = {
  // Each number of a patch went into the sum of every filter, times a weight.
  Conv2D(values, [height, width, channels], layer, derivatives, sums) {
    const { shape, size, padding_before: padding, kernel } = layer;
    const [rows, columns, filters] = shape;
    const inputDerivatives = new Float32Array(values.length);
    for (let place = 0; place < rows * columns; place += 1) {
      const ofPlace = derivatives.subarray(place * filters, (place + 1) * filters);
      const activeFilters = []; // after pooling, few filters have a derivative at a place
      ofPlace.forEach((derivative, filter) => {
        sums.bias[filter] += derivative;
        if (derivative !== 0) activeFilters.push(filter);
      });
      for (let i = 0; activeFilters.length && i < size[0] * size[1]; i += 1) {
        const y = Math.floor(place / columns) + Math.floor(i / size[1]) - padding[0];
        const x = (place % columns) + (i % size[1]) - padding[1];
        if (y < 0 || x < 0 || y >= height || x >= width) continue; // beyond the edge is 0
        for (let channel = 0; channel < channels; channel += 1) {
          const input = (y * width + x) * channels + channel;
          for (const filter of activeFilters) {
            const weight = (i * channels + channel) * filters + filter;
            sums.kernel[weight] += values[input] * ofPlace[filter];
            inputDerivatives[input] += kernel[weight] * ofPlace[filter];
          }
        }
      }
    }
    return inputDerivatives;
  },

  // Only the largest number of a block went on, so the whole derivative is its own.
  MaxPooling2D(values, [, width, channels], { shape: [, columns = 1], size }, derivatives) {
    const inputDerivatives = new Float32Array(values.length);
    derivatives.forEach((derivative, i) => {
      if (derivative === 0) return;
      const place = Math.floor(i / channels);
      const channel = i % channels;
      const row = Math.floor(place / columns) * size[0];
      const column = (place % columns) * size[1];
      let largest = (row * width + column) * channels + channel;
      for (let k = 1; k < size[0] * size[1]; k += 1) {
        const y = row + Math.floor(k / size[1]);
        const x = column + (k % size[1]);
        const input = (y * width + x) * channels + channel;
        if (values[input] > values[largest]) largest = input;
      }
      inputDerivatives[largest] += derivative;
    });
    return inputDerivatives;
  },

  Flatten: (values, shape, layer, derivatives) => derivatives,

  // Each number went into the sum of every unit, times a weight.
  Dense(values, shape, { kernel }, derivatives, sums) {
    const units = derivatives.length;
    derivatives.forEach((derivative, unit) => (sums.bias[unit] += derivative));
    return values.map((value, i) =>
      derivatives.reduce((sum, derivative, unit) => {
        sums.kernel[i * units + unit] += value * derivative;
        return sum + kernel[i * units + unit] * derivative;
      }, 0),
    );
  },
};

/** Take a step of RMSprop. `secondMoments` keeps its means of squared derivatives between steps. */
export function takeStep(network, gradient, rate, secondMoments) {
  network.layers.forEach((layer, i) => {
    secondMoments[i] ??= zeros(layer);
    for (const [name, derivatives] of Object.entries(gradient[i])) {
      const mean = secondMoments[i][name];
      derivatives.forEach((derivative, k) => {
        mean[k] = RHO * mean[k] + (1 - RHO) * derivative * derivative;
        layer[name][k] -= (rate * derivative) / Math.sqrt(mean[k] + EPSILON);
      });
    }
  });
}
