// What an activation makes of a number, in a sentence with the numbers.

import { _, isolated, sentence, table, titled, writePower, writeSetting, written } from "../elements/index.js";
import { OPERATIONS } from "../network/index.js";

const DIGITS = 6; // of the numbers in a sentence whose result, which has four, can be checked by hand
const exactly = (number) => written(number, DIGITS);
const powerOf = (exponent) => writePower(exponent, DIGITS);

// For each activation the words above a layer, which say what it does, and a function that explains one
// score. It returns the text of a sentence, and the values for its places but `{value}`, the result. The
// layer has the settings of its activation, such as a slope.
export const ACTIVATION_EXPLANATIONS = {
  linear: { words: () => null, explain: () => [_("It stays so: {value}.")] },

  // A slope makes a leaky ReLU of it.
  relu: {
    words: ({ negative_slope: slope }) =>
      slope
        ? _("leaky ReLU makes what is below 0 smaller")
        : _("ReLU makes 0 of what is below 0"),
    explain(score, { layer }) {
      const { negative_slope: slope = 0 } = layer;
      if (score > 0) return [_("ReLU keeps what is above 0: {value}.")];
      return slope
        ? [
            _("That is not above 0, so leaky ReLU multiplies it by {slope}: {value}."),
            { slope: writeSetting(slope) },
          ]
        : [_("That is not above 0, so ReLU makes it {value}.")];
    },
  },

  softmax: {
    words: () => _("softmax makes shares of 1"),
    explain(_score, selection) {
      const scores = scoresOf(selection);
      const score = scores[selection.i]; // with the same rounding as the others
      // The sum of all powers is a power itself, which may be too large for a number.
      const largest = Math.max(...scores);
      const sum = scores.reduce((total, other) => total + Math.exp(other - largest), 0);
      return [
        _(
          "Softmax: e (about 2.718) to the power of {score} is {power}. These powers of all {count} scores add up to {powers}. The share is {power} / {powers} = {value}.",
        ),
        {
          score: written(score),
          power: powerOf(score),
          count: scores.length,
          powers: powerOf(largest + Math.log(sum)),
        },
      ];
    },
  },

  tanh: {
    words: () => _("tanh brings them between \u22121 and 1"),
    explain: (score) => [
      _(
        "tanh: e (about 2.718) to the power of {score} is {power}, and to the power of {opposite} it is {inverse}. Their difference, divided by their sum, is {value}.",
      ),
      powersOf(score),
    ],
  },

  sigmoid: {
    words: () => _("sigmoid brings them between 0 and 1"),
    explain: (score) => [
      _("Sigmoid: e (about 2.718) to the power of {opposite} is {inverse}. 1 / (1 + {inverse}) = {value}."),
      powersOf(score),
    ],
  },

  gelu: {
    words: () => _("GELU multiplies each by a share of the normal distribution"),
    explain: (score, { value }) => [
      _(
        "GELU: the share of the normal distribution that lies below {score} is {share}. {score} times {share} is {value}.",
      ),
      { score: written(score), share: exactly(score === 0 ? 0.5 : value / score) },
    ],
  },

};

/** Return a score, its opposite, and e to the power of each, as a text has them. */
function powersOf(score) {
  return {
    score: written(score),
    opposite: written(-score),
    power: powerOf(score),
    inverse: powerOf(-score),
  };
}

/** Explain what the activation makes of a score, by the nodes of a sentence. */
export function activationSentence(selection, score) {
  const { layer, value } = selection;
  const [text, values] = ACTIVATION_EXPLANATIONS[layer.activation].explain(score, selection);
  return sentence(text, { ...values, value: written(value) });
}

/** Show all scores of which softmax makes shares, if it does. Each leads to its own sum. */
export function scoreTables(selection) {
  const { network, layerIndex, i, layer, follow } = selection;
  if (layer.activation !== "softmax") return [];
  const scores = scoresOf(selection);
  const count = scores.length;
  const name = _("All {count} scores", { count });
  const classes = layerIndex === network.layers.length ? network.classes : undefined;
  const write = (score, k) => `${isolated(classes?.[k] ?? String(k))}\n${written(score, 2)}`;
  const followScore = (k) => follow(layerIndex, k);
  const scoreTable = table(name, scores, "auto-fill", i, followScore, write);
  return [titled(scoreTable, sentence(_("All {count} scores"), { count }))];
}

/** Return the numbers of a layer before its activation. */
function scoresOf({ layer, inputs, shapes }) {
  return OPERATIONS[layer.kind](inputs, shapes, layer);
}
