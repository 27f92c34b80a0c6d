// Two sliders above the feature maps that they choose, untrained beside trained.

import { element, keepKeys } from "../web/pad.js";
import { drawMaps } from "../web/maps.js";
import { forward, readNetwork } from "../web/network.js";

/** Show an explorer in the element `el`, of two networks by name and images, 784 numbers each. */
export function showExplorer(el, networks, images) {
  const shown = Object.entries(networks).map(([name, network]) => {
    const convolutions = network.layers.flatMap(({ kind }, i) => (kind === "Conv2D" ? [i] : []));
    return { network, convolutions, ...picture(name, `feature maps, ${name}`) };
  });
  const image = slider("image", 0, images.length / 784 - 1);
  const layer = slider("convolution", 1, shown[0].convolutions.length);
  const original = picture("the image", "the image");
  const title = element("p", "explorer-title");
  title.setAttribute("role", "status");
  const row = element("div", "explorer-row");
  row.append(...[original, ...shown].map(({ figure }) => figure));
  const root = element("div", "viewer explorer", {}, image.root, layer.root, title, row);
  keepKeys(root);
  el.append(root);

  function draw() {
    const first = 784 * image.input.value;
    const pixels = images.subarray(first, first + 784);
    drawMaps(original.canvas, pixels, [28, 28, 1], 1, 1, true);
    for (const { network, convolutions, canvas } of shown) {
      const index = convolutions[layer.input.value - 1];
      const { shape } = network.layers[index];
      const [height, width, channels] = shape;
      const columns = Math.ceil(Math.sqrt(channels));
      drawMaps(canvas, forward(network, pixels)[index + 1], shape, columns);
      title.textContent = `${channels} maps of ${height}x${width}, each on its own scale`;
    }
  }

  for (const { input } of [image, layer]) input.addEventListener("input", draw);
  draw();
}

function picture(name, label) {
  const canvas = element("canvas", "map-canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  const caption = element("figcaption", "", { textContent: name });
  return { canvas, figure: element("figure", "explorer-part", {}, caption, canvas) };
}

function slider(name, min, max) {
  const input = element("input", "", { type: "range", min, max, value: min });
  const output = element("output", "", { textContent: min });
  input.addEventListener("input", () => (output.textContent = input.value));
  return { input, root: element("label", "explorer-slider", {}, name, input, output) };
}

/** Show an explorer in a notebook, as an anywidget. */
export function renderExplorer({ model, el }) {
  const networks = Object.entries(model.get("networks")).map(([name, one]) => [
    name,
    readNetwork(one),
  ]);
  const { buffer, byteOffset, byteLength } = model.get("images");
  const images = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  showExplorer(el, Object.fromEntries(networks), images);
}
