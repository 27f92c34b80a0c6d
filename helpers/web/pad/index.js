// The room's front door: the pad, the network behind it, and the drawings that somebody keeps.

export { areDigits, areSameNames, download, thinned } from "./drawing_file.js";
export { renderDrawings } from "./drawing_list.js";
export { showPad } from "./pad.js";
export { pageModel } from "./pad_model.js";
export { showImage } from "./pad_view.js";
