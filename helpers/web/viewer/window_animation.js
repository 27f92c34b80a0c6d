// How the window of a convolution or a pooling slides over the map before, to the place from which a
// number comes, while the numbers up to there appear one after the other.

import { element } from "../elements/index.js";

const DURATION = 1500; // milliseconds, however far the window slides
const asPercent = (share) => `${100 * share}%`;

/**
 * Slide the element `frame` over a map, and let the cells of the element `output` appear. There are
 * `rows` by `columns` windows, of which `placeOf(row, column)` returns the top and the left edge as
 * shares of the map. The last window is the one in `lastRow` and `lastColumn`.
 *
 * Nothing moves where somebody prefers less motion. Return a function that ends the animation.
 */
export function slideWindow(frame, output, { rows, columns, lastRow, lastColumn, placeOf }) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return () => {};
  const count = lastRow * columns + lastColumn + 1;
  const frameStops = [];
  const veilStops = [];

  /** Let the window be at a place when so many numbers of all have appeared. */
  function addStop(row, column, appeared) {
    const offset = appeared / count;
    const { top, left } = placeOf(row, column);
    frameStops.push({ offset, top: asPercent(top), left: asPercent(left) });
    const shown = (appeared - row * columns) / columns; // of this row
    veilStops.push({ offset, clipPath: hiddenPart(row / rows, (row + 1) / rows, shown) });
  }

  for (let row = 0; row <= lastRow; row += 1) {
    const column = row === lastRow ? lastColumn : columns - 1;
    addStop(row, 0, row * columns);
    addStop(row, column, row * columns + column + 1);
  }
  const veil = element("span", "map-veil");
  output.append(veil);
  const sliding = frame.animate(frameStops, DURATION);
  const appearing = veil.animate(veilStops, DURATION);
  appearing.finished.then(
    () => veil.remove(),
    () => veil.remove(),
  );
  return () => {
    sliding.cancel();
    appearing.cancel();
  };
}

/**
 * Return the part of a map that is hidden, as a path of CSS. All rows above `top` are shown, and of the
 * row from `top` to `bottom` the share `shown`.
 */
function hiddenPart(top, bottom, shown) {
  const corners = [
    [shown, top],
    [1, top],
    [1, 1],
    [0, 1],
    [0, bottom],
    [shown, bottom],
  ];
  return `polygon(${corners.map((corner) => corner.map(asPercent).join(" ")).join(", ")})`;
}
