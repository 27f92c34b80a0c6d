// The script of a page with one network.

import { renderKept } from "./keep.js";
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
document.querySelector(".pad-more").append(kept);
renderKept(kept, model);

// The name that somebody gives it stays in the page.
const [heading, title] = [document.querySelector("h1"), document.title];
const name = element("input", "", { value: title });
heading.after(element("label", "", {}, _("A name for it"), " ", name));
name.addEventListener("input", () => {
  heading.textContent = document.title = name.value || title;
});

// For the browser's console: from 784 numbers, 0 to 1, to ten probabilities.
window.answer = (image) => [...forward(network, image).at(-1)];
