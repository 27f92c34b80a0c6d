// From a picture file to a drawing: `from_image` of photo.py, step by step, for pages without
// Python. Only scaling differs, which is the browser's.

import { _ } from "./language.js";

const LONGEST = 560; // pixels a side
const SPECK = 0.03; // a component with a smaller share of the largest one's pixels is dirt
// As in photo.py.
const NO_PICTURE = _(
  "picture: this file is none, or of an unknown kind. Save it as PNG or JPEG and try again.",
);
const PALE = _(
  "picture: nothing on it stands out. Write one digit with a dark pen on light paper, and take the picture in good light and from close by.",
);

/** Return `drawing`, 0 for paper to 1 for ink, its `height` and `width`; or a `problem`. */
export async function fromPicture(bytes) {
  const picture = await createImageBitmap(new Blob([bytes])).catch(() => null);
  if (!picture) return { problem: NO_PICTURE };
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  Object.assign(context, { fillStyle: "white", imageSmoothingQuality: "high" });
  context.fillRect(0, 0, width, height); // transparent parts are paper
  context.drawImage(picture, 0, 0, width, height);
  const colours = context.getImageData(0, 0, width, height).data;
  const weights = [0.299, 0.587, 0.114];
  const grey = Float64Array.from({ length: height * width }, (_, i) =>
    weights.reduce((sum, weight, channel) => sum + weight * colours[4 * i + channel], 0),
  );
  const drawing = findInk(grey, height, width);
  return drawing ? { drawing, height, width } : { problem: PALE };
}

/** Find the ink in greys of 0 to 255; return it from 0 to 1, or null if nothing stands out. */
export function findInk(grey, height, width) {
  // Most of a picture is paper, and ink is what differs most from it.
  const sorted = Float64Array.from(grey).sort();
  const median = sorted[sorted.length >> 1];
  const turned = sorted.at(-1) - median > median - sorted[0];
  const dark = turned ? grey.map((value) => 255 - value) : grey;

  // Even out the grain, and see the paper's light around every point, wider than a stroke.
  const smooth = blur(dark, height, width, Math.max(height, width) / 400);
  const side = Math.max(3, Math.floor(Math.min(height, width) / 3));
  const paper = extremes(
    extremes(smooth, height, width, side, Math.max),
    height,
    width,
    side,
    Math.min,
  );
  const ink = smooth.map((value, i) => 1 - (value + 1) / (paper[i] + 1));
  const darkest = ink.reduce((a, b) => Math.max(a, b));
  if (darkest < 0.15) return null; // a share of the paper's light
  const drawing = ink.map((x) => Math.min(Math.max((x / darkest - 0.35) / 0.3, 0), 1));
  return strokesOnly(drawing, height, width);
}

/** Apply to each row, and then to each column, what makes one number of a window around it. */
function alongBothAxes(values, height, width, reach, combine) {
  for (const [count, length, step, next] of [
    [height, width, 1, width],
    [width, height, width, 1],
  ]) {
    const given = values;
    values = new Float64Array(given.length);
    for (let line = 0; line < count; line += 1) {
      for (let i = 0; i < length; i += 1) {
        values[line * next + i * step] = combine(given, line * next, step, length, i, reach);
      }
    }
  }
  return values;
}

/** Smooth with a bell curve of a width in pixels, mirrored at the edges. */
function blur(values, height, width, sigma) {
  const reach = Math.round(4 * sigma);
  const bell = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - reach) / sigma) ** 2),
  );
  const sum = bell.reduce((a, b) => a + b);
  return alongBothAxes(values, height, width, reach, (given, start, step, length, i) => {
    let mean = 0;
    for (let j = -reach; j <= reach; j += 1) {
      let at = i + j;
      if (at < 0) at = Math.min(-at - 1, length - 1);
      if (at >= length) at = Math.max(2 * length - 1 - at, 0);
      mean += (bell[j + reach] / sum) * given[start + at * step];
    }
    return mean;
  });
}

/** Return the largest or the smallest number in the square around each. */
function extremes(values, height, width, side, choose) {
  return alongBothAxes(values, height, width, side >> 1, (given, start, step, length, i, reach) => {
    let found = given[start + i * step];
    const end = Math.min(length - 1, i + reach);
    for (let at = Math.max(0, i - reach); at <= end; at += 1) {
      found = choose(found, given[start + at * step]);
    }
    return found;
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
    const open = [first];
    label[first] = mine;
    while (open.length) {
      const place = open.pop();
      const [y, x] = [Math.floor(place / width), place % width];
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
  return drawing.map((ink, i) => (counted[label[i]] > least ? ink : 0));
}
