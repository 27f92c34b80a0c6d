// The drawing pad: draw, or load a picture, and read the answer of a network. The model of the pad,
// pad_model.js, has the drawing and finds the answer. Several views may show the same model.

import { ARROWS } from "../elements/index.js";
import { readNetwork } from "../network/index.js";
import { PadModel } from "./pad_model.js";
import { buildPad, showAnswer, showHint } from "./pad_view.js";
import { drawPaper } from "./paper.js";
import { Pen } from "./pen.js";

/**
 * Show a pad, a PadModel, in the element `el`.
 *
 * Where the numbers of a network stand beside the pad, `open(layerIndex, i)` opens one of them, by default
 * the largest: of layer 0, which is the image, or of the last layer, -1.
 *
 * Return its `paper`, the element `more`, which has room for further buttons, and the function `end`,
 * which ends this view of the pad.
 */
export function showPad(pad, el, open) {
  const nodes = buildPad(el, pad.classes, open);
  const pen = new Pen(pad, nodes.paper, nodes.cursor);
  const view = new AbortController();
  const show = {
    content() {
      drawPaper(nodes.paper, pad.content.strokes, pad.content.picture);
      showHint(nodes, pad);
    },
    answer: () => showAnswer(nodes, pad),
  };
  for (const [type, listener] of Object.entries(show)) {
    pad.addEventListener(type, listener, { signal: view.signal });
    listener();
  }

  // The key that leads to the paper goes up there. The hint stays, so that nothing moves when somebody
  // presses a button with the mouse.
  nodes.paper.addEventListener("keyup", ({ key }) => {
    if (key === "Tab" || key === " " || key in ARROWS) nodes.keys.hidden = false;
  });
  nodes.pad.addEventListener("keydown", (event) => undoByKey(pad, event));
  nodes.undo.addEventListener("click", () => pad.undo());
  nodes.clear.addEventListener("click", () => pad.clear());
  nodes.another.hidden = !pad.examples.length;
  nodes.another.addEventListener("click", () => pad.showNextExample());
  nodes.file.addEventListener("change", () => {
    const [file] = nodes.file.files;
    if (file) pad.loadFile(file);
    nodes.file.value = ""; // so that the same file can be chosen again
  });

  function end() {
    view.abort();
    pen.lift();
  }

  return { paper: nodes.paper, more: nodes.more, end };
}

/** Let Ctrl+Z in a pad take back what was done on it, and not in JupyterLab, which undoes in a cell. */
function undoByKey(pad, event) {
  const isUndo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  if (!isUndo || event.altKey || event.target.matches("input:not([type=file]), textarea")) return;
  event.preventDefault();
  event.stopPropagation();
  pad.undo();
}

/** Make the pad of a notebook's widget. What is drawn goes to the kernel, which may change it, too. */
export function createPadOfWidget(widget) {
  const description = widget.get("network");
  const network = description.layers ? readNetwork(description) : null;
  const settings = { classes: widget.get("classes"), problem: widget.get("problem") };
  const pad = new PadModel(network, settings);
  const receive = () => pad.replace({ strokes: widget.get("strokes"), file: widget.get("file") });

  receive();
  pad.addEventListener("edit", () => {
    widget.set("strokes", pad.content.strokes);
    widget.set("file", pad.content.file);
    widget.save_changes();
  });
  for (const name of ["strokes", "file"])
    widget.on(`change:${name}`, () => {
      const isSentByPad = widget.get(name) === pad.content[name];
      if (!isSentByPad) receive();
    });
  widget.on("change:problem", () => pad.setProblem(widget.get("problem")));
  return pad;
}

/** A pad in a notebook, as an anywidget: one pad, however many views of it are open. */
export function drawingPadWidget() {
  let pad;
  return {
    initialize({ model }) {
      pad = createPadOfWidget(model);
    },
    render: ({ el }) => showPad(pad, el).end,
  };
}

/** Show a pad in a notebook whose kernel has nothing to do, as an anywidget. */
export function renderReader({ model, el }) {
  return showPad(new PadModel(readNetwork(model.get("network"))), el).end;
}
