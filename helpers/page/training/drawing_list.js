// The drawings that somebody keeps to train a network with, and the classes that they belong to.

import { _, element } from "../elements/index.js";
import {
  areDifferent,
  areNames,
  areSameNames,
  imageOfStrokes,
  isName,
  readDrawings,
  showImage,
  thinStrokes,
} from "../pad/index.js";
import CLASS_NAMES from "../shared/class_names.json" with { type: "json" };
import DRAWINGS from "../shared/drawings.json" with { type: "json" };

const { max_drawings: MAX_DRAWINGS } = DRAWINGS;
const { max_length: MAX_CHARACTERS } = CLASS_NAMES;
const NO_FILE_OF_DRAWINGS = _("This is no file of drawings.");
const NO_ROOM = _("There is room for {count} drawings, and no more.", { count: MAX_DRAWINGS });
const OTHER_CLASSES = _("That file has drawings of other classes. Take yours away first.");
const MISSING_CLASS = _(
  "A class with drawings can't be removed. Press × beside each of its drawings first.",
);
const NAMES_WANTED = _(
  "A network has 2 to 26 classes. Each has another name, of at most 20 characters.",
);
const UNSEEN_NAME = _("A name needs a letter or a sign, and no characters that nobody can see.");
const SAME_NAME = _("Another class has this name, or a name that looks the same.");
const HERE_ALREADY = _("All drawings of this file are here already.");
const LONG_NAME = _("This name is too long. A name has {count} characters at most.", {
  count: MAX_CHARACTERS,
});

/**
 * The list has its `classes` and `drawings`, and each drawing has a label and strokes. A method that
 * changes them returns a sentence if something is wrong, and "" if all is well.
 */
export class DrawingList {
  drawings = [];

  /** `changed` is called when drawings or classes have changed, with true if the classes have. */
  constructor(classes, changed) {
    Object.assign(this, { classes, changed, firstClasses: classes });
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
   * of the network before it learns them.
   */
  keep(label, strokes, before) {
    const earlier = this.drawings.find(({ source }) => source === strokes);
    if (!earlier && this.drawings.length === MAX_DRAWINGS) return NO_ROOM;
    this.drawings = this.drawings.filter((drawing) => drawing !== earlier);
    this.add([{ before, ...earlier, label, source: strokes, strokes: thinStrokes(strokes) }]);
    this.changed(false);
    return "";
  }

  remove(drawing) {
    this.drawings = this.drawings.filter((other) => other !== drawing);
    this.changed(false);
  }

  /** Note the answers to all drawings. The first answer to a drawing is noted as the one before. */
  noteAnswers(answers) {
    this.drawings.forEach((drawing, i) => {
      drawing.after = answers[i];
      drawing.before ??= answers[i];
    });
  }

  /** Forget all answers, for the network begins again. */
  forgetAnswers() {
    for (const drawing of this.drawings) drawing.before = drawing.after = undefined;
  }

  renameClass(label, name) {
    const names = this.classes.map((other, i) => (i === label ? name : other));
    if ([...name].length > MAX_CHARACTERS) return LONG_NAME;
    if (!isName(name)) return UNSEEN_NAME;
    if (!areDifferent(names)) return SAME_NAME;
    if (!areSameNames(names, this.classes)) this.#setClasses(names);
    return "";
  }

  /** Add a class, with a name that no other class has. */
  addClass() {
    const names = newNames(1, this.classes);
    return this.replaceClasses([...this.classes, ...names]);
  }

  removeClass(label) {
    return this.replaceClasses(this.classes.filter((_name, i) => i !== label));
  }

  /** Let other classes take the place of these. Each drawing belongs to the class of the same name. */
  replaceClasses(names) {
    const labels = this.drawings.map(({ label }) => names.indexOf(this.classes[label]));
    if (!areNames(names)) return NAMES_WANTED;
    if (labels.includes(-1)) return MISSING_CLASS;
    this.drawings.forEach((drawing, i) => (drawing.label = labels[i]));
    this.#setClasses(names);
    return "";
  }

  /** Add the drawings of a file, and take over its classes if there are no drawings of others. */
  async load(file) {
    const content = await readDrawings(file);
    if (!content) return NO_FILE_OF_DRAWINGS;
    const hasOtherClasses = content.classes.some((name) => !this.classes.includes(name));
    if (hasOtherClasses && this.drawings.length) return OTHER_CLASSES;
    const classes = hasOtherClasses ? content.classes : this.classes;
    const textOf = ({ label, strokes }) => JSON.stringify([label, strokes]);
    const known = new Set(this.drawings.map(textOf));
    const newDrawings = content.drawings
      .map(({ label, strokes }) => ({ label: classes.indexOf(content.classes[label]), strokes }))
      .filter((drawing) => !known.has(textOf(drawing)));
    if (!newDrawings.length) return HERE_ALREADY;
    if (this.drawings.length + newDrawings.length > MAX_DRAWINGS) return NO_ROOM;
    if (!this.add(newDrawings)) return NO_FILE_OF_DRAWINGS;
    if (hasOtherClasses) this.#setClasses(classes);
    else this.changed(false);
    return "";
  }

  #setClasses(classes) {
    this.classes = classes;
    this.changed(true);
  }
}

/** Return so many names of classes that aren't among the `others`. */
export function newNames(count, others = []) {
  const names = [];
  for (let number = 1; names.length < count; number += 1) {
    const name = _("Sign {number}", { number });
    if (!others.includes(name)) names.push(name);
  }
  return names;
}

/** Return a drawing with its `image`, null without ink, and a `canvas` that shows the image. */
function drawDrawing(drawing) {
  const canvas = element("canvas", "", { role: "img" });
  const image = imageOfStrokes(drawing.strokes);
  if (image) showImage(canvas, image);
  return { ...drawing, image, canvas };
}
