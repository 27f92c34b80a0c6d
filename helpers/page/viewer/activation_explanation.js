// What an activation makes of a number, in a sentence with the numbers.

import { _, isolated, table, titled, writePower, writeSetting, written } from "../elements/index.js";
import { OPERATIONS } from "../network/index.js";

const DIGITS = 6; // of the numbers in a sentence whose result, which has four, can be checked by hand
const exactly = (number) => written(number, DIGITS);
const powerOf = (exponent) => writePower(exponent, DIGITS);

// For each activation the words above a layer, which say what it does, and a function that returns a
// sentence about one score. The sentence keeps `{value}` as the place of the result. The layer has the
// settings of its activation, such as a slope.
export const ACTIVATION_EXPLANATIONS = {
  linear: { words: () => null, explain: () => _("It stays so: {value}.") },

  // Other settings make a ReLU6 or a leaky ReLU of it.
  relu: {
    words({ negative_slope: slope = 0, max_value: limit }) {
      if (slope) return _("leaky ReLU makes what is below 0 smaller");
      return limit
        ? _("ReLU makes 0 of what is below 0, and {limit} of what is above {limit}", {
            limit: writeSetting(limit),
          })
        : _("ReLU makes 0 of what is below 0");
    },
    explain(score, { layer }) {
      const { negative_slope: slope = 0, threshold = 0, max_value: limit = Infinity } = layer;
      const numbers = { threshold: writeSetting(threshold), slope: writeSetting(slope) };
      if (score >= limit)
        return _("That is not below {limit}, so ReLU makes it {value}.", {
          limit: writeSetting(limit),
        });
      if (score > threshold) return _("ReLU keeps what is above {threshold}: {value}.", numbers);
      if (!slope)
        return _("That is not above {threshold}, so ReLU makes it {value}.", numbers);
      return threshold
        ? _(
            "That is not above {threshold}, so leaky ReLU multiplies the difference by {slope}: {value}.",
            numbers,
          )
        : _("That is not above 0, so leaky ReLU multiplies it by {slope}: {value}.", numbers);
    },
  },

  softmax: {
    words: () => _("softmax makes shares of 1"),
    explain(score, selection) {
      const scores = scoresOf(selection);
      // The sum of all powers is a power itself, which may be too large for a number.
      const largest = Math.max(...scores);
      const sum = scores.reduce((total, other) => total + Math.exp(other - largest), 0);
      return _(
        "Softmax: e (about 2.718) to the power of {score} is {power}. These powers of all {count} scores add up to {sum}. The share is {power} / {sum} = {value}.",
        {
          score: written(score),
          power: powerOf(score),
          count: scores.length,
          sum: powerOf(largest + Math.log(sum)),
        },
      );
    },
  },

  tanh: {
    words: () => _("tanh brings them between \u22121 and 1"),
    explain: (score) =>
      _(
        "tanh: e (about 2.718) to the power of {score} is {power}, and to the power of {opposite} it is {inverse}. Their difference, divided by their sum, is {value}.",
        { ...powersOf(score), inverse: powerOf(-score) },
      ),
  },

  sigmoid: {
    words: () => _("sigmoid brings them between 0 and 1"),
    explain: (score) =>
      _(
        "Sigmoid: e (about 2.718) to the power of {score} is {power}. 1 / (1 + {power}) = {value}.",
        powersOf(-score),
      ),
  },

  softplus: {
    words: () => _("softplus makes small positive numbers of what is below 0"),
    explain: (score) =>
      _(
        "Softplus: e (about 2.718) to the power of {score} is {power}. The natural logarithm of 1 + {power} is {value}.",
        powersOf(score),
      ),
  },

  softsign: {
    words: () => _("softsign brings them between \u22121 and 1"),
    explain: (score) =>
      _("Softsign divides by 1 plus the size: {score} / {divisor} = {value}.", {
        score: written(score),
        divisor: exactly(1 + Math.abs(score)),
      }),
  },

  exponential: {
    words: () => _("each becomes a power of e"),
    explain: (score) => _("e (about 2.718) to the power of {score} is {value}.", powersOf(score)),
  },

  elu: {
    words: () => _("ELU bends what is below 0"),
    explain: (score, { layer }) =>
      score > 0
        ? _("ELU keeps what is above 0: {value}.")
        : _(
            "That is not above 0. e (about 2.718) to the power of {score} is {power}, and ELU makes {factor} times ({power} \u2212 1) of it: {value}.",
            { ...powersOf(score), factor: writeSetting(layer.alpha ?? 1) },
          ),
  },

  selu: {
    words: () => _("SELU bends what is below 0, and stretches all"),
    explain: (score) =>
      score > 0
        ? _("SELU multiplies what is above 0 by 1.0507: {value}.")
        : _(
            "That is not above 0. e (about 2.718) to the power of {score} is {power}, and SELU makes 1.7581 times ({power} \u2212 1) of it: {value}.",
            powersOf(score),
          ),
  },

  silu: {
    words: () => _("SiLU multiplies each by its sigmoid"),
    explain: (score) =>
      _("SiLU: the sigmoid of {score} is {share}. {score} times {share} is {value}.", {
        score: written(score),
        share: exactly(1 / (1 + Math.exp(-score))),
      }),
  },

  gelu: {
    words: () => _("GELU multiplies each by a share of the normal distribution"),
    explain: (score, { value }) =>
      _(
        "GELU: the share of the normal distribution that lies below {score} is {share}. {score} times {share} is {value}.",
        { score: written(score), share: exactly(score === 0 ? 0.5 : value / score) },
      ),
  },

  mish: {
    words: () => _("mish multiplies each by the tanh of its softplus"),
    explain: (score) =>
      _("Mish: the tanh of the softplus of {score} is {share}. {score} times {share} is {value}.", {
        score: written(score),
        share: exactly(Math.tanh(Math.log1p(Math.exp(score)))),
      }),
  },

  hard_sigmoid: {
    words: () => _("hard sigmoid brings them between 0 and 1, along a line"),
    explain: (score) =>
      _(
        "Hard sigmoid: {score} / 6 + 0.5 is {sum}. What is below 0 becomes 0, and what is above 1 becomes 1: {value}.",
        { score: written(score), sum: exactly(score / 6 + 0.5) },
      ),
  },

  hard_silu: {
    words: () => _("hard SiLU multiplies each by its hard sigmoid"),
    explain: (score) =>
      _("Hard SiLU: the hard sigmoid of {score} is {share}. {score} times {share} is {value}.", {
        score: written(score),
        share: exactly(Math.min(Math.max(score / 6 + 0.5, 0), 1)),
      }),
  },
};

/** Return a score, its opposite, and e to the power of the score, as a text has them. */
function powersOf(score) {
  return { score: written(score), opposite: written(-score), power: powerOf(score) };
}

/** Explain what the activation makes of a score. `{value}` is the place of the result. */
export function activationText(selection, score) {
  return ACTIVATION_EXPLANATIONS[selection.layer.activation].explain(score, selection);
}

/** Show all scores of which softmax makes shares, if it does. Each leads to its own sum. */
export function scoreTables(selection) {
  const { network, layerIndex, i, layer, follow } = selection;
  if (layer.activation !== "softmax") return [];
  const scores = scoresOf(selection);
  const title = _("All {count} scores", { count: scores.length });
  const names = layerIndex === network.layers.length ? network.classes : undefined;
  const write = (score, k) => `${isolated(names?.[k] ?? String(k))}\n${written(score, 2)}`;
  const followScore = (k) => follow(layerIndex, k);
  return [titled(table(title, scores, "auto-fill", i, followScore, write))];
}

/** Return the numbers of a layer before its activation. */
function scoresOf({ layer, inputs, shapes }) {
  return OPERATIONS[layer.kind](inputs, shapes, layer);
}
