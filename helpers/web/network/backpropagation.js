// How a network learns: backpropagation through the layers of network.js, and RMSprop's step. The
// derivative of the loss by a number says how fast the loss rises with it; those by all weights are
// the gradient.

import { forward, inputOf, strongest } from "./network.js";

// RHO is what RMSprop keeps of a mean, and no probability counts as less than EPSILON: as in Keras.
const [RHO, EPSILON] = [0.9, 1e-7];

/**
 * Return the gradient of the mean loss, -ln p of the right digit (cross-entropy), by layer and weight,
 * the loss, and the digits that are answered. Each of the batch has an `image` of 784 greys and its
 * `label`. Where it is a share of a larger one, all shares add up to that; where the network only
 * answers, there is no gradient.
 */
export function gradient(network, batch, batchSize = batch.length, learns = true) {
  const sums = learns ? network.layers.map(zeros) : null;
  let loss = 0;
  const digits = batch.map(({ image, label }) => {
    const values = forward(network, inputOf(image));
    const p = values.at(-1); // ten probabilities
    loss -= Math.log(Math.max(p[label], EPSILON)) / batchSize;
    if (sums) backward(network, values, label, batchSize, sums);
    return strongest(p);
  });
  return { gradient: sums, loss, digits };
}

/**
 * Return the `derivatives` of the loss by all `values` that `forward` has made of an image of a batch,
 * by the image's first, by the logits last, and those by the `added` numbers of each layer before its
 * ReLU. Those by the weights are added to `sums`.
 */
export function backward({ layers, shape }, values, label, batchSize, sums = layers.map(zeros)) {
  // Softmax and cross-entropy together: the derivative by a logit is p - y, where y is 1 for the right
  // digit, else 0.
  const derivatives = [values.at(-1).map((p, digit) => (p - (digit === label)) / batchSize)];
  const added = [];
  for (let i = layers.length - 1; i >= 0; i -= 1) {
    const before = layers[i - 1]?.shape ?? shape;
    let [back] = derivatives;
    // ReLU lets through what was above 0.
    if (layers[i].activation === "relu") back = back.map((d, k) => d * (values[i + 1][k] > 0));
    added[i + 1] = back;
    derivatives.unshift(BACKWARD[layers[i].kind](values[i], before, layers[i], back, sums[i]));
  }
  return { derivatives, added };
}

/** Can a network be trained here? It ends in softmax, and has layers with a way back. */
export function isTrainable({ layers }) {
  return layers.every(
    ({ kind, activation }, i) =>
      BACKWARD[kind] && (activation === "softmax") === (i === layers.length - 1),
  );
}

/** Return arrays as large as a layer's weights, with 0 everywhere. */
const zeros = (layer) =>
  Object.fromEntries(["kernel", "bias"].map((key) => [key, new Float64Array(layer[key]?.length)]));

// The way back through a layer: from the derivatives `back` by what it gave, add up those by its
// weights in `sums`, and return those by the `values` that it got. What goes several ways adds up
// (chain rule).
const BACKWARD = {
  // Each number of a patch went into the sum of every filter, times a weight.
  Conv2D(values, [height, width, channels], layer, back, sums) {
    const { shape, size, padding_before: padding, kernel } = layer;
    const [rows, columns, filters] = shape;
    const gradient = new Float32Array(values.length);
    for (let place = 0; place < rows * columns; place += 1) {
      const here = back.subarray(place * filters, (place + 1) * filters);
      const alive = []; // filters with a derivative: after pooling, few places have any
      here.forEach((derivative, filter) => {
        sums.bias[filter] += derivative;
        if (derivative !== 0) alive.push(filter);
      });
      for (let i = 0; alive.length && i < size[0] * size[1]; i += 1) {
        const y = Math.floor(place / columns) + Math.floor(i / size[1]) - padding[0];
        const x = (place % columns) + (i % size[1]) - padding[1];
        if (y < 0 || x < 0 || y >= height || x >= width) continue; // beyond the edge is 0
        for (let channel = 0; channel < channels; channel += 1) {
          const input = (y * width + x) * channels + channel;
          for (const filter of alive) {
            const weight = (i * channels + channel) * filters + filter;
            sums.kernel[weight] += values[input] * here[filter];
            gradient[input] += kernel[weight] * here[filter];
          }
        }
      }
    }
    return gradient;
  },

  // Only the largest number of a block went on, so the whole derivative is its own.
  MaxPooling2D(values, [, width, channels], { shape: [, columns = 1], size }, back) {
    const gradient = new Float32Array(values.length);
    back.forEach((derivative, i) => {
      if (derivative === 0) return;
      const [place, channel] = [Math.floor(i / channels), i % channels];
      const [row, column] = [Math.floor(place / columns) * size[0], (place % columns) * size[1]];
      let largest = (row * width + column) * channels + channel;
      for (let k = 1; k < size[0] * size[1]; k += 1) {
        const [y, x] = [row + Math.floor(k / size[1]), column + (k % size[1])];
        const input = (y * width + x) * channels + channel;
        if (values[input] > values[largest]) largest = input;
      }
      gradient[largest] += derivative;
    });
    return gradient;
  },
  Flatten: (values, shape, layer, back) => back,

  // Each number went into the sum of every unit, times a weight.
  Dense(values, shape, { kernel }, back, sums) {
    back.forEach((derivative, unit) => (sums.bias[unit] += derivative));
    return values.map((value, i) =>
      back.reduce((sum, derivative, unit) => {
        sums.kernel[i * back.length + unit] += value * derivative;
        return sum + kernel[i * back.length + unit] * derivative;
      }, 0),
    );
  },
};

/** Take one step of RMSprop; `secondMoments` keeps the mean of squared gradients between steps. */
export function step(network, gradient, rate, secondMoments) {
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
