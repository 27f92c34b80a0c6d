// The explorer of feature maps, as the site shows it in elements with `data-live="explorer"`.

import { showExplorer } from "./explorer.js";
import { readBytes, readNetwork } from "../web/network.js";

live.explorer = {
  needs: ["untrained", "trained", "images"],
  show(el, untrained, trained, images) {
    const networks = { untrained: readNetwork(untrained), trained: readNetwork(trained) };
    showExplorer(el, networks, Float32Array.from(readBytes(images), (grey) => grey / 255));
  },
};
