// The activations, each with its derivative.

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/**
 * `apply` computes the values of a layer from its scores, which are its numbers before the activation.
 * `derivative` says how fast a value grows with its score. Softmax has none, because each of its
 * values depends on all scores. The layer has the settings of its activation, such as `alpha`.
 */
export const ACTIVATIONS = {
  linear: { apply: (scores) => scores, derivative: () => 1 },

  // ReLU6 and the leaky ReLU are this one, with other settings.
  relu: {
    apply(scores, { negative_slope: slope = 0, threshold = 0, max_value: limit = Infinity }) {
      const values = new Float32Array(scores.length);
      const isPlain = slope === 0 && threshold === 0 && limit === Infinity;
      for (let i = 0; i < scores.length; i += 1) {
        const score = scores[i];
        // This is the score above 0, and 0 below. A processor computes it faster than it branches.
        if (isPlain) values[i] = (score + Math.abs(score)) / 2;
        else if (score <= threshold) values[i] = slope === 0 ? 0 : slope * (score - threshold);
        else values[i] = Math.min(score, limit);
      }
      return values;
    },
    derivative(score, value, { negative_slope: slope = 0, threshold = 0, max_value: limit = Infinity }) {
      if (score <= threshold) return slope;
      return score < limit ? 1 : 0;
    },
  },

  elu: elementwise(
    (score, { alpha = 1 }) => (score > 0 ? score : alpha * Math.expm1(score)),
    (score, value, { alpha = 1 }) => (score > 0 ? 1 : value + alpha),
  ),

  selu: elementwise(
    (score) => SELU_SCALE * (score > 0 ? score : SELU_ALPHA * Math.expm1(score)),
    (score, value) => (score > 0 ? SELU_SCALE : value + SELU_SCALE * SELU_ALPHA),
  ),

  exponential: elementwise(Math.exp, (score, value) => value),
  tanh: elementwise(Math.tanh, (score, value) => 1 - value * value),
  sigmoid: elementwise(sigmoid, (score, value) => value * (1 - value)),
  softplus: elementwise(softplus, sigmoid),
  softsign: elementwise(
    (score) => score / (1 + Math.abs(score)),
    (score) => 1 / (1 + Math.abs(score)) ** 2,
  ),

  silu: elementwise(
    (score) => score * sigmoid(score),
    (score, value) => sigmoid(score) * (1 + score - value),
  ),

  gelu: elementwise(
    (score) => score * normalShare(score),
    (score) => normalShare(score) + (score * Math.exp((-score * score) / 2)) / Math.sqrt(2 * Math.PI),
  ),

  mish: elementwise(
    (score) => score * Math.tanh(softplus(score)),
    (score) => {
      const factor = Math.tanh(softplus(score));
      return factor + score * (1 - factor * factor) * sigmoid(score);
    },
  ),

  // The hard variants are made of straight lines between -3 and 3, or of a parabola.
  hard_sigmoid: elementwise(hardSigmoid, (score) => (Math.abs(score) < 3 ? 1 / 6 : 0)),
  hard_silu: elementwise(
    (score) => score * hardSigmoid(score),
    (score) => (Math.abs(score) < 3 ? (2 * score + 3) / 6 : hardSigmoid(score)),
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
  function apply(scores, layer) {
    const values = new Float32Array(scores.length);
    for (let i = 0; i < scores.length; i += 1) values[i] = valueOf(scores[i], layer);
    return values;
  }
  return { apply, derivative };
}

function sigmoid(score) {
  return 1 / (1 + Math.exp(-score));
}

function hardSigmoid(score) {
  return Math.min(Math.max(score / 6 + 0.5, 0), 1);
}

/** Return ln(1 + e^score), also where that power is too large for a number. */
function softplus(score) {
  return Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score)));
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
