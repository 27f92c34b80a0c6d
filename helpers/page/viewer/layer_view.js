// The part of the viewer for one layer: its maps, the chosen one enlarged, and the explanation.

import {
  _,
  button,
  cells,
  drawMaps,
  element,
  sentence,
  sizeMaps,
  whereabouts,
  written,
} from "../elements/index.js";
import { DIGIT_NAMES, TRAITS, argmax, shapeOf, sourcesOf } from "../network/index.js";
import { ACTIVATION_EXPLANATIONS } from "./activation_explanation.js";
import { EXPLANATIONS, wordsOf } from "./explanation.js";
import { describeHalf, followsLayerBefore, layerName, listLayers } from "./layer_graph.js";
import { copyTexts, slideWindow } from "./window_animation.js";

const DELAY = 200; // milliseconds without a new answer, after which maps out of sight are drawn

/** The maps of a layer, and the explanation of one of its numbers. Layer 0 is the image. */
export class LayerView {
  #values; // what the layer gives
  #number = null; // the index of the number that is explained
  #wasClosed = false; // was no explanation open before this one?
  #source = null; // the index of the layer from which the numbers come, or of the first of several
  #patch = null; // the part of a map of that layer from which the number comes
  #timer = null; // runs while maps out of sight wait to be drawn
  #endSlide = () => {}; // ends the animation of the window
  #explainNumber = null; // explains another number of the layer in the same way as the marked one

  /**
   * A narrow page has fewer maps in a row. `select(i)` opens number `i` of the layer, `close()` closes
   * it, and `follow(source, i)` leads to number `i` of a layer before, the `source`.
   */
  constructor(network, layerIndex, isNarrow, { select, close, follow }) {
    Object.assign(this, { network, layerIndex, select, follow });
    this.layer = network.layers[layerIndex - 1]; // the image has none
    this.shape = this.layer?.shape ?? network.shape;
    [this.rows, this.columns, this.channels] = layout(this.shape);
    this.across = Math.min(this.channels, (this.channels > 64 ? 16 : 8) * (isNarrow ? 1 : 2));
    this.name = layerName(network, layerIndex);
    this.#source = layerIndex ? sourcesOf(network, layerIndex)[0] : null;
    this.#values = new Float32Array(this.rows * this.columns * this.channels);
    this.#buildMaps();
    this.#buildElements(close);
  }

  /** Does the layer have several maps? Then the chosen one is shown enlarged below them. */
  get hasSeveralMaps() {
    return this.channels > 1;
  }

  /** Draw what the layer gives, or nothing. Out of sight, only the last of several answers is drawn. */
  draw(values) {
    this.#values = values ?? new Float32Array(this.rows * this.columns * this.channels);
    clearTimeout(this.#timer);
    if (this.#isInSight()) this.#drawMaps();
    else this.#timer = setTimeout(() => this.#drawMaps(), DELAY);
  }

  /** Mark number `i` on the maps and open its explanation; null closes it. */
  mark(i) {
    this.#stopSlide();
    this.#number = i;
    this.#wasClosed = this.detail.hidden;
    this.detail.hidden = i === null;
    if (i === null) {
      this.all.unmark();
      this.single.unmark();
      return;
    }
    const map = i % this.channels;
    const place = Math.floor(i / this.channels);
    this.single.mark(Math.floor(place / this.columns), place % this.columns);
    if (this.hasSeveralMaps) this.all.mark(Math.floor(map / this.across), map % this.across);
    this.#drawSingleMap();
  }

  /**
   * Show the explanation of the marked number. `values` has the values of all layers. While a window
   * slides, `explainNumber(i)` explains number `i` in the same way.
   */
  showExplanation({ parts, patch }, values, ariaLive, explainNumber) {
    this.#stopSlide();
    this.title.ariaLive = ariaLive;
    this.title.replaceChildren(...this.#titleOf(this.#number));
    this.text.replaceChildren(...parts);
    this.#patch = patch;
    this.#explainNumber = explainNumber;
    if (this.mapBefore) this.#drawMapBefore(values[this.#source]);
  }

  #titleOf(i) {
    const place = whereabouts(i, this.shape);
    const value = written(this.#values[i]);
    return sentence(_("{layer}, {place}: {value}"), { layer: this.name, place, value });
  }

  focus() {
    this.all.canvas.focus();
  }

  /**
   * Bring the explanation into sight. Where a link has led here, it also gets the focus. The window
   * slides to its place, unless the explanation of another number was open before.
   */
  bringIntoSight(isLink) {
    if (isLink) this.single.canvas.focus({ preventScroll: true });
    const shown = this.root.contains(this.detail) ? this.root : this.detail;
    if (isLink || this.#wasClosed) {
      shown.scrollIntoView({ block: "nearest" });
      this.#slideWindow();
    }
    if (isLink) this.detail.querySelector(".explain-step")?.scrollIntoView({ block: "nearest" });
  }

  /** Show once how the window has come to its place on the map before, with its numbers. */
  #slideWindow() {
    if (!this.mapBefore || this.shape.length < 3) return; // global pooling has one window
    const { rows, columns, channels } = this;
    const last = Math.floor(this.#number / channels);
    const map = this.#number % channels;
    this.#endSlide = slideWindow(this.single.root, { rows, columns, last }, (place) => {
      this.#showWindow(place * channels + map);
    });
  }

  /** Show the window and the numbers from which number `i` comes, where the marked one is explained. */
  #showWindow(i) {
    const { parts, patch } = this.#explainNumber(i);
    const hasArrived = i === this.#number;
    this.#showMovingTitle(hasArrived ? null : this.#titleOf(i));
    parts.forEach((part, k) => {
      const shown = this.text.childNodes[k];
      // Beyond the edge of a map, a window has a number that leads nowhere, and no button.
      if (shown?.nodeName === part.nodeName) copyTexts(part, shown);
    });
    // On the way, a sentence that takes a line less than before moves nothing.
    for (const node of this.text.querySelectorAll(":scope > p"))
      node.style.minHeight = hasArrived ? "" : `${node.offsetHeight}px`;
    this.mapBefore.mark(patch.row, patch.column, patch.size);
  }

  /** Show nodes in place of the title, or the title itself again. A screen reader knows only that. */
  #showMovingTitle(nodes) {
    this.title.classList.toggle("explain-unseen", nodes !== null);
    this.movingTitle.replaceChildren(...(nodes ?? []));
    if (nodes === null) this.movingTitle.remove();
    else this.title.after(this.movingTitle);
  }

  /** End the animation of the window, if it runs. */
  #stopSlide() {
    this.#endSlide();
    this.#showMovingTitle(null);
  }

  /** The layer is shown no more, so nothing of it moves. */
  end() {
    this.#endSlide();
  }

  /** Let the window be at its place at once, for somebody who wants to press something there. */
  #finishSlide() {
    if (!this.movingTitle.isConnected) return;
    this.#endSlide();
    this.#showWindow(this.#number);
  }

  #buildMaps() {
    const { rows, columns, channels, across, name, hasSeveralMaps } = this;
    const numbers = element("span", "", {}, ...countNumbers(this.shape)).textContent;
    const label = _("{layer}, {numbers}", { layer: name, numbers });
    const labelOfAll = _("{layer}, {numbers}, all maps", { layer: name, numbers });
    const kind = hasSeveralMaps ? "map-one" : `map-${this.shape.length}d`;
    const pickNumber = (...cell) => this.#pickNumber(...cell);
    const pickMap = (...cell) => this.#pickMap(...cell);
    this.single = cells(kind, label, rows, columns, pickNumber);
    this.all = hasSeveralMaps
      ? cells("map-all", labelOfAll, Math.ceil(channels / across), across, pickMap)
      : this.single;
    const { hasPatch } = EXPLANATIONS[this.layer?.kind] ?? {};
    this.mapBefore = hasPatch ? this.#buildMapBefore() : null;
    sizeMaps(this.all.canvas, [rows, columns, channels], across);
    if (hasSeveralMaps) sizeMaps(this.single.canvas, [rows, columns, 1], 1);
  }

  /** Build a map of the layer before, on which the patch is framed. */
  #buildMapBefore() {
    const [height, width, channels] = shapeOf(this.network, this.#source);
    const label = _("A map before {layer}", { layer: this.name });
    const follow = (row, column) => {
      const place = row * width + column;
      this.follow(this.#source, place * channels + this.#patch.map);
    };
    return cells("map-before", label, height, width, follow);
  }

  #buildElements(close) {
    const { network, layerIndex, name } = this;
    const label = _("Close {layer}", { layer: name });
    this.title = element("p", "explain-title");
    this.movingTitle = element("p", "explain-title", { ariaHidden: "true" });
    this.text = element("div", "explain-text");
    this.detail = element("div", "explain", { hidden: true });
    this.detail.append(button(_("Close"), close, label), this.title);
    for (const type of ["pointerdown", "keydown"])
      this.detail.addEventListener(type, () => this.#finishSlide(), { capture: true });
    if (this.mapBefore) this.detail.append(this.mapBefore.root);
    if (this.hasSeveralMaps) {
      this.detail.append(this.single.root, arrowButtons(this.single.canvas));
    }
    this.detail.append(this.text);
    this.root = element(
      "div",
      "viewer-layer",
      { role: "group", ariaLabel: name },
      element("p", "", {}, ...describeLayer(network, layerIndex)),
      describeInput(network, layerIndex),
      inviteToTap(network, layerIndex),
      showHalf(network, layerIndex),
      this.all.root,
      classNames(network, layerIndex),
      this.detail,
    );
    this.detail.dataset.layerIndex = layerIndex;
    Object.assign(this.root.dataset, { kind: this.layer?.kind ?? "image", layerIndex });
  }

  /** Select a number of the map that is chosen. The keyboard begins at the largest number. */
  #pickNumber(row, column, isTap) {
    if (this.#number === null && !isTap) {
      this.select(argmax(this.#values));
    } else {
      const map = this.#number === null ? 0 : this.#number % this.channels;
      this.select((row * this.columns + column) * this.channels + map);
    }
  }

  /** Select a map: its largest number or, by the keyboard, the number at the place that is open. */
  #pickMap(row, column, isTap) {
    const map = row * this.across + column;
    if (map >= this.channels) return;
    const keepsPlace = this.#number !== null && !isTap;
    const place = keepsPlace
      ? Math.floor(this.#number / this.channels)
      : argmax(this.#valuesOf(map));
    this.select(place * this.channels + map);
  }

  #valuesOf(map) {
    return this.#values.filter((_value, i) => i % this.channels === map);
  }

  #isInSight() {
    const { top, bottom, height } = this.root.getBoundingClientRect();
    return height && bottom > 0 && top < innerHeight;
  }

  #drawMaps() {
    const isImage = !this.layer;
    const isOfShares = this.layer?.activation === "softmax";
    const least = isImage || isOfShares ? 1 : 0; // full ink and a share of 1 are dark
    const shape = [this.rows, this.columns, this.channels];
    drawMaps(this.all.canvas, this.#values, shape, this.across, least, isImage);
    this.#drawSingleMap();
  }

  #drawSingleMap() {
    if (!this.hasSeveralMaps || this.#number === null) return;
    const values = this.#valuesOf(this.#number % this.channels);
    drawMaps(this.single.canvas, values, [this.rows, this.columns, 1], 1);
  }

  #drawMapBefore(valuesBefore) {
    const { map, row, column, size } = this.#patch;
    const [height, width, channels] = shapeOf(this.network, this.#source);
    const values = valuesBefore.filter((_value, i) => i % channels === map);
    const isImage = this.#source === 0;
    drawMaps(this.mapBefore.canvas, values, [height, width, 1], 1, isImage ? 1 : 0, isImage);
    this.mapBefore.mark(row, column, size);
  }
}

/** Make buttons for fingers, which do what arrow keys do on a canvas. */
function arrowButtons(canvas) {
  const keys = { ArrowLeft: "\u2190", ArrowUp: "\u2191", ArrowDown: "\u2193", ArrowRight: "\u2192" };
  const press = (key) => canvas.dispatchEvent(new KeyboardEvent("keydown", { key }));
  const buttons = Object.entries(keys).map(([key, text]) => button(text, () => press(key)));
  return element("div", "map-arrows", {}, ...buttons);
}

/**
 * Say how many numbers a layer gives. For the first layer of a kind, also say what its numbers are. For
 * the first layer with an activation, also say what this activation does. Return the nodes of the
 * sentence.
 */
function describeLayer(network, layerIndex) {
  const { layers } = network;
  const layer = layers[layerIndex - 1];
  const name = element("strong", "", {}, layerName(network, layerIndex));
  name.dataset.value = "layer";
  const values = { layer: [name], numbers: countNumbers(shapeOf(network, layerIndex)) };
  if (!layer) return sentence(_("{layer}: {numbers}"), values); // the image
  const isFirst = (isAlike) => layers.find(isAlike) === layer;
  const words = wordsOf(network, layerIndex);
  const isFirstOfKind = isFirst(
    (other) =>
      other.name === layer.name &&
      other.kind === layer.kind &&
      wordsOf(network, layers.indexOf(other) + 1) === words,
  );
  const isFirstWithActivation = isFirst(({ activation }) => activation === layer.activation);
  const kindWords = isFirstOfKind && words;
  const activationWords =
    (isFirstOfKind || isFirstWithActivation) &&
    ACTIVATION_EXPLANATIONS[layer.activation].words(layer);
  if (kindWords) values.what = sentence(kindWords);
  if (activationWords) values.afterwards = sentence(activationWords);
  if (kindWords && activationWords)
    return sentence(_("{layer}: {numbers}, {what}; {afterwards}"), values);
  if (kindWords) return sentence(_("{layer}: {numbers}, {what}"), values);
  if (activationWords) return sentence(_("{layer}: {numbers}; {afterwards}"), values);
  return sentence(_("{layer}: {numbers}"), values);
}

/** Say from where a layer takes its input, unless it takes it from the layer just before it alone. */
function describeInput(network, layerIndex) {
  if (layerIndex === 0 || followsLayerBefore(network, layerIndex)) return "";
  const layers = listLayers(network, sourcesOf(network, layerIndex));
  return element("p", "viewer-input", {}, ...sentence(_("Its input comes from {layers}."), { layers }));
}

/** Say above the first maps what maps are, and that one can tap them. */
function inviteToTap({ layers }, layerIndex) {
  const hasMaps = ({ shape: [, , maps = 1] }) => maps > 1;
  if (layerIndex === 0 || layers.findIndex(hasMaps) !== layerIndex - 1) return "";
  const text = _(
    "The network is made of layers. A layer makes maps, which are small pictures of numbers. Tap a map to see where its numbers come from.",
  );
  return element("p", "viewer-invitation", {}, text);
}

/** Say which half of a separable convolution a layer is, if it is one. */
function showHalf(network, layerIndex) {
  const text = describeHalf(network, layerIndex);
  return text && element("p", "viewer-half", {}, text);
}

/** Write the classes under their scores and probabilities, and nothing under other numbers. */
function classNames({ layers, classes = DIGIT_NAMES }, layerIndex) {
  if (layerIndex === 0 || !layers.slice(layerIndex).every(({ kind }) => TRAITS[kind].passesScores)) return "";
  const names = classes.map((name) => element("span", "", { dir: "auto", title: name }, name));
  return element("div", "map-classes", {}, ...names);
}

/** Say how many numbers a layer gives, by the nodes of a sentence. */
function countNumbers([rows, columns, maps]) {
  if (columns === undefined)
    return sentence(_("{count} numbers"), { count: rows.toLocaleString("en") });
  if (maps === 1) return sentence(_("{rows}x{columns} numbers"), { rows, columns });
  return sentence(_("{maps} maps of {rows}x{columns} numbers"), { maps, rows, columns });
}

/** Return rows, columns and channels of what a layer gives; a long row is broken into several. */
function layout(shape) {
  if (shape.length > 1) return shape;
  const columns = [128, 100, 64, 50, 32].find((n) => shape[0] > 2 * n && shape[0] % n === 0);
  return columns ? [shape[0] / columns, columns, 1] : [1, shape[0], 1];
}
