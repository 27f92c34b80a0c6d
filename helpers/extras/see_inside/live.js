// The explorer of feature maps, as the site shows it in elements with `data-live="explorer"`.

import { readBytes } from "../../page/network/index.js";
import { showExplorer } from "./explorer.js";

live.explorer = {
  needs: ["untrained", "trained", "images"],
  show: (el, untrained, trained, images) =>
    showExplorer(el, { untrained, trained }, readBytes(images)),
};
