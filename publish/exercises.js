// Exercises that a page checks: CHECKS, which stands before, is made of helpers/checks.

import { _ } from "../helpers/web/language.js";

/** Return an answer's whole numbers, of a shape or a pair; null if there are others. */
function integers(values) {
  return values.length && values.every(Number.isInteger) ? values : null;
}

/** Return an answer of one number as this number, otherwise null. */
function number(values) {
  return values.length === 1 ? values[0] : null;
}

/** Return an accuracy as a share of 1, also where it was given in percent. */
function fraction(values) {
  return number(values.map((value) => (value > 1 ? value / 100 : value)));
}

/** Return the numbers in a typed text; the comma in 1,173 is none between two of them. */
function typed(text, isShape) {
  text = text.normalize("NFKC").replace("−", "-");
  if (!isShape) text = text.replace(/\b([1-9]\d{0,2}),(?=\d{3}\b)/g, "$1");
  return (text.match(/-?\d*\.?\d+/g) ?? []).map(Number);
}

/** Return what the notebook's check says of an answer. */
function verdict({ read, start, praise, fault }, text) {
  if (!text.trim()) return _("Not answered yet. {hint}", { hint: start });
  const answer = read(typed(text, read === integers));
  const hint = answer === null ? start : fault(answer);
  return hint === null ? _("Right. {praise}", { praise }) : _("Not yet. {hint}", { hint });
}

/** Let the boxes of a page check what is typed into them. */
export function checkAnswers() {
  for (const form of document.querySelectorAll("form[data-check]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = verdict(CHECKS[form.dataset.check], form.querySelector("input").value);
      form.querySelector("output").textContent = said;
    });
  }
}
