// The room's front door: all maps of a network, and where each of their numbers comes from.

export { beforeFlatten } from "./explanation.js";
export { named } from "./layer_view.js";
export { showNetwork } from "./viewer.js";
