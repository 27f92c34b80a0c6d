// From a picture file to a drawing: `from_image` of photo.py, step by step, for pages without
// Python. Only scaling differs, which is the browser's.

import { _ } from "../elements/index.js";
import { reduced } from "./pad_view.js";

const LONGEST = 560; // pixels a side
const SPECK = 0.03; // a component with a smaller share of the largest one's pixels is dirt
// As in photo.py.
const NO_PICTURE = _(
  "This file isn't a picture, or is one of an unknown kind. Save it as PNG or JPEG and try again.",
);
const PALE = _(
  "Nothing on this picture stands out. Write one digit with a dark pen on light paper, and take the picture in good light and from close by.",
);

/** Return `drawing`, 0 for paper to 1 for ink, its `height` and `width`; or a `problem`. */
export async function fromPicture(bytes) {
  const picture = await createImageBitmap(new Blob([bytes])).catch(() => null);
  if (!picture) return { problem: NO_PICTURE };
  const canvas = reduced(picture, LONGEST);
  const { width, height } = canvas;
  const colours = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const grey = new Uint8Array(height * width);
  for (let i = 0; i < grey.length; i += 1) {
    const sum = 19595 * colours[4 * i] + 38470 * colours[4 * i + 1] + 7471 * colours[4 * i + 2];
    grey[i] = (sum + 32768) >> 16; // as Pillow weighs red, green and blue
  }
  const drawing = findInk(grey, height, width);
  return drawing ? { drawing, height, width } : { problem: PALE };
}

/** Find the ink in whole greys of 0 to 255; return it from 0 to 1, or null if none stands out. */
export function findInk(grey, height, width) {
  // Most of a picture is paper, and ink is what differs most from it.
  const sorted = Uint8Array.from(grey).sort();
  const half = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
  const turned = sorted.at(-1) - median > median - sorted[0];
  const dark = new Float64Array(grey).map((value) => (turned ? 255 - value : value));

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
 * Return what `filter(line, result)` makes of each row, and then of each column of that.
 *
 * A line comes with so many more numbers `before` and `after` it, for what is beyond the edges.
 */
function alongBothAxes(values, height, width, before, after, filter) {
  let given = values;
  for (const [count, length, step, next] of [
    [height, width, 1, width],
    [width, height, width, 1],
  ]) {
    const made = new Float64Array(given.length);
    const line = new Float64Array(before + length + after);
    const result = new Float64Array(length);
    for (let first = 0; first < count; first += 1) {
      const start = first * next;
      for (let i = 0; i < length; i += 1) line[before + i] = given[start + i * step];
      filter(line, result);
      for (let i = 0; i < length; i += 1) made[start + i * step] = result[i];
    }
    given = made;
  }
  return given;
}

/** Smooth with a bell curve of a width in pixels, mirrored at the edges. */
function blur(values, height, width, sigma) {
  const reach = Math.round(4 * sigma);
  const bell = Float64Array.from({ length: reach + 1 }, (unused, i) => Math.exp(-0.5 * (i / sigma) ** 2));
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

/** Fill what is darker and narrower than a square: SciPy's `grey_closing`. */
function closing(values, height, width, side) {
  const [less, more] = [(side - 1) >> 1, side >> 1]; // a square of even side has no middle
  const largest = extremes(values, height, width, less, more, 1);
  return extremes(largest, height, width, more, less, -1);
}

/**
 * Return the largest number in a window around each, so far `before` and `after` it; where `sign`
 * is -1, the smallest.
 *
 * The `candidates` are the places in a window whose number may still become the largest: those
 * after which no larger one has come.
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

/** Blank the specks and, unless nothing else is there, what touches the picture's edge. */
function strokesOnly(drawing, height, width) {
  const label = new Int32Array(drawing.length);
  const sizes = [0];
  const touches = [false];
  for (let first = 0; first < drawing.length; first += 1) {
    if (!drawing[first] || label[first]) continue;
    const mine = sizes.push(0) - 1;
    touches.push(false);
    label[first] = mine;
    const open = [first];
    while (open.length) {
      const place = open.pop();
      const x = place % width;
      const y = (place - x) / width;
      sizes[mine] += 1;
      touches[mine] ||= y === 0 || x === 0 || y === height - 1 || x === width - 1;
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row += 1) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column += 1) {
          const next = row * width + column;
          if (!drawing[next] || label[next]) continue;
          label[next] = mine;
          open.push(next);
        }
      }
    }
  }
  const inside = sizes.map((size, i) => (touches[i] ? 0 : size));
  const counted = Math.max(...inside) >= SPECK * Math.max(...sizes) ? inside : sizes;
  const least = SPECK * Math.max(...counted);
  for (let i = 0; i < drawing.length; i += 1) if (counted[label[i]] <= least) drawing[i] = 0;
  return drawing;
}
