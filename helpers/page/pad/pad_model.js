// What is on a drawing pad, and what a network answers to it. Any number of views show it.

import { _ } from "../elements/index.js";
import { DIGIT_NAMES, forward, inputOf } from "../network/index.js";
import { imageOfStrokes, pictureOfImage, scaleDown } from "./paper.js";
import { findInkOf, openPicture } from "./photo.js";
import { toMnist } from "./preparation.js";

const PAUSE = 20; // milliseconds between two answers while somebody draws: the ink is seen first
const LONGEST_SIDE = 1000; // pixels; a larger picture file is scaled down
const NO_BYTES = new DataView(new ArrayBuffer(0));
const BLANK = { strokes: [], file: NO_BYTES, picture: null, image: null, isExample: false };
const EMPTY_FILE = _("This file is empty. Choose another one.");
const UNREADABLE_FILE = _(
  "The browser can't read this picture; it may be too large. Save it smaller and try again.",
);

/**
 * The content of a pad and the answer to it.
 *
 * - `content` has `strokes`, which are lists of points [x, y]. While there are no strokes, the bytes of
 *   a picture `file` count. A `picture` is drawn below the strokes. An example, which `isExample`, may
 *   be an `image` of 784 greys. A content is never changed, but another one takes its place.
 * - `answer` has the `image` that the network gets, and the `probabilities` of its classes. A picture
 *   may have several shapes, which `hasSeveral`. While a
 *   file is being read, it `isPending`. If the file can't be read, a sentence names the `problem`. Where
 *   a trained network reads the drawing, too, there are its `trainedProbabilities`.
 * - `values` has the numbers that each layer makes of the image, or is null while there is no image.
 *
 * Three events tell of changes. "content": the paper has to be drawn anew. "answer": the answer has
 * changed, or the text below the paper. "edit": somebody has drawn a stroke or pressed a button.
 */
export class PadModel extends EventTarget {
  content = BLANK;
  answer = {};
  values = null;
  fileProblem = ""; // what is wrong with the file that was chosen last
  isQuiet = false; // if the answers change by themselves, no screen reader reads them out
  #trained = null; // another network of the same classes, which reads the drawing, too
  #stroke = null; // identifies the stroke that is being drawn
  #earlierContent = null; // what Undo brings back
  #nextExample = 0;
  #timer = null;
  #duration = 0; // milliseconds that the last answer took
  #fileCount = 0; // changes when a file is chosen or anything else is done

  /** A pad without a `network` gives no answers. It may show a sentence instead, the `problem`. */
  constructor(network, { classes = network?.classes ?? DIGIT_NAMES, problem = "" } = {}) {
    super();
    Object.assign(this, { network, classes, problem });
  }

  /** Images of 784 greys to show one after the other, if any came with the network. */
  get examples() {
    return this.network?.examples ?? [];
  }

  get isBlank() {
    const { strokes, file, isExample } = this.content;
    return !strokes.length && !file.byteLength && !isExample;
  }

  /** Is a stroke being drawn, or is it this one? */
  isDrawing(stroke = this.#stroke) {
    return stroke !== null && stroke === this.#stroke;
  }

  /** Begin a stroke at a point. It takes the place of another one, of an example and of a picture. */
  beginStroke(stroke, point) {
    if (this.content.isExample || this.content.file.byteLength) {
      this.#remember();
      this.#edit({});
    }
    this.#interrupt();
    this.#stroke = stroke;
    this.#draw([...this.content.strokes, [point]]);
  }

  /** Go on to further points with a stroke, unless another one has taken its place. */
  extendStroke(stroke, points) {
    if (!this.isDrawing(stroke)) return;
    const { strokes } = this.content;
    this.#draw([...strokes.slice(0, -1), [...strokes.at(-1), ...points]]);
  }

  endStroke(stroke) {
    if (!this.isDrawing(stroke)) return;
    this.#stroke = null;
    this.#answerContent();
    this.#notify("edit");
  }

  /** Put another content on the pad. A stroke that is being drawn ends. */
  replace(content) {
    this.#interrupt();
    this.content = { ...BLANK, ...content };
    this.#notify("content");
    this.#answerContent();
  }

  /** Show strokes as an example, which go when somebody draws. */
  showExample(strokes) {
    this.#remember();
    this.replace({ strokes, isExample: true });
  }

  /** Show an image of 784 greys, 0 to 255, as an example. */
  showImage(image) {
    this.#remember();
    this.replace({ image, picture: pictureOfImage(image), isExample: true });
  }

  showNextExample() {
    this.showImage(this.examples[this.#nextExample % this.examples.length]);
    this.#nextExample += 1;
  }

  /** Take away the last stroke. If there is none, bring back the content that the pad had before. */
  undo() {
    const { strokes, isExample } = this.content;
    const isDrawn = strokes.length > 0 && !isExample;
    if (this.#earlierContent && !isDrawn) {
      const content = this.#earlierContent;
      this.#earlierContent = null;
      this.#edit(content);
    } else if (!this.isBlank) this.#edit({ strokes: strokes.slice(0, -1) });
  }

  /** Clear the pad. Undo brings back even the strokes of an example, for somebody may draw on. */
  clear() {
    const { strokes, file, picture } = this.content;
    if (strokes.length || file.byteLength) this.#earlierContent = { strokes, file, picture };
    this.#edit({});
  }

  /** Clear the pad for good. */
  erase() {
    this.#earlierContent = null;
    this.#edit({});
  }

  /** Put a picture file on the pad, unless something else is done while the file is being read. */
  async loadFile(file) {
    this.#fileCount += 1;
    const count = this.#fileCount;
    const bytes = await readBytesOfPicture(file).catch(() => null);
    if (count !== this.#fileCount) return;
    if (bytes?.byteLength) {
      this.#remember();
      this.#edit({ file: new DataView(bytes) });
    } else {
      this.fileProblem = file.size ? UNREADABLE_FILE : EMPTY_FILE;
      this.#notify("answer");
    }
  }

  /** Show a sentence in place of answers, or none. */
  setProblem(problem) {
    this.problem = problem;
    this.#notify("answer");
  }

  /** Let a trained network of the same classes read the drawing, too, or none. */
  setTrained(network) {
    if (network === this.#trained) return;
    this.#trained = network;
    this.recompute();
  }

  /** Answer once more, because the weights of the network have changed. */
  recompute() {
    const { image, problem, hasSeveral, isPending } = this.answer;
    if (!isPending) this.#answerImage(image, problem, hasSeveral);
  }

  #notify(name) {
    this.dispatchEvent(new Event(name));
  }

  #edit(content) {
    this.replace(content);
    this.#notify("edit");
  }

  #draw(strokes) {
    this.content = { ...this.content, strokes };
    this.#notify("content");
    this.#timer ??= setTimeout(() => this.#answerContent(), Math.max(PAUSE, this.#duration));
  }

  /** Remember for Undo what somebody has put on the pad, before something else takes its place. */
  #remember() {
    if (!this.content.isExample && !this.isBlank) this.#earlierContent = this.content;
  }

  /** End a stroke that is being drawn, and forget a file that was chosen. */
  #interrupt() {
    this.#fileCount += 1;
    this.#stroke = null;
    this.fileProblem = "";
  }

  #answerContent() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const start = performance.now();
    const { strokes, file, image } = this.content;
    if (!strokes.length && file.byteLength) this.#answerFile();
    else this.#answerImage(image ?? imageOfStrokes(strokes));
    this.#duration = performance.now() - start;
  }

  async #answerFile() {
    const { content } = this;
    this.values = null;
    this.answer = { isPending: true };
    this.#notify("answer");
    const { picture, problem: unreadable } = await openPicture(content.file);
    if (content !== this.content) return; // something else is on the pad by now
    if (unreadable) return this.#answerImage(null, unreadable);
    this.content = { ...content, picture };
    this.#notify("content");
    const { drawing, height, width, hasSeveral, problem } = findInkOf(picture);
    this.#answerImage(problem ? null : toMnist(drawing, height, width), problem, hasSeveral);
  }

  #answerImage(image, problem, hasSeveral = false) {
    this.values = image && this.network ? forward(this.network, inputOf(image)) : null;
    const probabilities = this.values && [...this.values.at(-1)];
    const isReadTwice = this.values && this.#trained;
    const trainedProbabilities = isReadTwice && [...forward(this.#trained, this.values[0]).at(-1)];
    this.answer = { image, probabilities, trainedProbabilities, problem, hasSeveral };
    this.#notify("answer");
  }
}

/**
 * Return the bytes of a picture file, as PNG and scaled down. If the browser can't open the file,
 * they are the first bytes as they are, and if it lacks memory, null.
 */
async function readBytesOfPicture(file) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file.slice(0, 1e6).arrayBuffer();
  const canvas = scaleDown(picture, LONGEST_SIDE);
  const blob = await new Promise((resolve) => {
    canvas.toBlob(resolve);
  });
  return blob && blob.arrayBuffer();
}
