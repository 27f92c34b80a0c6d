// A sheet of paper with the way of one drawing through a network: the numbers of the image, one map, the
// products that make one of its numbers, and the sums and shares of the classes.

import { _, element, line, writePower, writeShare, written } from "../elements/index.js";
import { argmax, forwardPass, shapeOf } from "../network/index.js";
import { explain, layerName } from "../viewer/index.js";
import { findFirstMaps, findLargest } from "./drawing_steps.js";
import { mapPicture } from "./map_picture.js";

/** Can the way through this network stand on a sheet? It needs maps, and shares at its end. */
export function hasWay({ network }) {
  return findFirstMaps(network) > 0 && network.layers.at(-1).activation === "softmax";
}

/** Print the way of the drawing on the pad through the network. The screen stays as it is. */
export function printWay(page) {
  document.querySelector(".way-sheet")?.remove(); // where a browser hasn't said that it has printed
  const sheet = buildSheet(page);
  document.body.append(sheet);
  addEventListener("afterprint", () => sheet.remove(), { once: true });
  print();
}

/** Return the sheet. It follows the largest number of the first maps. */
function buildSheet(page) {
  const { network, values } = page;
  const layerIndex = findFirstMaps(network);
  const largest = findLargest(page);
  const selection = { layerIndex, i: largest.i, chosen: {}, values, pick() {}, follow() {} };
  const { parts, patch } = explain(network, selection);
  const name = { layer: layerName(network, layerIndex), ...largest };
  return element(
    "section",
    "way-sheet",
    {},
    element("h1", "", {}, _("The way of a drawing through a network")),
    line(_("Name:")),
    line(
      _(
        "1. The image has 784 numbers, one for each pixel. Blank paper has the number 0, which is written as a dot, and full ink has 255. The network gets each of these numbers divided by 255.",
      ),
    ),
    imageTable(values[0], network.shape, patch),
    element(
      "div",
      "way-map",
      {},
      pictureOfMap(page, layerIndex, largest),
      element(
        "div",
        "",
        {},
        line(
          _(
            "2. {layer}, map {map}: The map shows where a filter finds its pattern. Its largest number stands in row {row}, column {column}, counted from 0. It comes from the pixels with a frame.",
          ),
          name,
        ),
        ...parts,
      ),
    ),
    line(
      _(
        "3. The layers that follow make one sum for each class. Softmax raises e to the power of each sum. The share of a class is its power, divided by the sum of all powers.",
      ),
    ),
    shareTable(page),
    answerLine(page),
  );
}

/** Make a table of the image's numbers, 0 to 255. The pixels of the `patch` have a frame. */
function imageTable(image, [rows, columns], patch) {
  const isInPatch = (row, column) =>
    row >= patch.row &&
    row < patch.row + patch.size[0] &&
    column >= patch.column &&
    column < patch.column + patch.size[1];
  const cellFor = (row, column) => {
    const grey = Math.round(255 * image[row * columns + column]);
    const cell = element("td", isInPatch(row, column) ? "way-patch" : "", {}, grey ? String(grey) : "\u00b7");
    const paper = 255 - grey;
    cell.style.background = `rgb(${paper} ${paper} ${paper})`;
    cell.style.color = grey > 127 ? "white" : "black";
    return cell;
  };
  const rowFor = (row) =>
    element("tr", "", {}, ...Array.from({ length: columns }, (_none, column) => cellFor(row, column)));
  return element("table", "way-image", {}, ...Array.from({ length: rows }, (_none, row) => rowFor(row)));
}

/** Make a picture of one map of a layer. The number in a row and a column has a frame. */
function pictureOfMap({ network, values }, layerIndex, { map, row, column }) {
  const [rows, columns, channels] = shapeOf(network, layerIndex);
  const numbers = values[layerIndex].filter((_number, i) => i % channels === map);
  return mapPicture("way-picture", numbers, [rows, columns], [{ row, column, size: [1, 1] }]);
}

/** Make a table of each class, with its sum, the power of this sum, and its share. */
function shareTable({ pad, network, values }) {
  const scores = Array.from(forwardPass(network, values[0]).scores.at(-1));
  const shares = values.at(-1);
  const rowOf = (title, texts) =>
    element("tr", "", {}, element("th", "", {}, title), ...texts.map((text) => element("td", "", {}, text)));
  return element(
    "table",
    "way-shares",
    {},
    rowOf(_("class"), pad.classes),
    rowOf(_("sum"), scores.map((score) => written(score, 2))),
    rowOf(_("e to this power"), scores.map((score) => writePower(score))),
    rowOf(_("share"), Array.from(shares, writeShare)),
  );
}

/** Say what the network reads. */
function answerLine({ pad, values }) {
  const shares = values.at(-1);
  const best = argmax(shares);
  return line(_("4. The largest share is {share}. So the network reads {class}."), {
    share: writeShare(shares[best]),
    class: pad.classes[best],
  });
}
