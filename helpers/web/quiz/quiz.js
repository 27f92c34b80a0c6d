// The quiz: a press on the button of a form saves its answers as a file.

import { _ } from "../elements/index.js";

// A spreadsheet would run a cell that begins like this. tools/tables.py has the same rule.
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
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", table], { type: "text/csv" }));
  link.download = `quiz ${quiz} ${questions[0]} ${learner.replace(/[^\p{L}\p{N}]+/gu, "_")}.csv`;
  link.click();
  const saved = _("Saved among your downloads: {name}", { name: link.download });
  form.querySelector("output").textContent = saved;
}

for (const form of document.querySelectorAll("form[data-quiz]")) {
  form.querySelector("button").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    saveAnswers(form);
  });
}
