// The search: the sections, of all that sections.js holds, in which the words of a query stand.

import { _, element } from "../../helpers/page/elements/index.js";

const MAX_RESULTS = 40;
const MARGIN = 80; // letters of an excerpt before the first word of the query
// Inside of a word nothing is cut. Chinese has no spaces, and is cut between any two characters.
const INSIDE_WORD = /[^\s\u3000-\u9fff\uff00-\uffef]{2}/;
const LOOSE_START = /^[^\p{L}\p{N}([“"'`$]+/u;
const LOOSE_END = /[^\p{L}\p{N})\]”"'`$%]+$/u; // punctuation, which the ellipsis replaces
// The four lessons come first, then the glossary, then the rest.
const GROUPS = [/^notebooks\/0/, /^docs\/glossary/, /^/];

/** Return patterns for the words of a query: Latin ones by their stem, Chinese ones by pairs. */
function patterns(query) {
  const parts = query.matchAll(/\w+|[一-鿿](?=([一-鿿])[一-鿿])|[一-鿿]{1,2}/g);
  return [...parts].map(([part, next = ""]) => {
    const word = part.replace(/(?<=[a-z]{4})(s|es|ing|ed)$/i, "") + next;
    return new RegExp(/\w/.test(word) ? `(?<!\\w)${word}\\w*` : word, "i");
  });
}

/** Return the parts of an excerpt, in which all words of a query are marked. */
function markWords(excerpt, query) {
  const words = new RegExp(`(${patterns(query).map(({ source }) => source).join("|")})`, "i");
  const parts = excerpt.split(words);
  return parts.map((part, i) => (i % 2 ? element("mark", "", {}, part) : part));
}

/** Return whole words of a text around a place. An ellipsis stands where the text goes on. */
function excerptAround(text, place) {
  const isInsideWord = (cut) => INSIDE_WORD.test(text.slice(Math.max(0, cut - 1), cut + 1));
  let start = Math.max(0, place - MARGIN);
  let end = Math.min(text.length, start + 3 * MARGIN);
  while (start > 0 && isInsideWord(start)) start -= 1;
  while (end < text.length && isInsideWord(end)) end += 1;
  let excerpt = text.slice(start, end);
  if (start > 0) excerpt = `…${excerpt.replace(LOOSE_START, "")}`;
  return end < text.length ? `${excerpt.replace(LOOSE_END, "")}…` : excerpt;
}

/** Return the sections that hold all words of a query, each with an excerpt, the best first. */
function search(query, sections) {
  const words = patterns(query), names = {};
  const phrase = new RegExp(query.trim().replace(/[^\p{L}\p{N}]/gu, "."), "i");
  const hold = (...parts) => words.every((word) => parts.some((part) => word.test(part)));
  const all = sections.map(([page, id, title, terms, text]) => {
    names[page] ??= title; // that of its first section
    const rank = 2 * hold(title) + 2 * hold(terms) + phrase.test(text)
      - 6 * GROUPS.findIndex((pattern) => pattern.test(page));
    const places = [phrase, ...words].map((part) => text.search(part));
    const excerpt = excerptAround(text, places.find((place) => place >= 0) ?? 0);
    return { page: names[page], href: `${page}.html#${id}`, title, text, rank, excerpt };
  });
  const found = words.length ? all.filter(({ title, text }) => hold(title, text)) : [];
  return found.sort((a, b) => b.rank - a.rank);
}

/** Show on the page of the search what is found of the query in its address. */
export function showResults() {
  const el = document.querySelector("#search-results");
  const query = new URLSearchParams(location.search).get("q");
  if (!el || !query) return;
  document.querySelector(".bd-search-container input").value = query;
  const script = document.head.appendChild(document.createElement("script"));
  script.onload = () => {
    const found = search(query, window.sections);
    const items = found.slice(0, MAX_RESULTS).map(({ page, href, title, excerpt }) => {
      const link = element("a", "", { href }, title);
      const where = title === page ? "" : ` · ${page}`;
      return element("li", "", {}, link, where, element("p", "", {}, ...markWords(excerpt, query)));
    });
    const count = _("Sections: {count}", { count: found.length });
    const about = found.length ? count : _("No section has these words.");
    el.append(about, element("ul", "search", {}, ...items));
  };
  script.src = "_static/sections.js";
}
