// The layers of a network as a graph: what they are called, and from where their numbers come.

import { _ } from "../elements/index.js";
import { shapeOf, sourcesOf } from "../network/index.js";

/** Call a layer what Keras calls it, with its number if there are several of the kind. */
export function layerName({ layers }, step) {
  if (step === 0) return _("The image");
  const { name } = layers[step - 1];
  const countAlike = (some) => some.filter((layer) => layer.name === name).length;
  return countAlike(layers) > 1 ? `${name} ${countAlike(layers.slice(0, step))}` : name;
}

/** Name the layers from which a layer takes its input. */
export function namesOfSources(network, step) {
  const names = sourcesOf(network, step).map((source) => layerName(network, source));
  return names.join(", ");
}

/** Does a layer take its input from the layer just before it, and from no other? */
export function followsLayerBefore(network, step) {
  const sources = sourcesOf(network, step);
  return sources.length === 1 && sources[0] === step - 1;
}

/** Are the numbers of a step those of the image? Dropout and its like pass the image on as it is. */
export function isOfImage(network, step) {
  if (step === 0) return true;
  if (network.layers[step - 1].kind !== "Dropout") return false;
  const [source] = sourcesOf(network, step);
  return isOfImage(network, source);
}

/** Return the shape of the maps that a row of numbers was, unless its length has changed. */
export function beforeFlatten({ network, step }) {
  const kindsOfSameLength = ["Flatten", "BatchNormalization", "Activation", "Dropout"];
  let [source] = sourcesOf(network, step);
  while (kindsOfSameLength.includes(network.layers[source - 1]?.kind))
    [source] = sourcesOf(network, source);
  const shape = shapeOf(network, source);
  return shape.length > 1 ? shape : null;
}
