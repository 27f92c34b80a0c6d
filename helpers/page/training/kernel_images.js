// The weights of a network's first layer as images.

import { _, cells, drawMaps } from "../elements/index.js";
import { beforeFlatten } from "../viewer/index.js";

/** Return the position of the first weights of a network, which has some, for `OneStep.show`. */
export function firstWeights({ layers }) {
  return { layerIndex: 1 + layers.findIndex(({ kernel }) => kernel), unit: 0 };
}

/**
 * Show the kernels of the first layer that has weights, or the weights of its units. A filter of
 * several maps has a kernel for each of them, of which the first is shown.
 * `open(layerIndex, unit)` opens one of them.
 *
 * Return the element `root`, its `label`, and `draw`, which draws the weights as they are now.
 */
export function kernelImages(network, open) {
  const { layerIndex } = firstWeights(network);
  const { kernel, size, bias } = network.layers[layerIndex - 1];
  const count = bias.length;
  const oneRow = [1, kernel.length / count];
  const [rows, columns] = size ?? beforeFlatten({ network, layerIndex }) ?? oneRow;
  const across = count > 16 ? 8 : Math.min(count, count > 10 ? 4 : 5);
  const down = Math.ceil(count / across);
  const shown = new Float32Array(rows * columns * count);
  const maps = kernel.length / shown.length;
  const label =
    maps === 1
      ? _("The first layer: {count} images of weights", { count })
      : _("The first layer: {count} images of weights for map 0", { count });
  let chosen = null;

  /** Open the unit of a cell. The keyboard marks it first, and opens it by Enter. */
  function pick(row, column, isTapped) {
    const unit = row * across + column;
    const opens = isTapped || chosen === unit;
    chosen = unit;
    images.mark(row, column);
    if (opens && unit < count) open(layerIndex, unit);
  }

  const images = cells("map-all", label, down, across, pick);
  function draw() {
    shown.forEach((_weight, i) => {
      const place = Math.floor(i / count);
      shown[i] = kernel[place * maps * count + (i % count)];
    });
    drawMaps(images.canvas, shown, [rows, columns, count], across);
  }

  return { root: images.root, label, draw };
}
