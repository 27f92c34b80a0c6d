// Where the numbers of a layer come from: tables of indices, which each image needs again.

const tables = new Map(); // made before; a key has all that a table depends on

/**
 * Return the windows of a layer on an input of a `shape`, in one Int32Array: one window for each place
 * of the output. A window has an entry for each of its cells, row by row. The entry is the index of
 * the cell's first channel in the input, or -1 where the cell lies beyond the edge.
 *
 * A dense layer has windows of one cell, because it reads all numbers of a row as channels.
 */
export function findWindows(shape, layer) {
  const geometry = geometryOf(layer);
  return remember([shape, layer.shape, ...geometry], () => placeWindows(shape, layer, geometry));
}

/** Return the windows of a layer, and how many cells, places and channels of the input there are. */
export const windowsOf = findOnce((shape, layer) => {
  const windows = findWindows(shape, layer);
  const { size = [1, 1] } = layer;
  const cells = size[0] * size[1]; // of a window
  return { windows, cells, places: windows.length / cells, channels: shape.at(-1) };
});

/** What stands behind the numbers of an input for `patchesOf`: 0 beyond the edge, and 1 for the bias. */
export const ZERO_AND_ONE = [0, 1];

/**
 * Return where the `inputs` of the weighted sums of a layer come from, in one Int32Array: the inputs under
 * one window after another. An entry is an index in the numbers of the layer's input and ZERO_AND_ONE.
 * Behind each window stands a 1, because the bias is the weight of an input that is always 1.
 *
 * Also return the `length` of a window with this 1, and the number of `places`.
 */
export const patchesOf = findOnce((shape, layer) => {
  return remember(["patches", shape, layer.shape, ...geometryOf(layer)], () => {
    const { windows, cells, places, channels } = windowsOf(shape, layer);
    const zero = shape.reduce((a, b) => a * b, 1);
    const length = cells * channels + 1;
    const inputs = new Int32Array(places * length).fill(zero + 1);
    for (let cell = 0; cell < windows.length; cell += 1) {
      const first = Math.floor(cell / cells) * length + (cell % cells) * channels;
      for (let k = 0; k < channels; k += 1)
        inputs[first + k] = windows[cell] < 0 ? zero : windows[cell] + k;
    }
    return { inputs, length, places };
  });
});

/** Return so many indices: 0, 1, 2 ... */
export const countUp = (count) =>
  remember(["count", count], () => Int32Array.from({ length: count }, (_none, i) => i));

/**
 * Return a function that calls `find` once for each object that is its second argument, such as a layer,
 * because each image needs the result. The layers of a network that is sent to a worker are other
 * objects each time.
 */
export function findOnce(find) {
  const found = new WeakMap();
  return (first, object) => {
    if (!found.has(object)) found.set(object, find(first, object));
    return found.get(object);
  };
}

/** Count the cells of each window that don't lie beyond the edge. */
export function countCells(windows, cells) {
  const counts = new Int32Array(windows.length / cells);
  for (let cell = 0; cell < windows.length; cell += 1)
    if (windows[cell] >= 0) counts[Math.floor(cell / cells)] += 1;
  return counts;
}

/** Return the size, the strides, the dilation and the padding of windows, each [rows, columns]. */
export function geometryOf({ kind, size = [1, 1], strides, dilation, padding_before: padding }) {
  const usualStrides = kind.endsWith("Pooling2D") ? size : [1, 1];
  return [size, strides ?? usualStrides, dilation ?? [1, 1], padding ?? [0, 0]];
}

/**
 * Return the blocks of numbers that a Concatenate layer copies: which `input` a block is from, where it
 * has its `start` and its `end` there, and where it begins in the `output`.
 */
export function findBlocks(shapes) {
  return remember(["Concatenate", ...shapes], () => {
    const count = shapes[0].slice(0, -1).reduce((a, b) => a * b, 1); // of blocks of each input
    const lengths = shapes.map((shape) => shape.at(-1));
    const blocks = [];
    let output = 0;
    for (let block = 0; block < count; block += 1) {
      for (const [input, length] of lengths.entries()) {
        blocks.push({ input, start: block * length, end: (block + 1) * length, output });
        output += length;
      }
    }
    return blocks;
  });
}

function placeWindows(shape, layer, [size, strides, dilation, padding]) {
  const maps = asMaps(shape);
  const [rows, columns] = asMaps(layer.shape);
  const cells = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      for (let i = 0; i < size[0]; i += 1) {
        for (let j = 0; j < size[1]; j += 1) {
          const y = row * strides[0] + i * dilation[0] - padding[0];
          const x = column * strides[1] + j * dilation[1] - padding[1];
          cells.push(ravel([y, x, 0], maps) ?? -1);
        }
      }
    }
  }
  return Int32Array.from(cells);
}

/** Return the result of `make`. If it was called before with the same `parts`, its result is reused. */
function remember(parts, make) {
  const key = parts.join(" ");
  if (!tables.has(key)) tables.set(key, make());
  return tables.get(key);
}

/** Return rows, columns and channels of a shape; a row of numbers is one place with many channels. */
const asMaps = (shape) => [1, 1, ...shape].slice(-3);

/** Return the place of an index in the flat array of a shape, or null if the shape has none. */
export function ravel(index, shape) {
  if (index.length !== shape.length) return null;
  if (index.some((n, axis) => n < 0 || n >= shape[axis])) return null;
  return index.reduce((place, n, axis) => place * shape[axis] + n, 0);
}

/** Return the index, in an array of a shape, of a place in the flat array. */
export function unravel(place, shape) {
  return shape.map((length, axis) => {
    const below = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    return Math.floor(place / below) % length;
  });
}
