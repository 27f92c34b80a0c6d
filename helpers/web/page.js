// The script of a page with one network.

import { renderKept, saveDrawing } from "./keep.js";
import { _ } from "./language.js";
import { forward, readNetwork } from "./network.js";
import { element } from "./pad.js";
import { showNetwork } from "./viewer.js";

const { description, strokes, rehearsal } = JSON.parse(document.getElementById("data").textContent);
const network = readNetwork(description);
const model = showNetwork(document.getElementById("network"), network, {
  strokes,
  load: async () => rehearsal,
});
const kept = element("div", "page-kept");
const save = element("button", "pad-button", {
  type: "button",
  textContent: _("Download as a picture"),
});
save.addEventListener("click", () =>
  saveDrawing(model, document.querySelector(".pad-answer").textContent),
);
document.querySelector(".pad-more").append(save, kept);
renderKept(kept, model);

// The same network before its training, with random weights, to compare.
const untrained = element("input", "", { type: "checkbox" });
const trained = network.layers.map(({ kernel }) => kernel?.slice());
untrained.addEventListener("change", () => {
  network.layers.forEach(({ kernel, shape }, i) => {
    const most = kernel && Math.sqrt((6 * shape.at(-1)) / kernel.length); // of random weights
    kernel?.forEach((_unused, k) => {
      kernel[k] = untrained.checked ? (2 * Math.random() - 1) * most : trained[i][k];
    });
  });
  model.again();
});

// The name that somebody gives it stays in the page.
const [heading, title] = [document.querySelector("h1"), document.title];
const name = element("input", "", { value: title });
heading.after(
  element("label", "", {}, _("A name for it"), " ", name),
  element("label", "", {}, untrained, " ", _("untrained, with random weights")),
);
name.addEventListener("input", () => {
  heading.textContent = document.title = name.value || title;
});

// For the browser's console: from 784 numbers, 0 to 1, to ten probabilities.
window.answer = (image) => [...forward(network, image).at(-1)];
