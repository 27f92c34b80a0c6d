// A worker of worker_pool.js: it computes the loss and the gradient of shares of a batch.

import { computeGradient } from "./backpropagation.js";

self.onmessage = ({ data: { network, shares, batchSize, learns } }) =>
  self.postMessage(shares.map((share) => computeGradient(network, share, batchSize, learns)));
