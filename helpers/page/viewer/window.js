// The window of a convolution or a pooling from which a number comes.

import { _, line, position } from "../elements/index.js";
import { findWindows, geometryOf } from "../network/index.js";

/**
 * Return the cells of the window, row by row: for each the index of its first channel in the input,
 * or -1 where the cell lies beyond the edge.
 */
export function cellsOfWindow({ i, layer, shapes }) {
  const windows = findWindows(shapes[0], layer);
  const count = layer.size[0] * layer.size[1];
  const place = Math.floor(i / layer.shape.at(-1));
  return Array.from(windows.subarray(place * count, (place + 1) * count));
}

/**
 * Return the part of the map before that the window covers: its first `row` and `column` and its
 * `size`. A window with a dilation is larger than its kernel.
 */
export function patchOf({ i, layer }) {
  const [size, strides, dilation, padding] = geometryOf(layer);
  const [, columns = 1] = layer.shape; // global pooling has one window
  const place = position(i, columns, layer.shape.at(-1));
  return {
    row: place.row * strides[0] - padding[0],
    column: place.column * strides[1] - padding[1],
    size: size.map((count, axis) => (count - 1) * dilation[axis] + 1),
  };
}

/** Say how far windows and their cells lie apart, where that isn't usual. */
export function windowTexts({ layer }) {
  const [size, strides, dilation] = geometryOf(layer);
  const isPooling = layer.kind.endsWith("Pooling2D");
  const usualStrides = isPooling ? size : [1, 1];
  const lines = [];
  const isUsual = strides.every((stride, axis) => stride === usualStrides[axis]);
  if (!isUsual) {
    const [rows, columns] = strides;
    lines.push(
      line(_("Strides {rows}x{columns}: neighbouring windows lie so many rows or columns apart."), {
        rows,
        columns,
      }),
    );
  }
  if (dilation.some((distance) => distance > 1)) {
    const [rows, columns] = dilation;
    lines.push(
      line(
        _(
          "Dilation {rows}x{columns}: neighbours under the kernel lie so many rows or columns apart in the map.",
        ),
        { rows, columns },
      ),
    );
  }
  return lines;
}
