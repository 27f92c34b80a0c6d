// What one sees of pad.js: its elements, ink on paper, and the bars.

import { _, button, cellOf, drawMaps, element, keepKeys } from "../elements/index.js";

export const SIZE = 280; // as CANVAS in preparation.py
const PEN = 20; // as PEN in strokes.py
// The kinds of pictures that a browser reads as pixels. A phone then turns its own kind into JPEG.
const PICTURES = ["png", "jpeg", "webp", "gif", "bmp", "avif"].map((kind) => `image/${kind}`).join();

/**
 * Build the pad's elements; there may be several pads on a page, so none has an id.
 *
 * Where there is something to `open`, the image that the network saw and the bars are buttons.
 */
export function build(el, open, classes) {
  const opening = open ? { type: "button", title: _("Where does it come from?") } : {};
  const opener = (name, onclick, ...children) =>
    element(open ? "button" : "span", name, { ...opening, onclick: open && onclick }, ...children);
  const keys = _("Space puts the pen down and lifts it. The arrow keys move it.");
  const parts = {
    paper: element("canvas", "pad-paper", {
      width: SIZE,
      height: SIZE,
      tabIndex: 0,
      role: "application",
      ariaLabel: _("Drawing area for mouse, pen or finger. {keys}", { keys }),
    }),
    cursor: element("span", "pad-cursor", { hidden: true }),
    undo: button(_("Undo"), null, _("Undo on the pad")),
    clear: button(_("Clear"), null, _("Clear the pad")),
    another: button(_("Another example")),
    file: element("input", "pad-file", { type: "file", accept: PICTURES }),
    seen: element("canvas", "pad-seen", {
      role: "img",
      ariaLabel: _("What the network sees, 28 by 28 pixels"),
    }),
    answer: element("p", "pad-answer", { role: "status", ariaLive: "polite" }),
    bars: element("ul", "pad-bars", { ariaLabel: _("Probability of each class") }),
  };
  const openPixel = (event) => {
    const [x, y] = cellOf(parts.seen, event, [28, 28]);
    open(0, event.detail ? 28 * y + x : undefined); // else by the keyboard
  };
  parts.look = opener("pad-look", openPixel, parts.seen);
  const longest = Math.max(...classes.map((name) => name.length));
  parts.bars.style.setProperty("--pad-names", `${Math.min(5, 0.4 + 0.6 * longest)}em`);
  classes.forEach((className, i) => {
    const fill = element("span", "pad-fill");
    const bar = element("span", "pad-bar", { ariaHidden: "true" }, fill);
    const about = { dir: "auto", title: className };
    const name = element("span", "pad-class", about, className);
    const share = element("span", "pad-share", {}, "\u2013");
    const row = opener("pad-row", () => open(-1, i), name, bar, share);
    parts.bars.append(element("li", "", {}, row));
  });
  const load = element("label", "pad-button", {}, _("Load a picture"), parts.file);
  parts.more = element("div", "pad-more", {}, load);
  const caption = element("figcaption", "", {}, _("the network sees"));
  const figure = element("figure", "pad-figure", {}, parts.look, caption);
  const root = element(
    "div",
    "pad",
    { role: "group", ariaLabel: _("Drawing pad") },
    element("div", "pad-sheet", {}, parts.paper, parts.cursor, element("p", "pad-keys", {}, keys)),
    parts.answer,
    element("div", "pad-buttons", {}, parts.undo, parts.clear, parts.another),
    element("div", "pad-result", {}, figure, parts.bars),
    parts.more,
  );
  keepKeys(root);
  el.append(element("div", "pad-frame", {}, root));
  return parts;
}

/** Draw on `paper` a picture, if there is one, and the strokes. */
export function show(paper, strokes, picture) {
  const pen = paper.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, SIZE, SIZE);
  if (picture) {
    const scale = SIZE / Math.max(picture.width, picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    pen.drawImage(picture, (SIZE - width) / 2, (SIZE - height) / 2, width, height);
  }
  Object.assign(pen, { lineWidth: PEN, lineCap: "round", lineJoin: "round", strokeStyle: "black" });
  for (const stroke of strokes) {
    pen.beginPath();
    pen.moveTo(...stroke[0]);
    for (const [x, y] of stroke) pen.lineTo(x + 0.01, y); // a dot has to have a length
    pen.stroke();
  }
}

/**
 * Show an image as dark ink on white. `bytes` are its 784 greys, 0 to 255, as a Uint8Array or, from
 * a kernel, as a DataView; without any, the canvas is blank. Other arrays raise a TypeError.
 */
export function showImage(canvas, bytes = new Uint8Array(784)) {
  const isBytes = bytes instanceof Uint8Array || bytes instanceof DataView;
  if (!isBytes || bytes.byteLength !== 784)
    throw new TypeError(`showImage wants 784 bytes, not ${bytes.length} of ${bytes.constructor.name}`);
  const image = new Uint8Array(bytes.buffer, bytes.byteOffset, 784);
  drawMaps(canvas, Float32Array.from(image, (ink) => ink / 255), [28, 28, 1], 1, 1, true);
}

export function showBars(bars, probabilities, best) {
  [...bars.children].forEach((row, i) => {
    const share = probabilities?.[i] ?? 0;
    row.classList.toggle("pad-best", i === best);
    row.querySelector(".pad-fill").style.width = `${100 * share}%`;
    const text = probabilities ? percent(probabilities, i) : "\u2013";
    row.querySelector(".pad-share").textContent = text;
  });
}

/** Write the share of a class; all and nothing are said where they are exact. */
export function percent(probabilities, n) {
  const share = probabilities[n];
  if (share > 0 && share < 0.01) return "<1%";
  const others = probabilities.some((other, i) => i !== n && other > 0);
  return others && share > 0.99 ? ">99%" : `${Math.round(100 * share)}%`;
}

/** Return a canvas with a picture, whose longer side is so many pixels at most. */
export function reduced(picture, longest) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const pixels = (side) => Math.max(1, Math.round(side * scale));
  const [width, height] = [pixels(picture.width), pixels(picture.height)];
  const canvas = element("canvas", "", { width, height });
  const context = canvas.getContext("2d");
  Object.assign(context, { fillStyle: "white", imageSmoothingQuality: "high" });
  context.fillRect(0, 0, width, height); // transparent parts are paper
  context.drawImage(picture, 0, 0, width, height);
  return canvas;
}
