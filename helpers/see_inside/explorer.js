// Two sliders above the feature maps that they choose, untrained beside trained.

import { element } from "../pad/pad.js";
import { drawMaps } from "../take_home/maps.js";
import { forward, readNetwork } from "../take_home/network.js";

/** Show an explorer in the element `el`, of two networks by name and images of 784 numbers to 1. */
export function showExplorer(el, networks, images) {
  const convolutions = Object.values(networks)[0].layers.flatMap(({ kind }, i) =>
    kind === "Conv2D" ? [i] : [],
  );
  const image = slider("image", 0, images.length - 1);
  const layer = slider("convolution", 1, convolutions.length);
  const title = element("p", "explorer-title");
  title.setAttribute("role", "status");
  const pictures = ["the image", ...Object.keys(networks)].map((name) => {
    const canvas = element("canvas", "map-canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", name === "the image" ? name : `feature maps, ${name}`);
    return {
      canvas,
      figure: element(
        "figure",
        "explorer-part",
        {},
        element("figcaption", "", { textContent: name }),
        canvas,
      ),
    };
  });
  const row = element("div", "explorer-row", {}, ...pictures.map(({ figure }) => figure));
  const root = element("div", "viewer explorer", {}, image.root, layer.root, title, row);
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab's keys are not for the sliders
  el.append(root);

  function draw() {
    const shown = images[image.input.value];
    const index = convolutions[layer.input.value - 1];
    drawMaps(pictures[0].canvas, shown, [28, 28, 1], 1, 1, true);
    Object.values(networks).forEach((network, i) => {
      const { shape } = network.layers[index];
      const [height, width, channels] = shape;
      drawMaps(
        pictures[i + 1].canvas,
        forward(network, shown)[index + 1],
        shape,
        Math.ceil(Math.sqrt(channels)),
      );
      title.textContent = `${channels} maps of ${height}x${width}, each on its own scale`;
    });
  }

  for (const { input } of [image, layer]) input.addEventListener("input", draw);
  draw();
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
  const numbers = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const images = Array.from({ length: numbers.length / 784 }, (_, i) =>
    numbers.subarray(784 * i, 784 * (i + 1)),
  );
  showExplorer(el, Object.fromEntries(networks), images);
}
