// Where a number comes from that is moved, or that is made of the numbers of several layers.

import { _, element, joinList, line, whereabouts, written } from "../elements/index.js";
import { OPERATIONS, findOrigins } from "../network/index.js";
import { sourceButton } from "./common_parts.js";
import { layerName, listLayers } from "./layer_graph.js";

/** Explain a number that stands somewhere in what the layer takes, and stays as it is. */
export function explainCopy(selection) {
  const { network, layer, sources, shapes, value } = selection;
  const origin = originOfCopy(selection);
  if (!origin) {
    const text = _("{layer} puts a border of zeros around each map. This is one of them: {value}", {
      layer: layer.name,
    });
    return { parts: [line(text, value)] };
  }
  const { k, input } = origin;
  const place = whereabouts(input, shapes[k]);
  const name = layerName(network, sources[k]);
  const text =
    sources.length > 1
      ? _("In {layer} it stands at {place}, and it stays as it is: {value}", { layer: name, place })
      : _("In the maps before it stands at {place}, and it stays as it is: {value}", { place });
  return { parts: [line(text, value), sourceButton(selection, input, k)] };
}

/**
 * Find where a layer that only moves numbers has taken one from: number `input` of its input `k`.
 * Return null if the number is a zero that the layer has added.
 */
function originOfCopy({ i, layer, inputs, shapes }) {
  // The layer moves the numbers 1, 2, 3 ... in place of its inputs. So each number tells its origin.
  let count = 0;
  const numbered = inputs.map((input) => input.map(() => (count += 1)));
  let input = OPERATIONS[layer.kind](numbered, shapes, layer)[i] - 1;
  if (input < 0) return null;
  let k = 0;
  while (input >= inputs[k].length) {
    input -= inputs[k].length;
    k += 1;
  }
  return { k, input };
}

/** Explain a number that is made of the numbers at the same place of several layers. */
export function explainMerge(selection, sign, describe) {
  const { i, network, layer, sources, shapes, inputs, value } = selection;
  // An axis of length 1 is repeated as often as another input has it.
  const broadcast = { kind: "Broadcast", shape: layer.shape };
  const places = shapes.map((shape) => findOrigins(shape, broadcast)[i]);
  const numbers = inputs.map((input, k) => input[places[k]]);
  const isListed = sign === ", ";
  const terms = numbers.map((number, k) => {
    const text = written(number);
    return number < 0 && k > 0 && !isListed ? `(${text})` : text;
  });
  const layers = listLayers(network, sources);
  const text = describe({ layers, terms: isListed ? joinList(terms) : terms.join(sign), count: numbers.length });
  const buttons = places.map((place, k) => sourceButton(selection, place, k));
  return { parts: [line(text, value), ...broadcastTexts(selection), ...buttons] };
}

/** Say which inputs have the same number for several places, as each place needs one. */
function broadcastTexts({ network, layer, sources, shapes }) {
  const isRepeated = (_source, k) => shapes[k].some((side, axis) => side < layer.shape[axis]);
  return sources.filter(isRepeated).map((source) => {
    const text = _("{layer} has the same number for several places.", {
      layer: layerName(network, source),
    });
    return element("p", "", {}, text);
  });
}
