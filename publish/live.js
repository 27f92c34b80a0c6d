// What is alive on the site: in each element with `data-live` a pad, a network or an explorer, with
// the networks and images that the page has loaded into `helloMnist`.

import { renderPad } from "../helpers/web/pad.js";
import { showExplorer } from "../helpers/see_inside/explorer.js";
import { readBytes, readNetwork } from "../helpers/web/network.js";
import { pageModel } from "../helpers/web/page_model.js";
import { showTraining } from "../helpers/web/train.js";
import { showNetwork } from "../helpers/web/viewer.js";

const LIVE = {
  pad: (el, { trained }) => renderPad({ model: pageModel(trained), el }),
  network: (el, { untrained, digit }) => showNetwork(el, untrained, { image: digit }),
  explorer: (el, { untrained, trained, images }) =>
    showExplorer(el, { untrained, trained }, images),
  learn: (el, { strokes }) => showTraining(el, { load: () => more("digits"), strokes }),
  front: (el, { trained, strokes }) => {
    const load = () => more("rehearsal");
    replay(el, showNetwork(el, trained, { strokes, load }), strokes);
  },
};

const beside = document.querySelector('script[src$="_static/strokes.js"]')?.src;

/** Load what is too large for a page that nobody may want it on: a file of `_static`, by its name. */
function more(name) {
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.onload = () => done(window.helloMnist[name]);
    script.onerror = fail;
    script.src = beside.replace("strokes.js", `${name}.js`);
    document.head.append(script);
  });
}

/** Draw the example as a hand does, until somebody takes the pen or looks into the network. */
function replay(el, model, strokes) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const points = strokes.flatMap((stroke, i) => stroke.map((_, j) => [i, j + 1]));
  model.replays = true;
  const timer = setInterval(() => {
    if (points.length === 1) return stop();
    const [i, j] = points.shift();
    model.showExample([...strokes.slice(0, i), strokes[i].slice(0, j)]);
  }, 25);
  function stop() {
    if (!model.replays) return;
    clearInterval(timer);
    model.replays = false;
    model.showExample([...strokes]); // the pad passes over the very strokes that it began with
  }
  for (const event of ["pointerdown", "keydown"])
    el.addEventListener(event, stop, { capture: true });
}

const { trained, untrained, digit, images, strokes } = window.helloMnist;
const loaded = {
  strokes,
  trained: trained && readNetwork(trained),
  untrained: untrained && readNetwork(untrained),
  digit: digit && readBytes(digit),
  images: images && Float32Array.from(readBytes(images), (grey) => grey / 255),
};
for (const el of document.querySelectorAll("[data-live]")) {
  el.replaceChildren();
  LIVE[el.dataset.live](el, loaded);
}
