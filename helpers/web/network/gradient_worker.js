// A worker of worker_pool.js.

import { gradient } from "./backpropagation.js";

self.onmessage = ({ data: { network, shares, batchSize, learns } }) =>
  self.postMessage(shares.map((share) => gradient(network, share, batchSize, learns)));
