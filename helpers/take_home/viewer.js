// A network on a page: draw, see every map of every layer, and ask where a number comes from.

import { element, renderPad } from "../pad/pad.js";
import { explain, whereabouts, written } from "./explain.js";
import { cells, drawMaps } from "./maps.js";
import { readNetwork } from "./network.js";
import { pageModel } from "./page_model.js";

/**
 * Show a network in the element `el`; it begins with strokes, or an image of 784 greys to 255.
 *
 * Return the model behind its pad.
 */
export function showNetwork(el, network, { strokes, image }) {
  let values = [];
  let selected = null; // { step, i }: a number of what the layers give
  let chosen = {};
  const narrow = el.clientWidth < 500;
  const sections = element("div", "viewer");
  sections.dataset.lmSuppressShortcuts = "true"; // JupyterLab's keys are not for the maps
  el.append(element("div", "viewer-frame", {}, sections));
  const pad = sections.appendChild(element("div", "viewer-pad"));
  const maps = sections.appendChild(element("div", "viewer-maps"));
  const shapes = [network.shape, ...network.layers.map((layer) => layer.shape)];
  const steps = shapes.map((shape, step) => section(network.layers[step - 1], shape, step));
  maps.append(...steps.map(({ root }) => root));

  function update(newValues) {
    values = newValues;
    steps.forEach((step) => step.draw());
    if (selected) explainSelected();
  }

  function select(step, i, focus = false) {
    selected = { step, i };
    chosen = {};
    steps.forEach((one, index) => one.mark(index === step ? i : null));
    explainSelected();
    if (focus) steps[step].focus();
  }

  function explainSelected() {
    const name = sections.contains(document.activeElement)
      ? document.activeElement.closest(".numbers")?.getAttribute("aria-label")
      : null;
    steps[selected.step].tell(
      explain(network, {
        ...selected,
        values,
        chosen,
        go: (step, i) => select(step, i, true),
        pick(choice) {
          chosen = choice;
          explainSelected();
        },
      }),
    );
    // What had the focus was made anew.
    if (name)
      sections
        .querySelector(`.explain:not([hidden]) [aria-label="${name}"] [tabindex="0"]`)
        ?.focus();
  }

  /** Build the part of the page for one layer: its maps, the chosen one enlarged, the numbers. */
  function section(layer, shape, step) {
    const [rows, columns, channels] = layout(shape);
    const across = Math.min(channels, narrow ? (channels > 64 ? 16 : 8) : channels > 64 ? 32 : 16);
    const down = Math.ceil(channels / across);
    const title = layer ? layer.name : "The image";
    const size = shape.length > 1 ? `${rows}x${columns}` : shape[0].toLocaleString("en");
    const what = channels > 1 ? `${channels} maps of ${size} numbers` : `${size} numbers`;
    const at = () => (selected?.step === step ? selected.i : 0);
    const pickNumber = (row, column) =>
      select(step, (row * columns + column) * channels + (at() % channels));
    const pickMap = (row, column, [down, along] = []) => {
      const map = row * across + column;
      const tapped = Math.floor(down * rows) * columns + Math.floor(along * columns);
      const place = Number.isNaN(tapped) ? Math.floor(at() / channels) : tapped;
      if (map < channels) select(step, place * channels + map);
    };
    const label = `${title}: ${what}.`;
    const one = cells(
      channels > 1 ? "map-one" : `map-${shape.length}d`,
      `${label} Numbers.`,
      rows,
      columns,
      pickNumber,
    );
    const all = channels > 1 && cells("map-all", `${label} Maps.`, down, across, pickMap);
    const heading = element(
      "p",
      "viewer-title",
      {},
      element("strong", "", { textContent: layer?.kind ?? title }),
      layer ? ` ${title}: ` : ": ",
      what,
      layer && layer.activation !== "linear" ? `, ${layer.activation}` : "",
    );
    const text = element("div", "explain-text");
    const detail = element("div", "explain", { hidden: true });
    const answer = element("p", "explain-title");
    answer.setAttribute("role", "status");
    detail.append(...(all ? [one.root] : []), text);
    const root = element("section", "viewer-layer", {}, heading, (all || one).root, detail);
    root.setAttribute("aria-label", title);
    root.dataset.kind = layer?.kind ?? "image";

    return {
      root,
      draw() {
        const least = step === 0 || layer.activation === "softmax" ? 1 : 0;
        const { canvas } = all || one;
        drawMaps(canvas, values[step], [rows, columns, channels], across, least, step === 0);
        if (all && !detail.hidden) drawOne();
      },
      mark(i) {
        detail.hidden = i === null;
        for (const map of [one, all]) if (map && i === null) map.unmark();
        if (i === null) return;
        const place = Math.floor(i / channels);
        one.mark(Math.floor(place / columns), place % columns);
        if (all) {
          all.mark(Math.floor((i % channels) / across), (i % channels) % across);
          drawOne();
        }
      },
      tell(parts) {
        const number = written(values[step][selected.i]);
        answer.textContent = `${title}, ${whereabouts(selected.i, shape)}: ${number}`;
        text.replaceChildren(answer, ...parts);
      },
      focus() {
        one.canvas.focus();
        root.scrollIntoView({ block: "nearest" });
      },
    };

    function drawOne() {
      const map = at() % channels;
      const numbers = values[step].filter((_, i) => i % channels === map);
      drawMaps(one.canvas, numbers, [rows, columns, 1], 1);
    }
  }

  const model = pageModel(network, update);
  if (image) model.begin(image);
  else {
    model.set("strokes", strokes ?? []);
    model.save_changes();
  }
  renderPad({ model, el: pad });
  return model;
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
  showNetwork(el, readNetwork(model.get("network")), {
    image: new Uint8Array(buffer, byteOffset, 784),
  });
}
