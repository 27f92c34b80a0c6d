// Exercises that a page checks. CHECKS, which stands before, holds the data of helpers/checks.

import { _ } from "../../helpers/page/elements/index.js";

// What a check makes of the numbers in an answer, as helpers/checks/kinds.py does: the whole
// numbers of a shape, one number, or an accuracy as a share of 1; null if it is none.
const READ = {
  integers: (values) => (values.length && values.every(Number.isInteger) ? values : null),
  number: (values) => (values.length === 1 && Number.isFinite(values[0]) ? values[0] : null),
  fraction: (values) => READ.number(values.map((value) => (value > 1 ? value / 100 : value))),
};
const NUMBER = String.raw`-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
const QUOTIENT = new RegExp(String.raw`(${NUMBER})(?:\s*/\s*(${NUMBER}))?`, "gi");
// 1,461 is 1461 for one reader and 1.461 for another.
const AMBIGUOUS = /(?<![\d.,])([1-9]\d{0,2}),(\d{3})(?![\d,]|\.\d)/;
const THOUSANDS = /(?<![\d.,])[1-9]\d{0,2}(?:(?:,\d{3})+(?=\.\d)|(?:,\d{3}){2,}(?![\d,]))/g;

/** Return the numbers in a text, among them 1e-3 and 2/3. `comma` is what a comma between two digits
 * becomes: a blank between the numbers of a shape, a point in any other number. */
function numbersIn(text, comma) {
  const whole = text.replace(THOUSANDS, (number) => (comma === "." ? number.replaceAll(",", "") : number));
  const plain = whole.replace(/(\d),(?=\d)/g, `$1${comma}`);
  return [...plain.matchAll(QUOTIENT)].map(([, value, divisor = 1]) => value / divisor);
}

/** Does a number lie in the range of a case, or do several numbers agree with its shape? Null stands
 * for an open end, or for any number; "..." stands at the end of a shape for any further numbers. */
function fits(answer, pattern) {
  if (!Array.isArray(answer)) {
    const [low, high] = pattern;
    return (low === null || low <= answer) && (high === null || answer <= high);
  }
  const isOpen = pattern.at(-1) === "...";
  const shape = isOpen ? pattern.slice(0, -1) : pattern;
  if (isOpen ? answer.length < shape.length : answer.length !== shape.length) return false;
  return shape.every((wanted, i) => wanted === null || wanted === answer[i]);
}

/** Return what the notebook's check says of an answer, after the wrong answers before. */
function verdict({ read, cases, hints, praise }, typed, wrongAnswers) {
  if (!typed.trim()) {
    const hint = _("Type your answer into the box.");
    return _("Not answered yet. {hint}", { hint });
  }
  const text = typed.normalize("NFKC").replace(/[\u2012\u2013\u2212]/g, "-"); // kinds of minus
  const isShape = read === "integers";
  const ambiguous = text.match(AMBIGUOUS);
  if (ambiguous && !isShape) {
    const [, before, after] = ambiguous;
    const readings = { whole: before + after, decimal: `${before}.${after}` };
    return _("Do you mean {whole} or {decimal}? Write it without a comma.", readings);
  }
  const answer = READ[read](numbersIn(text, isShape ? " " : "."));
  const problem = answer === null ? "" : cases.find(([pattern]) => fits(answer, pattern))[1];
  if (problem === null) return _("Right. {praise}", { praise });
  wrongAnswers.add(JSON.stringify([answer ?? typed, problem]));
  const remedy = furtherHelp(wrongAnswers.size, hints, problem);
  const help = problem && remedy ? _("{problem} {remedy}", { problem, remedy }) : problem + remedy;
  return _("Not yet. {hint}", { hint: help });
}

/** Return what the wrong answer of this number, from 1, is told besides its fault. */
function furtherHelp(count, hints, problem) {
  if (count === 1) return problem ? "" : hints[0];
  if (count === 2) return hints[1];
  return _("The solution stands at the end, under Solutions. If it isn't there, ask your teacher.");
}

/** Let the boxes of a page check what is typed into them. */
export function checkAnswers() {
  for (const form of document.querySelectorAll("form[data-check]")) {
    const [input, output] = [form.querySelector("input"), form.querySelector("output")];
    const wrongAnswers = new Set();
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      output.textContent = verdict(CHECKS[form.dataset.check], input.value, wrongAnswers);
    });
  }
}
