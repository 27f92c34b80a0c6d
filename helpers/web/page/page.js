// The script of a page with one network.

import { _, element } from "../elements/index.js";
import { isTrainable, readNetwork } from "../network/index.js";
import { showTraining } from "../training/index.js";
import { showNetwork } from "../viewer/index.js";
import { keepPlace } from "./scroll_position.js";

// The text of this page, before anything changes it: it can be filled with another network.
const pageText = `<!DOCTYPE html>\n${document.documentElement.outerHTML}\n`;
const data = JSON.parse(document.getElementById("data").textContent);
const { description, strokes, drawings, rehearsal } = data;
const network = readNetwork(description);
const image = strokes.length ? null : network.examples[0];
const root = document.getElementById("network");
if (isTrainable(network)) {
  showTraining(root, {
    trainedNetwork: network,
    strokes,
    image,
    drawings,
    loadDigits: rehearsal && (async () => rehearsal),
    digitCount: rehearsal?.known,
    loadHomePage: async () => pageText,
    loadHomeData: async () => ({ rehearsal, title: document.title }),
  });
} else {
  showNetwork(root, network, { strokes, image });
}

// The name that somebody gives it stays in the page.
const [heading, title] = [document.querySelector("h1"), data.title ?? document.title];
const name = element("input", "", { value: title, size: 30 });
heading.after(element("label", "", {}, _("A name for it"), " ", name));
const rename = () => (heading.textContent = document.title = name.value || title);
name.addEventListener("input", rename);
rename();
keepPlace();
