// The factors of the chain rule: by what a weight is multiplied, and how much of a number goes into the
// numbers after it.

import {
  OPERATIONS,
  TRAITS,
  computeInputDerivatives,
  findWindows,
  shapeOf,
  sourcesOf,
} from "../network/index.js";

// So far a number is moved, up and down, to find the scores that don't change with it. Their derivative
// is 0, and needn't be computed. This is for a maximum, and for a layer normalization. A number that is
// moved far and is still not the largest of its window leaves the maximum alone.
const FAR = 1e4;

/** Return how many numbers of a layer have weights of their own: its filters, units or members. */
export const countUnits = ({ bias, offset }) => (bias ?? offset).length;

/**
 * Return by what a weight of a layer is multiplied at each place of the layer. The weight has the place
 * `index` in the array `name`.
 */
export function findWeightInputs(layer, inputs, shapes, name, index) {
  const units = countUnits(layer);
  const placeCount = layer.shape.reduce((a, b) => a * b, 1) / units;
  const places = Array.from({ length: placeCount }, (_none, place) => place);
  if (name === "bias" || name === "offset") return places.map(() => 1);
  if (name === "factor") {
    const plain = { ...layer, factor: layer.factor.map(() => 1), offset: layer.offset.map(() => 0) };
    const normalized = OPERATIONS[layer.kind](inputs, shapes, plain);
    return places.map((place) => normalized[place * units + index]);
  }
  const { cell, channel } = findKernelInput(layer, shapes[0], index);
  const windows = findWindows(shapes[0], layer);
  const cellCount = windows.length / placeCount;
  return places.map((place) => {
    const start = windows[place * cellCount + cell];
    return start < 0 ? 0 : inputs[0][start + channel];
  });
}

/** Return the cell of the window and the channel that a weight of a kernel is multiplied by. */
function findKernelInput(layer, shape, index) {
  const units = countUnits(layer);
  const channels = shape.at(-1);
  const row = Math.floor(index / units);
  if (layer.kind === "DepthwiseConv2D") {
    const kernelsOfMap = units / channels;
    return { cell: row, channel: Math.floor((index % units) / kernelsOfMap) };
  }
  return { cell: Math.floor(row / channels), channel: row % channels };
}

/**
 * Return the derivatives of all scores of a layer, `next`, with respect to number `i` of what layer
 * `layerIndex` gives. For a weighted sum the derivative is the weight of this number.
 */
export function findFactors(network, next, values, { layerIndex, i }) {
  const layer = network.layers[next - 1];
  const sources = sourcesOf(network, next);
  const shapes = sources.map((source) => shapeOf(network, source));
  const inputs = sources.map((source) => values[source]);
  const withoutBias = { ...layer, bias: layer.bias?.map(() => 0) };
  const computeScores = (arrays) => OPERATIONS[layer.kind](arrays, shapes, withoutBias);
  const change = (arrays, difference) =>
    arrays.map((array, k) => (sources[k] === layerIndex ? changeNumber(array, i, difference) : array));

  if (TRAITS[layer.kind].isAffine) {
    const zeros = inputs.map((input) => new Float32Array(input.length));
    const scores = computeScores(zeros);
    return computeScores(change(zeros, 1)).map((score, output) => score - scores[output]);
  }
  const scores = computeScores(inputs);
  const movedScores = [FAR, -FAR].map((difference) => computeScores(change(inputs, difference)));
  return scores.map((score, output) => {
    if (movedScores.every((moved) => moved[output] === score)) return 0;
    const oneScore = changeNumber(new Float32Array(scores.length), output, 1);
    const inputDerivatives = computeInputDerivatives(layer, inputs, shapes, oneScore);
    return sources.reduce(
      (sum, source, k) => sum + (source === layerIndex ? inputDerivatives[k][i] : 0),
      0,
    );
  });
}

/** Return an array in which one number is larger by a difference. */
function changeNumber(numbers, i, difference) {
  const changed = Float32Array.from(numbers);
  changed[i] += difference;
  return changed;
}
