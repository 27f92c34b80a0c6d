// How a network learns: backpropagation through the layers of network.js, and RMSprop's step. A slope
// says how fast the loss rises with a number (its derivative); those of all weights are the gradient.

import { forward, strongest } from "./network.js";
const [KEPT, EPSILON] = [0.9, 1e-7]; // what RMSprop keeps of a mean (rho); both as in Keras

/**
 * Return the gradient of the mean loss, -ln p of the right digit (cross-entropy), by layer and weight,
 * the loss, and how many answers are right. Images are Float32Arrays from 0 to 1. Where they are a
 * share of a batch `of` more, all shares add up to the batch; `sums` is the gradient so far.
 */
export function gradient(network, images, labels, of = images.length, sums = []) {
  network.layers.forEach((layer, i) => (sums[i] ??= zeros(layer)));
  let [loss, right] = [0, 0];
  images.forEach((image, n) => {
    const values = forward(network, image);
    const p = values.at(-1); // ten probabilities
    loss -= Math.log(p[labels[n]]) / of;
    right += strongest(p) === labels[n];
    // Softmax and cross-entropy together: the slope of a score is p - 1 for the right digit, else p.
    let slopes = p.map((share, digit) => (share - (digit === labels[n])) / of);
    for (let i = network.layers.length - 1; i >= 0; i -= 1) {
      const layer = network.layers[i];
      const shape = network.layers[i - 1]?.shape ?? network.shape;
      // ReLU lets through what was above 0.
      if (layer.activation === "relu") slopes = slopes.map((s, k) => s * (values[i + 1][k] > 0));
      slopes = BACKWARD[layer.kind](values[i], shape, layer, slopes, sums[i]);
    }
  });
  return { gradient: sums, loss, right };
}

/** Refuse a network that can't be trained here, with the name of the layer. */
export function check({ layers }) {
  layers.forEach(({ kind, name, activation }, i) => {
    const fits = (activation === "softmax") === (i === layers.length - 1);
    if (!BACKWARD[kind] || !fits) throw new Error(`${name}, ${activation}, can't be trained here`);
  });
}

/** Return arrays as large as a layer's weights, with 0 everywhere. */
const zeros = (layer) =>
  Object.fromEntries(["kernel", "bias"].map((key) => [key, new Float64Array(layer[key]?.length)]));

// The way back through a layer: from the slopes of what it gave, add up those of its weights in
// `sums`, and return those of the `values` that it got. What goes several ways adds up (chain rule).
const BACKWARD = {
  // Each number of a patch went into the sum of every filter, times a weight.
  Conv2D(values, [height, width, channels], layer, slopes, sums) {
    const { shape, size, padding_before: before, kernel } = layer;
    const [rows, columns, filters] = shape;
    const back = new Float32Array(values.length);
    for (let place = 0; place < rows * columns; place += 1) {
      const here = slopes.subarray(place * filters, (place + 1) * filters);
      const alive = []; // filters with a slope: after pooling, few places have any
      here.forEach((slope, filter) => {
        sums.bias[filter] += slope;
        if (slope !== 0) alive.push(filter);
      });
      for (let i = 0; alive.length && i < size[0] * size[1]; i += 1) {
        const y = Math.floor(place / columns) + Math.floor(i / size[1]) - before[0];
        const x = (place % columns) + (i % size[1]) - before[1];
        if (y < 0 || x < 0 || y >= height || x >= width) continue; // beyond the edge is 0
        for (let channel = 0; channel < channels; channel += 1) {
          const from = (y * width + x) * channels + channel;
          for (const filter of alive) {
            const weight = (i * channels + channel) * filters + filter;
            sums.kernel[weight] += values[from] * here[filter];
            back[from] += kernel[weight] * here[filter];
          }
        }
      }
    }
    return back;
  },

  // Only the largest number of a block went on, so all of the slope is its own.
  MaxPooling2D(values, [, width, channels], { shape: [, columns], size }, slopes) {
    const back = new Float32Array(values.length);
    slopes.forEach((slope, i) => {
      if (slope === 0) return;
      const [place, channel] = [Math.floor(i / channels), i % channels];
      const [row, column] = [Math.floor(place / columns) * size[0], (place % columns) * size[1]];
      let largest = (row * width + column) * channels + channel;
      for (let k = 1; k < size[0] * size[1]; k += 1) {
        const [y, x] = [row + Math.floor(k / size[1]), column + (k % size[1])];
        const from = (y * width + x) * channels + channel;
        if (values[from] > values[largest]) largest = from;
      }
      back[largest] += slope;
    });
    return back;
  },
  Flatten: (values, shape, layer, slopes) => slopes,

  // Each number went into the sum of every unit, times a weight.
  Dense(values, shape, { kernel }, slopes, sums) {
    slopes.forEach((slope, unit) => (sums.bias[unit] += slope));
    return values.map((value, i) =>
      slopes.reduce((sum, slope, unit) => {
        sums.kernel[i * slopes.length + unit] += value * slope;
        return sum + kernel[i * slopes.length + unit] * slope;
      }, 0),
    );
  },
};

/** Take one step of RMSprop; `squares` keeps the mean of squared slopes from step to step. */
export function step(network, gradient, rate, squares) {
  network.layers.forEach((layer, i) => {
    squares[i] ??= zeros(layer);
    for (const [name, slopes] of Object.entries(gradient[i])) {
      const mean = squares[i][name];
      slopes.forEach((slope, k) => {
        mean[k] = KEPT * mean[k] + (1 - KEPT) * slope * slope;
        layer[name][k] -= (rate * slope) / Math.sqrt(mean[k] + EPSILON);
      });
    }
  });
}
