// A worker of workers.js.

import { gradient } from "./learn.js";

self.onmessage = ({ data: { network, shares, batchSize, learns } }) =>
  self.postMessage(shares.map((share) => gradient(network, share, batchSize, learns)));
