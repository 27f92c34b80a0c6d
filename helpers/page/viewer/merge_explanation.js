// Where a number comes from that is moved, or that is the sum of the numbers of several layers.

import { _, line, sentence, whereabouts, written } from "../elements/index.js";
import { OPERATIONS } from "../network/index.js";
import { sourceButton } from "./common_parts.js";
import { layerName, listLayers } from "./layer_graph.js";

/** Explain a number that stands somewhere in what the layer takes, and stays as it is. */
export function explainCopy(selection) {
  const { network, sources, shapes, value } = selection;
  const { k, input } = originOfCopy(selection);
  const place = whereabouts(input, shapes[k]);
  const name = layerName(network, sources[k]);
  const text =
    sources.length > 1
      ? _("In {layer} it stands at {place}, and it stays as it is: {value}")
      : _("In the maps before it stands at {place}, and it stays as it is: {value}");
  const values = { layer: name, place, value: written(value) };
  return { parts: [line(text, values), sourceButton(selection, input, k)] };
}

/** Find where a layer that only moves numbers has taken one from: number `input` of its input `k`. */
function originOfCopy({ i, layer, inputs, shapes }) {
  // The layer moves the numbers 0, 1, 2 ... in place of its inputs. So each number tells its origin.
  // Float32 has all whole numbers up to 16,777,216, and a layer has at most 1,000,000 numbers.
  let count = -1;
  const numbered = inputs.map((input) => input.map(() => (count += 1)));
  let input = OPERATIONS[layer.kind](numbered, shapes, layer)[i];
  let k = 0;
  while (input >= inputs[k].length) {
    input -= inputs[k].length;
    k += 1;
  }
  return { k, input };
}

/** Explain a number that is the sum of the numbers at the same place of several layers. */
export function explainSum(selection) {
  const { i, network, sources, inputs, value } = selection;
  const terms = inputs.flatMap((input, k) => {
    const hasParentheses = input[i] < 0 && k > 0;
    const text = hasParentheses ? "({term})" : "{term}";
    return sentence(k > 0 ? ` + ${text}` : text, { term: written(input[i]) });
  });
  const text = _("The sum of the numbers that {layers} have for this place: {terms} = {value}");
  const values = { layers: listLayers(network, sources), terms, value: written(value) };
  const buttons = sources.map((_source, k) => sourceButton(selection, i, k));
  return { parts: [line(text, values), ...buttons] };
}
