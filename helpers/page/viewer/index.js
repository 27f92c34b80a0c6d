// What other folders may import from here: all maps of a network, and where each of their numbers comes from.

export { explain } from "./explanation.js";
export { beforeFlatten, layerName, listLayers } from "./layer_graph.js";
export { showNetwork } from "./viewer.js";
