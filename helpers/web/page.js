// The script of a page with one network.

import { forward, readNetwork } from "./network.js";
import { showNetwork } from "./viewer.js";

const { description, strokes } = JSON.parse(document.getElementById("data").textContent);
const network = readNetwork(description);
showNetwork(document.getElementById("network"), network, { strokes });

// For the browser's console: from 784 numbers, 0 to 1, to ten probabilities.
window.answer = (image) => [...forward(network, image).at(-1)];
