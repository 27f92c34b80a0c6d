// The quiz: a press on the button of a form saves its answers as a file.

import { _, download } from "../elements/index.js";

// A spreadsheet would run a cell that begins like this. teach/tables.py has the same rule.
const FORMULA = /^'*(?=\s*[=+\-@]|[\t\r\n])/;

/** Return a row of a table as text. A formula gets an apostrophe in front, which makes it a text. */
function row(values) {
  const cells = values.map((value) => (FORMULA.test(value) ? `'${value}` : value));
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}\r\n`;
}

/** Save the answers of a form as a table of two rows, which class_results reads. */
function saveAnswers(form) {
  const { quiz } = form.dataset;
  const answers = new FormData(form);
  const learner = answers.get("name");
  const questions = [...form.querySelectorAll("[value=a]")].map((choice) => choice.name);
  const choices = questions.map((question) => answers.get(question) ?? "");
  const table = row(["name", "form", ...questions]) + row([learner, quiz, ...choices]);
  const name = `quiz ${quiz} ${questions[0]} ${learner.replace(/[^\p{L}\p{N}]+/gu, "_")}.csv`;
  download(`\ufeff${table}`, name, "text/csv"); // Excel knows by the first character that this is UTF-8
  form.querySelector("output").textContent = _("Saved among your downloads: {name}", { name });
}

for (const form of document.querySelectorAll("form[data-quiz]")) {
  form.querySelector("button").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    saveAnswers(form);
  });
}
