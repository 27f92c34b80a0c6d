// What other folders may import from here: the pad, the network behind it, and files of drawings.

export {
  areDifferent,
  areDigits,
  areNames,
  areSameNames,
  isName,
  readDrawings,
  saveDrawings,
  thinStrokes,
} from "./drawing_file.js";
export { createPadOfWidget, showPad } from "./pad.js";
export { PadModel } from "./pad_model.js";
export { imageOfStrokes, showImage } from "./paper.js";
