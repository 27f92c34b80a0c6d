// "Take it home": a network as one file, which is a page of page.html with other data.

import { _, download } from "../elements/index.js";
import { areDigits, areSameNames } from "../pad/index.js";

/** Write bytes, or the bytes of numbers, as text in base64: what `readBytes` reads. */
function writeBytes({ buffer, byteOffset, byteLength }) {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Describe a network as described_network.py does: what `readNetwork` reads. */
function describe({ shape, classes, layers, examples = [] }) {
  const described = layers.map((layer) => {
    const weights = {};
    const settings = {};
    for (const [name, value] of Object.entries(layer)) {
      if (value instanceof Float32Array) weights[name] = writeBytes(value);
      else settings[name] = value;
    }
    return { ...settings, weights };
  });
  const images = writeBytes(Uint8Array.from(examples.flatMap((image) => [...image])));
  return { shape, classes, layers: described, examples: images };
}

/** Save the text of a page, with a network and other data in place of its own. */
export function savePage(page, network, data) {
  const json = JSON.stringify({ ...data, description: describe(network) });
  // No text in it can end its element.
  const text = page.replace(/(?<= id="data">)[^<]*/, () => json.replaceAll("<", "\\u003c"));
  download(text, network.classes ? "my_signs.html" : "my_network.html", "text/html");
}

/**
 * Return the data with which a page to take home begins: some `data`, the title and the drawings.
 * Somebody may have changed the `title` from the `firstTitle`. If not, a network that has other classes
 * than the first ones is called after its classes.
 */
export function homeData({ title, ...data }, firstTitle, { classes, firstClasses, drawings }) {
  const keptDrawings = drawings.map(({ label, strokes }) => ({ label, strokes }));
  const names = classes.join(" · "); // a name may have a comma
  const isNamed = title && title !== firstTitle;
  const hasOldTitle = isNamed || areSameNames(classes, firstClasses);
  const newTitle = hasOldTitle ? title || undefined : _("A network that reads: {names}", { names });
  const filled = { ...data, drawings: keptDrawings, title: newTitle };
  if (areDigits(classes)) return filled;
  // Signs: the page begins with one of them, and has no digits to learn from.
  return { ...filled, strokes: drawings[0]?.strokes ?? [], rehearsal: undefined };
}
