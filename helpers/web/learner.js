// A worker of workers.js.

import { computeShare } from "./learn.js";

self.onmessage = ({ data: { shares, ...job } }) =>
  self.postMessage(shares.map((share) => computeShare({ ...job, share })));
