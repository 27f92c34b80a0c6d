// "Collect drawings" on a pad whose kernel keeps them: it asks for each class in turn. The kernel
// writes them to a file, which helpers/drawing/collected.py reads.

import { thinned } from "./drawings.js";
import { _ } from "./language.js";

/**
 * Build it in the element `el`, inside of a pad with a `model`, which has `each`, how many drawings of
 * a class, and `collected`. `strokes` returns what is drawn on its `paper`, and `clear` takes that
 * away; `button` makes one, `isolated` writes the name of one of the `classes`. What is returned
 * follows a change of what is collected by another view.
 */
export function renderCollector(el, { model, classes, paper, strokes, clear, ...tools }) {
  const { element, button, isolated } = tools;
  if (!model.get("each")) return () => {};
  const asked = element("p", "pad-asked", { role: "status", ariaLive: "polite" });
  const collect = button(_("Collect drawings"));
  const next = button(_("Next"), _("Next drawing"));
  const back = button(_("Back"), _("Back to the last drawing"));
  const stop = button(_("Stop"), _("Stop collecting"));
  el.append(asked, next, back, collect, stop);
  el.closest(".pad").classList.add("pad-collecting"); // the style hides what no network answers
  const all = model.get("each") * classes.length;
  let drawings = model.get("collected");

  /** Show what there is to press. */
  function show(asks) {
    collect.hidden = asks || drawings.length >= all;
    next.hidden = stop.hidden = !asks;
    back.hidden = !asks || !drawings.length;
  }

  /** Return the class of which there are fewest, the first of several. */
  function wanted() {
    const counts = classes.map((_name, i) => drawings.filter(({ label }) => label === i).length);
    return counts.indexOf(Math.min(...counts));
  }

  function ask() {
    const name = isolated(classes[wanted()]);
    const counts = { digit: name, number: drawings.length + 1, all };
    asked.textContent = _("Draw a {digit} ({number} of {all}), then press Next.", counts);
    show(true);
    clear();
    paper.focus(); // and into sight
  }

  function end() {
    tell();
    show(false);
    clear();
    collect.focus();
  }

  function tell() {
    const kept = _("{number} of {all} kept.", { number: drawings.length, all });
    asked.textContent = drawings.length ? kept : "";
  }

  /** Take other drawings, which the kernel keeps. */
  function keep(newDrawings) {
    drawings = newDrawings;
    model.set("collected", drawings); // `clear` sends it
    if (drawings.length < all) ask();
    else end();
  }

  collect.addEventListener("click", ask);
  next.addEventListener("click", () => {
    const label = wanted();
    if (strokes().length) return keep([...drawings, { label, strokes: thinned(strokes()) }]);
    const name = { digit: isolated(classes[label]) };
    asked.textContent = _("The pad is empty. Draw a {digit}, then press Next.", name);
  });
  back.addEventListener("click", () => keep(drawings.slice(0, -1)));
  stop.addEventListener("click", end);
  tell();
  show(false);
  return () => (drawings = model.get("collected"));
}
