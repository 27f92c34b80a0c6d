// What other folders may import from here: a network that trains in the page.

export { showTraining } from "./training.js";
