// How a network learns: backpropagation through the layers of network.js, and a step of RMSprop.
// The derivative of the loss with respect to a number says how fast the loss rises with that number.
// The derivatives with respect to all weights are the gradient.

import { ACTIVATIONS } from "./activations.js";
import { forwardPass, inputOf, shapeOf, sourcesOf, strongest } from "./network.js";
import { findWindows } from "./windows.js";

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
    const pass = forwardPass(network, inputOf(image));
    const probabilities = pass.values.at(-1);
    loss -= Math.log(Math.max(probabilities[label], EPSILON)) / batchSize;
    if (sums) backward(network, pass, label, batchSize, sums);
    return strongest(probabilities);
  });
  return { gradient: sums, loss, digits };
}

/**
 * Go back through a network, from the loss of one image of a batch to the image. `forwardPass` has
 * computed the `values` and the `scores` of the image. The derivatives with respect to weights are
 * added to `sums`.
 *
 * Return two lists of arrays, with an entry for the image and for each layer. `derivatives` has the
 * derivatives with respect to `values`, and `scoreDerivatives` has the derivatives with respect to
 * `scores`. The last entry of both has the derivatives with respect to the logits.
 */
export function backward(network, { values, scores }, label, batchSize, sums) {
  const { layers } = network;
  const weightSums = sums ?? layers.map(zeros);
  // Softmax and cross-entropy together give a simple derivative with respect to a logit: p - y. Here
  // y is 1 for the right class and 0 for all others.
  const errors = values.at(-1).map((p, digit) => (p - (digit === label)) / batchSize);
  const derivatives = Array(values.length).fill(null);
  const scoreDerivatives = [...derivatives];
  derivatives[layers.length] = errors;
  for (let step = layers.length; step > 0; step -= 1) {
    const layer = layers[step - 1];
    scoreDerivatives[step] =
      step === layers.length
        ? errors
        : throughActivation(layer, scores[step], values[step], derivatives[step]);
    const sources = sourcesOf(network, step);
    const inputs = sources.map((source) => values[source]);
    const shapes = sources.map((source) => shapeOf(network, source));
    const goBack = BACKWARD[layer.kind];
    const found = goBack(inputs, shapes, layer, scoreDerivatives[step], weightSums[step - 1]);
    sources.forEach((source, k) => {
      derivatives[source] = addUp(derivatives[source], found[k]);
    });
  }
  return { derivatives, scoreDerivatives };
}

/** Multiply each derivative with respect to a value by the derivative of the activation. */
function throughActivation(layer, scores, values, derivatives) {
  if (layer.activation === "linear") return derivatives;
  const { derivative } = ACTIVATIONS[layer.activation];
  const products = new Float32Array(derivatives.length);
  for (let i = 0; i < products.length; i += 1) {
    if (derivatives[i] !== 0)
      products[i] = derivatives[i] * derivative(scores[i], values[i], layer);
  }
  return products;
}

/** Add up the derivatives of values that go into several layers. What came before may be null. */
function addUp(sums, derivatives) {
  return sums ? sums.map((sum, i) => sum + derivatives[i]) : derivatives;
}

/** Return the derivatives with respect to each input of a layer, from those with respect to its scores. */
export const computeInputDerivatives = (layer, inputs, shapes, derivatives) =>
  BACKWARD[layer.kind](inputs, shapes, layer, derivatives, zeros(layer));

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

// How to go back through each kind of layer. A function gets the `inputs` of the layer with their
// shapes, as in OPERATIONS, and the `derivatives` of the loss with respect to the layer's scores. It
// returns a list of the derivatives with respect to each input, and adds the derivatives with respect
// to the layer's weights to `sums`. A number that went into several sums gets the sum of all that comes
// back (the chain rule).
const BACKWARD = {
  Conv2D: goBackThroughProducts,

  Dense: goBackThroughProducts,

  // Only the largest number of a window went on, so the whole derivative is its own.
  MaxPooling2D([values], [shape], layer, derivatives) {
    const windows = findWindows(shape, layer);
    const cells = layer.size[0] * layer.size[1];
    const channels = shape.at(-1);
    const inputDerivatives = new Float32Array(values.length);
    for (let i = 0; i < derivatives.length; i += 1) {
      if (derivatives[i] === 0) continue;
      const firstCell = Math.floor(i / channels) * cells;
      let largest = -1;
      for (let cell = firstCell; cell < firstCell + cells; cell += 1) {
        const input = windows[cell] + (i % channels);
        if (windows[cell] >= 0 && (largest < 0 || values[input] > values[largest])) largest = input;
      }
      inputDerivatives[largest] += derivatives[i];
    }
    return [inputDerivatives];
  },

  Flatten: (inputs, shapes, layer, derivatives) => [derivatives],
};

/**
 * Go back through the weighted sums of a convolution or a dense layer. Each sum is made of products of
 * an input and a weight. So the weight gets the input times the derivative of the sum, and the input
 * gets the weight times this derivative.
 */
function goBackThroughProducts([values], [shape], layer, derivatives, sums) {
  const { kernel, bias, size = [1, 1] } = layer;
  const windows = findWindows(shape, layer);
  const cells = size[0] * size[1];
  const channels = shape.at(-1);
  const units = bias.length;
  const inputDerivatives = new Float32Array(values.length);
  const activeUnits = new Int32Array(units); // after pooling, few units have a derivative at a place
  for (let window = 0; window < windows.length; window += cells) {
    const output = (window / cells) * units;
    let count = 0;
    for (let unit = 0; unit < units; unit += 1) {
      if (derivatives[output + unit] === 0) continue;
      sums.bias[unit] += derivatives[output + unit];
      activeUnits[count] = unit;
      count += 1;
    }
    for (let cell = 0; count && cell < cells; cell += 1) {
      const start = windows[window + cell];
      if (start < 0) continue; // beyond the edge is 0
      for (let channel = 0; channel < channels; channel += 1) {
        const input = start + channel;
        const row = (cell * channels + channel) * units; // of the kernel
        let sum = 0;
        for (let k = 0; k < count; k += 1) {
          const unit = activeUnits[k];
          const derivative = derivatives[output + unit];
          sums.kernel[row + unit] += values[input] * derivative;
          sum += kernel[row + unit] * derivative;
        }
        inputDerivatives[input] += sum;
      }
    }
  }
  return [inputDerivatives];
}

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
