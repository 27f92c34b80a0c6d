// What a page does besides being read.

import { _, element, table, titled } from "../../helpers/page/elements/index.js";
import { checkAnswers } from "./exercises.js";
import { showResults } from "./search.js";

/** Close the contents, which the theme shows as a dialog on a phone, after a choice; Escape leads
 * back to the button that has opened them. */
function closeContents() {
  for (const name of ["primary", "secondary"]) {
    const dialog = document.getElementById(`pst-${name}-sidebar-modal`);
    dialog?.addEventListener("click", ({ target }) => target.closest("a") && dialog.close());
    const focus = () => document.querySelector(`.${name}-toggle`).focus();
    dialog?.addEventListener("keydown", ({ key }) => key === "Escape" && setTimeout(focus));
  }
}

/**
 * Lead to the same place in another language. A section has another name there, so it is found by its
 * number. A search is made again, and what else an address says is kept.
 */
function keepPlace() {
  const all = [...document.querySelectorAll("article section[id]")];
  const file = ({ pathname }) => pathname.split("/").pop() || "index.html";
  for (const link of document.querySelectorAll(".languages a")) {
    if (file(link) !== file(location)) continue; // that page is not in the other language
    link.addEventListener("click", () => {
      const isAbove = (one) => one.checkVisibility() && one.getBoundingClientRect().top < 100;
      const number = all.findLastIndex(isAbove);
      const isSection = all.some(({ id }) => location.hash === `#${id}`);
      const otherHash = isSection ? "" : location.hash;
      link.hash = number > 0 && !otherHash ? `section-${number}` : otherHash;
      link.search = location.search;
    });
  }
  const [, number] = location.hash.match(/^#section-(\d+)$/) ?? [];
  if (all[number]) location.replace(`#${all[number].id}`);
}

/** Let a tap on a figure show it large on a phone, until a tap or Escape. */
function enlargeFigures() {
  if (innerWidth >= 768) return;
  const dialog = element("dialog", "large", { onclick: () => dialog.close() });
  document.body.append(dialog);
  for (const image of document.querySelectorAll(".cell_output img")) {
    const onclick = () => {
      dialog.ariaLabel = image.alt;
      dialog.replaceChildren(element("button", "", {}, _("Close")), image.cloneNode());
      dialog.showModal();
    };
    const opener = element("button", "enlarge", { onclick });
    image.replaceWith(opener);
    opener.append(image);
  }
}

/** Show the numbers of a convolution, which stand in a table of text, in coloured tables. */
function colourConvolution() {
  const convolution = document.querySelector(".convolution");
  if (!convolution) return;
  const signs = ["×", "="]; // between the patch, the kernel and the products
  const parts = [...convolution.querySelectorAll("th")].map((heading, column) => {
    const rows = [...convolution.querySelectorAll(`td:nth-child(${column + 1})`)];
    const texts = rows.flatMap((row) => row.textContent.trim().split(" "));
    const write = (_number, i) => texts[i].replace("-", "\u2212");
    return titled(table(heading.textContent, texts.map(Number), 3, null, null, write));
  });
  convolution.replaceChildren(...parts.flatMap((part, i) => [part, signs[i] ?? ""]));
}

checkAnswers();
showResults();
closeContents();
keepPlace();
enlargeFigures();
colourConvolution();
