// The activations, each with its derivative.

/**
 * `apply` computes the values of a layer from its scores, which are its numbers before the activation.
 * `derivative` says how fast a value grows with its score. Softmax has none, because each of its
 * values depends on all scores. The layer has the settings of its activation, such as `negative_slope`.
 */
export const ACTIVATIONS = {
  linear: { apply: (scores) => scores, derivative: () => 1 },

  // The leaky ReLU is this one, with a slope.
  relu: {
    apply(scores, { negative_slope: slope = 0 }) {
      const rectify = (score) => Math.max(score, 0) + slope * Math.min(score, 0);
      return computeEach(scores, rectify);
    },
    derivative: (score, value, { negative_slope: slope = 0 }) => (score > 0 ? 1 : slope),
  },

  tanh: elementwise(Math.tanh, (score, value) => 1 - value * value),
  sigmoid: elementwise(
    (score) => 1 / (1 + Math.exp(-score)),
    (score, value) => value * (1 - value),
  ),

  gelu: elementwise(
    (score) => score * normalShare(score),
    (score) => normalShare(score) + (score * Math.exp((-score * score) / 2)) / Math.sqrt(2 * Math.PI),
  ),

  softmax: {
    apply(scores) {
      const largest = Math.max(...scores); // taken off so that no power is too large for a number
      const powers = scores.map((score) => Math.exp(score - largest));
      const sum = powers.reduce((a, b) => a + b);
      return powers.map((power) => power / sum);
    },
  },
};

/** Return an activation that computes each value from its own score alone. */
function elementwise(valueOf, derivative) {
  return { apply: (scores) => computeEach(scores, valueOf), derivative };
}

/** Return the value of each score. */
function computeEach(scores, valueOf) {
  const values = new Float32Array(scores.length);
  for (let i = 0; i < scores.length; i += 1) values[i] = valueOf(scores[i]);
  return values;
}

/**
 * Return the share of the normal distribution below a number. The formula is 26.2.17 of Abramowitz and
 * Stegun, and its error is less than 0.0000001.
 */
function normalShare(number) {
  const t = 1 / (1 + 0.2316419 * Math.abs(number));
  const coefficients = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  const polynomial = coefficients.reduce((sum, coefficient) => (sum + coefficient) * t, 0);
  // The coefficients belong to powers of t from the fifth down to the first.
  const above = (Math.exp((-number * number) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return number > 0 ? 1 - above : above;
}
