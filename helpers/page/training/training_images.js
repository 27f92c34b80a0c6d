// The images of training, each with its label: MNIST's digits, some of them for validation, and the
// drawings that somebody keeps.

import { imagesIn, randomFrom, readBytes } from "../network/index.js";

export const SMALL_SET_SIZE = 100; // images, to be learned by heart
const DRAWING_SHARE = 1 / 4; // of a batch, where a network learns from drawings and MNIST's digits

/** Return items in random order. */
function shuffle(items, random) {
  const keys = items.map(() => random());
  return [...items.keys()].sort((a, b) => keys[a] - keys[b]).map((i) => items[i]);
}

/** Draw items at random; one may be drawn several times. */
function sample(items, count, random) {
  return Array.from({ length: count }, () => items[Math.floor(random() * items.length)]);
}

/** Unpack digits as train.py packs them: each has an `image`, 784 greys 0 to 255, and a `label`. */
async function unpack({ images, labels }) {
  const packed = new Blob([readBytes(images)]).stream();
  const stream = packed.pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return imagesIn(bytes).map((image, i) => ({ image, label: Number(labels[i]) }));
}

export class TrainingImages {
  /** Begin without MNIST's digits. `drawingList` has the `drawings` that somebody keeps. */
  constructor(drawingList) {
    this.drawingList = drawingList;
    this.digits = []; // to learn from
    this.shuffledDigits = []; // a few of them, with labels in another order
    this.validation = []; // digits that are never learned
    this.restOfEpoch = [];
  }

  /** Take digits as train.py packs them. */
  async load(packed) {
    const digits = await unpack(packed);
    this.digits = digits.slice(0, packed.known);
    this.validation = digits.slice(packed.known);
    const labels = shuffle(this.digits.map(({ label }) => label), randomFrom(0));
    this.shuffledDigits = this.digits
      .slice(0, SMALL_SET_SIZE)
      .map(({ image }, i) => ({ image, label: labels[i] }));
  }

  /** Begin another epoch. */
  beginEpoch() {
    this.restOfEpoch = [];
  }

  /**
   * Return the next batch of a `source`, one of those that training_panel.js lets one choose. An epoch
   * ends when fewer images are left than a batch needs. Then all images are shuffled anew.
   */
  nextBatch(source, size, random) {
    if (source === "both") return this.mixDrawings(size, random);
    const images = {
      mnist: this.digits,
      few: this.digits.slice(0, SMALL_SET_SIZE),
      shuffled: this.shuffledDigits,
      own: this.drawingList.drawings,
    }[source];
    if (this.restOfEpoch.length < Math.min(size, images.length))
      this.restOfEpoch = shuffle(images, random);
    return this.restOfEpoch.splice(0, size);
  }

  /** Return drawings, the last one among them, and digits, which are not to be forgotten. */
  mixDrawings(size, random) {
    const { drawings } = this.drawingList;
    if (!drawings.length) return sample(this.digits, size, random);
    const digits = sample(this.digits, (1 - DRAWING_SHARE) * size, random);
    const count = Math.min(DRAWING_SHARE * size, drawings.length) - 1;
    return [drawings.at(-1), ...sample(drawings, count, random), ...digits];
  }
}
