// A drawing pad with a network behind it, in a notebook whose kernel has nothing to do.

import { readNetwork } from "./network.js";
import { renderPad } from "./pad.js";
import { pageModel } from "./page_model.js";

/** Show it, as an anywidget. */
export function renderReader({ model, el }) {
  renderPad({ model: pageModel(readNetwork(model.get("network"))), el });
}
