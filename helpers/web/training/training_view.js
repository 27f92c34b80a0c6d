// What one sees of training.js: what there is to choose, the curves, and the mistakes.

import { _, element } from "../elements/index.js";
import { showImage } from "../pad/index.js";
import { FEW } from "./training_images.js";

const SHOWN = 24; // mistakes
const RATES = [0.00001, 0.0007, 0.001, 0.003, 0.1];
const SIZES = [16, 32, 64, 256];

/** Build what one sees in the element `panel`, and return the elements by their names. */
export function buildView(panel, known) {
  const text = (said) => said.replaceAll("<", "&lt;");
  const select = (name, label, values) => {
    const option = ([value, said]) => `<option value="${value}">${text(said)}</option>`;
    const options = values.map(option).join("");
    return `<label>${text(label)} <select data-name="${name}">${options}</select></label>`;
  };
  const numbers = (values) => values.map((value) => [value, String(value)]);
  const figure = (name, caption = "") =>
    `<figure><figcaption data-name="${name}-caption">${text(caption)}</figcaption>
     <div data-name="${name}"></div></figure>`;
  const press = (name, said = "") =>
    `<button type="button" class="pad-button" data-name="${name}">${text(said)}</button>`;
  panel.innerHTML = `
    <div class="train-row" role="group" data-name="asked" hidden></div>
    <details data-name="details"><summary>${text(_("Train it yourself"))}</summary>
    <p>${text(_("Draw, and say what it is: the network learns your drawing, together with digits of MNIST, a collection of 70,000 handwritten ones, so that it doesn't forget those. Or choose another network and other images, and press Train. Nothing leaves this page."))}</p>
    <div class="train-row">
      ${press("go")} ${press("once", _("Step"))} ${press("again", _("Begin again"))}</div>
    <p class="train-status" role="status" data-name="status"></p>
    <div class="train-row">
      ${select("network", _("Network"), [
        ["trained", _("the trained one")],
        ["one", _("one layer: ten images of weights (softmax regression)")],
        ["small", _("small: two convolutions")],
        ["lesson", _("the lesson's: three convolutions")],
      ])}
      ${select("source", _("Images to learn from"), [
        ["mnist", _("{count} of MNIST", { count: known.toLocaleString("en") })],
        ["few", _("{count} of MNIST", { count: FEW })],
        ["shuffled", _("{count} of MNIST, with shuffled labels", { count: FEW })],
        ["own", _("your drawings")],
        ["both", _("your drawings and MNIST's")],
      ])}
      ${select("rate", _("Learning rate"), numbers(RATES))}
      ${select("size", _("Batch size"), numbers(SIZES))}
      <label>${text(_("Seed"))} <input type="number" data-name="seed" min="1" value="1"></label>
    </div>
    <p>${text(_("In a step, the network looks at a batch of images and moves each weight a little, so that it reads them better; the learning rate says how far. The seed decides what is left to chance: the first weights, and the order of the images."))}</p>
    <div data-name="drawings"></div>
    <p data-name="trouble" hidden>${text(_("A worker of the browser has failed. The page itself computes now, which takes longer."))}</p>
    <div data-name="results" hidden>
    <p>${text(_("Loss: how wrong it is, 0 is best. Accuracy: the share that it reads. Blue: images that it learns from; dashed green: others, for validation."))}
      ${press("keep", _("Keep this curve"))} <span data-name="kept"></span></p>
    <div class="train-row">${figure("loss", _("Loss"))} ${figure("accuracy", _("Accuracy"))}</div>
    <div class="train-row">${figure("filters")} ${figure("mistakes")}</div>
    <p>${text(_("One step in numbers: press Step, then tap one of the images of weights above."))}</p>
    <div data-name="numbers"></div></div>
    <p data-name="folds"><label><input type="checkbox" data-name="look">
      ${text(_("Look inside"))}</label></p>
    <p class="train-row" data-name="way">${press("home", _("Take it home"))}
      <a data-name="link">${text(_("A link to these settings"))}</a> <span role="status" data-name="note"></span>
      <span>${text(_("At home it is one file with the network and your drawings, which opens anywhere. A notebook can't read it: to go on there, train the same network in notebook 3."))}</span></p>
    </details>`;
  const named = [...panel.querySelectorAll("[data-name]")];
  return Object.fromEntries(named.map((node) => [node.dataset.name, node]));
}

/** Draw a curve of the training batches and one of the validation images, over one kept of these. */
export function drawCurves(node, name, run, kept, top) {
  const end = Math.max(3200, ...[...run, ...kept].map(({ seen }) => seen));
  const line = (key, points) => {
    const drawn = points.flatMap(({ seen, [key]: values }) => {
      const height = values && (140 * Math.min(values[name], top)) / top;
      return values ? [`${(30 + (285 * seen) / end).toFixed(1)},${(150 - height).toFixed(1)}`] : [];
    });
    return drawn.length === 1 ? [drawn, drawn] : drawn; // a single point is seen as a dot
  };
  const keptOf = kept.some(({ validation }) => validation) ? "validation" : "training";
  // The colours of the lesson's figures.
  node.innerHTML = `<svg viewBox="0 0 320 170" fill="currentColor" font-size="12" aria-hidden="true">
    <path fill="none" stroke="currentColor" d="M30 10V150H315" />
    <text x="26" y="16" text-anchor="end">${top}</text>
    <text x="26" y="153" text-anchor="end">0</text>
    <text x="315" y="166" text-anchor="end">${end.toLocaleString("en")}</text>
    <text x="172" y="166" text-anchor="middle">${_("images seen")}</text>
    <g fill="none" stroke-width="2" stroke-linecap="round">
    <polyline stroke="#999" points="${line(keptOf, kept)}" />
    <polyline stroke="#0072b2" points="${line("training", run)}" />
    <polyline stroke="#009e73" stroke-dasharray="6 3" points="${line("validation", run)}" /></g></svg>`;
}

/** Show some of the validation images that have wrong `answers`, each with its own. */
export function showMistakes(nodes, answers, validation) {
  const wrong = [...answers.keys()].filter((i) => answers[i] !== validation[i].label);
  const counts = { count: wrong.length, others: answers.length };
  const text = _("Wrong: {count} of {others}. Some of them, and what it said:", counts);
  nodes["mistakes-caption"].textContent = answers.length ? text : "";
  const shown = wrong.slice(0, SHOWN).map((i) => {
    const { image, label } = validation[i];
    const ariaLabel = _("A {label}, read as {answer}", { label, answer: answers[i] });
    const canvas = element("canvas", "", { role: "img", ariaLabel });
    showImage(canvas, image);
    const answer = element("span", "", { ariaHidden: "true" }, String(answers[i]));
    return element("span", "train-image", {}, canvas, answer);
  });
  nodes.mistakes.replaceChildren(element("div", "train-row", {}, ...shown));
}

/** Say what it has learned and what that has cost. */
export function told({ steps, seen, points }, drawings) {
  const { validation } = points.at(-1);
  const { training } = points.findLast((point) => point.training);
  const right = (time) => drawings.filter((drawing) => drawing[time] === drawing.label).length;
  const accuracy = `${(100 * training.accuracy).toFixed(1)}%`;
  const values = { steps, seen: seen.toLocaleString("en"), training: accuracy };
  const mine = { all: drawings.length, after: right("after"), before: right("before") };
  const first = points[0].validation?.right;
  const others = { others: validation?.digits.length, right: validation?.right, first };
  return [
    _("Steps: {steps}, images: {seen}. Accuracy on the last of them: {training}.", values),
    mine.all ? _("It reads {after} of your {all} drawings (before: {before}).", mine) : "",
    validation
      ? _("Of {others} digits that it doesn't learn from, it reads {right} (before: {first}).", others)
      : _("Does it read a new one? Draw it."),
  ].join(" ");
}
