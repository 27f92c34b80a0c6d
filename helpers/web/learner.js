// A worker of train.js: each core takes a share of the images, so that the page never stands still.

import { forward, imageOf, strongest } from "./network.js";
import { gradient } from "./learn.js";

let pixels; // float32, 784 an image

self.onmessage = ({ data: { images, network, share, labels, of, learns } }) => {
  if (images) return void (pixels = images);
  const some = share.map((n) => imageOf(pixels, n));
  if (learns) return self.postMessage(gradient(network, some, labels, of));
  const answers = some.map((image) => forward(network, image).at(-1));
  const loss = answers.reduce((sum, p, i) => sum - Math.log(p[labels[i]]) / of, 0);
  self.postMessage({ loss, digits: answers.map(strongest) });
};
