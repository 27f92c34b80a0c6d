// Numbers as a page writes them: a number in a text, its place in an array, and a table of numbers.

import { ARROWS, element, hasModifier } from "./elements.js";
import { _, sentence } from "./language.js";
import { colour } from "./maps.js";

const LARGE = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
const HUGE = 1e9; // from here on, a number is written with an exponent

/**
 * Write a number with so many digits after the point. A number near 0 has fewer digits, which begin
 * behind its zeros. A still smaller number and a huge one have an exponent.
 */
export function written(number, digits = 4) {
  const size = Math.abs(number);
  const few = Math.max(digits - 3, 0);
  let text = number.toFixed(digits);
  if (size && size < 1e-3) text = number.toPrecision(few + 1);
  if (size && size < 10 ** -digits) text = number.toExponential(few);
  if (size >= 1e4) text = number.toLocaleString("en", LARGE);
  if (size >= HUGE && size < Infinity) text = number.toExponential(few).replace("+", "");
  return text.replace(/^-/, "\u2212");
}

/**
 * Write e to the power of a number as `written` does, even if the result is too large or too small for
 * JavaScript.
 */
export function writePower(exponent, digits = 4) {
  const power = Math.exp(exponent);
  const isInRange = power > 0 && power < Infinity;
  if (isInRange || !Number.isFinite(exponent)) return written(power, digits);
  const exponentOfTen = exponent * Math.LOG10E;
  const places = Math.floor(exponentOfTen);
  // A mantissa of 9.9996 is rounded to 1.000e+1, which adds 1 to the places.
  const [mantissa, more] = (10 ** (exponentOfTen - places)).toExponential(digits - 3).split("e");
  return `${mantissa}e${places + Number(more)}`;
}

/** Write a number that somebody has chosen, such as 0.2, in at most four digits. */
export function writeSetting(number) {
  return String(Number(number.toPrecision(4))).replace(/^-/, "\u2212");
}

/** Write a share in percent. It is 100% only if it is 1. */
export function writeShare(share) {
  const text = (100 * share).toFixed(1);
  return text === "100.0" && share < 1 ? ">99.9%" : `${text}%`;
}

/** Return the map, the row and the column of number `i` of an array. */
export function position(i, columns, channels) {
  const place = Math.floor(i / channels);
  return { map: i % channels, row: Math.floor(place / columns), column: place % columns };
}

/**
 * Say where number `i` of an array of a shape stands, as nodes of a sentence. All counts begin at 0, as
 * in NumPy.
 */
export function whereabouts(i, [, columns, channels]) {
  if (columns === undefined) return sentence(_("number {number}"), { number: i });
  const { map, row, column } = position(i, columns, channels);
  if (channels === 1) return sentence(_("row {row}, column {column}"), { row, column });
  return sentence(_("map {map}, row {row}, column {column}"), { map, row, column });
}

/** Make a paragraph of a text with values at its `{places}`. */
export function line(text, values = {}) {
  return element("p", "", {}, ...sentence(text, values));
}

/**
 * Show numbers in rows, coloured by their size. The number with the index `chosen` has a frame. A row
 * has as many numbers as `columns` says, or as many as there is room for if this is "auto-fill".
 *
 * With `pick(i)` the numbers are buttons. Tab leads to the chosen one, and the arrow keys choose another.
 * `write(number, i)` returns the text of a number.
 */
export function table(name, numbers, columns, chosen, pick, write = (number) => written(number, 3)) {
  const most = Math.max(1e-9, ...Array.from(numbers, Math.abs));
  const all = Array.from(numbers, (number, i) => {
    const cell = element(pick ? "button" : "span", "number", { textContent: write(number, i) });
    cell.style.background = `rgb(${colour((0.4 * number) / most)})`; // pale: the text is dark
    cell.classList.toggle("number-chosen", i === chosen);
    if (!pick) return cell;
    const state = { tabIndex: i === chosen ? 0 : -1, ariaPressed: String(i === chosen) };
    return Object.assign(cell, { type: "button", onclick: () => pick(i), ...state });
  });
  const root = element("div", "numbers", { role: "group", ariaLabel: name }, ...all);
  root.style.gridTemplateColumns = `repeat(${columns}, minmax(3.9em, max-content))`;
  if (!pick) return root;
  root.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow || hasModifier(event)) return;
    event.preventDefault();
    const across = getComputedStyle(root).gridTemplateColumns.split(" ").length;
    all[all.indexOf(event.target) + arrow[0] + across * arrow[1]]?.click();
  });
  return root;
}

/** Write a title, a text or nodes, above a table. By default it is the table's name. */
export function titled(content, title = content.ariaLabel) {
  return element("figure", "explain-part", {}, element("figcaption", "", {}, ...[title].flat()), content);
}
