// The activations, each with its derivative.

/**
 * `apply` computes the values of a layer from its scores, which are its numbers before the activation.
 * `derivative` says how fast a value grows with its score. Softmax has none, because each of its
 * values depends on all scores. Settings of an activation stand in the layer.
 */
export const ACTIVATIONS = {
  linear: { apply: (scores) => scores, derivative: () => 1 },

  relu: {
    apply(scores) {
      const values = new Float32Array(scores.length);
      for (let i = 0; i < scores.length; i += 1) values[i] = Math.max(scores[i], 0);
      return values;
    },
    derivative: (score, value) => (value > 0 ? 1 : 0),
  },

  softmax: {
    apply(scores) {
      const largest = Math.max(...scores); // taken off so that no power is too large for a number
      const powers = scores.map((score) => Math.exp(score - largest));
      const sum = powers.reduce((a, b) => a + b);
      return powers.map((power) => power / sum);
    },
  },
};
