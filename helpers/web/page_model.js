// The model behind a pad on a page without a kernel: the page's own network answers.

import { toMnist } from "./drawing.js";
import { SIZE, show, showImage } from "./pad.js";
import { fromPicture } from "./photo.js";
import { forward } from "./network.js";

/**
 * Return what `renderPad` wants: a state, and listeners for its changes, as a notebook's has them.
 *
 * `seen` is called with the values of all layers whenever the pad has changed; a blank one is a
 * blank image.
 */
export function pageModel(network, seen = () => {}) {
  const state = { strokes: [], file: new DataView(new ArrayBuffer(0)), sent: 0, answer: {} };
  const listeners = {};
  let again = () => look(null);
  const canvas = Object.assign(document.createElement("canvas"), { width: SIZE, height: SIZE });
  canvas.getContext("2d", { willReadFrequently: true }); // what is drawn stays in memory

  function notify(event) {
    for (const listener of listeners[event] ?? []) listener();
  }

  /** Show the maps of an image, or of a blank one, and return the probabilities. */
  function look(image) {
    const grey = image ?? new Uint8Array(28 * 28);
    const pixels = Float32Array.from(grey, (value) => value / 255);
    const values = forward(network, pixels);
    seen(values);
    return [...values.at(-1)];
  }

  function answer(image, problem) {
    again = () => answer(image, problem);
    const probabilities = look(image);
    state.answer = { to: state.sent, ...(image ? { image, probabilities } : { problem }) };
    notify("change:answer");
  }

  function answerStrokes() {
    show(canvas, state.strokes);
    const pixels = canvas.getContext("2d").getImageData(0, 0, SIZE, SIZE).data;
    const ink = Uint8Array.from({ length: SIZE * SIZE }, (unused, i) => 255 - pixels[4 * i]);
    answer(toMnist(ink, SIZE, SIZE));
  }

  async function answerFile() {
    const { file } = state;
    look(null); // until the picture has been read
    const { drawing, height, width, problem } = await fromPicture(file);
    if (state.file === file) answer(problem ? null : toMnist(drawing, height, width), problem);
  }

  return {
    pause: 0, // no message has to travel
    example: false, // is what is on the paper only to begin with?
    picture: null, // what lies there then, where it isn't strokes
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
    },
    on: (event, listener) => (listeners[event] ??= []).push(listener),
    off() {},
    save_changes() {
      Object.assign(this, { example: false, picture: null });
      if (!state.strokes.length && state.file.byteLength) answerFile();
      else answerStrokes();
    },
    /** Answer once more: the network has changed. */
    again: () => again(),
    /** Begin with strokes, which go when somebody draws. */
    showExample(strokes) {
      state.strokes = strokes;
      this.example = true;
      notify("change:strokes");
      answerStrokes();
    },
    /** Begin with an image of 784 greys, 0 to 255. */
    showImage(image) {
      this.picture = Object.assign(document.createElement("canvas"), { width: 28, height: 28 });
      showImage(this.picture, image);
      this.example = true;
      answer(image);
    },
  };
}
