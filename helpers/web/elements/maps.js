// Maps of numbers as pictures that one can point into.

import { ARROWS, cellOf, element, hasModifier } from "./elements.js";
import { _ } from "./language.js";

// As in the lesson's figures (canvas.py): white is 0, blue is more, orange is less; steps look
// equally large.
const WHITE = [255, 255, 255];
const BLUES = { middle: [0, 114, 178], dark: [0, 58, 92] };
const ORANGES = { middle: [213, 94, 0], dark: [133, 54, 0] };
const MIDDLE = 0.72; // where the second of the three colours stands

/** Return the red, green and blue, 0 to 255, of a share from -1 to 1. */
export function colour(share) {
  const size = Math.min(Math.abs(share), 1);
  const { middle, dark } = share < 0 ? ORANGES : BLUES;
  if (size < MIDDLE) return mix(WHITE, middle, size / MIDDLE);
  return mix(middle, dark, (size - MIDDLE) / (1 - MIDDLE));
}

const mix = (from, to, share) => from.map((start, i) => start + share * (to[i] - start));

/** Return a colour as one number, as a canvas keeps it in memory. */
function packed(colour) {
  const [red, green, blue] = colour.map(Math.round);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

const PALETTE = Array.from({ length: 511 }, (unused, i) => packed(colour(i / 255 - 1)));
const INK = Array.from({ length: 511 }, (unused, i) => packed(Array(3).fill(Math.min(510 - i, 255))));
const GAP = packed([192, 192, 192]); // between two maps

/**
 * Give a canvas the size that maps of a shape need, before they are drawn, so that what stands below it
 * doesn't move later. Return how many rows of maps there are, and how large a number is drawn.
 */
export function sizeMaps(canvas, [height, width, channels], columns) {
  const rows = Math.ceil(channels / columns);
  const zoom = Math.max(1, Math.round(24 / width)); // so that the gap is thin beside small maps
  const size = { width: columns * (zoom * width + 1) - 1, height: rows * (zoom * height + 1) - 1 };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  return { rows, zoom };
}

/**
 * Draw maps of a shape, [height, width, channels], side by side, so many in a row.
 *
 * Each map has its own scale: the value farthest from 0 has the darkest colour, but `least` if that
 * is more. An image of `ink` is grey.
 */
export function drawMaps(canvas, values, shape, columns, least = 0, ink = false) {
  const [height, width, channels] = shape;
  const { rows, zoom } = sizeMaps(canvas, shape, columns);
  const [down, along] = [zoom * height + 1, zoom * width + 1];
  const context = canvas.getContext("2d");
  const picture = context.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(picture.data.buffer).fill(GAP);
  const palette = ink ? INK : PALETTE;
  const most = new Float64Array(channels).fill(Math.max(least, 1e-9));
  values.forEach((value, i) => {
    most[i % channels] = Math.max(most[i % channels], Math.abs(value));
  });
  for (let channel = 0; channel < columns * rows; channel += 1) {
    const corner = Math.floor(channel / columns) * down * picture.width + (channel % columns) * along;
    for (let place = 0; place < height * width; place += 1) {
      const share = channel < channels ? values[place * channels + channel] / most[channel] : 0;
      const pixel = palette[Math.round(255 * share) + 255];
      const start = corner + zoom * (Math.floor(place / width) * picture.width + (place % width));
      for (let y = 0; y < zoom; y += 1) {
        for (let x = 0; x < zoom; x += 1) pixels[start + y * picture.width + x] = pixel;
      }
    }
  }
  context.putImageData(picture, 0, 0);
}

/**
 * Make a canvas of so many rows and columns of cells, of which one is chosen.
 *
 * A tap or an arrow key calls `pick(row, column, tapped)`. `mark(row, column)` shows which one is
 * chosen, or where several begin.
 */
export function cells(className, label, rows, columns, pick) {
  const ariaLabel = _("{label}. A tap or the arrow keys choose.", { label });
  const canvas = element("canvas", "", { tabIndex: 0, role: "application", ariaLabel });
  const frame = element("span", "map-mark", { hidden: true });
  const root = element("div", `map ${className}`, {}, canvas, frame);
  let at = null;

  canvas.addEventListener("click", (event) => {
    const [column, row] = cellOf(canvas, event, [columns, rows]);
    pick(row, column, true);
  });
  canvas.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key] ?? (event.key === "Enter" && [0, 0]);
    if (!arrow || hasModifier(event)) return;
    event.preventDefault();
    const [row, column] = at ? [at[0] + arrow[1], at[1] + arrow[0]] : [0, 0];
    if (row >= 0 && column >= 0 && row < rows && column < columns) pick(row, column);
  });

  return {
    root,
    canvas,
    mark(row, column, [height, width] = [1, 1]) {
      at = [row, column];
      frame.hidden = false;
      const percent = (count, all) => `${(100 * count) / all}%`;
      Object.assign(frame.style, {
        top: percent(row, rows),
        left: percent(column, columns),
        height: percent(height, rows),
        width: percent(width, columns),
      });
    },
    unmark() {
      at = null;
      frame.hidden = true;
    },
  };
}
