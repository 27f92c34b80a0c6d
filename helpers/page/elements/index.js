// What other folders may import from here: what pages are made of, and the language that they speak.

export { download } from "./download.js";
export {
  ARROWS,
  button,
  cellOf,
  element,
  elementOf,
  hasModifier,
  isolated,
  keepKeys,
  namedElements,
  placeOn,
} from "./elements.js";
export { _, joinList, sentence } from "./language.js";
export { cells, drawMaps, placeFrame, sizeMaps } from "./maps.js";
export {
  line,
  position,
  table,
  titled,
  whereabouts,
  writePower,
  writeSetting,
  writeShare,
  written,
} from "./numbers.js";
