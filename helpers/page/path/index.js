// What other folders may import from here: the path, which leads over a page with a network.

export { Path } from "./path.js";
