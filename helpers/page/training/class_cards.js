// The cards of the classes. A card has the name of a class, its drawings, and a button that keeps the
// drawing on the pad. class_card.jinja has the elements of a card.

import { _, button, element, elementOf, isolated, namedElements, sentence } from "../elements/index.js";
import { areDigits, areSameNames, saveDrawings } from "../pad/index.js";
import CLASS_NAMES from "../shared/class_names.json" with { type: "json" };
import { newNames } from "./drawing_list.js";

const { min_classes: MIN_CLASSES, max_classes: MAX_CLASSES } = CLASS_NAMES;

export class ClassCards {
  #cards = [];

  /**
   * Show the cards of a DrawingList, the `list`, in the elements `nodes` of the panel. `keep(label)`
   * keeps the drawing on the pad.
   */
  constructor(nodes, list, keep) {
    Object.assign(this, { nodes, list, keep });
    nodes["add-class"].addEventListener("click", () => this.#addClass());
    nodes["own-signs"].addEventListener("click", () => this.#replaceClasses(newNames(MIN_CLASSES)));
    nodes["first-classes"].addEventListener("click", () => this.#replaceClasses(list.firstClasses));
    nodes.save.addEventListener("click", () => saveDrawings(list.drawings, list.classes));
    nodes.file.addEventListener("change", () => this.#openFile());
  }

  /** Show the classes and the drawings as they are now. */
  show() {
    const { nodes, list } = this;
    const { classes, firstClasses, drawings } = list;
    const isOfDigits = areDigits(classes);
    while (this.#cards.length > classes.length) this.#cards.pop().root.remove();
    while (this.#cards.length < classes.length) this.#addCard();
    this.#cards.forEach((card) => card.show(isOfDigits));
    nodes.save.hidden = !drawings.length;
    nodes["add-class"].hidden = isOfDigits || classes.length === MAX_CLASSES;
    nodes["own-signs"].hidden = !isOfDigits;
    nodes["first-classes"].hidden = areSameNames(classes, firstClasses);
    nodes["first-classes"].textContent = areDigits(firstClasses)
      ? _("Back to the ten digits")
      : _("Back to {names}", { names: firstClasses.map(isolated).join(" · ") });
    const summary = drawings.length ? _("Your signs ({count})") : _("Your signs");
    nodes["signs-summary"].replaceChildren(...sentence(summary, { count: drawings.length }));
  }

  #addCard() {
    const card = new ClassCard(this.list, this.#cards.length, this.keep);
    this.#cards.push(card);
    this.nodes["add-class"].before(card.root);
  }

  #addClass() {
    const problem = this.list.addClass();
    this.#showProblem(problem);
    if (!problem) this.#cards.at(-1).focusName();
  }

  #replaceClasses(names) {
    const problem = this.list.replaceClasses([...names]);
    this.#showProblem(problem);
    if (!problem) this.#cards[0].focusName();
  }

  /** Show what is wrong with what somebody has just chosen below the cards; "" if nothing is. */
  #showProblem(problem) {
    const { "signs-problem": node } = this.nodes;
    node.textContent = problem;
    if (problem) node.scrollIntoView({ block: "nearest" });
  }

  async #openFile() {
    const { file } = this.nodes;
    const problem = await this.list.load(file.files[0]);
    file.value = ""; // so that the same file can be chosen again
    this.#showProblem(problem);
  }
}

class ClassCard {
  #name = null; // as the class was called when the card was shown last
  #items = new WeakMap(); // for each drawing what is shown of it

  constructor(list, label, keep) {
    Object.assign(this, { list, label });
    this.root = elementOf(htmlOf("training/class_card.jinja"));
    this.nodes = namedElements(this.root);
    const { name, remove, keep: keepButton } = this.nodes;
    name.addEventListener("change", () => this.#rename());
    remove.addEventListener("click", () => this.#remove());
    keepButton.addEventListener("click", () => keep(label));
  }

  /** Show the class, small if it is a digit of which there is no drawing. */
  show(isOfDigits) {
    const { list, label, nodes } = this;
    const { classes, drawings } = list;
    const name = classes[label];
    const isolatedName = isolated(name);
    const ownDrawings = drawings.filter((drawing) => drawing.label === label);
    if (this.#name !== name) nodes.name.value = name;
    this.#name = name;
    nodes.name.readOnly = isOfDigits;
    nodes.name.ariaLabel = _("Name of class {number}", { number: label + 1 });
    nodes.remove.hidden = isOfDigits || classes.length <= MIN_CLASSES;
    nodes.remove.ariaLabel = _("Remove the class {name}", { name: isolatedName });
    nodes.keep.ariaLabel = _("Keep the drawing on the pad as {name}", { name: isolatedName });
    this.root.ariaLabel = name;
    this.root.classList.toggle("train-card-small", isOfDigits && !ownDrawings.length);
    this.#showDrawings(ownDrawings);
  }

  focusName() {
    this.nodes.name.focus();
    this.nodes.name.select();
  }

  /** Show drawings. If they are the same ones as before, a button keeps the focus. */
  #showDrawings(drawings) {
    const { list, nodes } = this;
    const items = drawings.map((drawing) => {
      const item = this.#itemOf(drawing);
      item.show(list.drawings.indexOf(drawing), list.classes);
      return item.root;
    });
    const shown = [...nodes.drawings.children];
    const isSame = shown.length === items.length && shown.every((item, i) => item === items[i]);
    if (!isSame) nodes.drawings.replaceChildren(...items);
  }

  #itemOf(drawing) {
    if (!this.#items.has(drawing))
      this.#items.set(drawing, new DrawingItem(drawing, () => this.#removeDrawing(drawing)));
    return this.#items.get(drawing);
  }

  #removeDrawing(drawing) {
    const { list, nodes } = this;
    const place = [...nodes.drawings.children].indexOf(this.#itemOf(drawing).root);
    list.remove(drawing);
    const previous = nodes.drawings.querySelectorAll("button")[Math.max(0, place - 1)];
    (previous ?? nodes.keep).focus();
  }

  #rename() {
    const problem = this.list.renameClass(this.label, this.nodes.name.value.trim());
    this.nodes.name.value = this.list.classes[this.label];
    this.nodes.problem.textContent = problem;
    if (problem) this.nodes.problem.scrollIntoView({ block: "nearest" });
  }

  #remove() {
    const { list, label, nodes } = this;
    nodes.problem.textContent = list.removeClass(label);
    if (this.root.isConnected) nodes.name.focus();
  }
}

/** A drawing on a card, what the network answers to it, and a button that takes it away. */
class DrawingItem {
  constructor(drawing, remove) {
    this.drawing = drawing;
    this.text = element("span", "", { ariaHidden: "true" });
    this.takeAway = button("×", remove);
    this.root = element("li", "train-image", {}, drawing.canvas, this.text, this.takeAway);
  }

  show(i, classes) {
    const { canvas, label, before, after } = this.drawing;
    const nameOf = (number) => isolated(classes[number] ?? "");
    const values = {
      number: i + 1,
      name: nameOf(label),
      answer: nameOf(after),
      before: nameOf(before),
    };
    const isAnswered = after !== undefined;
    const isWrong = isAnswered && after !== label;
    const answer = isAnswered ? _("Read as {answer}, before as {before}.") : "";
    const text = isWrong ? _("Read as {answer}, before as {before}. It should be {name}.") : answer;
    this.text.replaceChildren(...sentence(text, values));
    this.root.classList.toggle("train-wrong", isWrong);
    canvas.ariaLabel = isAnswered
      ? _("Drawing {number}: {name}, read as {answer}", values)
      : _("Drawing {number}: {name}", values);
    this.takeAway.ariaLabel = _("Take away drawing {number}: {name}", values);
  }
}
