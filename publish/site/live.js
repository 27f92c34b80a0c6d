// What is alive on the site: in each element with `data-live` a pad, a network or a training
// run. `live`, `FILES`, the folder of what is loaded, and `HOME`, the name of the page to take home,
// stand before; so does the live.js of each optional lesson that has one, which adds a kind of its
// own to `live`.

import { _, button, element } from "../../helpers/page/elements/index.js";
import { readBytes, readNetwork } from "../../helpers/page/network/index.js";
import { PadModel, showPad } from "../../helpers/page/pad/index.js";
import { keepPlace } from "../../helpers/page/home/index.js";
import { Path } from "../../helpers/page/path/index.js";
import { showTraining } from "../../helpers/page/training/index.js";
import { showNetwork } from "../../helpers/page/viewer/index.js";

const training = {
  loadDigits: () => load("digits"),
  loadHomeData: async () => ({ rehearsal: await load("rehearsal") }),
  loadHomePage: () => load(HOME),
};
live.pad = {
  needs: ["trained"],
  show: (el, trained) => showPad(new PadModel(readNetwork(trained)), el),
};
live.network = {
  needs: ["untrained", "digit"],
  show: (el, untrained, digit) =>
    showNetwork(el, withGlossary(untrained), { image: readBytes(digit) }),
};
live.learn = {
  needs: ["strokes"],
  show: (el, strokes) => showTraining(el, { ...training, strokes, address: el.dataset.address }),
};
live.front = {
  needs: ["trained", "strokes"],
  show(el, trained, strokes) {
    const trainedNetwork = withGlossary(trained);
    const beginning = element("p", "path-begin");
    const path = new Path(el, beginning);
    const onView = (view) => path.follow(view);
    const shown = showTraining(el, { ...training, strokes, trainedNetwork, onView });
    el.prepend(beginning);
    path.offer(shown.training);
    const links = document.querySelector(".ways");
    if (links) keepBelowPad(el, links);
    replay(el, shown.model, strokes);
  },
};

const folder = new URL(FILES, document.currentScript.src), loading = {};
const glossary = new URL("../docs/glossary.html", document.currentScript.src).href;
const withGlossary = (description) => ({ ...readNetwork(description), glossary });

/**
 * Load a file of `_static` by its name, once; they are too large for pages without need. Where it
 * fails, the next call tries again.
 */
function load(name) {
  return (loading[name] ??= new Promise((done, fail) => {
    const onload = () => done(window.helloMnist[name]);
    const onerror = () => {
      loading[name] = null;
      fail(new Error(`${name}.js can't be loaded`));
    };
    const src = new URL(`${name}.js`, folder);
    document.head.append(element("script", "", { onload, onerror, src }));
  }));
}

/** Keep an element below the pad, which is made anew for each network. */
function keepBelowPad(el, node) {
  const place = () => {
    const pad = el.querySelector(".viewer-pad");
    if (node.parentElement !== pad) pad.append(node);
  };
  new MutationObserver(place).observe(el.querySelector(".viewer"), { childList: true });
  place();
}

/**
 * Load what the element `el` needs, and show it in place of what stood in for it. If a file can't be
 * loaded, a sentence says so, and a button tries again.
 */
async function showLive(el) {
  const { needs, show } = live[el.dataset.live];
  const note = el.querySelector(".live-note") ?? element("p", "live-note", {}, _("Loading ..."));
  el.append(note);
  const loaded = await Promise.all(needs.map(load)).catch(() => null);
  if (loaded) {
    el.replaceChildren();
    show(el, ...loaded);
    return;
  }
  note.ariaLive = "polite";
  const again = button(_("Try again"), () => {
    note.replaceChildren(_("Loading ..."));
    showLive(el);
  });
  note.replaceChildren(_("A part of this page can't be loaded. Check your connection."), " ", again);
}

/**
 * Draw the example as a hand does, by each third point, until somebody takes the pen or looks into
 * the network; a slow machine shows it at once.
 */
function replay(el, pad, strokes) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const all = strokes.flatMap((stroke, i) => stroke.map((_, j) => [i, j + 1]));
  const points = all.filter((_, n) => n % 3 === 0);
  pad.isQuiet = true;
  let timer = setInterval(() => {
    const start = performance.now();
    const [i, j] = points.shift();
    pad.showExample([...strokes.slice(0, i), strokes[i].slice(0, j)]);
    if (!points.length || performance.now() - start > 20) stop();
  }, 75);
  function stop() {
    if (!timer) return; // since then, the pad is somebody's
    clearInterval(timer);
    timer = null;
    pad.isQuiet = false;
    pad.showExample(strokes);
  }
  for (const event of ["pointerdown", "keydown"])
    el.addEventListener(event, stop, { capture: true });
}

/**
 * Show what is alive, when the page has been painted and a reader comes near: what it loads is large,
 * and some of it computes for seconds.
 */
function showAll(_entries, observer) {
  observer.disconnect();
  keepPlace();
  const near = new IntersectionObserver(showNear, { rootMargin: "100%" });
  for (const el of document.querySelectorAll("[data-live]")) near.observe(el);
}

/** Show those live parts that a reader has come near for the first time. */
function showNear(entries, observer) {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    observer.unobserve(target);
    showLive(target);
  }
}

new PerformanceObserver(showAll).observe({ type: "paint", buffered: true });
