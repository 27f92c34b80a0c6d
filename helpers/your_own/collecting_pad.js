// A pad whose kernel keeps what is drawn: it asks for each class in turn. The kernel writes the
// drawings to a file, which helpers/drawing/collected.py reads.

import { _, button, element, isolated } from "../web/elements/index.js";
import { showPad, thinned } from "../web/pad/index.js";

/**
 * Show such a pad in a notebook, as an anywidget; return what ends it. The `model` has `each`, how
 * many drawings of a class there are to be, and `collected`, the drawings.
 */
export function renderCollectingPad({ model, el }) {
  const classes = model.get("classes");
  const { paper, more, strokes, clear, end } = showPad({ model, el });
  const asked = element("p", "pad-asked", { role: "status", ariaLive: "polite" });
  const next = button(_("Next"), add, _("Next drawing"));
  const back = button(_("Back"), () => keep(drawings.slice(0, -1)), _("Back to the last drawing"));
  more.append(asked, next, back);
  more.closest(".pad").classList.add("pad-collecting"); // the style hides what no network answers
  const all = model.get("each") * classes.length;
  let drawings, label;

  /** Ask for the class of which there are fewest, the first of several; or for none more. */
  function ask() {
    drawings = model.get("collected");
    const counts = classes.map((_name, i) => drawings.filter((one) => one.label === i).length);
    label = counts.indexOf(Math.min(...counts));
    const values = { digit: isolated(classes[label]), number: drawings.length + 1, all };
    next.hidden = drawings.length >= all;
    back.hidden = !drawings.length;
    asked.textContent = next.hidden
      ? _("{number} of {all} kept.", { number: drawings.length, all })
      : _("Draw a {digit} ({number} of {all}), then press Next.", values);
  }

  /** Give the kernel other drawings to keep. */
  function keep(newDrawings) {
    model.set("collected", newDrawings);
    ask();
    clear(); // which sends it
    paper.focus(); // and into sight
  }

  function add() {
    if (strokes().length) return keep([...drawings, { label, strokes: thinned(strokes()) }]);
    const name = { digit: isolated(classes[label]) };
    asked.textContent = _("The pad is empty. Draw a {digit}, then press Next.", name);
  }

  model.on("change:collected", ask); // another view of the pad has changed them
  ask();
  return () => {
    model.off("change:collected", ask);
    end();
  };
}
