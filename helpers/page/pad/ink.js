// The ink on a picture: `drawing_from_picture` of photo.py, step by step, for pages without Python. This
// module needs no page, so a test compares the two under Node.

const SPECK = 0.03; // a component with a smaller share of the largest one's pixels is dirt
const LARGE_SHARE = 0.3; // so large a component beside another one is a shape of its own

/** Find the ink in whole greys of 0 to 255; return it from 0 to 1, or null if none stands out. */
export function findInk(grey, height, width) {
  // Most of a picture is paper, and ink is what differs most from it.
  const sorted = Uint8Array.from(grey).sort();
  const half = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
  const isLightOnDark = sorted.at(-1) - median > median - sorted[0];
  const dark = new Float64Array(grey).map((value) => (isLightOnDark ? 255 - value : value));

  // Even out the grain, and see the paper's light around every point, wider than a stroke.
  const smooth = blur(dark, height, width, Math.max(height, width) / 400);
  const paper = closing(smooth, height, width, Math.max(3, Math.floor(Math.min(height, width) / 3)));
  const ink = smooth.map((value, i) => 1 - (value + 1) / (paper[i] + 1));
  const darkest = ink.reduce((a, b) => Math.max(a, b));
  if (darkest < 0.15) return null; // a share of the paper's light
  const clear = ink.map((share) => Math.min(Math.max((share / darkest - 0.35) / 0.3, 0), 1));
  return strokesOnly(clear, height, width);
}

/**
 * Filter each row, and then each column of the result, by `filter(line, result)`.
 *
 * A line has room for `before` and `after` more numbers at its ends, which stand for numbers beyond
 * the edges of the picture.
 */
function alongBothAxes(values, height, width, before, after, filter) {
  const axes = [
    { count: height, length: width, stride: 1, distance: width },
    { count: width, length: height, stride: width, distance: 1 },
  ];
  let input = values;
  for (const { count, length, stride, distance } of axes) {
    const output = new Float64Array(input.length);
    const line = new Float64Array(before + length + after);
    const result = new Float64Array(length);
    for (let n = 0; n < count; n += 1) {
      const start = n * distance;
      for (let i = 0; i < length; i += 1) line[before + i] = input[start + i * stride];
      filter(line, result);
      for (let i = 0; i < length; i += 1) output[start + i * stride] = result[i];
    }
    input = output;
  }
  return input;
}

/** Smooth with a bell curve of a width in pixels, mirrored at the edges. */
function blur(values, height, width, sigma) {
  const reach = Math.round(4 * sigma);
  const bell = Float64Array.from({ length: reach + 1 }, (_none, i) => Math.exp(-0.5 * (i / sigma) ** 2));
  const sum = 2 * bell.reduce((a, b) => a + b) - bell[0];
  return alongBothAxes(values, height, width, reach, reach, (line, result) => {
    const { length } = result;
    for (let i = 1; i <= reach; i += 1) {
      const back = (i - 1) % (2 * length); // a short line is mirrored more than once
      const place = Math.min(back, 2 * length - 1 - back);
      line[reach - i] = line[reach + place];
      line[reach + length - 1 + i] = line[reach + length - 1 - place];
    }
    for (let i = 0; i < length; i += 1) {
      const middle = i + reach;
      let total = bell[0] * line[middle];
      for (let j = 1; j <= reach; j += 1) total += bell[j] * (line[middle - j] + line[middle + j]);
      result[i] = total / sum;
    }
  });
}

/** Fill whatever is darker than its surroundings and narrower than a square, as `grey_closing` does. */
function closing(values, height, width, side) {
  const before = (side - 1) >> 1;
  const after = side >> 1; // a square of even side has no middle, and reaches further on one side
  const largest = extremes(values, height, width, before, after, 1);
  return extremes(largest, height, width, after, before, -1);
}

/**
 * Return the largest number in a window around each number, or the smallest if `sign` is -1. The
 * window has so many numbers `before` and `after` the one in its middle.
 *
 * The `candidates` are the indices of numbers in a window that may still become its largest number.
 * After each of them, no larger number has come.
 */
function extremes(values, height, width, before, after, sign) {
  const candidates = new Int32Array(before + Math.max(height, width) + after);
  return alongBothAxes(values, height, width, before, after, (line, result) => {
    line.fill(-sign * Infinity, 0, before).fill(-sign * Infinity, before + result.length);
    let [first, end] = [0, 0];
    for (let i = 0; i < line.length; i += 1) {
      while (end > first && sign * line[candidates[end - 1]] <= sign * line[i]) end -= 1;
      candidates[end] = i;
      end += 1;
      const start = i - before - after; // of the window that ends here
      if (candidates[first] < start) first += 1;
      if (start >= 0) result[start] = line[candidates[first]];
    }
  });
}

/** Blank the specks and, unless nothing else is there, the components that touch the edge. */
function strokesOnly(drawing, height, width) {
  const { labels, sizes, touchesEdge } = findComponents(drawing, height, width);
  const sizesInside = sizes.map((size, label) => (touchesEdge[label] ? 0 : size));
  const hasInside = Math.max(...sizesInside) >= SPECK * Math.max(...sizes);
  const counts = hasInside ? sizesInside : sizes;
  const limit = SPECK * Math.max(...counts);
  return drawing.map((ink, i) => (counts[labels[i]] > limit ? ink : 0));
}

/** Are there two large components side by side, as in a number of two digits? */
export function hasSeveralShapes(drawing, height, width) {
  const { sizes, lefts, rights } = findComponents(drawing, height, width);
  const least = LARGE_SHARE * Math.max(...sizes);
  const large = [...sizes.keys()].filter((label) => sizes[label] > least);
  return large.some((label) => large.some((other) => rights[label] < lefts[other]));
}

/**
 * Find the components of a drawing, whose pixels of ink touch each other. Return the label of each
 * pixel's component, 0 for paper, and for each label the size, whether it touches the edge, and its
 * first and last column.
 */
function findComponents(drawing, height, width) {
  const labels = new Int32Array(drawing.length);
  const sizes = [0];
  const touchesEdge = [false];
  const lefts = [0];
  const rights = [0];
  for (let first = 0; first < drawing.length; first += 1) {
    if (!drawing[first] || labels[first]) continue;
    const label = sizes.push(0) - 1;
    touchesEdge.push(false);
    lefts.push(width);
    rights.push(0);
    labels[first] = label;
    const waiting = [first];
    while (waiting.length) {
      const pixel = waiting.pop();
      const x = pixel % width;
      const y = (pixel - x) / width;
      sizes[label] += 1;
      lefts[label] = Math.min(lefts[label], x);
      rights[label] = Math.max(rights[label], x);
      touchesEdge[label] ||= y === 0 || x === 0 || y === height - 1 || x === width - 1;
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row += 1) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column += 1) {
          const neighbour = row * width + column;
          if (!drawing[neighbour] || labels[neighbour]) continue;
          labels[neighbour] = label;
          waiting.push(neighbour);
        }
      }
    }
  }
  return { labels, sizes, touchesEdge, lefts, rights };
}
