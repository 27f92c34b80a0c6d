// The layers of a network as a graph: what they are called, and from where their numbers come.

import { _, joinList } from "../elements/index.js";
import { TRAITS, shapeOf, sourcesOf } from "../network/index.js";

// The one kind of Keras that a description splits into two layers.
const SEPARABLE = "SeparableConv2D";

/**
 * Call a layer what Keras calls it, with its number if there are several of the kind. For a separable
 * convolution, also say which half of it the layer is.
 */
export function layerName({ layers }, step) {
  if (step === 0) return _("The image");
  const { name, kind } = layers[step - 1];
  const isAlike = (layer) => layer.name === name && layer.kind === kind;
  const countAlike = (some) => some.filter(isAlike).length;
  const layer = countAlike(layers) > 1 ? `${name} ${countAlike(layers.slice(0, step))}` : name;
  if (name !== SEPARABLE) return layer;
  if (kind === "DepthwiseConv2D") return _("{layer}, first half", { layer });
  return _("{layer}, second half", { layer });
}

/** Say what a layer does as a half of a separable convolution. Return "" for all other layers. */
export function describeHalf({ layers }, step) {
  if (step === 0 || layers[step - 1].name !== SEPARABLE) return "";
  if (layers[step - 1].kind === "DepthwiseConv2D")
    return _(
      "In Keras, a separable convolution is one layer. Here you see its two halves. In the first half, each filter looks at a single map.",
    );
  return _("In the second half, kernels of 1x1 add the maps of the first half up, by weight.");
}

/** Name the layers of several steps, for a sentence: "Conv2D 1, Add and Flatten". */
export function listLayers(network, steps) {
  const names = steps.map((step) => layerName(network, step));
  const last = names.pop();
  return names.length ? _("{names} and {last}", { names: joinList(names), last }) : last;
}

/** Does a layer take its input from the layer just before it, and from no other? */
export function followsLayerBefore(network, step) {
  const sources = sourcesOf(network, step);
  return sources.length === 1 && sources[0] === step - 1;
}

/** Does a step give the image as it is? Dropout and its like do so after training. */
export function isOfImage(network, step) {
  if (step === 0) return true;
  if (!TRAITS[network.layers[step - 1].kind].keepsImage) return false;
  const [source] = sourcesOf(network, step);
  return isOfImage(network, source);
}

/**
 * Return the shape of the maps that a layer's input was before it became a row of numbers. Return null
 * if it was no maps, is still maps, or has other numbers than they had.
 */
export function beforeFlatten({ network, step }) {
  let [source] = sourcesOf(network, step);
  if (shapeOf(network, source).length > 1) return null;
  while (shapeOf(network, source).length === 1) {
    if (!TRAITS[network.layers[source - 1].kind].keepsOrder) return null;
    [source] = sourcesOf(network, source);
  }
  return shapeOf(network, source);
}
