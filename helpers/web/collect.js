// "Collect my digits" on the pad: it asks for each digit in turn and saves what was drawn as one
// small file, which helpers/other_hands/digits.py reads. Nothing is sent, nothing else is stored.

import { _ } from "./language.js";

const ALL = 30; // digits that are asked for: three rounds from 0 to 9
const COLLECTED = "my_digits.json";

/** Save digits, each with its `label` and `strokes`. */
export function saveDigits(digits) {
  const text = JSON.stringify({ "hello-mnist digits": 1, digits });
  const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  Object.assign(document.createElement("a"), { href, download: COLLECTED }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // a slow browser reads it later
}

/**
 * Build it in the element `el`, inside of a pad. `strokes` returns what is drawn on its `paper`, and
 * `clear` takes that away; `element` and `button` make one.
 */
export function renderCollector(el, { element, button, paper, strokes, clear }) {
  const asked = element("p", "pad-asked", { role: "status", ariaLive: "polite" });
  const [collect, next] = [button(_("Collect my digits")), button(_("Next"), _("Next digit"))];
  const save = button(_("Save"), _("Save my digits"));
  const stop = button(_("Stop"), _("Stop collecting"));
  el.append(asked, next, save, collect, stop);
  let digits = [];

  /** Show what there is to press; while it asks, the style hides what the network answers. */
  function show(asks) {
    el.closest(".pad").classList.toggle("pad-collecting", asks);
    collect.hidden = asks;
    next.hidden = stop.hidden = !asks;
    save.hidden = !digits.length;
  }

  function ask() {
    const counts = { digit: digits.length % 10, number: digits.length + 1, all: ALL };
    asked.textContent = _("Draw a {digit} ({number} of {all}), then press Next.", counts);
    show(true);
    clear();
    paper.focus(); // and into sight
  }

  function end() {
    const kept = _("{number} of {all} kept.", { number: digits.length, all: ALL });
    asked.textContent = digits.length ? kept : "";
    show(false);
    clear();
    (digits.length ? save : collect).focus();
  }

  collect.addEventListener("click", () => {
    digits = [];
    ask();
  });
  next.addEventListener("click", () => {
    const label = digits.length % 10;
    if (!strokes().length) {
      asked.textContent = _("The pad is empty. Draw a {digit}, then press Next.", { digit: label });
      return;
    }
    digits.push({ label, strokes: strokes() });
    if (digits.length < ALL) ask();
    else end();
  });
  save.addEventListener("click", () => saveDigits(digits));
  stop.addEventListener("click", end);
  show(false);
}
