// "Teach it your hand": tell the network that an answer is wrong, and it learns from the drawing,
// here in the page. It shows what it has learned, and what it has lost.

import { _ } from "./language.js";
import { saveDrawings } from "./collect.js";
import { gradient, isTrainable, step } from "./learn.js";
import { forward, imageOf, strongest, unpack } from "./network.js";
import { toImage } from "./page_model.js";
import { button, element, showImage } from "./pad.js";
import { randomFrom } from "./random.js";

// So it learned each of 22 misread test images, and lost at most 4 of 500 others.
const [RATE, STEPS] = [0.0007, 10];
const [DRAWN, REHEARSED] = [8, 24]; // images of a step: the reader's, and of the training set
const [COUNT, BYTES] = [600, 4_000_000]; // the most in a file, as in collected.py
const DIGITS = [...Array(10).keys()];

/** Return a drawing from which it can learn; an error if there is no digit, or no ink. */
function example({ label, strokes }) {
  const isPoint = (point) => point.length === 2 && point.every(Number.isFinite);
  const fits = strokes.every((stroke) => stroke.length && stroke.every(isPoint));
  const ink = fits && DIGITS.includes(label) && toImage(strokes);
  if (!ink) throw new Error("no digit");
  return { label, strokes, ink, image: Float32Array.from(ink, (grey) => grey / 255) };
}

/** Read a file as `saveDrawings` writes it; return null where it is another. */
async function readDigits(file) {
  try {
    const { "hello-mnist digits": version, digits, classes } = JSON.parse(await file.text());
    const fits = version === 1 && !classes && digits.length <= COUNT && file.size < BYTES;
    return fits ? digits.map(example) : null;
  } catch {
    return null;
  }
}

/** Let the page go on. */
const rest = () => new Promise((done) => setTimeout(done));

/**
 * Show it after the element `pad`, in which `model` answers by `network`, if that can be trained.
 * `load` returns the promise of packed images: some are known, to rehearse, and others to test.
 */
export function renderTeacher(pad, { network, model, load }) {
  if (!isTrainable(network)) return;
  const random = randomFrom(1);
  const untaught = structuredClone(network.layers);
  let rehearsed; // training images with their labels
  let tests; // and test images
  let first; // how many of the test images it read before it was taught
  let drawings = []; // each with its label, and what was answered `before` and `after`
  let working = false;

  const press = (text, onclick) => Object.assign(button(text), { onclick });
  const wrong = _("Wrong? This is a");
  const asked = element("div", "teach-row", { role: "group", ariaLabel: wrong, hidden: true });
  const correct = (label) => work(() => teach([example({ label, strokes: model.get("strokes") })]));
  asked.append(wrong, ...DIGITS.map((digit) => press(digit, () => correct(digit))));
  const status = element("p", "teach-status", { role: "status" });
  const alone = element("input", "", { type: "checkbox" });
  const file = element("input", "pad-file", { type: "file", accept: ".json" });
  file.addEventListener("change", () => work(() => open(file.files[0])));
  const forget = press(_("Forget it"), () => work(restore));
  const save = press(_("Save the drawings"), () =>
    saveDrawings(drawings.map(({ label, strokes }) => ({ label, strokes }))),
  );
  const loads = element("label", "pad-button", {}, _("Load drawings"), file);
  const choice = element("label", "", {}, alone, " ", _("without old digits"));
  const tools = element("div", "teach-row", {}, forget, save, loads, choice);
  const list = element("ul", "teach-row");
  const summary = element("summary", "", {}, _("Teach it your hand"));
  const about = _(
    "Draw, then tap the right digit: it learns your drawing in a few steps, and old digits beside it, so that it doesn't forget those. Nothing leaves this page.",
  );
  const details = element("details", "", {}, summary, element("p", "", {}, about), list, tools);
  pad.after(element("div", "teach", {}, asked, status, details));

  /** Do one thing at a time, and say what has come of it. */
  async function work(task) {
    if (working) return;
    working = true;
    status.textContent = await task().finally(() => (working = false));
  }

  function answerTo({ image }) {
    return strongest(forward(network, image).at(-1));
  }

  async function countRight() {
    let right = 0;
    for (const [i, test] of tests.entries()) {
      right += answerTo(test) === test.label;
      if (i % 4 === 0) await rest();
    }
    return right;
  }

  /** Draw `count` examples at random. */
  function sample(examples, count) {
    const draw = () => examples[Math.floor(random() * examples.length)];
    return Array.from({ length: count }, draw);
  }

  /** Learn from new drawings as well, and return what has become of all. */
  async function teach(fresh) {
    status.textContent = _("It is learning ...");
    details.open = true;
    if (!tests) {
      const digits = await load()
        .then(unpack)
        .catch(() => null);
      if (!digits) return _("The images can't be loaded. Reload the page.");
      const { images, labels, known } = digits;
      const examples = labels.map((label, i) => ({ label, image: imageOf(images, i) }));
      [rehearsed, tests] = [examples.slice(0, known), examples.slice(known)];
      first = await countRight();
    }
    for (const drawing of fresh) {
      const old = drawings.find(({ strokes }) => strokes === drawing.strokes); // corrected again
      drawings = drawings.filter((other) => other !== old);
      drawings.push({ before: answerTo(drawing), ...old, ...drawing });
    }
    const secondMoments = [];
    for (let i = 0; i < Math.max(STEPS, fresh.length / 2); i += 1) {
      const batch = [drawings.at(-1), ...sample(drawings, Math.min(DRAWN, drawings.length) - 1)];
      if (!alone.checked) batch.push(...sample(rehearsed, REHEARSED));
      let sums;
      for (const { label, image } of batch) {
        sums = gradient(network, [image], [label], batch.length, sums).gradient;
        await rest();
      }
      step(network, sums, RATE, secondMoments);
    }
    show();
    const read = (time) => drawings.filter((drawing) => drawing[time] === drawing.label).length;
    const counts = { all: drawings.length, after: read("after"), before: read("before") };
    Object.assign(counts, { tests: tests.length, right: await countRight(), first });
    return _(
      "It reads {after} of your {all} drawings (untaught: {before}), and {right} of {tests} other digits (untaught: {first}).",
      counts,
    );
  }

  /** Show the drawings, each with its answer before and after; the maps follow the weights. */
  function show() {
    save.hidden = forget.hidden = !drawings.length;
    const items = drawings.map((drawing) => {
      drawing.after = answerTo(drawing);
      const canvas = element("canvas", "", { width: 28, height: 28 });
      showImage(canvas, drawing.ink);
      const { label, before, after } = drawing;
      const [name, but] = after === label ? ["", ""] : ["teach-wrong", ` (${label})`];
      return element("li", name, {}, canvas, `${before} → ${after}${but}`);
    });
    list.replaceChildren(...items);
    model.again();
  }

  async function open(chosen) {
    const fresh = await readDigits(chosen);
    file.value = ""; // so that the same file can be chosen again
    return fresh?.length ? teach(fresh) : _("This is no file of drawings.");
  }

  async function restore() {
    network.layers.forEach(({ kernel, bias }, i) => {
      kernel?.set(untaught[i].kernel);
      bias?.set(untaught[i].bias);
    });
    drawings = [];
    show();
    summary.focus();
    return _("It has forgotten your drawings.");
  }

  model.on("change:answer", () => {
    const isDrawn = model.get("strokes").length && !model.example;
    asked.hidden = !isDrawn || !model.get("answer").probabilities;
  });
  save.hidden = forget.hidden = true;
}
