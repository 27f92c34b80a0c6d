// The last drawings on a page, with what the network said to them, to compare and to bring back.

import { strongest } from "./network.js";
import { SIZE, element, show } from "./pad.js";

const MOST = 5;

/** Save what is drawn, with the answer below it, as a picture. */
export function saveDrawing(model, answer) {
  const canvas = element("canvas", "", { width: SIZE, height: SIZE + 40 });
  show(canvas, model.get("strokes"), model.picture);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, SIZE, SIZE, 40);
  Object.assign(pen, { fillStyle: "black", font: "16px sans-serif", textAlign: "center" });
  pen.fillText(answer, SIZE / 2, SIZE + 25);
  element("a", "", { href: canvas.toDataURL(), download: "my_drawing.png" }).click();
}

/** Show them in the element `el`, from the moment on in which each is no longer on a `model`'s pad. */
export function renderKept(el, model) {
  let last = null; // what lies on the pad, if somebody drew it

  function keep({ strokes, digit }) {
    const canvas = element("canvas", "", { width: SIZE, height: SIZE });
    show(canvas, strokes);
    const drawing = element("button", "kept", { type: "button" }, canvas, digit);
    drawing.addEventListener("click", () => model.showExample([...strokes]));
    el.prepend(drawing);
    if (el.children.length > MOST) el.lastChild.remove();
  }

  model.on("change:answer", () => {
    const strokes = model.get("strokes");
    const { probabilities } = model.get("answer");
    if (last && (model.example || !strokes.length)) keep(last);
    const digit = probabilities && strongest(probabilities);
    last = strokes.length && !model.example ? { strokes, digit } : null;
  });
}
