// What one sees of a drawing pad: its elements, the answer as bars, and the text below the paper. The
// elements stand in pad.jinja.

import {
  ARROWS,
  _,
  cellOf,
  element,
  elementOf,
  hasModifier,
  isolated,
  joinList,
  keepKeys,
  namedElements,
} from "../elements/index.js";
import { argmax } from "../network/index.js";
import { areDigits } from "./drawing_file.js";
import { SIZE, showImage } from "./paper.js";

const SEVERAL_SHAPES = _(
  "The picture has several shapes side by side. The network takes them for one.",
);
const DASH = "\u2013"; // in place of a share

/**
 * Show a pad in the element `el`, and return its elements by their names in pad.jinja. There may be
 * several pads on a page, so no element has an id.
 *
 * Where the numbers of a network stand beside the pad, `open(layerIndex, i)` opens one of them: the image
 * that the network gets and the bars are buttons.
 */
export function buildPad(el, classes, open) {
  const frame = elementOf(htmlOf("pad/pad.jinja"));
  const nodes = namedElements(frame);

  function openPixel(event) {
    const [x, y] = cellOf(nodes.seen, event, [28, 28]);
    const isByKeyboard = event.detail === 0;
    open(0, isByKeyboard ? undefined : 28 * y + x);
  }

  const side = SIZE * Math.max(1, Math.ceil(devicePixelRatio));
  Object.assign(nodes.paper, { width: side, height: side });
  nodes.imageButton = numberButton("pad-image-button", open && openPixel, nodes.seen);
  nodes.figure.prepend(nodes.imageButton);
  buildBars(nodes.bars, classes, open);
  keepKeys(nodes.pad);
  el.append(frame);
  return nodes;
}

/** Say on the paper where to draw, or that an example stands there; the first stroke takes it away. */
export function showHint({ invitation, example }, { content }) {
  const { strokes, file, image, isExample } = content;
  const isEmpty = !strokes.length && !file.byteLength && !image;
  invitation.hidden = !isEmpty;
  example.hidden = isEmpty || !isExample;
}

/**
 * Build a bar for each class, which opens the probability of that class where `open` can do it. Tab
 * leads to one of these buttons, and the arrow keys lead to the others.
 */
function buildBars(bars, classes, open) {
  const longest = Math.max(...classes.map((name) => name.length));
  bars.style.setProperty("--pad-names", `${Math.min(5, 0.4 + 0.6 * longest)}em`);
  classes.forEach((className, i) => {
    const name = element("span", "pad-class", { dir: "auto", title: className }, className);
    const fill = element("span", "pad-fill");
    const bar = element("span", "pad-bar", { ariaHidden: "true" }, fill);
    const share = element("span", "pad-share", {}, DASH);
    const row = numberButton("pad-row", open && (() => open(-1, i)), name, bar, share);
    bars.append(element("li", "", {}, row));
  });
  bars.addEventListener("focusin", ({ target }) => letTabLeadTo(bars, target));
  bars.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow || hasModifier(event)) return;
    event.preventDefault();
    const rows = [...bars.querySelectorAll(".pad-row")];
    rows[rows.indexOf(event.target) + arrow[0] + arrow[1]]?.focus();
  });
}

/** Let Tab lead to one of the bars, if they are buttons. */
function letTabLeadTo(bars, chosen) {
  for (const row of bars.querySelectorAll("button")) row.tabIndex = row === chosen ? 0 : -1;
}

/** Make a button that leads to a number of the network, or plain text if nothing can be opened. */
function numberButton(className, onclick, ...children) {
  if (!onclick) return element("span", className, {}, ...children);
  const properties = { type: "button", title: _("Where does it come from?"), onclick };
  return element("button", className, properties, ...children);
}

/** Show the answer of a pad: the image that the network gets, a bar for each class, and a text. */
export function showAnswer({ seen, imageButton, bars, answer }, pad) {
  const { image, probabilities } = pad.answer;
  showImage(seen, image ?? undefined);
  showBars(bars, probabilities);
  for (const node of [imageButton, ...bars.querySelectorAll(".pad-row")]) node.disabled = !image;
  say(answer, padText(pad));
}

/**
 * Return the text below the paper, and a `remark` behind it. It `isProblem` if something went wrong, and it `isHint` if it says
 * what to draw. It `isChanging` all the time while somebody draws or the network trains.
 */
export function padText(pad) {
  const { probabilities, isPending } = pad.answer;
  const problem = pad.fileProblem || pad.answer.problem || pad.problem;
  if (problem) return { text: problem, isProblem: true };
  if (probabilities) {
    const best = argmax(probabilities);
    const values = { digit: isolated(pad.classes[best]), share: percent(probabilities, best) };
    const says = _("The network says {digit} ({share}).", values);
    const text = pad.answer.hasSeveral ? `${says}\n${SEVERAL_SHAPES}` : says;
    return { text, remark: comparison(pad, best), isChanging: pad.isDrawing() || pad.isQuiet };
  }
  return { text: isPending ? "" : drawingHint(pad.classes), isHint: true };
}

/** Say whether a trained network that reads the drawing, too, also reads the class `best`. */
function comparison({ classes, answer: { trainedProbabilities } }, best) {
  if (!trainedProbabilities) return "";
  const read = argmax(trainedProbabilities);
  const values = { digit: isolated(classes[read]), share: percent(trainedProbabilities, read) };
  return read === best
    ? _("So does the trained network ({share}).", values)
    : _("But the trained network says {digit} ({share}).", values);
}

function drawingHint(classes) {
  const names = joinList(classes.map(isolated));
  const choice = areDigits(classes)
    ? _("Draw one digit, from 0 to 9.")
    : _("Draw one of: {names}.", { names });
  return `${choice} ${_("The network always answers one of them.")}`;
}

/** Say a text in an element. A screen reader reads it out, unless it is changing all the time. */
function say(node, { text, remark = "", isProblem = false, isHint = false, isChanging = false }) {
  const live = isChanging ? "off" : "polite";
  if (node.textContent === text + remark && node.ariaLive === live) return;
  node.ariaLive = live;
  node.classList.toggle("pad-problem", isProblem);
  node.classList.toggle("pad-hint", isHint);
  // A screen reader reads out a new element, but not the same text in the old one.
  node.replaceChildren(element("span", "", {}, text), element("span", "pad-remark", {}, remark));
}

function showBars(bars, probabilities) {
  const best = probabilities ? argmax(probabilities) : -1;
  [...bars.children].forEach((row, i) => {
    const share = probabilities?.[i] ?? 0;
    row.classList.toggle("pad-best", i === best);
    row.querySelector(".pad-fill").style.width = `${100 * share}%`;
    row.querySelector(".pad-share").textContent = probabilities ? percent(probabilities, i) : DASH;
  });
  const hasFocus = bars.contains(document.activeElement);
  if (!hasFocus) letTabLeadTo(bars, bars.querySelector(".pad-best .pad-row"));
}

/** Write the share of a class. It is 0% or 100% only if nothing is rounded away. */
function percent(probabilities, i) {
  const share = probabilities[i];
  if (share > 0 && share < 0.01) return "<1%";
  const hasOthers = probabilities.some((other, k) => k !== i && other > 0);
  return hasOthers && share > 0.99 ? ">99%" : `${Math.round(100 * share)}%`;
}
