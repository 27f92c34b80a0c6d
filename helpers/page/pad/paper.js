// The paper of a drawing pad: ink on a canvas, and the images that a network gets of it.

import { drawMaps, element } from "../elements/index.js";
import DRAWINGS from "../shared/drawings.json" with { type: "json" };
import { toMnist } from "./preparation.js";

export const SIZE = DRAWINGS.side; // pixels a side of the paper

/**
 * Draw a picture, if there is one, and strokes over it on the canvas `paper`. The canvas may have more
 * pixels than the paper, for a screen that shows more.
 */
export function drawPaper(paper, strokes, picture) {
  const pen = paper.getContext("2d");
  const zoom = paper.width / SIZE;
  pen.setTransform(zoom, 0, 0, zoom, 0, 0);
  pen.fillStyle = "white";
  pen.fillRect(0, 0, SIZE, SIZE);
  if (picture) {
    const scale = SIZE / Math.max(picture.width, picture.height);
    const width = picture.width * scale;
    const height = picture.height * scale;
    pen.drawImage(picture, (SIZE - width) / 2, (SIZE - height) / 2, width, height);
  }
  Object.assign(pen, { lineWidth: DRAWINGS.pen_width, lineCap: "round", lineJoin: "round", strokeStyle: "black" });
  for (const stroke of strokes) {
    pen.beginPath();
    pen.moveTo(...stroke[0]);
    for (const [x, y] of stroke) pen.lineTo(x + 0.01, y); // a dot has to have a length
    pen.stroke();
  }
}

/** Return the image, 784 greys from 0 to 255, that a network gets of strokes; null without ink. */
export function imageOfStrokes(strokes) {
  const canvas = element("canvas", "", { width: SIZE, height: SIZE });
  // The canvas stays in memory, from which its pixels are read faster.
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  drawPaper(canvas, strokes);
  const pixels = pen.getImageData(0, 0, SIZE, SIZE).data;
  const ink = new Uint8Array(SIZE * SIZE);
  for (let i = 0; i < ink.length; i += 1) ink[i] = 255 - pixels[4 * i];
  return toMnist(ink, SIZE, SIZE);
}

/**
 * Show an image as dark ink on white. `bytes` are its 784 greys, 0 to 255, as a Uint8Array or, from
 * a kernel, as a DataView. Without any, the canvas is blank. Other arrays raise a TypeError.
 */
export function showImage(canvas, bytes = new Uint8Array(784)) {
  const isBytes = bytes instanceof Uint8Array || bytes instanceof DataView;
  if (!isBytes || bytes.byteLength !== 784)
    throw new TypeError(`showImage wants 784 bytes, not ${bytes.length} of ${bytes.constructor.name}`);
  const image = new Uint8Array(bytes.buffer, bytes.byteOffset, 784);
  drawMaps(canvas, Float32Array.from(image, (grey) => grey / 255), [28, 28, 1], 1, 1, true);
}

/** Return a canvas with an image of 784 greys, as it lies on the paper. */
export function pictureOfImage(image) {
  const canvas = element("canvas", "", { width: 28, height: 28 });
  showImage(canvas, image);
  return canvas;
}

/**
 * Return a canvas with a picture on paper, scaled down if its longer side exceeds `longest` pixels. The
 * paper is white. It is black where all that a transparent picture shows is light.
 */
export function scaleDown(picture, longest) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = element("canvas", "", { width, height });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, width, height);
  pen.globalCompositeOperation = "destination-over";
  pen.fillStyle = isLightInk(pen.getImageData(0, 0, width, height).data) ? "black" : "white";
  pen.fillRect(0, 0, width, height);
  return canvas;
}

/** Is a picture of red, green, blue and opacity transparent, and is all that it shows light? */
function isLightInk(pixels) {
  let opacity = 0;
  let light = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    opacity += pixels[i + 3];
    light += pixels[i + 3] * Math.min(pixels[i], pixels[i + 1], pixels[i + 2]);
  }
  const isTransparent = opacity < 0.99 * 255 * (pixels.length / 4);
  return isTransparent && light > 200 * opacity;
}
