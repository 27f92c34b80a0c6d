// The part of the image on which a number of a map depends: its receptive field.

import { TRAITS, findWindows, shapeOf, sourcesOf } from "../network/index.js";

const PLACE_BY_PLACE = ["Add", "Concatenate", "Rescaling"]; // so are the layers that keep the order

/**
 * Return the pixels on which a `place` of a layer depends, as a set of their indices. A place is a row
 * and a column of a map: row times columns, plus column. Return null if a layer on the way reads its
 * input neither in windows nor place by place.
 */
export function receptiveField(network, layerIndex, place) {
  const needed = [network, ...network.layers].map(() => new Set());
  needed[layerIndex].add(place);
  for (let k = layerIndex; k > 0; k -= 1) {
    if (!needed[k].size) continue;
    for (const source of sourcesOf(network, k)) {
      const read = placesRead(network, k, source, needed[k]);
      if (!read) return null;
      for (const before of read) needed[source].add(before);
    }
  }
  return needed[0];
}

/** Return the places of a `source` that a layer reads for `places` of its own, or null. */
function placesRead(network, layerIndex, source, places) {
  const layer = network.layers[layerIndex - 1];
  const shape = shapeOf(network, source);
  if (layer.size && shape.length === 3) {
    const windows = findWindows(shape, layer);
    const cells = layer.size[0] * layer.size[1];
    const read = [...places].flatMap((place) => Array.from(windows.slice(place * cells, (place + 1) * cells)));
    return read.filter((first) => first >= 0).map((first) => first / shape[2]);
  }
  const isPlaceByPlace = TRAITS[layer.kind].keepsOrder || PLACE_BY_PLACE.includes(layer.kind);
  const hasSamePlaces = shape[0] === layer.shape[0] && shape[1] === layer.shape[1];
  return isPlaceByPlace && hasSamePlaces ? places : null;
}

/**
 * Return the part of an image of so many `columns` that a set of pixels spans: its first `row` and
 * `column`, and its `size`, which is its height and its width.
 */
export function spanOfField(pixels, columns) {
  const rowsOf = [...pixels].map((pixel) => Math.floor(pixel / columns));
  const columnsOf = [...pixels].map((pixel) => pixel % columns);
  const [row, column] = [Math.min(...rowsOf), Math.min(...columnsOf)];
  const size = [Math.max(...rowsOf) - row + 1, Math.max(...columnsOf) - column + 1];
  return { row, column, size };
}
