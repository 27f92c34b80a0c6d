// The drawings that somebody keeps to train a network with. Each is listed with the answers before and
// after the training. The classes can be renamed, and a file of drawings can be saved and loaded.

import { _, button, element, isolated } from "../elements/index.js";
import {
  MAX_DRAWINGS,
  areNames,
  areSameNames,
  readDrawings,
  saveDrawings,
  thinStrokes,
} from "./drawing_file.js";
import { imageOfStrokes, showImage } from "./paper.js";

const NO_FILE_OF_DRAWINGS = _("This is no file of drawings.");
const NO_ROOM = _("There is room for {count} drawings, and no more.", { count: MAX_DRAWINGS });
const OTHER_CLASSES = _("That file has drawings of other classes. Take yours away first.");
const MISSING_CLASS = _(
  "There are drawings of a class that is missing. Take them away first.",
);
const NAMES_WANTED = _(
  "Write 2 to 26 different names of at most 20 characters, each in its own line.",
);

/** The list has its `classes` and `drawings`, each of these with its label and its strokes. */
export class DrawingList {
  drawings = [];

  /**
   * Build the list in the element `el`, for `classes`. `changed` is called when drawings were added or
   * taken away, with true if the classes have changed, too. `say` gets a sentence if something is wrong.
   */
  constructor(el, classes, { changed, say }) {
    Object.assign(this, { classes, changed, say });
    this.nodes = buildList(el, {
      save: () => saveDrawings(this.drawings, this.classes),
      open: () => this.#openFile(),
      rename: () => this.#renameClasses(),
    });
    this.nodes.names.value = classes.join("\n");
  }

  /** Add drawings, each with its label and strokes, if all have ink. Return whether they have. */
  add(newDrawings) {
    const drawings = newDrawings.map(drawDrawing);
    const canAdd = drawings.every(({ image }) => image);
    if (canAdd) this.drawings = [...this.drawings, ...drawings];
    return canAdd;
  }

  /**
   * Keep strokes under a label. Strokes that are kept already get this label. `before` is the answer
   * of the network before it learns them. Return whether there was room.
   */
  keep(label, strokes, before) {
    const earlier = this.drawings.find(({ source }) => source === strokes);
    const isFull = !earlier && this.drawings.length === MAX_DRAWINGS;
    if (isFull) {
      this.say(NO_ROOM);
      return false;
    }
    this.drawings = this.drawings.filter((drawing) => drawing !== earlier);
    this.add([{ before, ...earlier, label, source: strokes, strokes: thinStrokes(strokes) }]);
    this.changed(false);
    return true;
  }

  /** Show the drawings, with the `answers` to all of them, if there are any. */
  show(answers) {
    if (answers) noteAnswers(this.drawings, answers);
    this.nodes.save.hidden = !this.drawings.length;
    const items = this.drawings.map((drawing, i) =>
      drawingItem(drawing, i, this.classes, () => this.#remove(drawing, i)),
    );
    this.nodes.list.replaceChildren(...items);
  }

  #remove(drawing, i) {
    this.drawings = this.drawings.filter((other) => other !== drawing);
    this.nodes.problem.textContent = "";
    this.changed(false);
    const previous = this.nodes.list.querySelectorAll("button")[Math.max(0, i - 1)];
    (previous ?? this.nodes.file).focus();
  }

  #setClasses(classes) {
    this.classes = classes;
    this.nodes.names.value = classes.join("\n");
    this.changed(true);
  }

  #renameClasses() {
    const { names: input, problem } = this.nodes;
    const names = input.value.split("\n").map((name) => name.trim()).filter(Boolean);
    const labels = this.drawings.map(({ label }) => newLabel(label, this.classes, names));
    problem.textContent = "";
    if (!areNames(names)) problem.textContent = NAMES_WANTED;
    else if (labels.includes(null)) problem.textContent = MISSING_CLASS;
    else if (!areSameNames(names, this.classes)) {
      this.drawings.forEach((drawing, i) => (drawing.label = labels[i]));
      this.#setClasses(names);
    }
    // The button may be at the edge of the window, and the message below it.
    if (problem.textContent) problem.scrollIntoView({ block: "nearest" });
  }

  async #openFile() {
    const { file } = this.nodes;
    const content = await readDrawings(file.files[0]);
    file.value = ""; // so that the same file can be chosen again
    if (!content) return this.say(NO_FILE_OF_DRAWINGS);
    const hasOtherClasses = content.classes.some((name) => !this.classes.includes(name));
    if (hasOtherClasses && this.drawings.length) return this.say(OTHER_CLASSES);
    if (this.drawings.length + content.drawings.length > MAX_DRAWINGS) return this.say(NO_ROOM);
    const classes = hasOtherClasses ? content.classes : this.classes;
    const newDrawings = content.drawings.map(({ label, strokes }) => ({
      label: classes.indexOf(content.classes[label]),
      strokes,
    }));
    if (!this.add(newDrawings)) return this.say(NO_FILE_OF_DRAWINGS);
    if (hasOtherClasses) this.#setClasses(classes);
    else this.changed(false);
  }
}

/** Build the elements of the list in the element `el`, and return those that change. */
function buildList(el, { save, open, rename }) {
  const nodes = {
    list: element("ul", "train-row"),
    save: button(_("Save the drawings"), save),
    file: element("input", "pad-file", { type: "file", accept: ".json", onchange: open }),
    names: element("textarea", "", { rows: 3, cols: 20, dir: "auto", spellcheck: false }),
    problem: element("p", "", { role: "alert" }),
  };
  const question = _("Signs of your own? Write their names (the classes), one in each line");
  const load = element("label", "pad-button", {}, _("Load drawings"), nodes.file);
  const names = element("label", "", {}, question, " ", nodes.names);
  const use = button(_("Use these names"), rename);
  el.append(nodes.list, element("div", "train-row", {}, nodes.save, load, names, use), nodes.problem);
  return nodes;
}

/** Return a drawing with its `image`, null without ink, and a `canvas` that shows the image. */
function drawDrawing(drawing) {
  const canvas = element("canvas", "", { role: "img" });
  const image = imageOfStrokes(drawing.strokes);
  if (image) showImage(canvas, image);
  return { ...drawing, image, canvas };
}

/** Note the answers to all drawings. The first answer to a drawing is noted as the one before. */
function noteAnswers(drawings, answers) {
  drawings.forEach((drawing, i) => {
    drawing.after = answers[i];
    drawing.before ??= answers[i];
  });
}

/** Return the new label of drawings of a class, or null if the new `names` lack that class. */
function newLabel(label, classes, names) {
  const position = names.indexOf(classes[label]);
  if (position >= 0) return position;
  // As many names as before, with a new one in this line: the class is written in another way.
  const isRenamed = names.length === classes.length && !classes.includes(names[label]);
  return isRenamed ? label : null;
}

/** Make an item of the list: a drawing, its label and answers, and a button that takes it away. */
function drawingItem({ canvas, label, before, after }, i, classes, remove) {
  const nameOf = (number) => isolated(classes[number] ?? "");
  const values = { number: i + 1, name: nameOf(label), answer: nameOf(after) };
  const isAnswered = after !== undefined;
  const isWrong = isAnswered && after !== label;
  const rightName = isWrong ? ` (${values.name})` : "";
  const change = `${nameOf(before)} → ${values.answer}${rightName}`;
  const text = element("span", "", { ariaHidden: "true" }, isAnswered ? change : values.name);
  canvas.ariaLabel = isAnswered
    ? _("Drawing {number}: {name}, read as {answer}", values)
    : _("Drawing {number}: {name}", values);
  const takeAway = button("×", remove, _("Take away drawing {number}: {name}", values));
  return element("li", `train-image ${isWrong ? "train-wrong" : ""}`, {}, canvas, text, takeAway);
}
