// The model behind a pad on a page without a kernel: the page's own network answers.

import { toMnist } from "../pad/drawing.js";
import { SIZE, show, showImage } from "../pad/pad.js";
import { forward } from "./network.js";

/**
 * Return what `renderPad` wants: a state, and listeners for its changes, as a notebook's has them.
 *
 * `seen` is called with the values of all layers whenever the pad has changed; a blank one is a
 * blank image.
 */
export function pageModel(network, seen = () => {}) {
  const state = { strokes: [], answer: {} };
  const listeners = [];
  const canvas = Object.assign(document.createElement("canvas"), { width: SIZE, height: SIZE });
  canvas.getContext("2d", { willReadFrequently: true }); // what is drawn stays in memory

  function answer(image) {
    const values = forward(
      network,
      Float32Array.from(image ?? Array(784).fill(0), (grey) => grey / 255),
    );
    state.answer = image ? { image, probabilities: [...values.at(-1)] } : {};
    seen(values);
    for (const listener of listeners) listener();
  }

  return {
    pause: 0, // no message has to travel
    picture: null, // what lies on the paper before anybody draws
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
    },
    on: (event, listener) => listeners.push(listener), // whatever has changed
    off() {},
    save_changes() {
      this.picture = null;
      show(canvas, state.strokes);
      const pixels = canvas.getContext("2d").getImageData(0, 0, SIZE, SIZE).data;
      const ink = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => 255 - pixels[4 * i]);
      answer(state.strokes.length ? toMnist(ink, SIZE, SIZE) : null);
    },
    /** Begin with an image of 784 greys, 0 to 255. */
    begin(image) {
      this.picture = Object.assign(document.createElement("canvas"), { width: 28, height: 28 });
      showImage(this.picture, image);
      answer(image);
    },
  };
}
