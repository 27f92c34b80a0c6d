// What other folders may import from here: a network forward and backward, a step, and what computes it in parallel.

export { ACTIVATIONS } from "./activations.js";
export { buildLayers, randomFrom } from "./architectures.js";
export { backward, computeInputDerivatives, isTrainable, takeStep } from "./backpropagation.js";
export {
  DIGIT_NAMES,
  argmax,
  forward,
  forwardPass,
  imagesIn,
  inputOf,
  readBytes,
  readNetwork,
  shapeOf,
  sourcesOf,
} from "./network.js";
export { OPERATIONS } from "./operations.js";
export { TRAITS } from "./traits.js";
export { findWindows, geometryOf, ravel, unravel } from "./windows.js";
export { startWorkers } from "./worker_pool.js";
