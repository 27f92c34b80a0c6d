// How a network learns: backpropagation through the layers of network.js, and a step of RMSprop.
// The derivative of the loss with respect to a number says how fast the loss rises with that number.
// The derivatives with respect to all weights are the gradient.

import { ACTIVATIONS } from "./activations.js";
import { BACKWARD } from "./backward_operations.js";
import { argmax, forwardPass, inputOf, shapeOf, sourcesOf } from "./network.js";

const RHO = 0.9; // RMSprop keeps this share of its mean in each step, as in Keras
const EPSILON = 1e-7; // keeps a logarithm and a quotient finite, as in Keras

/**
 * Compute the gradient of the mean loss of a batch. The loss of an image is -ln p of the right class
 * (cross-entropy). Each image of the batch has `image`, 784 greys, and a `label`.
 *
 * Return the `loss`; the `classIndices`, which are the classes that the network answers; and the
 * `gradient`, by layer and weight. Unless the network `learns`, the gradient is null.
 *
 * The batch may be a share of a larger batch of `batchSize` images. Then the loss and the gradient
 * are its part of the whole mean, and the parts of all shares add up to the whole.
 */
export function computeGradient(network, batch, batchSize = batch.length, learns = true) {
  const sums = learns ? network.layers.map(zeros) : null;
  let loss = 0;
  const classIndices = batch.map(({ image, label }) => {
    const pass = forwardPass(network, inputOf(image));
    const probabilities = pass.values.at(-1);
    loss -= Math.log(Math.max(probabilities[label], EPSILON)) / batchSize;
    if (sums) backward(network, pass, label, batchSize, sums);
    return argmax(probabilities);
  });
  return { gradient: sums, loss, classIndices };
}

/**
 * Go back through a network, from the loss of one image of a batch to the image. `forwardPass` has
 * computed the `values` and the `scores` of the image. The derivatives with respect to weights are
 * added to `sums`. With `sums`, the derivatives with respect to the image aren't computed, because
 * training doesn't need them.
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
  const errors = values.at(-1).map((p, classIndex) => (p - (classIndex === label)) / batchSize);
  const derivatives = Array(values.length).fill(null);
  const scoreDerivatives = [...derivatives];
  derivatives[layers.length] = errors;
  for (let layerIndex = layers.length; layerIndex > 0; layerIndex -= 1) {
    const layer = layers[layerIndex - 1];
    scoreDerivatives[layerIndex] =
      layerIndex === layers.length
        ? errors
        : throughActivation(layer, scores[layerIndex], values[layerIndex], derivatives[layerIndex]);
    const sources = sourcesOf(network, layerIndex);
    const inputs = sources.map((source) => values[source]);
    const shapes = sources.map((source) => shapeOf(network, source));
    const goBack = BACKWARD[layer.kind];
    const needsInputs = !sums || sources.some((source) => source > 0);
    const back = scoreDerivatives[layerIndex];
    const found = goBack(inputs, shapes, layer, back, weightSums[layerIndex - 1], needsInputs);
    if (!needsInputs) continue;
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

/**
 * Can a network be trained here? It has weights, it ends in softmax, there is a way back through each
 * layer, and no layer shares its weights with another one.
 */
export function isTrainable({ layers }) {
  const hasWeights = layers.some(({ kernel }) => kernel);
  return hasWeights && layers.every(
    ({ kind, activation, is_shared: isShared }, i) =>
      BACKWARD[kind] && !isShared && (activation === "softmax") === (i === layers.length - 1),
  );
}

/** Return arrays as large as the weights of a layer, with 0 everywhere, by their names. */
function zeros(layer) {
  const weights = Object.entries(layer).filter(([, value]) => value instanceof Float32Array);
  return Object.fromEntries(weights.map(([name, { length }]) => [name, new Float64Array(length)]));
}

/**
 * Take a step of RMSprop. `secondMoments` keeps its means of squared derivatives between steps. The
 * weights that a layer names in `constants` don't change.
 */
export function takeStep(network, gradient, rate, secondMoments) {
  network.layers.forEach((layer, i) => {
    secondMoments[i] ??= zeros(layer);
    for (const [name, derivatives] of Object.entries(gradient[i])) {
      if (layer.constants?.includes(name)) continue;
      const weights = layer[name];
      const means = secondMoments[i][name];
      for (let k = 0; k < weights.length; k += 1) {
        means[k] = RHO * means[k] + (1 - RHO) * derivatives[k] * derivatives[k];
        weights[k] -= (rate * derivatives[k]) / Math.sqrt(means[k] + EPSILON);
      }
    }
  });
}
