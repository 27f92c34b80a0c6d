// From a drawing to the kind of image that the network learned from: `to_mnist` of preparation.py,
// step by step, for pages without Python.

/** Round as Python and NumPy do: a half goes to the even neighbour. */
function roundHalfToEven(number) {
  const rounded = Math.round(number);
  return rounded - number === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/**
 * Prepare a drawing as the makers of MNIST prepared theirs.
 *
 * `drawing` has height * width numbers, row by row: 0 for paper up to any value for full ink. The
 * result has 28 * 28, 0 to 255. Where there is no ink, the result is null.
 */
export function toMnist(drawing, height, width) {
  let fullest = 0;
  for (const ink of drawing) if (ink > fullest) fullest = ink;
  if (fullest === 0) return null;

  // The smallest box that holds the digit; the faintest ink doesn't count for it.
  let [top, bottom, left, right] = [height, 0, width, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (drawing[y * width + x] / fullest < 0.1) continue;
      if (y < top) top = y;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      bottom = y + 1;
    }
  }

  // Its longer side becomes 20 pixels.
  const scale = 20 / Math.max(bottom - top, right - left);
  const rows = Math.max(1, roundHalfToEven((bottom - top) * scale));
  const columns = Math.max(1, roundHalfToEven((right - left) * scale));
  const [above, beside] = [coveredPixels(bottom - top, rows), coveredPixels(right - left, columns)];
  const digit = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      for (const y of above[row]) {
        for (const x of beside[column]) sum += drawing[(top + y) * width + left + x];
      }
      digit[row * columns + column] = sum / (above[row].length * beside[column].length);
    }
  }

  // Its centre of mass goes to row 14, column 14, as near as whole pixels allow.
  const mass = { rows: new Float64Array(rows), columns: new Float64Array(columns) };
  digit.forEach((ink, i) => {
    mass.rows[Math.floor(i / columns)] += ink;
    mass.columns[i % columns] += ink;
  });
  const [down, along] = [startOf(mass.rows), startOf(mass.columns)];
  const darkest = digit.reduce((a, b) => Math.max(a, b));
  const image = new Uint8Array(28 * 28);
  digit.forEach((ink, i) => {
    const place = (down + Math.floor(i / columns)) * 28 + along + (i % columns);
    image[place] = roundHalfToEven((ink * 255) / darkest);
  });
  return image;
}

/**
 * Return for each of `count` new pixels the old ones, of `length`, of which it is the mean. These are
 * the pixels whose middle it covers. Ties are rounded as Pillow's box filter rounds them.
 */
function coveredPixels(length, count) {
  const scale = length / count;
  const side = Math.max(scale, 1);
  return Array.from({ length: count }, (_none, i) => {
    const middle = (i + 0.5) * scale;
    const covered = [];
    const end = Math.min(length, Math.floor(middle + side / 2 + 0.5));
    for (let old = Math.max(0, Math.floor(middle - side / 2 + 0.5)); old < end; old += 1) {
      const off = (old - middle + 0.5) * (1 / side);
      if (off > -0.5 && off <= 0.5) covered.push(old);
    }
    return covered;
  });
}

/** Return where along one axis a digit begins, given the ink of each of its rows or columns. */
function startOf(mass) {
  const sum = mass.reduce((a, b) => a + b);
  const centre = mass.reduce((a, ink, i) => a + ink * i, 0) / sum;
  const shift = Math.round(1000 * (14 - centre)) / 1000; // the last digits of a sum decide nothing
  return Math.min(Math.max(roundHalfToEven(shift), 0), 28 - mass.length);
}
