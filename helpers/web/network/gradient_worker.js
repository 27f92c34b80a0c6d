// A worker of worker_pool.js: it computes what shares of a batch say of a network.

import { computeGradient } from "./backpropagation.js";

self.onmessage = ({ data: { network, shares, batchSize, learns } }) =>
  self.postMessage(shares.map((share) => computeGradient(network, share, batchSize, learns)));
