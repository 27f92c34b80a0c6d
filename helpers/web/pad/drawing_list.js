// The drawings that training.js learns from, as one sees them: each with what was answered before and
// after; the names of the classes; and a file to save and load.

import { _, button, element, isolated } from "../elements/index.js";
import {
  COUNT,
  areNames,
  areSameNames,
  readDrawings,
  saveDrawings,
  thinned,
} from "./drawing_file.js";
import { toImage } from "./pad_model.js";
import { showImage } from "./pad_view.js";

const NO_FILE = _("This is no file of drawings.");
const FULL = _("There is room for {count} drawings, and no more.", { count: COUNT });
const LOST = _("There are drawings of a class that is missing. Take them away first.");
const WANTED = _("Write 2 to 26 different names of at most 20 characters, each in its own line.");

/**
 * Build it in the element `el`, for `classes`. `changed` is called when drawings come or go, with
 * true where the classes are others; `say` tells what is wrong.
 *
 * Return the `classes` and `drawings`, `add` for those of a file, `keep` for one more, and `show`,
 * which lists them.
 */
export function renderDrawings(el, classes, { changed, say }) {
  const own = { classes, drawings: [], add, keep, show };
  const list = element("ul", "train-row");
  const save = button(_("Save the drawings"), () => saveDrawings(own.drawings, own.classes));
  const choice = { type: "file", accept: ".json", onchange: open };
  const file = element("input", "pad-file", choice);
  const load = element("label", "pad-button", {}, _("Load drawings"), file);
  const names = element("textarea", "", { rows: 3, cols: 20, dir: "auto", spellcheck: false });
  const ask = _("Signs of your own? Write their names (the classes), one in each line");
  const named = element("label", "", {}, ask, " ", names);
  const wrong = element("p", "", { role: "alert" });
  const use = button(_("Use these names"), rename);
  el.append(list, element("div", "train-row", {}, save, load, named, use), wrong);

  /** Add what can be drawn; where something else is among them, none. Return whether it could. */
  function add(fresh) {
    const drawings = fresh.map((drawing) => {
      const canvas = element("canvas", "", { role: "img" });
      const image = toImage(drawing.strokes);
      if (image) showImage(canvas, image);
      return { ...drawing, image, canvas };
    });
    if (drawings.some(({ image }) => !image)) return false;
    own.drawings = [...own.drawings, ...drawings];
    return true;
  }

  /** Keep strokes, or give those that it keeps another label. Return whether there was room. */
  function keep(label, strokes, before) {
    const again = own.drawings.find(({ from }) => from === strokes); // corrected again
    if (!again && own.drawings.length === COUNT) {
      say(FULL);
      return false;
    }
    own.drawings = own.drawings.filter((drawing) => drawing !== again);
    add([{ before, ...again, label, from: strokes, strokes: thinned(strokes) }]);
    changed(false);
    return true;
  }

  function take(newClasses) {
    own.classes = newClasses;
    names.value = newClasses.join("\n");
    changed(true);
  }

  function rename() {
    const wanted = names.value.split("\n").map((name) => name.trim()).filter(Boolean);
    const stays = wanted.length === own.classes.length; // then they are written otherwise
    const isRenamed = (old) => stays && !own.classes.includes(wanted[old]);
    const label = (old) => {
      const place = wanted.indexOf(own.classes[old]);
      return place < 0 && isRenamed(old) ? old : place;
    };
    const isLost = own.drawings.some((drawing) => label(drawing.label) < 0);
    wrong.textContent = areNames(wanted) ? "" : WANTED;
    if (isLost) wrong.textContent ||= LOST;
    if (wrong.textContent || areSameNames(wanted, own.classes)) return;
    for (const drawing of own.drawings) drawing.label = label(drawing.label);
    take(wanted);
  }

  async function open() {
    const read = await readDrawings(file.files[0]);
    file.value = ""; // so that the same file can be chosen again
    if (!read) return say(NO_FILE);
    const isNew = read.classes.some((name) => !own.classes.includes(name));
    if (isNew && own.drawings.length)
      return say(_("That file has drawings of other classes. Take yours away first."));
    if (own.drawings.length + read.drawings.length > COUNT) return say(FULL);
    const target = isNew ? read.classes : own.classes;
    const label = (drawing) => target.indexOf(read.classes[drawing.label]);
    const fresh = read.drawings.map((drawing) => ({ ...drawing, label: label(drawing) }));
    if (!add(fresh)) return say(NO_FILE);
    if (isNew) take(target);
    else changed(false);
  }

  /** List the drawings, each with the `answers` to all of them, if there are any. */
  function show(answers) {
    save.hidden = !own.drawings.length;
    const nameOf = (label) => isolated(own.classes[label] ?? "");
    const items = own.drawings.map((drawing, i) => {
      if (answers) drawing.after = answers[i];
      const { canvas, label, after, before = after } = drawing;
      drawing.before = before;
      const [name, answer] = [nameOf(label), nameOf(after)];
      const isRead = after !== undefined;
      const isWrong = isRead && after !== label;
      const change = `${nameOf(before)} → ${answer}${isWrong ? ` (${name})` : ""}`;
      const text = element("span", "", { ariaHidden: "true" }, isRead ? change : name);
      const values = { number: i + 1, name, answer };
      canvas.ariaLabel = isRead
        ? _("Drawing {number}: {name}, read as {answer}", values)
        : _("Drawing {number}: {name}", values);
      const takeAway = () => {
        own.drawings = own.drawings.filter((other) => other !== drawing);
        wrong.textContent = "";
        changed(false);
        (list.querySelectorAll("button")[Math.max(0, i - 1)] ?? file).focus();
      };
      const away = button("×", takeAway, _("Take away drawing {number}: {name}", values));
      return element("li", `train-image ${isWrong ? "train-wrong" : ""}`, {}, canvas, text, away);
    });
    list.replaceChildren(...items);
  }

  names.value = classes.join("\n");
  return own;
}
