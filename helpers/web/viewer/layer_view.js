// The part of the viewer for one layer: its maps, the chosen one enlarged, and the explanation.

import {
  _,
  around,
  button,
  cells,
  drawMaps,
  element,
  sizeMaps,
  whereabouts,
  written,
} from "../elements/index.js";
import { DIGIT_NAMES, strongest } from "../network/index.js";

const KINDS = {
  Conv2D: _("each shows where a filter finds its pattern"),
  MaxPooling2D: _("the largest number of each block"),
  AveragePooling2D: _("the mean of each block"),
  Flatten: _("all maps in one row, place by place"),
  Dense: _("each a sum of all numbers before, by weight"),
  BatchNormalization: _("brought to one scale"),
  Dropout: _("as before"),
  Activation: _("as before"),
};
const AFTERWARDS = {
  relu: _("ReLU makes 0 of what is below 0"),
  softmax: _("softmax makes shares of 1"),
};

/**
 * Build it for the layer of a step; step 0 is the image.
 *
 * What one chooses goes to `select(step, i, comes)`: number `i` of what the layer gives, or null to
 * close what is open; `comes` where a step leads from one layer to another.
 */
export function layerView(network, step, narrow, select) {
  const layer = network.layers[step - 1];
  const { shape } = layer ?? network;
  const [rows, columns, channels] = layout(shape);
  const across = Math.min(channels, (channels > 64 ? 16 : 8) * (narrow ? 1 : 2));
  const down = Math.ceil(channels / across);
  const name = named(network, step);
  const numbers = count(shape);
  const label = _("{layer}, {numbers}", { layer: name, numbers });
  let values = [];
  let marked = null; // which number is explained
  let opens = false; // is it the first after none was?
  let patch = null; // and from where in the layer before it comes
  let later = null; // a timer, for maps that nobody sees now

  const numbersOf = (map) => values.filter((_, i) => i % channels === map);

  function pickNumber(row, column, tapped) {
    const map = marked === null ? 0 : marked % channels;
    const first = marked === null && !tapped; // by the keyboard
    select(step, first ? strongest(values) : (row * columns + column) * channels + map);
  }

  function pickMap(row, column, tapped) {
    const map = row * across + column;
    if (map >= channels) return;
    const stays = marked !== null && !tapped; // by the keyboard one compares a place of the maps
    const place = stays ? Math.floor(marked / channels) : strongest(numbersOf(map));
    select(step, place * channels + map);
  }

  // A layer of several maps shows all, and the chosen one enlarged; another one map, its own.
  const several = channels > 1;
  const kind = several ? "map-one" : `map-${shape.length}d`;
  const single = cells(kind, label, rows, columns, pickNumber);
  const labelOfAll = _("{layer}, {numbers}, all maps", { layer: name, numbers });
  const all = several ? cells("map-all", labelOfAll, down, across, pickMap) : single;
  const before = earlierMap();
  sizeMaps(all.canvas, [rows, columns, channels], across);
  if (several) sizeMaps(single.canvas, [rows, columns, 1], 1);

  /** Build the map before, in which the patch is framed; null where numbers have no patch. */
  function earlierMap() {
    if (!layer?.size) return null;
    const [height, width, maps] = network.layers[step - 2]?.shape ?? network.shape;
    const go = (row, column) => select(step - 1, (row * width + column) * maps + patch.map, true);
    const about = _("A map before {layer}", { layer: name });
    const map = cells("map-before", about, height, width, go);
    const draw = (given) => {
      const numbers = given.filter((_, i) => i % maps === patch.map);
      drawMaps(map.canvas, numbers, [height, width, 1], 1, step === 1 ? 1 : 0, step === 1);
      map.mark(patch.row, patch.column, patch.size);
    };
    return { root: map.root, draw };
  }

  function drawAll() {
    const least = !layer || layer.activation === "softmax" ? 1 : 0; // a share of 1 is dark
    drawMaps(all.canvas, values, [rows, columns, channels], across, least, !layer);
    drawOne();
  }

  function isInSight() {
    const { top, bottom, height } = root.getBoundingClientRect();
    return height && bottom > 0 && top < innerHeight;
  }

  function drawOne() {
    if (!several || marked === null) return;
    drawMaps(single.canvas, numbersOf(marked % channels), [rows, columns, 1], 1);
  }

  const strong = element("strong", "", {}, name);
  const words = around(firstWords(network, step, numbers), "layer", strong);
  const heading = element("p", "", {}, ...words);
  const title = element("p", "explain-title");
  const closing = _("Close {layer}", { layer: name });
  const close = button(_("Close"), () => select(step, null), closing);
  const text = element("div", "explain-text");
  const detail = element("div", "explain", { hidden: true }, close, title);
  if (before) detail.append(before.root);
  if (several) detail.append(single.root, arrows(single.canvas));
  detail.append(text);
  const about = { role: "group", ariaLabel: name };
  const classes = classNames(network, step);
  const root = element("div", "viewer-layer", about, heading, all.root, classes, detail);
  Object.assign(root.dataset, { kind: layer?.kind ?? "image", step });

  return {
    root,
    /** Draw what the layer gives, or nothing; out of sight it has time until no more comes. */
    draw(given) {
      values = given ?? new Float32Array(rows * columns * channels);
      clearTimeout(later);
      if (isInSight()) drawAll();
      else later = setTimeout(drawAll, 200);
    },
    /** Show which number is selected; null if none is. */
    mark(i) {
      marked = i;
      opens = detail.hidden;
      detail.hidden = i === null;
      if (i === null) return [all, single].forEach((map) => map.unmark());
      const [map, place] = [i % channels, Math.floor(i / channels)];
      single.mark(Math.floor(place / columns), place % columns);
      if (several) all.mark(Math.floor(map / across), map % across);
      drawOne();
    },
    /** Show its explanation, with the values of the layer before; `live` as in aria-live. */
    tell(explanation, earlier, live) {
      title.ariaLive = live;
      const [place, value] = [whereabouts(marked, shape), written(values[marked])];
      title.textContent = _("{layer}, {place}: {value}", { layer: name, place, value });
      text.replaceChildren(...explanation.parts);
      patch = explanation.patch;
      before?.draw(earlier);
    },
    focus: () => all.canvas.focus(),
    /** Bring the explanation into sight; whoever comes from another layer has the focus there. */
    show(comes) {
      if (comes) single.canvas.focus({ preventScroll: true });
      if (comes || opens) root.scrollIntoView({ block: "nearest" });
      if (comes) detail.querySelector(".explain-step")?.scrollIntoView({ block: "nearest" });
    },
  };
}

/** Make buttons for fingers, which do what arrow keys do on a canvas. */
function arrows(canvas) {
  const keys = { ArrowLeft: "\u2190", ArrowUp: "\u2191", ArrowDown: "\u2193", ArrowRight: "\u2192" };
  const press = (key) => canvas.dispatchEvent(new KeyboardEvent("keydown", { key }));
  const buttons = Object.entries(keys).map(([key, text]) => button(text, () => press(key)));
  return element("div", "map-arrows", {}, ...buttons);
}

/** Call a layer what Keras calls it, with its number if there are several. */
export function named({ layers }, step) {
  if (step === 0) return _("The image");
  const { name } = layers[step - 1];
  const alike = (some) => some.filter((layer) => layer.name === name).length;
  return alike(layers) > 1 ? `${name} ${alike(layers.slice(0, step))}` : name;
}

/** Say what numbers a layer gives and, where the first of its name stands, what they are. */
function firstWords({ layers }, step, numbers) {
  const layer = layers[step - 1]; // none is the image
  const isFirst = layer && layers.find(({ name }) => name === layer.name) === layer;
  if (!isFirst) return _("{layer}: {numbers}", { numbers });
  const [what, afterwards] = [KINDS[layer.kind], AFTERWARDS[layer.activation]];
  if (!afterwards) return _("{layer}: {numbers}, {what}", { numbers, what });
  return _("{layer}: {numbers}, {what}; {afterwards}", { numbers, what, afterwards });
}

/** Write the classes under their scores and shares; nothing under the numbers of other layers. */
function classNames({ layers, classes = DIGIT_NAMES }, step) {
  const isPassedOn = ({ kind }) => ["Activation", "BatchNormalization", "Dropout"].includes(kind);
  if (step === 0 || !layers.slice(step).every(isPassedOn)) return "";
  const names = classes.map((name) => element("span", "", { dir: "auto", title: name }, name));
  return element("div", "map-classes", {}, ...names);
}

function count([rows, columns, maps]) {
  if (columns === undefined) return _("{count} numbers", { count: rows.toLocaleString("en") });
  if (maps === 1) return _("{rows}x{columns} numbers", { rows, columns });
  return _("{maps} maps of {rows}x{columns} numbers", { maps, rows, columns });
}

/** Return rows, columns and channels of what a layer gives; a long row is broken into several. */
function layout(shape) {
  if (shape.length > 1) return shape;
  const columns = [128, 100, 64, 50, 32].find((n) => shape[0] > 2 * n && shape[0] % n === 0);
  return columns ? [shape[0] / columns, columns, 1] : [1, shape[0], 1];
}
