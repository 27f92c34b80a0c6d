// What other folders may import from here: the pad, the network behind it, and the drawings that somebody keeps.

export { areDigits, areSameNames, download, thinStrokes } from "./drawing_file.js";
export { DrawingList } from "./drawing_list.js";
export { createPadOfWidget, showPad } from "./pad.js";
export { PadModel } from "./pad_model.js";
export { showImage } from "./paper.js";
