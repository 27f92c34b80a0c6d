// Two sliders above the feature maps that they choose, untrained beside trained.

import { _, drawMaps, element, keepKeys } from "../../page/elements/index.js";
import { forward, imagesIn, inputOf, readNetwork } from "../../page/network/index.js";

/** Show an explorer in the element `el`, of two described networks and images, 784 bytes each. */
export function showExplorer(el, { untrained, trained }, bytes) {
  const images = imagesIn(bytes);
  const networks = [
    [_("untrained"), untrained],
    [_("trained"), trained],
  ];
  const shown = networks.map(([name, description]) => {
    const network = readNetwork(description);
    const convolutions = network.layers.flatMap(({ kind }, i) => (kind === "Conv2D" ? [i] : []));
    return { network, convolutions, ...picture(name, _("feature maps, {name}", { name })) };
  });
  const image = slider(_("image"), 0, images.length - 1);
  const layer = slider(_("convolution"), 1, shown[0].convolutions.length);
  const original = picture(_("the image"), _("the image"));
  const title = element("p", "explorer-title", { role: "status" });
  const figures = [original, ...shown].map(({ figure }) => figure);
  const row = element("div", "explorer-row", {}, ...figures);
  const root = element("div", "viewer explorer", {}, image.root, layer.root, title, row);
  keepKeys(root);
  el.append(root);

  function draw() {
    const pixels = inputOf(images[image.input.value]);
    drawMaps(original.canvas, pixels, [28, 28, 1], 1, 1, true);
    for (const { network, convolutions, canvas } of shown) {
      const index = convolutions[layer.input.value - 1];
      const { shape } = network.layers[index];
      const [height, width, channels] = shape;
      const columns = Math.ceil(Math.sqrt(channels));
      drawMaps(canvas, forward(network, pixels)[index + 1], shape, columns);
      const sizes = { channels, height, width };
      title.textContent = _("{channels} maps of {height}x{width}, each on its own scale", sizes);
    }
  }

  for (const { input } of [image, layer]) input.addEventListener("input", draw);
  draw();
}

function picture(name, ariaLabel) {
  const canvas = element("canvas", "", { role: "img", ariaLabel });
  const caption = element("figcaption", "", {}, name);
  return { canvas, figure: element("figure", "", {}, caption, canvas) };
}

function slider(name, min, max) {
  const input = element("input", "", { type: "range", min, max, value: min });
  const output = element("output", "", { textContent: min });
  input.addEventListener("input", () => (output.textContent = input.value));
  return { input, root: element("label", "explorer-slider", {}, name, input, output) };
}

/** Show an explorer in a notebook, as an anywidget. */
export function renderExplorer({ model, el }) {
  const { buffer, byteOffset, byteLength } = model.get("images");
  showExplorer(el, model.get("networks"), new Uint8Array(buffer, byteOffset, byteLength));
}
