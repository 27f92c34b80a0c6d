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

/**
 * Build the list in the element `el`, for `classes`. `changed` is called when drawings were added or
 * taken away, with true if the classes have changed, too. `say` gets a sentence if something is wrong.
 *
 * The list has its `classes` and `drawings`. `add` adds the drawings of a file, `keep` adds one drawing,
 * and `show` shows all of them.
 */
export function renderDrawings(el, classes, { changed, say }) {
  const list = { classes, drawings: [], add, keep, show };
  const nodes = buildList(el, {
    save: () => saveDrawings(list.drawings, list.classes),
    open: openFile,
    rename: renameClasses,
  });
  nodes.names.value = classes.join("\n");

  /** Add drawings, each with its label and strokes, if all have ink. Return whether they have. */
  function add(newDrawings) {
    const drawings = newDrawings.map(drawDrawing);
    const canAdd = drawings.every(({ image }) => image);
    if (canAdd) list.drawings = [...list.drawings, ...drawings];
    return canAdd;
  }

  /**
   * Keep strokes under a label. Strokes that are kept already get this label. `before` is the answer
   * of the network before it learns them. Return whether there was room.
   */
  function keep(label, strokes, before) {
    const earlier = list.drawings.find(({ source }) => source === strokes);
    if (!earlier && list.drawings.length === MAX_DRAWINGS) {
      say(NO_ROOM);
      return false;
    }
    list.drawings = list.drawings.filter((drawing) => drawing !== earlier);
    add([{ before, ...earlier, label, source: strokes, strokes: thinStrokes(strokes) }]);
    changed(false);
    return true;
  }

  /** List the drawings, with the `answers` to all of them, if there are any. */
  function show(answers) {
    if (answers) noteAnswers(list.drawings, answers);
    nodes.save.hidden = !list.drawings.length;
    const items = list.drawings.map((drawing, i) =>
      drawingItem(drawing, i, list.classes, () => remove(drawing, i)),
    );
    nodes.list.replaceChildren(...items);
  }

  function remove(drawing, i) {
    list.drawings = list.drawings.filter((other) => other !== drawing);
    nodes.fault.textContent = "";
    changed(false);
    const previous = nodes.list.querySelectorAll("button")[Math.max(0, i - 1)];
    (previous ?? nodes.file).focus();
  }

  function setClasses(newClasses) {
    list.classes = newClasses;
    nodes.names.value = newClasses.join("\n");
    changed(true);
  }

  function renameClasses() {
    const names = nodes.names.value.split("\n").map((name) => name.trim()).filter(Boolean);
    const labels = list.drawings.map(({ label }) => newLabel(label, list.classes, names));
    nodes.fault.textContent = "";
    if (!areNames(names)) nodes.fault.textContent = NAMES_WANTED;
    else if (labels.includes(null)) nodes.fault.textContent = MISSING_CLASS;
    else if (!areSameNames(names, list.classes)) {
      list.drawings.forEach((drawing, i) => (drawing.label = labels[i]));
      setClasses(names);
    }
  }

  async function openFile() {
    const content = await readDrawings(nodes.file.files[0]);
    nodes.file.value = ""; // so that the same file can be chosen again
    if (!content) return say(NO_FILE_OF_DRAWINGS);
    const isOfOthers = content.classes.some((name) => !list.classes.includes(name));
    if (isOfOthers && list.drawings.length) return say(OTHER_CLASSES);
    if (list.drawings.length + content.drawings.length > MAX_DRAWINGS) return say(NO_ROOM);
    const target = isOfOthers ? content.classes : list.classes;
    const newDrawings = content.drawings.map(({ label, ...drawing }) => ({
      ...drawing,
      label: target.indexOf(content.classes[label]),
    }));
    if (!add(newDrawings)) return say(NO_FILE_OF_DRAWINGS);
    if (isOfOthers) setClasses(target);
    else changed(false);
  }

  return list;
}

/** Build the elements of the list in the element `el`, and return those that change. */
function buildList(el, { save, open, rename }) {
  const nodes = {
    list: element("ul", "train-row"),
    save: button(_("Save the drawings"), save),
    file: element("input", "pad-file", { type: "file", accept: ".json", onchange: open }),
    names: element("textarea", "", { rows: 3, cols: 20, dir: "auto", spellcheck: false }),
    fault: element("p", "", { role: "alert" }),
  };
  const question = _("Signs of your own? Write their names (the classes), one in each line");
  const load = element("label", "pad-button", {}, _("Load drawings"), nodes.file);
  const names = element("label", "", {}, question, " ", nodes.names);
  const use = button(_("Use these names"), rename);
  el.append(nodes.list, element("div", "train-row", {}, nodes.save, load, names, use), nodes.fault);
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
