// The script of a page with one network.

import { _ } from "../elements/index.js";
import { DIGIT_NAMES, forward, isTrainable, readNetwork } from "../network/index.js";
import { Path } from "../path/index.js";
import { showTraining } from "../training/index.js";
import { showNetwork } from "../viewer/index.js";
import { keepPlace } from "./scroll_position.js";

// The text of this page, before anything changes it: it can be filled with another network.
const pageText = `<!DOCTYPE html>\n${document.documentElement.outerHTML}\n`;
const data = JSON.parse(document.getElementById("data").textContent);
const { description, strokes, drawings, rehearsal, wasBroken } = data;
const network = readNetwork(description);
checkNetwork(network);
const image = strokes.length ? null : network.examples[0];
const root = document.getElementById("network");
const heading = document.querySelector("h1");
const title = data.title ?? document.title;

/**
 * Raise an error if the network of a damaged file can't answer, for example because it has no layers,
 * or a layer of an unknown kind. The page then keeps the sentence that the file is damaged.
 */
function checkNetwork(tested) {
  const answer = forward(tested, new Float32Array(784).fill(0.5)).at(-1);
  const { length } = tested.classes ?? DIGIT_NAMES;
  if (answer.length !== length || !answer.every(Number.isFinite))
    throw new Error(`The network gives ${answer.length} numbers to ${length} classes.`);
}

/** Give the page the name that somebody writes, or its first one. */
function rename(name) {
  heading.textContent = document.title = name || title;
}

rename(title);
const about = document.getElementById("about");
if (wasBroken) about.append(" ", _("Some of its weights were changed on purpose, to break it."));
const path = new Path(root, about);
const onView = (view) => path.follow(view);
if (isTrainable(network)) {
  const { training } = showTraining(root, {
    trainedNetwork: network,
    strokes,
    image,
    drawings,
    loadDigits: rehearsal && (async () => rehearsal),
    digitCount: rehearsal?.known,
    loadHomePage: async () => pageText,
    loadHomeData: async () => ({ rehearsal }),
    title,
    rename,
    wasBroken,
    onView,
  });
  path.offer(training);
} else {
  onView(showNetwork(root, network, { strokes, image }));
  path.offer();
}
keepPlace();
document.getElementById("incomplete").remove(); // it is shown where no network has appeared
