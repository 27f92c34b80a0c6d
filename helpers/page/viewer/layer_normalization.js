// Where a number of a layer normalization comes from.

import { _, line, table, titled, writeSetting, written } from "../elements/index.js";
import { explainWeight, sourceButton } from "./common_parts.js";

const MAX_NUMBERS = 512; // of a group that are shown in a table

/** Explain a number of a layer normalization, which brings all numbers of a group to one scale. */
export function explainLayerNormalization(selection) {
  const { i, layer, sources, inputs, value, follow } = selection;
  const count = layer.factor.length;
  const member = i % count;
  const first = i - member;
  const numbers = Array.from(inputs[0].subarray(first, first + count));
  const mean = numbers.reduce((a, b) => a + b) / count;
  const variance = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / count;
  const deviation = Math.sqrt(variance + layer.epsilon);
  const values = {
    count: count.toLocaleString("en"),
    mean: written(mean),
    variance: written(variance),
    epsilon: writeSetting(layer.epsilon),
    deviation: written(deviation),
    input: written(inputs[0][i]),
    normalized: written((inputs[0][i] - mean) / deviation),
    factor: written(layer.factor[member]),
    offset: written(layer.offset[member]),
    value: written(value),
  };
  const texts = [
    _(
      "The {count} numbers that are normalized together have the mean {mean} and the variance {variance}.",
    ),
    _(
      "The root of the variance, to which {epsilon} is added so that it isn't 0, is {deviation}. So ({input} \u2212 mean) / {deviation} is {normalized}.",
    ),
    _("{normalized} times the factor {factor}, plus the offset {offset}: {value}"),
  ];
  const parts = texts.map((text) => line(text, values));
  if (count <= MAX_NUMBERS) {
    const title = _("The numbers that are normalized together");
    const followInput = (k) => follow(sources[0], first + k);
    parts.push(titled(table(title, numbers, "auto-fill", member, followInput)));
  }
  parts.push(sourceButton(selection, i));
  return { parts: [...parts, ...explainWeight(selection, "factor", member)] };
}
