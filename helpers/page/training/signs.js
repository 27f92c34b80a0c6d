// Somebody's own signs: the buttons below the answer, which say what a drawing is, and the cards of the
// classes.

import { _, button } from "../elements/index.js";
import { argmax } from "../network/index.js";
import { ClassCards } from "./class_cards.js";

export class Signs {
  #pad = null; // the model of the pad, which has the drawing and the answer

  /**
   * Show the classes and drawings of a DrawingList in the elements `nodes` of the panel. The paper of
   * the pad is in the element `el`. `page` has three functions: `isOfDrawings()` says whether the
   * network learns from drawings alone, `say(text)`, and `onKeep()` is called when a drawing has been
   * kept.
   */
  constructor(el, nodes, drawingList, page) {
    Object.assign(this, { el, nodes, drawingList, page });
    this.cards = new ClassCards(nodes, drawingList, (label) => this.keepFromCard(label));
    nodes["to-signs"].addEventListener("click", () => this.goToCards());
    nodes["to-pad"].addEventListener("click", () => this.goToPad());
  }

  /** Keep what is drawn on another pad, for the network has other layers or classes now. */
  setPad(pad) {
    this.#pad = pad;
    pad.addEventListener("answer", () => this.askForLabel());
    const { classes } = this.drawingList;
    const buttons = classes.map((name, label) => button(name, () => this.keep(label)));
    this.nodes.labels.replaceChildren(...buttons);
    this.askForLabel();
  }

  /** Show the classes and the drawings as they are now. */
  show() {
    this.cards.show();
  }

  /** Ask what a drawing is; where there is none, nobody can answer. */
  askForLabel() {
    const { nodes } = this;
    const question = this.page.isOfDrawings() ? _("Keep it: this is a") : _("Wrong? This is a");
    nodes.question.textContent = nodes.labels.ariaLabel = question;
    nodes.labels.disabled = !this.#hasDrawing();
  }

  /** Is there a drawing on the pad that can be kept? An example isn't somebody's drawing. */
  #hasDrawing() {
    const { content, answer } = this.#pad;
    return Boolean(content.strokes.length && !content.isExample && answer.image);
  }

  /** Keep the drawing on the pad under a label. */
  keep(label) {
    const { content, answer } = this.#pad;
    const before = argmax(answer.probabilities);
    const problem = this.drawingList.keep(label, content.strokes, before);
    if (problem) this.page.say(problem);
    else this.page.onKeep();
  }

  /** Keep the drawing on the pad for the class of a card, or ask for one. */
  keepFromCard(label) {
    if (this.#hasDrawing()) {
      this.keep(label);
      return;
    }
    this.page.say(_("Draw it on the pad first."));
    this.goToPad();
  }

  /** Empty the pad for the next drawing. */
  clearPad() {
    this.#pad.showExample([]); // Undo brings the drawing back
    this.goToPad();
  }

  goToPad() {
    this.el.querySelector(".pad-paper").focus();
  }

  /** Open the cards, which are far from the pad where the page is narrow. */
  goToCards() {
    this.openCards();
    this.nodes.signs.scrollIntoView();
    this.nodes["signs-summary"].focus({ preventScroll: true });
  }

  openCards() {
    this.nodes.signs.open = true;
  }
}
