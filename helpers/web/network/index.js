// The room's front door: a network forward and backward, a step, and what computes it in parallel.

export { NETWORKS, buildLayers, randomFrom } from "./architectures.js";
export { backward, isTrainable, takeStep } from "./backpropagation.js";
export {
  DIGIT_NAMES,
  OPERATIONS,
  forward,
  imagesIn,
  inputOf,
  readBytes,
  readNetwork,
  strongest,
} from "./network.js";
export { startWorkers } from "./worker_pool.js";
