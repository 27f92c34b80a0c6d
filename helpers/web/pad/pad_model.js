// The model behind a pad on a page without a kernel: the page's own network answers.

import { element } from "../elements/index.js";
import { forward, inputOf, readNetwork } from "../network/index.js";
import { showPad } from "./pad.js";
import { SIZE, show, showImage } from "./pad_view.js";
import { fromPicture } from "./photo.js";
import { toMnist } from "./preparation.js";

/** Return the image, 784 greys from 0 to 255, that strokes become; null where there is no ink. */
export function toImage(strokes) {
  const canvas = element("canvas", "", { width: SIZE, height: SIZE });
  const paper = canvas.getContext("2d", { willReadFrequently: true }); // it stays in memory
  show(canvas, strokes);
  const pixels = paper.getImageData(0, 0, SIZE, SIZE).data;
  const ink = new Uint8Array(SIZE * SIZE);
  for (let i = 0; i < ink.length; i += 1) ink[i] = 255 - pixels[4 * i];
  return toMnist(ink, SIZE, SIZE);
}

/**
 * Return what `showPad` wants: a state, and listeners for its changes, as a notebook's has them.
 *
 * `seen` is called whenever the pad has changed: with the values of all layers, or null if it is
 * blank.
 */
export function pageModel(network, seen = () => {}) {
  const state = { strokes: [], file: new DataView(new ArrayBuffer(0)), sent: 0, answer: {} };
  state.classes = network.classes;
  const events = new EventTarget();
  const notify = (event) => events.dispatchEvent(new Event(event));
  let again = () => {};

  function answer(image, problem) {
    again = () => answer(image, problem);
    const values = image && forward(network, inputOf(image));
    seen(values);
    const given = image ? { image, probabilities: [...values.at(-1)] } : { problem };
    state.answer = { to: state.sent, ...given };
    notify("change:answer");
  }

  /** Put an example on the pad in place of what is there. */
  function begin(model, strokes, picture) {
    notify("replace"); // while the pad still has what was there
    Object.assign(model, { example: true, picture });
    Object.assign(state, { strokes, file: new DataView(new ArrayBuffer(0)) });
    notify("change:strokes");
    notify("change:file");
    state.sent += 1;
  }

  async function answerFile() {
    const { file } = state;
    again = () => seen(null); // until the picture has been read
    again();
    const { drawing, height, width, problem } = await fromPicture(file);
    if (state.file === file) answer(problem ? null : toMnist(drawing, height, width), problem);
  }

  return {
    pause: 20, // no message has to travel
    example: false, // is what is on the paper only to begin with?
    picture: null, // what lies there then, where it isn't strokes
    examples: network.examples, // images to show, if any came with the network
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
    },
    on: (event, listener) => events.addEventListener(event, listener),
    save_changes() {
      Object.assign(this, { example: false, picture: null });
      if (!state.strokes.length && state.file.byteLength) answerFile();
      else answer(toImage(state.strokes));
    },
    /** Answer once more: the network has changed. */
    again: () => again(),
    /** Show strokes, which go when somebody draws. */
    showExample(strokes) {
      begin(this, strokes, null);
      answer(toImage(strokes));
    },
    /** Show an image of 784 greys, 0 to 255, which goes when somebody draws. */
    showImage(image) {
      const picture = element("canvas", "", { width: 28, height: 28 });
      showImage(picture, image);
      begin(this, [], picture);
      answer(image);
    },
  };
}

/** Show a pad in a notebook whose kernel has nothing to do, as an anywidget. */
export function renderReader({ model, el }) {
  showPad({ model: pageModel(readNetwork(model.get("network"))), el });
}
