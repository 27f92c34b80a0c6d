// A network on a page: draw, see every map of every layer, and ask where a number comes from.

import { _, button, element, keepKeys } from "../elements/index.js";
import { argmax, readNetwork } from "../network/index.js";
import { PadModel, showPad } from "../pad/index.js";
import { explain } from "./explanation.js";
import { LayerView } from "./layer_view.js";
import { OpenNumber } from "./open_number.js";

const NARROW = 500; // pixels; below this width, there are half as many maps in a row
const LEGEND = _(
  "Blue is above 0, orange below, white is 0, and each map has a scale of its own. A map that is blue all over has a bias above 0, which is added everywhere. Rows, columns and maps count from 0. 7e-4 is 0.0007.",
);

/**
 * Show a network in the element `el`. The pad begins with `strokes` or an `image` of 784 greys, 0 to
 * 255, as an example, or with the `content` of another pad. A `panel` stays when another network is
 * shown. Its `root` is placed between the pad and the maps, and its `labels` below the answer. So is
 * its `head` where the page is narrow; elsewhere it begins the root. Its function
 * `breakUnit(layerIndex, unit)` leads to where a filter, or a unit, can be broken. A `trainingStep`, as one_step.js
 * remembers it, explains how it changed a weight.
 *
 * Return the model of the `pad` and three functions. `present(layerIndex, i, chosen)` opens a number, but
 * neither takes the focus nor scrolls. `stop()` stops following the pad and the page. Call it
 * before the elements are removed, for they would stay in memory otherwise. `end()` stops, and removes
 * all that is shown.
 */
export function showNetwork(el, network, { strokes, image, content, panel, trainingStep }) {
  const view = new NetworkView(el, network, panel, trainingStep);
  if (content) view.pad.replace(content);
  else if (image) view.pad.showImage(image);
  else view.pad.showExample(strokes);
  view.build();
  return {
    pad: view.pad,
    present: (layerIndex, i, chosen) => view.present(layerIndex, i, chosen),
    stop: () => view.stop(),
    end: () => view.end(),
  };
}

class NetworkView {
  #number = new OpenNumber();
  #opener = null; // what was pressed on the pad, and gets the focus back
  #layers = []; // a LayerView for the image and for each layer
  #isNarrow = null;
  #repaint = null; // runs while the page gets another width
  #ending = new AbortController(); // stops the answers of the pad
  #sizes = new ResizeObserver(() => this.#followWidth());
  #low = matchMedia("(max-height: 500px) and (max-width: 999px)"); // a phone that lies on its side

  constructor(el, network, panel, trainingStep) {
    Object.assign(this, { network, panel, trainingStep });
    this.pad = new PadModel(network);
    this.nodes = placeElements(el, panel?.root);
    const { signal } = this.#ending;
    this.pad.addEventListener("answer", () => this.#draw(), { signal });
    this.padView = showPad(this.pad, this.nodes.pad, (layerIndex, i) => this.openFromPad(layerIndex, i));
    this.below = element("div", "viewer-below");
    this.nodes.pad.querySelector(".pad-answer").after(this.below);
    for (const node of [this.nodes.pad, this.nodes.maps])
      node.addEventListener("keydown", ({ key }) => {
        if (key === "Escape" && this.#number.isOpen) this.#close();
      });
    this.#sizes.observe(this.nodes.maps);
    this.#low.addEventListener("change", () => this.#placeBelowAnswer(), { signal });
  }

  /** Stop following the pad and the page, which would keep all that is shown in memory. */
  stop() {
    this.#ending.abort();
    this.#sizes.disconnect();
    this.#endLayers();
    this.padView.end();
  }

  #endLayers() {
    for (const layer of this.#layers) layer.end();
  }

  /** Stop, and remove all that is shown. */
  end() {
    this.stop();
    this.nodes.root.parentElement.remove();
  }

  /** Build the maps for the width that there is. */
  build() {
    const { maps } = this.nodes;
    this.#endLayers();
    this.#isNarrow = this.#hasNarrowPage();
    this.#layers = [this.network, ...this.network.layers].map((_layer, layerIndex) =>
      this.#buildLayer(layerIndex),
    );
    const legend = element("p", "", { textContent: LEGEND });
    maps.replaceChildren(...this.#layers.map(({ root }) => root), legend);
    this.#placeBelowAnswer();
    if (this.#isBlank) this.#number.close();
    if (this.#number.isOpen) this.#markNumber();
    this.#draw();
  }

  /**
   * Place what belongs below the answer. On a phone, the training and the first maps are in sight
   * while one draws. Their explanation is placed below the pad, so that it moves no button. On a phone
   * that lies on its side, there is room for the training alone.
   */
  #placeBelowAnswer() {
    const { pad } = this.nodes;
    const { root, labels, head } = this.panel ?? {};
    pad.querySelector(":scope > .explain")?.remove();
    const hasHeadHere = this.#isNarrow || this.#low.matches;
    const parts = [labels, hasHeadHere && head];
    if (!hasHeadHere && head?.parentElement !== root) root.prepend(head);
    if (this.#isNarrow && !this.trainingStep) {
      const first = this.#layers.find(({ layer }) => layer?.kind === "Conv2D");
      parts.push(first?.root);
      if (first) pad.append(first.detail);
    }
    this.below.replaceChildren(...parts.filter(Boolean));
  }

  /**
   * Open a number, by default the largest, for a button of the pad, which gets the focus back. A
   * `layerIndex` below 0 counts from the last layer.
   */
  openFromPad(layerIndex, i) {
    const indexFromImage = (layerIndex + this.#layers.length) % this.#layers.length;
    const opener = document.activeElement;
    if (this.#isBlank) return this.#focusPaper();
    this.#number.open(indexFromImage, i ?? argmax(this.pad.values[indexFromImage]));
    this.#showNumber(true);
    this.#opener = opener;
  }

  /** Open a number that nobody has pressed: nothing gets the focus, and nothing is scrolled. */
  present(layerIndex, i, chosen) {
    this.#number.open(layerIndex, i, chosen);
    this.#markNumber();
    this.#explain("polite");
  }

  /** A blank pad has no numbers to open. */
  get #isBlank() {
    return !this.pad.values;
  }

  #focusPaper() {
    this.nodes.pad.querySelector(".pad-paper").focus(); // beside it stands what to do
  }

  #buildLayer(layerIndex) {
    return new LayerView(this.network, layerIndex, this.#isNarrow, {
      select: (i) => this.#select(layerIndex, i),
      close: () => this.#close(),
      follow: (...link) => this.#follow(...link),
    });
  }

  /** The maps themselves may be folded, and then they have no width. */
  #hasNarrowPage() {
    return this.nodes.root.clientWidth < NARROW;
  }

  #followWidth() {
    const isFolded = this.nodes.maps.clientWidth === 0;
    if (!isFolded && this.#hasNarrowPage() !== this.#isNarrow) setTimeout(() => this.build());
    repaint(this.nodes.root);
    clearTimeout(this.#repaint);
    this.#repaint = setTimeout(() => repaint(this.nodes.root), 200); // when the page has come to rest
  }

  /** Draw what the layers give, and explain the open number anew. A blank pad gives nothing. */
  #draw() {
    const { values } = this.pad;
    this.nodes.root.classList.toggle("viewer-blank", this.#isBlank);
    this.#layers.forEach((layer, layerIndex) => layer.draw(values?.[layerIndex]));
    const isExplained = !this.#isBlank && this.#number.isOpen;
    if (isExplained) this.#explain("off"); // nobody wants to hear it while one draws
  }

  /** Open a number on which somebody has tapped. */
  #select(layerIndex, i) {
    if (this.#isBlank) return this.#focusPaper();
    this.#opener = null;
    this.#number.open(layerIndex, i);
    this.#showNumber(false);
  }

  /** Follow a link to a number and, if it belongs to another image, show that example first. */
  #follow(layerIndex, i, example) {
    if (this.#isBlank) return this.#focusPaper();
    const [image] = this.pad.values;
    if (example !== undefined) this.pad.showImage(this.network.examples[example]);
    this.#number.follow(layerIndex, i, image);
    this.#showNumber(true);
  }

  /** Go back to the number from which the last link has led here, and to its image. */
  #goBack() {
    if (this.#isBlank) return this.#focusPaper();
    const { image } = this.#number.origin;
    const isOtherImage = image.some((ink, k) => ink !== this.pad.values[0][k]);
    if (isOtherImage) this.pad.showImage(Uint8Array.from(image, (ink) => Math.round(255 * ink)));
    this.#number.goBack();
    this.#showNumber(true);
  }

  #close() {
    if (this.#isBlank) return this.#focusPaper();
    (this.#opener ?? this.#layers[this.#number.layerIndex]).focus();
    this.#opener = null;
    this.#number.close();
    this.#markNumber();
    this.trainingStep?.reportSelection(null);
  }

  #pick(chosen) {
    this.#number.chosen = chosen;
    this.#explain("off");
  }

  #showNumber(isLink) {
    this.#markNumber();
    this.#explain("polite");
    this.#layers[this.#number.layerIndex].bringIntoSight(isLink);
  }

  #markNumber() {
    const { layerIndex, i } = this.#number;
    this.#layers.forEach((layer, index) => layer.mark(index === layerIndex ? i : null));
  }

  /** Explain the open number. What had the focus or was scrolled in its tables is so again. */
  #explain(ariaLive) {
    const { layerIndex, i, chosen } = this.#number;
    const { values } = this.pad;
    const layer = this.#layers[layerIndex];
    const selection = {
      layerIndex,
      i,
      chosen,
      values,
      trainingStep: this.trainingStep,
      follow: (...link) => this.#follow(...link),
      pick: (choice) => this.#pick(choice),
    };
    const { parts, patch, choice } = explain(this.network, selection);
    const fixed = { ...selection, chosen: choice, trainingStep: undefined };
    const explainNumber = (other) => explain(this.network, { ...fixed, i: other });
    parts.push(...(this.trainingStep?.explainNumber(selection) ?? []), ...this.#links());
    this.trainingStep?.reportSelection(selection);
    const tableName = focusedTable(this.nodes.root);
    const scrolled = wideParts(layer).map(({ scrollLeft }) => scrollLeft);
    layer.showExplanation({ parts, patch }, values, ariaLive, explainNumber);
    wideParts(layer).forEach((part, k) => {
      // After a turn of the phone, the tables are new, and none was scrolled.
      if (ariaLive === "off" && k in scrolled) part.scrollLeft = scrolled[k];
      else scrollToChosen(part);
    });
    if (tableName) focusTable(layer, tableName);
  }

  /**
   * Make a button that leads back, one that leads to where a filter or a unit can be broken, and, where
   * there is a glossary, a link to it.
   */
  #links() {
    const links = [];
    if (this.#number.origin) {
      const back = button(_("Back to where I came from"), () => this.#goBack());
      back.dataset.name = "back-to-origin";
      links.push(back);
    }
    const { layerIndex, i } = this.#number;
    const { kernel, bias, size } = this.network.layers[layerIndex - 1] ?? {};
    if (kernel && this.panel?.breakUnit) {
      const text = size ? _("Break this filter") : _("Break this unit");
      const open = button(text, () => this.panel.breakUnit(layerIndex, i % bias.length));
      open.dataset.name = "break-unit";
      links.push(open);
    }
    const { glossary: href } = this.network;
    // It opens a tab of its own, as leaving the page would lose what has been drawn and learned.
    const link = { href, target: "_blank", rel: "noopener", textContent: _("What the words mean") };
    if (href) links.push(element("a", "", link));
    return links;
  }
}

/**
 * Place elements for a pad and for maps in the element `el`. If the `panel` is on the page already, they
 * replace the elements of an earlier network around it.
 */
function placeElements(el, panel) {
  const pad = element("div", "viewer-pad");
  const maps = element("div", "viewer-maps");
  if (panel?.parentElement) {
    panel.previousSibling.replaceWith(pad);
    panel.nextSibling.replaceWith(maps);
    return { root: panel.parentElement, pad, maps };
  }
  const root = element("div", "viewer", {}, ...[pad, panel, maps].filter(Boolean));
  keepKeys(root);
  el.append(element("div", "viewer-frame", {}, root));
  return { root, pad, maps };
}

/** Let a browser show all pictures in `root` again: in another layout, WebKit shows some as blank. */
function repaint(root) {
  for (const canvas of root.querySelectorAll("canvas")) {
    const pen = canvas.getContext("2d");
    pen.save();
    pen.resetTransform();
    pen.drawImage(canvas, 0, 0, 1, 1, 0, 0, 1, 1); // a pixel in its own place
    pen.restore();
  }
}

/** Return the parts of an explanation that scroll where the page is narrow. */
function wideParts({ detail }) {
  return [...detail.querySelectorAll(".explain-part")];
}

/** Return the name of the table in `root` that has the focus, if one has. */
function focusedTable(root) {
  const node = document.activeElement;
  return root.contains(node) ? node.closest(".numbers")?.ariaLabel : null;
}

/** Give a table the focus back, for its elements were made anew. */
function focusTable({ detail }, name) {
  detail.querySelector(`[aria-label="${CSS.escape(name)}"] [tabindex="0"]`)?.focus();
}

/** Bring the chosen number of a wide table into sight. */
function scrollToChosen(part) {
  const number = part.querySelector(".number-chosen");
  if (!number) return;
  const cell = number.getBoundingClientRect();
  const box = part.getBoundingClientRect();
  const isHidden = cell.right > box.right;
  if (isHidden) part.scrollLeft += (cell.left + cell.right - box.left - box.right) / 2;
}

/** Show a network in a notebook, as an anywidget. Return a function that ends it. */
export function renderNetwork({ model, el }) {
  const { buffer, byteOffset } = model.get("image");
  const image = new Uint8Array(buffer, byteOffset, 784);
  return showNetwork(el, readNetwork(model.get("network")), { image }).end;
}
