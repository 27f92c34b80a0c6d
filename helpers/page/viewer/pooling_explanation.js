// Where a number of a pooling comes from.

import { _, line, table, titled, written } from "../elements/index.js";
import { argmax } from "../network/index.js";
import { sourceButton } from "./common_parts.js";
import { cellsOfWindow, patchOf, windowTexts } from "./window.js";

/** Explain a number that comes from a block of a map, by a text. The largest number has a frame. */
export function explainPooling(selection, text) {
  const { i, layer, sources, inputs, value, follow } = selection;
  const [, width] = layer.size;
  const map = i % layer.shape.at(-1);
  const isInside = (start) => start >= 0; // what lies beyond the edge doesn't count
  const cells = cellsOfWindow(selection);
  const block = cells.filter(isInside).map((start) => start + map);
  const columns = new Set(cells.flatMap((start, k) => (isInside(start) ? [k % width] : []))).size;
  const numbers = block.map((input) => inputs[0][input]);
  const largest = argmax(numbers);
  const followInput = (k) => follow(sources[0], block[k]);
  const parts = [
    line(text, { count: block.length, value: written(value) }),
    ...windowTexts(selection),
    titled(table(_("The block"), numbers, columns, largest, followInput)),
    sourceButton(selection, block[largest]),
  ];
  return { parts, patch: { map, ...patchOf(selection) } };
}
