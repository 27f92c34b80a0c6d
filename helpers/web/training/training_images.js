// The images of training, each with its label: MNIST's digits, some of them for validation, and the
// drawings that somebody keeps.

import { imagesIn, randomFrom, readBytes } from "../network/index.js";

export const FEW = 100; // images, to be learned by heart
const DRAWN = 1 / 4; // of a batch, where it learns from drawings and from MNIST's digits

/** Return items in random order. */
function shuffled(items, random) {
  const draws = items.map(() => random());
  return [...items.keys()].sort((a, b) => draws[a] - draws[b]).map((i) => items[i]);
}

/** Unpack digits as train.py packs them: each an `image` of 784 greys, 0 to 255, and its `label`. */
async function unpack({ images, labels }) {
  const packed = new Blob([readBytes(images)]).stream();
  const stream = packed.pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return imagesIn(bytes).map((image, i) => ({ image, label: Number(labels[i]) }));
}

/**
 * Return what gives the batches, of MNIST's digits when they are loaded, and of `own.drawings`; a
 * `source` is one of those that training_view.js lets one choose.
 */
export function trainingImages(own) {
  let known = []; // digits to learn from
  let withOtherLabels = []; // a few of them
  let order = []; // what is left of an epoch

  /** Return drawings, the last one among them, and beside them digits, to rehearse. */
  function mixture(size, random) {
    const { drawings } = own;
    const any = (all, count) =>
      Array.from({ length: count }, () => all[Math.floor(random() * all.length)]);
    if (!drawings.length) return any(known, size);
    const rehearsed = any(known, (1 - DRAWN) * size);
    const others = any(drawings, Math.min(DRAWN * size, drawings.length) - 1);
    return [drawings.at(-1), ...others, ...rehearsed];
  }

  return {
    validation: [], // digits that are never learned
    /** Take digits as train.py packs them. */
    async load(packed) {
      const digits = await unpack(packed);
      known = digits.slice(0, packed.known);
      this.validation = digits.slice(packed.known);
      const labels = shuffled(known.map(({ label }) => label), randomFrom(0));
      withOtherLabels = known.slice(0, FEW).map(({ image }, i) => ({ image, label: labels[i] }));
    },
    /** Begin another epoch. */
    begin() {
      order = [];
    },
    /** Return the next batch; when all images have been seen, they are shuffled anew: an epoch. */
    next(source, size, random) {
      if (source === "both") return mixture(size, random);
      const few = { few: known.slice(0, FEW), shuffled: withOtherLabels };
      const all = { ...few, mnist: known, own: own.drawings }[source];
      if (order.length < Math.min(size, all.length)) order = shuffled(all, random);
      return order.splice(0, size);
    },
  };
}
