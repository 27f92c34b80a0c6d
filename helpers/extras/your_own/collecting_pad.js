// A pad whose kernel keeps what is drawn: it asks for each class in turn. The kernel writes the
// drawings to a file, which helpers/drawing/drawing_files.py reads.

import { _, button, element, isolated } from "../../page/elements/index.js";
import { createPadOfWidget, showPad, thinStrokes } from "../../page/pad/index.js";

/** Such a pad in a notebook, as an anywidget: one pad, however many views of it are open. */
export function collectingPadWidget() {
  let pad;
  return {
    initialize({ model }) {
      pad = createPadOfWidget(model);
    },
    render: ({ model, el }) => showCollectingPad(pad, model, el),
  };
}

/**
 * Show the pad in the element `el`; return what ends it. Its `widget` has `each`, how many drawings of
 * a class there are to be, and `collected`, the drawings.
 */
function showCollectingPad(pad, widget, el) {
  const view = showPad(pad, el);
  const request = element("p", "pad-request", { role: "status", ariaLive: "polite" });
  const next = button(_("Next"), keepDrawing, _("Next drawing"));
  const back = button(_("Back"), dropLast, _("Back to the last drawing"));
  view.more.append(request, next, back);
  el.querySelector(".pad").classList.add("pad-collecting"); // the style hides the answers

  /** Ask for the class of which there are fewest drawings, the first of several; or for none. */
  function showRequest() {
    const drawings = widget.get("collected");
    const all = widget.get("each") * pad.classes.length;
    const digit = isolated(pad.classes[nextLabel(drawings, pad.classes)]);
    const isDone = drawings.length >= all;
    next.hidden = isDone;
    back.hidden = !drawings.length;
    request.textContent = isDone
      ? _("{number} of {all} kept.", { number: drawings.length, all })
      : _("Draw a {digit} ({number} of {all}), then press Next.", {
          digit,
          number: drawings.length + 1,
          all,
        });
  }

  function keepDrawing() {
    const drawings = widget.get("collected");
    const label = nextLabel(drawings, pad.classes);
    const { strokes } = pad.content;
    if (strokes.length) {
      keepAll([...drawings, { label, strokes: thinStrokes(strokes) }]);
    } else {
      const digit = isolated(pad.classes[label]);
      request.textContent = _("The pad is empty. Draw a {digit}, then press Next.", { digit });
    }
  }

  function dropLast() {
    keepAll(widget.get("collected").slice(0, -1));
  }

  /** Give all drawings to the kernel, and clear the pad for the next one. */
  function keepAll(drawings) {
    widget.set("collected", drawings);
    showRequest();
    pad.erase(); // which also sends the drawings
    view.paper.focus(); // and brings the paper into sight
  }

  widget.on("change:collected", showRequest); // another view of the pad has changed them
  showRequest();
  return () => {
    widget.off("change:collected", showRequest);
    view.end();
  };
}

/** Return the label of the class that has the fewest drawings, the first of several. */
function nextLabel(drawings, classes) {
  const counts = classes.map((_name, i) => drawings.filter(({ label }) => label === i).length);
  return counts.indexOf(Math.min(...counts));
}
