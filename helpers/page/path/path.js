// The path over a page with a network. Each step asks for a prediction, opens on the page what it speaks
// of, and says the answer with the numbers of the drawing on the pad.

import { ARROWS, _, button, element, elementOf, hasModifier, namedElements } from "../elements/index.js";
import { STEPS } from "./steps.js";

const ADDRESS = /^#path=(\d{1,2})$/;
const BLANK_PAD = _("The pad is blank. Draw something, and this step goes on.");
const FAILED_STEP = _("This step needs images that can't be loaded. Check your connection and try again.");

/**
 * What the functions of a step get as `page`:
 *
 * - `pad`, the model of the pad, its `network`, and the `values` of all layers, or null.
 * - `present(layerIndex, i)`: opens a number of the network, as showNetwork returns it.
 * - `training`: what showTraining returns, or null where nothing can be trained.
 * - `find(selector)`: an element of the page, but none of the step in numbers. `findLayer(layerIndex)` has
 *   the maps of a layer, and `findExplanation(layerIndex)` what is said of the number that is open.
 */
export class Path {
  #view = null; // of the network: what showNetwork returns
  #training = null;
  #name = null; // the title of the step that is shown
  #answers = new Map(); // by the titles of steps: the `choice`, and what was `prepared`
  #place = null; // the element that has the frame
  #following = null; // ends the listeners of a view

  /** Lead over what stands in the element `el`. The button that begins is appended to `beside`. */
  constructor(el, beside) {
    this.el = el;
    this.beside = beside;
    this.opener = button(_("Show me how it works"), () => this.#openStep(this.#present));
    this.bar = elementOf(htmlOf("path/path.jinja"));
    this.nodes = namedElements(this.bar);
    this.nodes.leave.onclick = () => this.#leave();
    this.nodes.back.onclick = () => this.#move(-1);
    this.nodes.on.onclick = () => this.#move(1);
    this.bar.addEventListener("keydown", (event) => this.#followKey(event));
  }

  /** Follow a view of a network, which showNetwork returns. It takes the place of the view before. */
  follow(view) {
    this.#following?.abort();
    this.#following = new AbortController();
    const hasOtherClasses = this.#view && String(this.#view.pad.classes) !== String(view.pad.classes);
    if (hasOtherClasses) this.#answers.clear();
    this.#view = view;
    view.pad.addEventListener("answer", () => this.#refresh(), { signal: this.#following.signal });
    this.#refresh();
  }

  /** Offer the path. `training` is what showTraining returns, where the page has one. */
  offer(training = null) {
    this.#training = training;
    this.beside.append(" ", this.opener);
    addEventListener("hashchange", () => this.#followHash());
    this.#followHash();
  }

  get #page() {
    const { pad, present } = this.#view;
    const find = (selector) =>
      [...this.el.querySelectorAll(selector)].find((node) => !node.closest("[data-name=numbers]"));
    return {
      pad,
      network: pad.network,
      values: pad.values,
      present,
      training: this.#training,
      find,
      findLayer: (layerIndex) => find(`.viewer-layer[data-layer-index="${layerIndex}"]`),
      findExplanation: (layerIndex) => find(`.explain[data-layer-index="${layerIndex}"]`),
    };
  }

  /** The steps that fit the network that is shown. */
  get #steps() {
    return STEPS.filter(({ fits }) => !fits || fits(this.#page));
  }

  /** The place in the list of the step that was shown last. If it doesn't fit any more, the first one. */
  get #present() {
    return Math.max(
      0,
      this.#steps.findIndex(({ title }) => title === this.#name),
    );
  }

  get #step() {
    return this.#steps[this.#present];
  }

  #followHash() {
    const number = Number(location.hash.match(ADDRESS)?.[1]);
    if (number >= 1) this.#openStep(Math.min(number, this.#steps.length) - 1);
  }

  #followKey(event) {
    const arrow = ARROWS[event.key];
    if (!arrow?.[0] || hasModifier(event)) return;
    event.preventDefault();
    this.#move(arrow[0]);
  }

  /** Go so many steps on. */
  #move(count) {
    const number = this.#present + count;
    if (number >= 0 && number < this.#steps.length) this.#openStep(number);
  }

  /** Show a step by its place in the list. Its heading gets the focus. */
  #openStep(number) {
    this.#name = this.#steps[number].title;
    history.replaceState(null, "", `#path=${number + 1}`);
    if (!this.bar.isConnected) this.el.before(this.bar);
    this.#show();
    this.bar.scrollTop = 0;
    this.#openNumber();
    this.#frame(true);
    this.nodes.heading.focus({ preventScroll: true });
  }

  /** Leave the path. Whoever goes on with it later finds the step again. */
  #leave() {
    this.bar.remove();
    this.#frame();
    history.replaceState(null, "", location.pathname + location.search);
    this.opener.textContent = _("Go on with the path");
    this.opener.focus();
  }

  /** Does the step wait for a drawing? */
  get #lacksDrawing() {
    return Boolean(this.#step.needsDrawing && !this.#page.values);
  }

  /** The drawing or the network has changed, so the numbers of the step have, too. */
  #refresh() {
    if (!this.bar.isConnected) return;
    this.nodes.answer.ariaLive = "off"; // while somebody draws, no screen reader reads each change
    const hadOtherStep = !this.#steps.some(({ title }) => title === this.#name);
    if (hadOtherStep) this.#name = this.#step.title;
    this.#follow();
    this.#show();
    if (!this.#view.pad.isDrawing() && !this.#view.pad.isQuiet) this.#openNumber();
    this.#frame();
  }

  /** Show the question of the step and, if it has been answered, what came out. */
  #show() {
    const { heading, question, options, answer, action, back, on } = this.nodes;
    const steps = this.#steps;
    const number = this.#present;
    const { title } = this.#step;
    const isEnd = number === steps.length - 1;
    const counted = _("Step {number} of {count}: {title}", {
      number: number + 1,
      count: steps.length - 1,
      title,
    });
    heading.textContent = isEnd ? title : counted;
    back.disabled = number === 0;
    on.hidden = isEnd;
    if (this.#lacksDrawing) {
      question.replaceChildren(BLANK_PAD);
      for (const node of [options, answer, action]) node.replaceChildren();
      return;
    }
    const answered = this.#answers.get(this.#name);
    const asked = this.#step.ask(this.#page, answered?.prepared);
    question.replaceChildren(...asked.question);
    options.ariaLabel = question.textContent;
    showButtons(options, asked.options, (k) => this.#choose(k));
    [...options.children].forEach((node, k) => (node.ariaPressed = String(answered?.choice === k)));
    answer.replaceChildren(...this.#describeAnswer(answered));
    const { action: offered } = this.#step;
    const isOffered = offered && (offered.fits?.(this.#page) ?? this.#isKnown(answered));
    showButtons(action, isOffered ? [offered.text] : [], () => this.#act(offered));
  }

  /** Return the nodes that say what came out, or none before there is an answer. */
  #describeAnswer(answered) {
    if (answered?.problem) return [answered.problem];
    if (answered?.isPending) return [_("One moment ...")];
    if (!answered) return [];
    const { choice, prepared } = answered;
    const right = this.#step.right?.(this.#page, prepared) ?? null;
    const nodes = this.#step.answer(this.#page, prepared, choice);
    return right === null ? nodes : [judge(choice, right), " ", ...nodes];
  }

  /** A drawing has come to rest, so a step that follows the drawing sees what has become of it. */
  #follow() {
    const answered = this.#answers.get(this.#name);
    if (!this.#isKnown(answered) || this.#view.pad.isDrawing()) return;
    const { follow } = this.#step;
    if (follow) answered.prepared = follow(this.#page, answered.prepared);
  }

  /** Has the step been answered, and is all known that the answer needs? */
  #isKnown(answered) {
    return Boolean(answered && !answered.isPending && !answered.problem && !this.#lacksDrawing);
  }

  /** Do what the button of the step says. */
  async #act({ run }) {
    await run(this.#page);
    this.#refresh();
  }

  /** Take the prediction, prepare what the answer needs, and show it. */
  async #choose(choice) {
    const name = this.#name;
    const step = this.#step;
    const earlier = this.#answers.get(name);
    this.#answers.set(name, { choice, isPending: true });
    if (step.prepare && !earlier?.prepared) this.#show();
    try {
      const prepared = earlier?.prepared ?? (await step.prepare?.(this.#page));
      this.#answers.set(name, { choice, prepared });
    } catch {
      this.#answers.set(name, { choice, problem: FAILED_STEP });
    }
    if (name !== this.#name || !this.bar.isConnected) return; // somebody has gone on meanwhile
    this.nodes.answer.ariaLive = "polite";
    this.#show();
    this.#openNumber();
    this.#frame(true);
    this.nodes.answer.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  /** Open on the page the number of which the answer speaks. */
  #openNumber() {
    const answered = this.#answers.get(this.#name);
    if (this.#isKnown(answered)) this.#step.open?.(this.#page, answered.prepared);
  }

  /** Frame the place of which the step speaks, if the path is open. It is brought into sight, if `isNew`. */
  #frame(isNew = false) {
    this.#place?.classList.remove("path-place");
    this.#place = null;
    if (!this.bar.isConnected) return;
    const isKnown = this.#isKnown(this.#answers.get(this.#name));
    const place = this.#lacksDrawing
      ? this.#page.find(".pad-sheet")
      : this.#step.place?.(this.#page, isKnown);
    if (!place) return;
    this.#place = place;
    place.classList.add("path-place");
    if (!isNew) return;
    const isHigh = place.offsetHeight > innerHeight / 2; // then its beginning is what one has to see
    place.scrollIntoView({ block: isHigh ? "start" : "nearest", behavior: "instant" });
  }
}

/** Show a button for each text. They are made anew only if the texts change, so that they keep the focus. */
function showButtons(root, texts, press) {
  const shown = [...root.children].map((node) => node.textContent);
  if (String(texts) === String(shown)) return;
  root.replaceChildren(...texts.map((text, k) => button(text, () => press(k))));
}

/** Say whether a prediction was right. */
function judge(choice, right) {
  const text = choice === right ? _("Your prediction was right.") : _("It comes out differently.");
  return element("strong", "", {}, text);
}
