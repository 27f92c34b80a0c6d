// How the window of a convolution or a pooling slides over the map before, to the place from which a
// number comes, while the numbers up to there appear one after the other.

import { element } from "../elements/index.js";

const TIME_AT_PLACE = 150; // milliseconds at each place, so that one sees what changes there
const MAX_PLACES = 12; // that are shown, of all places up to the last one
const SEAM = "1px"; // the veil begins so far above a row, of which nothing may show through
const asPercent = (share) => `${100 * share}%`;

/**
 * Slide a window from place to place, row by row, up to the place `last`. `show(place)` shows the window
 * at a place, with its numbers. The map `output`, an element of `rows` by `columns` cells, is hidden
 * from the next place on until the window has arrived.
 *
 * Nothing moves where somebody prefers less motion. Return a function that ends the animation at once.
 */
export function slideWindow(output, { rows, columns, last }, show) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return () => {};
  const veil = element("span", "map-veil");
  output.append(veil);
  const startOfRow = last - (last % columns); // before it there is only the margin of another row
  let place = Math.max(startOfRow, last - MAX_PLACES + 1);

  function showPlace() {
    const row = Math.floor(place / columns);
    const shown = ((place % columns) + 1) / columns; // of this row
    veil.style.clipPath = hiddenPart(row / rows, (row + 1) / rows, shown);
    show(place);
  }

  function end() {
    clearInterval(timer);
    veil.remove();
  }

  function goOn() {
    place += 1;
    if (place < last) showPlace();
    else {
      end();
      show(last);
    }
  }

  const timer = setInterval(goOn, TIME_AT_PLACE);
  if (place < last) showPlace();
  else end();
  return end;
}

/**
 * Let the node `target` show the texts and colours of another one, the `source`. What is in it stays,
 * for somebody may be about to press it. Only if its children are more, fewer or others, they are
 * replaced.
 */
export function copyTexts(source, target) {
  if (source.nodeType === Node.TEXT_NODE) {
    target.data = source.data;
    return;
  }
  target.className = source.className;
  target.style.background = source.style.background;
  const children = [...source.childNodes];
  const isAlike = (child, k) => child.nodeName === target.childNodes[k].nodeName;
  if (children.length === target.childNodes.length && children.every(isAlike))
    children.forEach((child, k) => copyTexts(child, target.childNodes[k]));
  else target.replaceChildren(...children);
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
  const places = corners.map(([x, y]) => `${asPercent(x)} calc(${asPercent(y)} - ${SEAM})`);
  return `polygon(${places.join(", ")})`;
}
