// From a picture file to a drawing, as `drawing_from_picture` of photo.py does it. Only scaling differs,
// which is the browser's.

import { _ } from "../elements/index.js";
import { findInk, hasSeveralShapes } from "./ink.js";
import { scaleDown } from "./paper.js";

const LONGEST = 560; // pixels a side
// As in photo.py.
const NO_PICTURE = _(
  "This file isn't a picture, or is one of an unknown kind. Save it as PNG or JPEG and try again.",
);
const PALE = _(
  "Nothing on this picture stands out. Write one digit with a dark pen on light paper, and take the picture in good light and from close by.",
);

/** Return the `picture` in a file, scaled down to a canvas that is read quickly, or a `problem`. */
export async function openPicture(bytes) {
  const bitmap = await createImageBitmap(new Blob([bytes])).catch(() => null);
  return bitmap ? { picture: scaleDown(bitmap, LONGEST) } : { problem: NO_PICTURE };
}

/**
 * Return the `drawing` on a picture, 0 for paper to 1 for ink, its size, and whether it `hasSeveral`
 * shapes; or a `problem`.
 */
export function findInkOf(picture) {
  const { width, height } = picture;
  const colours = picture.getContext("2d").getImageData(0, 0, width, height).data;
  const grey = new Uint8Array(height * width);
  for (let i = 0; i < grey.length; i += 1) {
    const sum = 19595 * colours[4 * i] + 38470 * colours[4 * i + 1] + 7471 * colours[4 * i + 2];
    grey[i] = (sum + 32768) >> 16; // as Pillow weighs red, green and blue
  }
  const drawing = findInk(grey, height, width);
  if (!drawing) return { problem: PALE };
  return { drawing, height, width, hasSeveral: hasSeveralShapes(drawing, height, width) };
}
