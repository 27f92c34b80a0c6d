// A worker of workers.js.

import { computeShare } from "./learn.js";

let images; // float32, 784 numbers each

self.onmessage = ({ data }) => {
  if (data.images) images = data.images;
  else if (data.pixels) images.set(data.pixels, data.at);
  else self.postMessage(data.shares.map((share) => computeShare(images, { ...data, ...share })));
};
