// The room's front door: a network that trains in the page.

export { showTraining } from "./training.js";
