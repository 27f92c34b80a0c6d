// The quiz: who saves the answers to a form gets them as a file, and reads what each one shows.

import { _ } from "../elements/index.js";

// A spreadsheet would run a cell that begins like this; tools/tables.py has the same rule.
const FORMULA = /^'*(?=\s*[=+\-@]|[\t\r\n])/;

/** Return a row of a table as text. A formula gets an apostrophe in front, which makes it a text. */
function row(values) {
  const cells = values.map((value) => (FORMULA.test(value) ? `'${value}` : value));
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}\r\n`;
}

// Let the forms of the page save what is chosen, as a table of two rows that class_results reads.
for (const form of document.querySelectorAll("form[data-quiz]")) {
  const [output, button] = [form.querySelector("output"), form.querySelector("button")];
  button.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { quiz } = form.dataset, answers = new FormData(form), learner = answers.get("name");
    const names = [...form.querySelectorAll("[value=a]")].map((choice) => choice.name);
    const given = names.map((name) => answers.get(name) ?? "");
    const table = row(["name", "form", ...names]) + row([learner, quiz, ...given]);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", table], { type: "text/csv" }));
    link.download = `quiz ${quiz} ${names[0]} ${learner.replace(/[^\p{L}\p{N}]+/gu, "_")}.csv`;
    link.click();
    for (const told of form.querySelectorAll(":checked ~ em")) told.hidden = false;
    const name = link.download;
    output.textContent = _("Saved among your downloads: {name}", { name });
  });
}
