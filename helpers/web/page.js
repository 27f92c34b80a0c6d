// The script of a page with one network.

import { _ } from "./language.js";
import { readNetwork } from "./network.js";
import { element } from "./pad.js";
import { showNetwork } from "./viewer.js";

const { description, strokes, rehearsal } = JSON.parse(document.getElementById("data").textContent);
const network = readNetwork(description);
const load = rehearsal && (async () => rehearsal);
const image = strokes.length ? null : network.examples[0];
showNetwork(document.getElementById("network"), network, { strokes, image, load });

// The name that somebody gives it stays in the page.
const [heading, title] = [document.querySelector("h1"), document.title];
const name = element("input", "", { value: title });
heading.after(element("label", "", {}, _("A name for it"), " ", name));
name.addEventListener("input", () => {
  heading.textContent = document.title = name.value || title;
});
