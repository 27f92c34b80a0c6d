// A network on a page: draw, see every map of every layer, and ask where a number comes from.

import { _, button, element, keepKeys } from "../elements/index.js";
import { readNetwork, strongest } from "../network/index.js";
import { PadModel, showPad } from "../pad/index.js";
import { explain } from "./explanation.js";
import { layerView } from "./layer_view.js";

const LEGEND = _(
  "Blue is above 0, orange below, white is 0, and each map has a scale of its own. A map that is blue all over has a bias above 0, which is added everywhere. Rows, columns and maps count from 0. 7e-4 is 0.0007.",
);

/**
 * Show a network in the element `el`. The pad begins with `strokes` or an `image` of 784 greys, 0 to
 * 255, as an example, or with the `content` of another pad. A `panel` stands between the pad and the
 * maps, and stays there when another network is shown. `taken` is a step of training to tell of.
 *
 * Return the model of the `pad` and the functions `open` and `present`, which open a number.
 */
export function showNetwork(el, network, { strokes, image, content, panel, taken }) {
  let values = null; // while the pad is blank
  let selected = null; // { step, i }: a number of what the layers give
  let opener = null; // the button of the pad that led to it
  let trail = []; // and numbers of later layers, each with its `chosen` and the `image`
  let chosen = {}; // of its explanation
  let narrow = null;
  let steps = [];
  const pad = element("div", "viewer-pad");
  const maps = element("div", "viewer-maps");
  const root = panel?.parentElement ?? element("div", "viewer");
  if (panel?.parentElement) {
    panel.previousSibling.replaceWith(pad);
    panel.nextSibling.replaceWith(maps);
  } else {
    root.append(...[pad, panel, maps].filter(Boolean));
    keepKeys(root);
    el.append(element("div", "viewer-frame", {}, root));
  }

  /** Lay the maps out for the width that there is. */
  function build() {
    narrow = maps.clientWidth < 500;
    steps = [network, ...network.layers].map((_layer, i) => layerView(network, i, narrow, select));
    const legend = element("p", "", { textContent: LEGEND });
    maps.replaceChildren(...steps.map((step) => step.root), legend);
    // On a phone the first maps are in sight while one draws.
    pad.querySelector(".viewer-layer")?.remove();
    const first = narrow && steps.find(({ root }) => root.dataset.kind === "Conv2D");
    if (first) pad.querySelector(".pad-answer").after(first.root);
    if (!values) selected = null; // in the new views nothing is
    if (selected) steps[selected.step].mark(selected.i);
    draw();
  }

  /** Draw what the layers give, and tell of the number that is selected; a blank pad gives nothing. */
  function draw(newValues = values) {
    values = newValues;
    root.classList.toggle("viewer-blank", !values);
    steps.forEach((view, step) => view.draw(values?.[step]));
    if (values && selected) tell("off"); // nobody wants to hear it while one draws
  }

  let left = null; // the number that another image is shown for
  const here = () => ({ ...selected, chosen, image: values[0] });

  /** Select number `i` of a layer; null closes what is open. Numbers `before` have led to it. */
  function select(step, i, comes, before = comes && selected ? [...trail, left ?? here()] : []) {
    if (!values) return pad.querySelector(".pad-paper").focus(); // where it says what to do
    trail = before;
    left = null;
    selected = i === null ? null : { step, i };
    chosen = {};
    if (i === null) (opener ?? steps[step]).focus();
    if (!comes) opener = null;
    steps.forEach((view, index) => view.mark(index === step ? i : null));
    if (i === null) return taken?.onOpen(null);
    tell("polite");
    steps[step].show(comes);
  }

  /** Tell of a number that nobody has pressed: nothing gets the focus, and nothing is scrolled. */
  function present(step, i, choice) {
    selected = { step, i };
    chosen = choice;
    steps.forEach((view, index) => view.mark(index === step ? i : null));
    tell("polite");
  }

  /** Select a number for the pad's button that has been pressed, which gets the focus back. */
  function open(step, i) {
    const at = (step + steps.length) % steps.length;
    const from = document.activeElement;
    select(at, i ?? strongest(values[at]), true, []);
    opener = from;
  }

  function tell(live) {
    const { step } = selected;
    const { activeElement } = document;
    const table = root.contains(activeElement) && activeElement.closest(".numbers");
    const go = (other, i) => select(other, i, true);
    const show = (example) => {
      left = here();
      model.showImage(network.examples[example]);
    };
    const pick = (choice) => {
      chosen = choice;
      tell("off");
    };
    const at = { ...selected, values, chosen, taken, go, show, pick };
    const explanation = explain(network, at);
    explanation.parts.push(...(taken?.ofNumber(at) ?? []), ...ways());
    taken?.onOpen(at);
    const parts = () => steps[step].root.querySelectorAll(".explain-part");
    const scrolled = live === "off" ? Array.from(parts(), ({ scrollLeft }) => scrollLeft) : [];
    steps[step].tell(explanation, values[step - 1], live);
    parts().forEach((part, i) => (part.scrollLeft = scrolled[i] ?? 0));
    if (live !== "off") parts().forEach(showChosen);
    if (!table) return; // else what had the focus was made anew
    const name = CSS.escape(table.ariaLabel);
    steps[step].root.querySelector(`[aria-label="${name}"] [tabindex="0"]`)?.focus();
  }

  /** Bring the chosen number of a wide table into sight. */
  function showChosen(part) {
    const chosen = part.querySelector(".number-chosen");
    if (!chosen) return;
    const [cell, box] = [chosen, part].map((node) => node.getBoundingClientRect());
    if (cell.right > box.right) part.scrollLeft += (cell.left + cell.right - box.left - box.right) / 2;
  }

  /** Make a button that leads back, and, where there is a glossary, a link to it. */
  function ways() {
    const at = trail.at(-1);
    const comeBack = () => {
      if (at.image.some((ink, i) => ink !== values[0][i]))
        model.showImage(Uint8Array.from(at.image, (ink) => Math.round(255 * ink)));
      select(at.step, at.i, true, trail.slice(0, -1));
      chosen = at.chosen;
      tell("off");
    };
    const back = button(_("Back to where I came from"), comeBack);
    const { glossary: href } = network;
    const words = element("a", "", { href, textContent: _("What the words mean") });
    return [...(at ? [back] : []), ...(href ? [words] : [])];
  }

  for (const part of [pad, maps])
    part.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && selected) select(selected.step, null);
    });
  const model = new PadModel(network);
  model.addEventListener("answer", () => draw(model.values));
  showPad(model, pad, open);
  if (content) model.replace(content);
  else if (image) model.showImage(image);
  else model.showExample(strokes);
  build();
  const isOther = () => maps.clientWidth && maps.clientWidth < 500 !== narrow; // 0: folded away
  new ResizeObserver(() => isOther() && setTimeout(build)).observe(maps);
  return { pad: model, open, present };
}

/** Show a network in a notebook, as an anywidget; the kernel has nothing more to do. */
export function renderNetwork({ model, el }) {
  const { buffer, byteOffset } = model.get("image");
  const image = new Uint8Array(buffer, byteOffset, 784);
  showNetwork(el, readNetwork(model.get("network")), { image });
}
