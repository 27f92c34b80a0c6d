// A network on a page: draw, see every map of every layer, and ask where a number comes from.

import { element, renderPad } from "../pad/pad.js";
import { explain, strongest, whereabouts, written } from "./explain.js";
import { cells, drawMaps } from "./maps.js";
import { readNetwork } from "./network.js";
import { pageModel } from "./page_model.js";

const LEGEND =
  "Blue is above 0, orange below, white is 0, and each map has a scale of its own. A map that is " +
  "blue all over has a bias, which is added everywhere. Rows, columns and maps count from 0.";
const KINDS = {
  Conv2D: "each shows where a filter finds its pattern",
  MaxPooling2D: "the largest number of each block",
  Flatten: "all maps in one row, place by place",
  Dense: "each a sum of all numbers before, by weight",
  BatchNormalization: "brought to one scale",
  Dropout: "as before",
  Activation: "as before",
};
const AFTERWARDS = {
  linear: "",
  relu: "; ReLU makes 0 of what is below",
  softmax: "; softmax makes shares of 1",
};

/**
 * Show a network in the element `el`; it begins with strokes, or an image of 784 greys to 255.
 *
 * Return the model behind its pad.
 */
export function showNetwork(el, network, { strokes, image }) {
  let values = [];
  let selected = null; // { step, i }: a number of what the layers give
  let chosen = {}; // of its explanation
  let narrow = null;
  let steps = [];
  const pad = element("div", "viewer-pad");
  const maps = element("div", "viewer-maps");
  const root = element("div", "viewer", {}, pad, maps);
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab's keys are not for the maps
  el.append(element("div", "viewer-frame", {}, root));

  /** Lay the maps out for the width that there is. */
  function build() {
    narrow = maps.clientWidth < 500;
    steps = [network, ...network.layers].map(({ shape }, step) =>
      section(network, step, shape, narrow, select),
    );
    const legend = element("p", "viewer-legend", { textContent: LEGEND });
    maps.replaceChildren(...steps.map((step) => step.root), legend);
    update(values);
    if (selected) select(selected.step, selected.i);
  }

  function update(newValues) {
    values = newValues;
    if (values.length) steps.forEach((one, step) => one.draw(values[step]));
    if (selected) tell("off"); // nobody wants to hear it while one draws
  }

  /** Select number `i` of a layer; null closes what is open. */
  function select(step, i, comes) {
    if (i === null) steps[step].focus();
    selected = i === null ? null : { step, i };
    chosen = {};
    steps.forEach((one, index) => one.mark(index === step ? i : null, values[index]));
    if (i === null) return;
    tell("polite");
    steps[step].show(comes);
  }

  function tell(live) {
    const { step } = selected;
    const { activeElement } = document;
    const table = root.contains(activeElement) && activeElement.closest(".numbers");
    const explanation = explain(network, {
      ...selected,
      values,
      chosen,
      go: (earlier, i) => select(earlier, i, true),
      pick(choice) {
        chosen = choice;
        tell("off");
      },
    });
    steps[step].tell(selected.i, explanation, values[step], values[step - 1], live);
    if (!table) return; // else what had the focus was made anew
    const name = table.getAttribute("aria-label");
    steps[step].root.querySelector(`[aria-label="${name}"] [tabindex="0"]`)?.focus();
  }

  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && selected) select(selected.step, null);
  });
  const model = pageModel(network, update);
  build();
  new ResizeObserver(() => maps.clientWidth < 500 !== narrow && build()).observe(maps);
  if (image) model.showImage(image);
  else model.showExample(strokes);
  renderPad({ model, el: pad });
  return model;
}

/** Build the part of a page for one layer: its maps, the chosen one enlarged, the explanation. */
function section(network, step, shape, narrow, select) {
  const layer = network.layers[step - 1];
  const [rows, columns, channels] = layout(shape);
  const across = Math.min(channels, (channels > 64 ? 16 : 8) * (narrow ? 1 : 2));
  const title = named(network, step);
  const size = shape.length > 1 ? `${rows}x${columns}` : shape[0].toLocaleString("en");
  const count = channels > 1 ? `${channels} maps of ${size} numbers` : `${size} numbers`;
  const first = network.layers.findIndex(({ kind }) => kind === layer?.kind) === step - 1;
  const about = layer && first ? `, ${KINDS[layer.kind]}${AFTERWARDS[layer.activation]}` : "";
  const least = step === 0 || layer.activation === "softmax" ? 1 : 0;
  let at = null; // the number that is marked

  const pickNumber = (row, column, tapped) =>
    select(step, tapped || at !== null ? number(row, column) : strongest(given));
  const number = (row, column) => (row * columns + column) * channels + ((at ?? 0) % channels);
  const pickMap = (row, column, tapped) => {
    const map = row * across + column;
    if (map >= channels) return;
    const place = tapped
      ? Math.floor(tapped[0] * rows) * columns + Math.floor(tapped[1] * columns)
      : at === null
        ? strongest(one(map))
        : Math.floor(at / channels);
    select(step, place * channels + map);
  };
  let given = [];
  const one = (map) => given.filter((_, i) => i % channels === map);

  const many = channels > 1;
  const label = `${title}, ${count}`;
  const numbers = cells(
    many ? "map-one" : `map-${shape.length}d`,
    label,
    rows,
    columns,
    pickNumber,
  );
  const down = Math.ceil(channels / across);
  const all = many ? cells("map-all", `${label}, all maps`, down, across, pickMap) : numbers;
  const [height, width, wide] = step ? (network.layers[step - 2]?.shape ?? network.shape) : [];
  const before =
    wide &&
    ["Conv2D", "MaxPooling2D"].includes(layer.kind) &&
    cells("map-before", `A map before ${title}`, height, width, (row, column) =>
      select(step - 1, (row * width + column) * wide + patch.map, true),
    );
  let patch = null;

  const heading = element("p", "viewer-title");
  heading.append(element("strong", "", { textContent: title }), `: ${count}${about}`);
  const answer = element("p", "explain-title");
  const close = element("button", "pad-button", { type: "button", textContent: "Close" });
  close.addEventListener("click", () => select(step, null));
  const text = element("div", "explain-text");
  const detail = element("div", "explain", { hidden: true });
  detail.append(element("div", "explain-head", {}, answer, close));
  if (before) detail.append(before.root);
  if (many) detail.append(numbers.root);
  detail.append(text);
  const root = element("section", "viewer-layer", {}, heading, all.root, detail);
  root.setAttribute("aria-label", title);
  root.dataset.kind = layer?.kind ?? "image";

  function drawOne() {
    if (many && at !== null) drawMaps(numbers.canvas, one(at % channels), [rows, columns, 1], 1);
  }

  return {
    root,
    draw(newValues) {
      given = newValues;
      drawMaps(all.canvas, given, [rows, columns, channels], across, least, step === 0);
      drawOne();
    },
    /** Show which number is selected, or with null that none is. */
    mark(i) {
      at = i;
      detail.hidden = i === null;
      if (i === null) return [all, numbers].forEach((map) => map.unmark());
      const place = Math.floor(i / channels);
      numbers.mark(Math.floor(place / columns), place % columns);
      if (many) all.mark(Math.floor((i % channels) / across), (i % channels) % across);
      drawOne();
    },
    tell(i, explanation, values, earlier, live) {
      answer.setAttribute("aria-live", live);
      answer.textContent = `${title}, ${whereabouts(i, shape)}: ${written(values[i])}`;
      text.replaceChildren(...explanation.parts);
      if (!before) return;
      patch = explanation.patch;
      const map = earlier.filter((_, j) => j % wide === patch.map);
      const isImage = step === 1;
      drawMaps(before.canvas, map, [height, width, 1], 1, isImage ? 1 : 0, isImage);
      before.mark(patch.row, patch.column, patch.size);
    },
    focus: () => all.canvas.focus(),
    /** Bring the explanation into sight; after a step from another layer it has the focus. */
    show(comes) {
      if (comes) numbers.canvas.focus({ preventScroll: true });
      if (comes || detail.getBoundingClientRect().top > window.innerHeight - 160) {
        detail.scrollIntoView({ block: "start" });
      }
    },
  };
}

/** Name a layer by its kind, and by its number if there are several; step 0 is the image. */
function named({ layers }, step) {
  if (step === 0) return "The image";
  const { kind } = layers[step - 1];
  const several = layers.filter((layer) => layer.kind === kind).length > 1;
  const number = layers.slice(0, step).filter((layer) => layer.kind === kind).length;
  return several ? `${kind} ${number}` : kind;
}

/** Return rows, columns and channels of what a layer gives; a long row is broken into several. */
function layout(shape) {
  if (shape.length > 1) return shape;
  const columns = [128, 100, 64, 50, 32].find((n) => shape[0] > 2 * n && shape[0] % n === 0);
  return columns ? [shape[0] / columns, columns, 1] : [1, shape[0], 1];
}

/** Show a network in a notebook, as an anywidget; the kernel has nothing more to do. */
export function renderNetwork({ model, el }) {
  const { buffer, byteOffset } = model.get("image");
  const image = new Uint8Array(buffer, byteOffset, 784);
  showNetwork(el, readNetwork(model.get("network")), { image });
}
