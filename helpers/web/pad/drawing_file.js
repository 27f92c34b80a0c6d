// Drawings that somebody keeps, each with its label and strokes, and the file that holds them:
// helpers/drawing/collected.py reads it, and readDrawings what that has written.

import { DIGIT_NAMES } from "../network/index.js";

export const COUNT = 600; // the most in a file, and its
const BYTES = 4_000_000; // as in collected.py
const POINTS = 300; // the most of a drawing: so a file of the most drawings can be read again
const [CLASSES, LETTERS] = [26, 20]; // and characters of a name, as in classes.py

/** Are two lists of names the same, name by name? A name may hold a comma. */
export function areSameNames(names, others) {
  return names.length === others.length && names.every((name, i) => name === others[i]);
}

/** Are these the names of ten digits? */
export const areDigits = (classes) => areSameNames(classes, DIGIT_NAMES);

/** Return strokes, of whose points, where there are too many, every second, third ... is left. */
export function thinned(strokes) {
  const count = strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  const every = Math.ceil(count / (POINTS - Math.min(2 * strokes.length, POINTS / 2)));
  if (every <= 1) return strokes;
  const isLeft = (unused, i, { length }) => i % every === 0 || i === length - 1;
  return strokes.slice(0, POINTS / 4).map((stroke) => stroke.filter(isLeft));
}

/** Let the browser save a text as a file. */
export function download(text, name, type) {
  const href = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // a slow browser reads it later
}

/** Save drawings of digits, or of classes with other names. */
export function saveDrawings(drawings, classes) {
  const named = areDigits(classes) ? {} : { classes };
  const name = named.classes ? "my_signs.json" : "my_digits.json";
  const digits = drawings.map(({ label, strokes }) => ({ label, strokes }));
  const text = JSON.stringify({ "hello-mnist digits": 1, ...named, digits });
  download(text, name, "application/json");
}

/** Return whether a network may have these classes, as `check` of classes.py does. */
export function areNames(names) {
  const isName = (name) =>
    typeof name === "string" && name.trim() && [...name].length <= LETTERS &&
    !/[\p{C}\p{Z}]/u.test(name.replace(/[ \u200d]/g, "")); // which also joins emoji
  const fits = Array.isArray(names) && names.length >= 2 && names.length <= CLASSES;
  return fits && names.every(isName) && new Set(names).size === names.length;
}

/** Read a file, which isn't trusted: return its `classes` and `drawings`, or null. */
export async function readDrawings(file) {
  const isPoint = (point) => point.length === 2 && point.every(Number.isFinite);
  try {
    const text = file.size < BYTES ? await file.text() : "";
    const { "hello-mnist digits": version, digits, classes = DIGIT_NAMES } = JSON.parse(text);
    const drawings = digits.map(({ label, strokes }) => ({ label, strokes: thinned(strokes) }));
    const fits = ({ label, strokes }) =>
      classes[label] !== undefined && Number.isInteger(label) &&
      strokes.length && strokes.every((stroke) => stroke.length && stroke.every(isPoint));
    const isOurs = version === 1 && drawings.length && drawings.length <= COUNT;
    return isOurs && areNames(classes) && drawings.every(fits) ? { classes, drawings } : null;
  } catch {
    return null;
  }
}
