// Exercises that a page checks: CHECKS, which stands before, is made of helpers/checks.

import { _ } from "../helpers/web/language.js";

/** Return how many entries a shape or a pair has. */
const size = (values) => values.length;

// What a check makes of the numbers in an answer, as those of helpers/checks/core.py do: the whole
// numbers of a shape, one number, or an accuracy as a share of 1; null if it is none.
const READ = {
  integers: (values) => (values.length && values.every(Number.isInteger) ? values : null),
  number: (values) => (values.length === 1 ? values[0] : null),
  fraction: (values) => READ.number(values.map((value) => (value > 1 ? value / 100 : value))),
};

/** Return what the notebook's check says of an answer. */
function verdict({ read, start, praise, fault }, typed) {
  let text = typed.normalize("NFKC").replace("−", "-");
  if (!text.trim()) return _("Not answered yet. {hint}", { hint: start });
  if (read !== "integers") text = text.replace(/\b([1-9]\d{0,2}),(?=\d{3}\b)/g, "$1"); // 1,173
  const answer = READ[read]((text.match(/-?\d*\.?\d+/g) ?? []).map(Number));
  const hint = answer === null ? start : fault(answer);
  return hint === null ? _("Right. {praise}", { praise }) : _("Not yet. {hint}", { hint });
}

/** Let the boxes of a page check what is typed into them. */
export function checkAnswers() {
  for (const form of document.querySelectorAll("form[data-check]")) {
    const [input, output] = [form.querySelector("input"), form.querySelector("output")];
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      output.textContent = verdict(CHECKS[form.dataset.check], input.value);
    });
  }
}
