// The drawing pad, as one sees it. A model behind it holds the state and finds the answer:
// `strokes` and `file` go there, `answer` comes back. In a notebook that is pad.py in the kernel, on
// a page without one it is page_model.js. A pad may have several views on a page, or be opened
// again; each view draws what the model holds. A kernel may be busy, so `sent` counts what went
// there, and an answer says by the same number to what it is one.

import { renderCollector } from "./collect.js";
import { areDigits } from "./drawings.js";
import {
  ARROWS,
  button,
  cellOf,
  element,
  hasModifier,
  isolated,
  keepKeys,
  placeOn,
} from "./elements.js";
import { _ } from "./language.js";
import { drawMaps } from "./maps.js";
import { DIGIT_NAMES } from "./network.js";

export const SIZE = 280; // as CANVAS in preparation.py
const PEN = 20; // as PEN in strokes.py
const PAUSE = 60; // milliseconds between two messages to a kernel while one draws
const STEP = 10; // pixels from one key of an arrow to the next
const LARGEST = 1000; // pixels; a larger picture is reduced before it is sent
const UNREADABLE = _(
  "The browser can't read this picture; it may be too large. Save it smaller and try again.",
);

/**
 * Build the pad's elements; there may be several pads on a page, so none has an id.
 *
 * Where there is something to `open`, the image that the network saw and the bars are buttons.
 */
function build(el, open, classes) {
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
    file: element("input", "pad-file", { type: "file", accept: "image/*" }),
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

/** Show an image, 784 bytes in whatever they have come, as dark ink on white; or nothing. */
export function showImage(canvas, bytes = new Uint8Array(784)) {
  const image = new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, 784);
  drawMaps(canvas, Float32Array.from(image, (ink) => ink / 255), [28, 28, 1], 1, 1, true);
}

function showBars(bars, probabilities, best) {
  [...bars.children].forEach((row, i) => {
    const share = probabilities ? probabilities[i] : 0;
    row.classList.toggle("pad-best", i === best);
    row.querySelector(".pad-fill").style.width = `${100 * share}%`;
    row.querySelector(".pad-share").textContent = probabilities
      ? percent(probabilities, i)
      : "\u2013";
  });
}

/** Write the share of a class; all and nothing are said where they are exact. */
function percent(probabilities, n) {
  const share = probabilities[n];
  if (share > 0 && share < 0.01) return "<1%";
  const others = probabilities.some((other, i) => i !== n && other > 0);
  return others && share > 0.99 ? ">99%" : `${Math.round(100 * share)}%`;
}

/** Return the bytes of a picture file to send, reduced if it is large; null if that fails. */
async function read(file) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file.slice(0, 1e6).arrayBuffer(); // the kernel says what is wrong
  const blob = await new Promise((done) => reduced(picture, LARGEST).toBlob(done));
  return blob && blob.arrayBuffer();
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

/**
 * Show a pad in the element `el`; return what ends it.
 *
 * Where the numbers of a network stand beside it, `open(step, i)` opens one of them, by default
 * the strongest: of step 0, the image, or of the last one, -1.
 */
export function renderPad({ model, el, open }) {
  const classes = model.get("classes") ?? DIGIT_NAMES;
  const parts = build(el, open, classes);
  const { paper, cursor, undo, clear, another, file, look, seen, answer, bars, more } = parts;
  const names = classes.map(isolated).join(", ");
  const choice = areDigits(classes)
    ? _("Draw one digit, from 0 to 9.")
    : _("Draw one of: {names}.", { names });
  const hint = `${choice} ${_("Whatever you draw, the network answers one of them.")}`;
  const nothing = () => new DataView(new ArrayBuffer(0));
  let strokes = model.get("strokes");
  let sent = strokes; // what this view has sent last
  let picture = null;
  let pointer = null; // the one that is drawing
  let place = [SIZE / 2, SIZE / 2]; // where the keyboard holds the pen
  let timer = null;
  let took = 0; // milliseconds for the last answer of a page
  let first = 0; // the message with which what is on the pad began: earlier answers are to another
  let cleared = null; // the strokes and the file that Undo brings back to a blank pad
  let turn = 0; // counts what was done, so that a slow file finds out that it comes too late

  function send() {
    clearTimeout(timer);
    timer = null;
    sent = strokes.map((stroke) => [...stroke]);
    model.set("strokes", sent);
    model.set("sent", model.get("sent") + 1);
    const start = performance.now();
    model.save_changes();
    took = performance.now() - start;
  }

  /** Replace what is on the pad, at once. A stroke that is being drawn ends here. */
  function replace(newStrokes, bytes = nothing()) {
    turn += 1;
    pointer = null;
    strokes = newStrokes;
    renew();
    model.set("file", bytes);
    send();
    showPicture(); // the model says nothing if its bytes are the same as before
    showAnswer();
  }

  function clean() {
    cleared = null;
    replace([]);
  }

  /** What is on the pad from the next message on is another: no earlier answer stands beside it. */
  function renew() {
    first = model.get("sent") + 1;
  }

  function position(event) {
    return placeOn(paper, event).map((share) => Math.round(share * SIZE * 10) / 10);
  }

  function start(event) {
    if (pointer === "keyboard") leave();
    if (pointer !== null || event.button !== 0) return;
    event.preventDefault();
    paper.setPointerCapture(event.pointerId);
    begin(event.pointerId, position(event));
  }

  function begin(by, point) {
    if (model.example || model.get("file").byteLength) replace([]);
    turn += 1;
    pointer = by;
    strokes = [...strokes, [point]];
    draw();
  }

  function move(event) {
    if (event.pointerId !== pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    strokes.at(-1).push(...(events.length ? events : [event]).map(position));
    draw();
  }

  function draw() {
    show(paper, strokes, picture);
    timer ??= setTimeout(send, Math.max(model.pause ?? PAUSE, took)); // first the ink is seen
  }

  /** Draw with the keyboard: it holds the pen as a pointer does. */
  function press(event) {
    const arrow = ARROWS[event.key];
    if ((!arrow && event.key !== " ") || hasModifier(event)) return;
    event.preventDefault();
    if (event.repeat && !arrow) return;
    cursor.hidden = false;
    if (event.key === " ") {
      if (pointer === null) begin("keyboard", place);
      else stop({ pointerId: "keyboard" });
    } else {
      place = place.map((old, axis) => Math.min(Math.max(old + STEP * arrow[axis], 0), SIZE));
      if (pointer === "keyboard") {
        strokes.at(-1).push(place);
        draw();
      }
    }
    cursor.style.left = `${(100 * place[0]) / SIZE}%`;
    cursor.style.top = `${(100 * place[1]) / SIZE}%`;
    cursor.classList.toggle("pad-down", pointer === "keyboard");
  }

  /** The keyboard is elsewhere: it lifts the pen. */
  function leave() {
    stop({ pointerId: "keyboard" });
    cursor.hidden = true;
  }

  function stop(event) {
    if (event.pointerId !== pointer) return;
    pointer = null;
    send();
    showAnswer(); // a page has answered already
  }

  function showAnswer() {
    const { to = 0, ...given } = model.get("answer");
    const { image, probabilities, problem } = to < first ? {} : given;
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    showImage(seen, image);
    showBars(bars, probabilities, best);
    for (const node of [look, ...bars.querySelectorAll(".pad-row")]) node.disabled = !image;
    // While one draws, the bars tell; a screen reader speaks when the pen is up and all is answered.
    if (pointer !== null || model.replays || to < model.get("sent")) return say("", false);
    const values = probabilities && {
      digit: isolated(classes[best]),
      share: percent(probabilities, best),
    };
    const answerText = values && _("The network says {digit} ({share}).", values);
    say(problem ?? answerText ?? hint, Boolean(problem));
  }

  function say(text, isProblem) {
    answer.classList.toggle("pad-problem", isProblem);
    answer.textContent = text;
  }

  /** Show the picture in the model, and the strokes over it. */
  async function showPicture() {
    const bytes = model.get("file");
    picture = model.picture ?? null;
    show(paper, strokes, picture);
    if (!bytes.byteLength) return;
    const bitmap = await createImageBitmap(new Blob([bytes])).catch(() => null);
    if (model.get("file") !== bytes) return; // it was replaced meanwhile
    picture = bitmap;
    show(paper, strokes, picture);
  }

  /** Follow a change that another view of the same pad has made; it ends a stroke here too. */
  function follow() {
    if (model.get("strokes") === sent) return;
    turn += 1;
    pointer = null;
    if (model.get("strokes").length < strokes.length) renew(); // else it draws on
    strokes = model.get("strokes");
    show(paper, strokes, picture);
  }

  function load() {
    renew();
    showPicture();
    showAnswer();
  }

  const pointers = { pointerdown: start, pointermove: move, pointerup: stop, pointercancel: stop };
  for (const [type, listener] of Object.entries({ ...pointers, keydown: press, blur: leave }))
    paper.addEventListener(type, listener);
  const isBlank = () => !strokes.length && !model.get("file").byteLength && !model.example;
  undo.addEventListener("click", () => {
    if (!isBlank()) return replace(strokes.slice(0, -1));
    if (cleared) replace(...cleared);
    cleared = null;
  });
  clear.addEventListener("click", () => {
    const last = isBlank() ? cleared : [strokes, model.get("file")];
    clean();
    cleared = last;
  });
  let shown = 0;
  another.hidden = !model.examples?.length;
  another.addEventListener("click", () => {
    model.showImage(model.examples[shown % model.examples.length]);
    shown += 1;
  });
  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    turn += 1;
    const mine = turn;
    const buffer = await read(file.files[0]).catch(() => null);
    file.value = ""; // so that the same file can be chosen again
    if (turn !== mine) return; // what was done since then counts
    if (buffer?.byteLength) replace([], new DataView(buffer));
    else say(UNREADABLE, true);
  });
  const drawn = { paper, strokes: () => strokes, clear: clean };
  const followDrawings = renderCollector(more, { ...drawn, model, classes });
  const changes = { "change:answer": showAnswer, "change:strokes": follow, "change:file": load };
  changes["change:collected"] = followDrawings;
  for (const [change, listener] of Object.entries(changes)) model.on(change, listener);
  showPicture();
  showAnswer();

  return () => {
    clearTimeout(timer);
    for (const [change, listener] of Object.entries(changes)) model.off(change, listener);
  };
}
