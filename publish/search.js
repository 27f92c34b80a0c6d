// The search: the sections, of all that sections.js holds, in which the words of a query stand.

import { _ } from "../helpers/web/language.js";

const MOST = 40, AROUND = 80;
// The four lessons come first, then the glossary, then the rest.
const GROUPS = [/^notebooks\/0/, /^docs\/glossary/, /^/];

/** Return patterns for the words of a query: Latin ones by their stem, Chinese ones by pairs. */
function patterns(query) {
  const parts = query.matchAll(/\w+|[一-鿿](?=([一-鿿])[一-鿿])|[一-鿿]{1,2}/g);
  return [...parts].map(([part, next = ""]) => {
    const word = part.replace(/(?<=[a-z]{4})(s|es|ing|ed)$/i, "") + next;
    return new RegExp(/\w/.test(word) ? `(?<!\\w)${word}` : word, "i");
  });
}

/** Return the sections that hold all words of a query, each with its rank, the best first. */
function search(query, sections) {
  const words = patterns(query), names = {};
  const phrase = new RegExp(query.trim().replace(/\W/g, "."), "i");
  const all = sections.map(([page, id, title, terms, text]) => {
    names[page] ??= title; // that of its first section
    const group = GROUPS.findIndex((pattern) => pattern.test(page));
    const named = [title, terms].filter((part) => words.every((word) => word.test(part))).length;
    const rank = 2 * named + phrase.test(text) - 6 * group;
    return { page: names[page], href: `${page}.html#${id}`, title, text, rank };
  });
  const holds = ({ title, text }) => words.every((word) => word.test(title) || word.test(text));
  const found = words.length ? all.filter(holds) : [];
  for (const one of found) {
    const places = [phrase, ...words].map((part) => one.text.search(part));
    const from = Math.max(0, (places.find((place) => place >= 0) ?? 0) - AROUND);
    one.excerpt = `${from ? "…" : ""}${one.text.slice(from, from + 3 * AROUND)}…`;
  }
  return found.sort((a, b) => b.rank - a.rank);
}

/** Show on the page of the search what is found of the query in its address. */
export function showResults() {
  const el = document.querySelector("#search-results");
  const query = new URLSearchParams(location.search).get("q") ?? "";
  if (!el || !query) return;
  for (const input of document.querySelectorAll("input[name=q]")) input.value = query;
  const script = document.createElement("script");
  script.src = "_static/sections.js";
  script.onload = () => {
    const found = search(query, window.sections), list = document.createElement("ul");
    list.className = "search";
    for (const { page, href, title, excerpt } of found.slice(0, MOST)) {
      const item = list.appendChild(document.createElement("li"));
      const link = item.appendChild(document.createElement("a"));
      Object.assign(link, { href, textContent: title });
      item.append(title === page ? "" : ` · ${page}`);
      item.appendChild(document.createElement("p")).textContent = excerpt;
    }
    const count = _("Sections: {count}", { count: found.length });
    el.append(found.length ? count : _("No section has these words."), list);
  };
  document.head.append(script);
}
