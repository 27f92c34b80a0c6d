// Drawings that somebody keeps, each with its label and strokes, and the file that holds them:
// helpers/drawing/drawing_files.py reads it, and readDrawings what that has written.

import { download } from "../elements/index.js";
import { DIGIT_NAMES } from "../network/index.js";
import CLASS_NAMES from "../shared/class_names.json" with { type: "json" };
import DRAWINGS from "../shared/drawings.json" with { type: "json" };

// A file of the most drawings has to stay below its limit, so a drawing has no more points than this.
const MAX_POINTS = 300;
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u; // U+2800 is braille without dots

/** Are two lists of names the same, name by name? A name may hold a comma. */
export function areSameNames(names, others) {
  return names.length === others.length && names.every((name, i) => name === others[i]);
}

/** Are these the names of ten digits? */
export const areDigits = (classes) => areSameNames(classes, DIGIT_NAMES);

/**
 * Return strokes with few enough points for a file. If there are too many points, every second, third
 * ... point of each stroke stays, and at most 75 strokes.
 */
export function thinStrokes(strokes) {
  const count = strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  // The first and the last point of a stroke stay, so strokes may have two points more than their share.
  const room = MAX_POINTS - Math.min(2 * strokes.length, MAX_POINTS / 2);
  const distance = Math.ceil(count / room);
  if (distance <= 1) return strokes;
  const isKept = (_point, i, { length }) => i % distance === 0 || i === length - 1;
  return strokes.slice(0, MAX_POINTS / 4).map((stroke) => stroke.filter(isKept));
}

/** Save drawings of digits, or of classes with other names. */
export function saveDrawings(drawings, classes) {
  const isOfDigits = areDigits(classes);
  const digits = drawings.map(({ label, strokes }) => ({ label, strokes }));
  const content = { "hello-mnist digits": 1, ...(isOfDigits ? {} : { classes }), digits };
  const name = isOfDigits ? "my_digits.json" : "my_signs.json";
  download(JSON.stringify(content), name, "application/json");
}

/** Can a network have classes with these names? `check_names` of classes.py says the same. */
export function areNames(names) {
  const { min_classes: least, max_classes: most } = CLASS_NAMES;
  const hasRightCount = Array.isArray(names) && names.length >= least && names.length <= most;
  return hasRightCount && names.every(isName) && areDifferent(names);
}

/** Does each of these names look different from the others? Some, such as é, have several forms. */
export function areDifferent(names) {
  return new Set(names.map((name) => name.normalize())).size === names.length;
}

/** Is this the name of a class, which can be seen and isn't too long? */
export function isName(name) {
  if (typeof name !== "string" || [...name].length > CLASS_NAMES.max_length) return false;
  // A name may have spaces, and the characters that join several emoji or choose the form of a sign.
  const others = name.replace(/[ \u200d\p{Variation_Selector}]/gu, "");
  return others.length > 0 && !UNSEEN.test(others);
}

/** Read a file, which isn't trusted. Return its `classes` and `drawings`, or null. */
export async function readDrawings(file) {
  try {
    const text = file.size <= DRAWINGS.max_bytes ? await file.text() : "";
    const content = JSON.parse(text);
    const { "hello-mnist digits": version, digits, classes = DIGIT_NAMES } = content;
    const drawings = digits.map(({ label, strokes }) => ({ label, strokes: thinStrokes(strokes) }));
    const hasRightCount = drawings.length > 0 && drawings.length <= DRAWINGS.max_drawings;
    const isOurs = version === 1 && hasRightCount && areNames(classes);
    return isOurs && drawings.every((drawing) => isDrawing(drawing, classes))
      ? { classes, drawings }
      : null;
  } catch {
    return null;
  }
}

function isDrawing({ label, strokes }, classes) {
  const isPoint = (point) => point.length === 2 && point.every(Number.isFinite);
  const isStroke = (stroke) => stroke.length && stroke.every(isPoint);
  const isLabel = Number.isInteger(label) && classes[label] !== undefined;
  return isLabel && strokes.length > 0 && strokes.every(isStroke);
}
