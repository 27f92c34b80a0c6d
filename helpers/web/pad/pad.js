// The drawing pad. A model behind it holds the state and finds the answer:
// `strokes` and `file` go there, `answer` comes back. In a notebook that is pad.py in the kernel, on
// a page without one it is pad_model.js. A pad may have several views on a page, or be opened
// again; each view draws what the model holds. A kernel may be busy, so `sent` counts what went
// there, and an answer says by the same number to what it is one.

import { ARROWS, _, element, hasModifier, isolated, placeOn } from "../elements/index.js";
import { DIGIT_NAMES } from "../network/index.js";
import { areDigits } from "./drawing_file.js";
import { SIZE, build, percent, reduced, show, showBars, showImage } from "./pad_view.js";

const PAUSE = 60; // milliseconds between two messages to a kernel while one draws
const STEP = 10; // pixels from one key of an arrow to the next
const LARGEST = 1000; // pixels; a larger picture is reduced before it is sent
const EMPTY = _("This file is empty. Choose another one.");
const UNREADABLE = _(
  "The browser can't read this picture; it may be too large. Save it smaller and try again.",
);

/** Return the bytes of a picture file to send, reduced if it is large; null if that fails. */
async function read(file) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file.slice(0, 1e6).arrayBuffer(); // the kernel says what is wrong
  const blob = await new Promise((done) => reduced(picture, LARGEST).toBlob(done));
  return blob && blob.arrayBuffer();
}

/**
 * Show a pad in the element `el`.
 *
 * Where the numbers of a network stand beside it, `open(step, i)` opens one of them, by default
 * the strongest: of step 0, the image, or of the last one, -1.
 *
 * Return its `paper`; the element `more`, which has room for further buttons; `strokes`, which
 * returns the strokes on the paper; `clear`, which takes them away for good; and `end`, which ends
 * the pad.
 */
export function showPad({ model, el, open }) {
  const classes = model.get("classes") ?? DIGIT_NAMES;
  const parts = build(el, open, classes);
  const { paper, cursor, undo, clear, another, file, look, seen, answer, bars, more } = parts;
  const ofNames = _("Draw one of: {names}.", { names: classes.map(isolated).join(", ") });
  const choice = areDigits(classes) ? _("Draw one digit, from 0 to 9.") : ofNames;
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
  let replaced = null; // the strokes and the file that Undo brings back
  let fault = ""; // what is wrong with the file that was chosen last
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
    interrupt();
    strokes = newStrokes;
    renew();
    model.set("file", bytes);
    send();
    showPicture(); // the model says nothing if its bytes are the same as before
    showAnswer();
  }

  /** Something else is done: a stroke ends, and a file that is still being read comes too late. */
  function interrupt() {
    turn += 1;
    pointer = null;
    fault = "";
  }

  /** Remember what somebody has put on the pad, for Undo, before something else takes its place. */
  function remember() {
    if (!model.example && !isBlank()) replaced = [strokes, model.get("file")];
  }

  function isBlank() {
    return !strokes.length && !model.get("file").byteLength && !model.example;
  }

  /** Take away the last stroke; where there is none, bring back what was on the pad before. */
  function undoLast() {
    const isDrawn = strokes.length && !model.example;
    if (replaced && !isDrawn) {
      const before = replaced;
      replaced = null;
      replace(...before);
    } else if (!isBlank()) replace(strokes.slice(0, -1));
  }

  function clearAll() {
    // Strokes of an example too: somebody may want to draw on.
    if (strokes.length || model.get("file").byteLength) replaced = [strokes, model.get("file")];
    replace([]);
  }

  /** Take the drawing away for good: it has been kept. */
  function clean() {
    replaced = null;
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
    if (model.example || model.get("file").byteLength) {
      remember();
      replace([]);
    }
    interrupt();
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
    const isLast = to >= model.get("sent"); // else a newer answer is still to come
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    showImage(seen, image);
    showBars(bars, probabilities, best);
    for (const node of [look, ...bars.querySelectorAll(".pad-row")]) node.disabled = !image;
    if (fault) return say(fault, true);
    if (!probabilities) return say(problem ?? (isLast ? hint : ""), Boolean(problem));
    const values = { digit: isolated(classes[best]), share: percent(probabilities, best) };
    const changes = pointer !== null || model.replays || !isLast;
    say(_("The network says {digit} ({share}).", values), false, changes);
  }

  /**
   * Say a text below the pad. A screen reader reads it out, unless it `changes` all the time, as
   * an answer does while one draws or the network trains.
   */
  function say(text, isProblem, changes = false) {
    const live = changes ? "off" : "polite";
    if (answer.textContent === text && answer.ariaLive === live) return;
    answer.ariaLive = live;
    answer.classList.toggle("pad-problem", isProblem);
    // A screen reader reads out a new element, but not the same text in the old one.
    answer.replaceChildren(element("span", "", {}, text));
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
    interrupt();
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
  undo.addEventListener("click", undoLast);
  clear.addEventListener("click", clearAll);
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
    const [chosen] = file.files;
    const buffer = await read(chosen).catch(() => null);
    file.value = ""; // so that the same file can be chosen again
    if (turn !== mine) return; // what was done since then counts
    if (buffer?.byteLength) {
      remember();
      return replace([], new DataView(buffer));
    }
    fault = chosen.size ? UNREADABLE : EMPTY;
    showAnswer();
  });
  const changes = {
    "change:answer": showAnswer,
    "change:strokes": follow,
    "change:file": load,
    replace: remember,
  };
  for (const [change, listener] of Object.entries(changes)) model.on(change, listener);
  showPicture();
  showAnswer();

  function end() {
    clearTimeout(timer);
    for (const [change, listener] of Object.entries(changes)) model.off(change, listener);
  }

  return { paper, more, strokes: () => strokes, clear: clean, end };
}

/** Show a pad in a notebook, as an anywidget; return what ends it. */
export function renderPad({ model, el }) {
  return showPad({ model, el }).end;
}
