// The layers of a network as a graph: what they are called, and from where their numbers come.

import { _, sentence } from "../elements/index.js";
import { TRAITS, shapeOf, sourcesOf } from "../network/index.js";

// The one kind of Keras that a description splits into two layers.
const SEPARABLE = "SeparableConv2D";

/**
 * Call a layer what Keras calls it, with its number if there are several of the kind. For a separable
 * convolution, also say which half of it the layer is.
 */
export function layerName({ layers }, layerIndex) {
  if (layerIndex === 0) return _("The image");
  const { name, kind } = layers[layerIndex - 1];
  const isAlike = (layer) => layer.name === name && layer.kind === kind;
  const countAlike = (some) => some.filter(isAlike).length;
  const layer = countAlike(layers) > 1 ? `${name} ${countAlike(layers.slice(0, layerIndex))}` : name;
  if (name !== SEPARABLE) return layer;
  if (kind === "DepthwiseConv2D") return _("{layer}, first half", { layer });
  return _("{layer}, second half", { layer });
}

/** Say what a layer does as a half of a separable convolution. Return "" for all other layers. */
export function describeHalf({ layers }, layerIndex) {
  if (layerIndex === 0 || layers[layerIndex - 1].name !== SEPARABLE) return "";
  if (layers[layerIndex - 1].kind === "DepthwiseConv2D")
    return _(
      "In Keras, a separable convolution is one layer. Here you see its two halves. In the first half, each filter looks at a single map.",
    );
  return _("In the second half, kernels of 1x1 add the maps of the first half up, by weight.");
}

/**
 * Name several layers by their indices, by the nodes of a part of a sentence such as "Conv2D 1, Add and
 * Flatten".
 */
export function listLayers(network, layerIndices) {
  const names = layerIndices.map((layerIndex) =>
    sentence("{layer}", { layer: layerName(network, layerIndex) }),
  );
  const last = names.pop();
  if (!names.length) return last;
  const list = names.reduce((list, text) => sentence(_("{list}, {text}"), { list, text }));
  return sentence(_("{names} and {last}"), { names: list, last });
}

/** Does a layer take its input from the layer just before it, and from no other? */
export function followsLayerBefore(network, layerIndex) {
  const sources = sourcesOf(network, layerIndex);
  return sources.length === 1 && sources[0] === layerIndex - 1;
}

/** Does a layer give the image as it is? Dropout and its like do so after training. */
export function isOfImage(network, layerIndex) {
  if (layerIndex === 0) return true;
  if (!TRAITS[network.layers[layerIndex - 1].kind].keepsImage) return false;
  const [source] = sourcesOf(network, layerIndex);
  return isOfImage(network, source);
}

/**
 * Return the shape of the maps that a layer's input was before it became a row of numbers. Return null
 * if it was no maps, is still maps, or has other numbers than they had.
 */
export function beforeFlatten({ network, layerIndex }) {
  let [source] = sourcesOf(network, layerIndex);
  if (shapeOf(network, source).length > 1) return null;
  while (shapeOf(network, source).length === 1) {
    if (!TRAITS[network.layers[source - 1].kind].keepsOrder) return null;
    [source] = sourcesOf(network, source);
  }
  return shapeOf(network, source);
}
