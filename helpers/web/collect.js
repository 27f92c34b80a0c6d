// "Collect my digits" on the pad: it asks for each class in turn and keeps what was drawn as one
// small file, which helpers/drawing/collected.py reads. Nothing is sent, nothing else is stored.

import { _ } from "./language.js";
import { DIGIT_NAMES } from "./network.js";

const EACH = 3; // drawings of each class

/** Save digits, or drawings of other classes, each with its `label` and `strokes`. */
export function saveDrawings(drawings, classes = DIGIT_NAMES) {
  const [named, download] =
    classes === DIGIT_NAMES ? [{}, "my_digits.json"] : [{ classes }, "my_signs.json"];
  const text = JSON.stringify({ "hello-mnist digits": 1, ...named, digits: drawings });
  const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  Object.assign(document.createElement("a"), { href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // a slow browser reads it later
}

/**
 * Build it in the element `el`, inside of a pad with a `model`. `strokes` returns what is drawn on
 * its `paper`, and `clear` takes that away; `element` and `button` make one, `isolated` writes the
 * name of one of the `classes`.
 *
 * Where a kernel keeps the drawings, the model has `each`, how many of a class, and `collected`. What
 * is returned follows a change of these by another view.
 */
export function renderCollector(el, { model, classes, paper, strokes, clear, ...tools }) {
  const { element, button, isolated } = tools;
  const asked = element("p", "pad-asked", { role: "status", ariaLive: "polite" });
  const isOfDigits = classes === DIGIT_NAMES;
  const collect = button(isOfDigits ? _("Collect my digits") : _("Collect drawings"));
  const next = button(_("Next"), _("Next drawing"));
  const back = button(_("Back"), _("Back to the last drawing"));
  const save = button(_("Save"), _("Save my drawings"));
  const stop = button(_("Stop"), _("Stop collecting"));
  el.append(asked, next, back, save, collect, stop);
  const isKept = Boolean(model.get("each"));
  const all = (model.get("each") ?? EACH) * classes.length;
  let drawings = model.get("collected") ?? [];

  /** Show what there is to press; while it asks, the style hides what the network answers. */
  function show(asks) {
    el.closest(".pad").classList.toggle("pad-collecting", asks || isKept);
    collect.hidden = asks || (isKept && drawings.length >= all);
    next.hidden = stop.hidden = !asks;
    back.hidden = !asks || !drawings.length;
    save.hidden = isKept || !drawings.length;
  }

  /** Return the class of which there are fewest, the first of several. */
  function wanted() {
    const counts = classes.map((_name, i) => drawings.filter(({ label }) => label === i).length);
    return counts.indexOf(Math.min(...counts));
  }

  function ask() {
    const name = isolated(classes[wanted()]);
    const counts = { digit: name, number: drawings.length + 1, all };
    asked.textContent = _("Draw a {digit} ({number} of {all}), then press Next.", counts);
    show(true);
    clear();
    paper.focus(); // and into sight
  }

  function end() {
    tell();
    show(false);
    clear();
    (save.hidden ? collect : save).focus();
  }

  function tell() {
    const kept = _("{number} of {all} kept.", { number: drawings.length, all });
    asked.textContent = drawings.length ? kept : "";
  }

  /** Take other drawings, and let the kernel keep them, if one does. */
  function keep(newDrawings) {
    drawings = newDrawings;
    if (isKept) model.set("collected", drawings); // `clear` sends it
    if (drawings.length < all) ask();
    else end();
  }

  collect.addEventListener("click", () => keep(isKept ? drawings : []));
  next.addEventListener("click", () => {
    const label = wanted();
    if (strokes().length) return keep([...drawings, { label, strokes: strokes() }]);
    const name = { digit: isolated(classes[label]) };
    asked.textContent = _("The pad is empty. Draw a {digit}, then press Next.", name);
  });
  back.addEventListener("click", () => keep(drawings.slice(0, -1)));
  save.addEventListener("click", () => saveDrawings(drawings, classes));
  stop.addEventListener("click", end);
  tell();
  show(false);
  return () => (drawings = model.get("collected"));
}
