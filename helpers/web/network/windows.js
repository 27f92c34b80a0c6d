// Where the windows of convolutions and poolings lie on the numbers before them.

const windowsFound = new Map(); // by shapes and settings, for each image needs them again

/**
 * Return the windows of a layer on an input of a `shape`, in one Int32Array: one window for each place
 * of the output. A window has an entry for each of its cells, row by row. The entry is the index of
 * the cell's first channel in the input, or -1 where the cell lies beyond the edge.
 *
 * A dense layer has one window of one cell, because it reads all numbers of a row as channels.
 */
export function findWindows(shape, layer) {
  const key = [shape, layer.shape, layer.kind, ...geometryOf(layer)].join(" ");
  if (!windowsFound.has(key)) windowsFound.set(key, placeWindows(shape, layer));
  return windowsFound.get(key);
}

/** Return the size, the strides, the dilation and the padding of windows, each [rows, columns]. */
export function geometryOf({ kind, size = [1, 1], strides, dilation, padding_before: padding }) {
  const usualStrides = kind.endsWith("Pooling2D") ? size : [1, 1];
  return [size, strides ?? usualStrides, dilation ?? [1, 1], padding ?? [0, 0]];
}

function placeWindows(shape, layer) {
  const [height, width, channels] = asMaps(shape);
  const [rows, columns] = asMaps(layer.shape);
  const [size, strides, dilation, padding] = geometryOf(layer);
  const cells = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      for (let i = 0; i < size[0]; i += 1) {
        for (let j = 0; j < size[1]; j += 1) {
          const y = row * strides[0] + i * dilation[0] - padding[0];
          const x = column * strides[1] + j * dilation[1] - padding[1];
          const isInside = y >= 0 && x >= 0 && y < height && x < width;
          cells.push(isInside ? (y * width + x) * channels : -1);
        }
      }
    }
  }
  return Int32Array.from(cells);
}

/** Return rows, columns and channels of a shape; a row of numbers is one place with many channels. */
const asMaps = (shape) => (shape.length > 1 ? shape : [1, 1, ...shape]);
