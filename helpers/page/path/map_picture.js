// A picture of one map or of the image, with frames around parts of it.

import { drawMaps, element, placeFrame } from "../elements/index.js";

/**
 * Make a picture of the `numbers` of a map of so many rows and columns, in an element of a class. Each of
 * the `blocks` of cells has a frame, as placeFrame describes it. An image is drawn in grey.
 */
export function mapPicture(className, numbers, [rows, columns], blocks, isImage = false) {
  const canvas = element("canvas", "");
  drawMaps(canvas, numbers, [rows, columns, 1], 1, isImage ? 1 : 0, isImage);
  const frames = blocks.map((block) => {
    const frame = element("span", "map-mark");
    placeFrame(frame, [rows, columns], block);
    return frame;
  });
  return element("div", `map ${className}`, {}, canvas, ...frames);
}
