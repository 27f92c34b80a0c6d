// What the other folders have to know of a kind of layer, beside how it computes. Each kind of
// operations.js has an entry here.

/**
 * - `isUsual`: the lesson's own network has it, so the usual sentence on the way back is right.
 * - `isAffine`: its scores are weighted sums of its inputs, plus a number. Then a weight says how fast
 *   a score grows with an input, whatever the other inputs are.
 * - `keepsOrder`: number i of its output belongs to number i of its input.
 * - `passesScores`: behind it, a number of the last layer still belongs to the same class.
 * - `isUnlikeInTraining`: Keras computes it otherwise while a network trains, and the page doesn't.
 * - `keepsImage`: after training, it gives its input as it is.
 */
export const TRAITS = {
  Conv2D: { isUsual: true, isAffine: true },
  DepthwiseConv2D: { isAffine: true },
  Dense: { isUsual: true, isAffine: true },
  MaxPooling2D: { isUsual: true },
  AveragePooling2D: { isAffine: true },
  Flatten: { isUsual: true, isAffine: true, keepsOrder: true },
  Reshape: { isAffine: true, keepsOrder: true },
  Activation: { isAffine: true, keepsOrder: true, passesScores: true },
  BatchNormalization: {
    isAffine: true,
    keepsOrder: true,
    passesScores: true,
    isUnlikeInTraining: true,
  },
  LayerNormalization: {},
  Rescaling: { isAffine: true },
  Add: { isAffine: true },
  Concatenate: { isAffine: true },
  Dropout: {
    isAffine: true,
    keepsOrder: true,
    passesScores: true,
    isUnlikeInTraining: true,
    keepsImage: true,
  },
};
