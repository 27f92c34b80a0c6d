// Maps of numbers as pictures that one can point into.

import { ARROWS, cellOf, element, hasModifier } from "./elements.js";
import { _ } from "./language.js";

// The colours of the lesson's figures (canvas.py): white is 0, blue is more, and orange is less. Equal
// differences look equally large.
const WHITE = rgbOf("#ffffff");
const BLUES = { middle: rgbOf("#0072b2"), dark: rgbOf("#003a5c") };
const ORANGES = { middle: rgbOf("#d55e00"), dark: rgbOf("#853600") };
const MIDDLE = 0.72; // where the second of the three colours stands

/** Return the red, green and blue, 0 to 255, of a colour such as "#0072b2". */
function rgbOf(hex) {
  return [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));
}

/** Return the red, green and blue, 0 to 255, of a share from -1 to 1. */
export function colour(share) {
  const size = Math.min(Math.abs(share), 1);
  const { middle, dark } = share < 0 ? ORANGES : BLUES;
  if (size < MIDDLE) return mix(WHITE, middle, size / MIDDLE);
  return mix(middle, dark, (size - MIDDLE) / (1 - MIDDLE));
}

const mix = (from, to, share) => from.map((start, i) => start + share * (to[i] - start));

/** Return a colour as one number, as a canvas keeps it in memory. */
function packColour(parts) {
  const [red, green, blue] = parts.map(Math.round);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

// The colours of shares from -1 to 1, 1/255 apart, and the greys of ink from 0 to 1.
const SHARES = Array.from({ length: 511 }, (_none, i) => i / 255 - 1);
const COLOURS = SHARES.map((share) => packColour(colour(share)));
const GREYS = SHARES.map((share) => packColour(Array(3).fill(255 * (1 - Math.max(share, 0)))));
const GAP = packColour([192, 192, 192]); // between two maps

/**
 * Give a canvas the size that maps of a shape need. Before the maps are drawn, this keeps what stands
 * below them in its place. Return how many rows of maps there are, and the pixels a side of a number.
 */
export function sizeMaps(canvas, [height, width, channels], columns) {
  const rows = Math.ceil(channels / columns);
  const zoom = Math.max(1, Math.round(24 / width)); // so that the gap is thin beside small maps
  const size = { width: columns * (zoom * width + 1) - 1, height: rows * (zoom * height + 1) - 1 };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  return { rows, zoom };
}

/**
 * Draw maps of a shape, [height, width, channels], side by side: as many in a row as `columns` says.
 *
 * Each map has its own scale. The darkest colour is for the value farthest from 0, or for `least` if
 * that is more. An image is drawn in grey.
 */
export function drawMaps(canvas, values, shape, columns, least = 0, isImage = false) {
  const [height, width, channels] = shape;
  const { rows, zoom } = sizeMaps(canvas, shape, columns);
  const distanceDown = zoom * height + 1; // from one map to the next
  const distanceAcross = zoom * width + 1;
  const context = canvas.getContext("2d");
  const picture = context.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(picture.data.buffer).fill(GAP);
  const palette = isImage ? GREYS : COLOURS;
  const scales = new Float64Array(channels).fill(Math.max(least, 1e-9));
  values.forEach((value, i) => {
    scales[i % channels] = Math.max(scales[i % channels], Math.abs(value));
  });
  for (let channel = 0; channel < columns * rows; channel += 1) {
    const top = Math.floor(channel / columns) * distanceDown;
    const corner = top * picture.width + (channel % columns) * distanceAcross;
    for (let place = 0; place < height * width; place += 1) {
      const share = channel < channels ? values[place * channels + channel] / scales[channel] : 0;
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
 * Place a frame on a map of so many rows and columns. It is around a block of cells, which begins in a
 * `row` and a `column`, and whose `size` is its height and its width.
 */
export function placeFrame(frame, [rows, columns], { row, column, size: [height, width] }) {
  const percent = (count, all) => `${(100 * count) / all}%`;
  Object.assign(frame.style, {
    top: percent(row, rows),
    left: percent(column, columns),
    height: percent(height, rows),
    width: percent(width, columns),
  });
}

/**
 * Make a canvas of rows and columns of cells, of which one is chosen.
 *
 * A tap or an arrow key calls `pick(row, column, isTap)`. `mark(row, column, size)` shows which cell is
 * chosen, or where a block of cells begins, and `unmark()` that none is.
 */
export function cells(className, label, rows, columns, pick) {
  const ariaLabel = _("{label}. A tap or the arrow keys choose.", { label });
  const canvas = element("canvas", "", { tabIndex: 0, role: "application", ariaLabel });
  const frame = element("span", "map-mark", { hidden: true });
  const root = element("div", `map ${className}`, {}, canvas, frame);
  let marked = null; // the row and the column of the chosen cell

  canvas.addEventListener("click", (event) => {
    const [column, row] = cellOf(canvas, event, [columns, rows]);
    pick(row, column, true);
  });
  canvas.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key] ?? (event.key === "Enter" && [0, 0]);
    if (!arrow || hasModifier(event)) return;
    event.preventDefault();
    const row = marked ? marked.row + arrow[1] : 0;
    const column = marked ? marked.column + arrow[0] : 0;
    const isInside = row >= 0 && column >= 0 && row < rows && column < columns;
    if (isInside) pick(row, column, false);
  });

  function mark(row, column, size = [1, 1]) {
    marked = { row, column };
    frame.hidden = false;
    placeFrame(frame, [rows, columns], { row, column, size });
  }

  function unmark() {
    marked = null;
    frame.hidden = true;
  }

  return { root, canvas, frame, mark, unmark };
}
