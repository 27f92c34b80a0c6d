// A picture of one map or of the image, with frames around parts of it.

import { drawMaps, element } from "../elements/index.js";

/**
 * Make a picture of the `numbers` of a map of so many rows and columns, in an element of a class. Each of
 * the `parts` has a frame. A part has its first `row` and `column`, and the number of its `rows` and
 * `columns`. An image is drawn in grey.
 */
export function mapPicture(className, numbers, [rows, columns], parts, isImage = false) {
  const canvas = element("canvas", "");
  drawMaps(canvas, numbers, [rows, columns, 1], 1, isImage ? 1 : 0, isImage);
  const frames = parts.map((part) => {
    const mark = element("span", "map-mark");
    Object.assign(mark.style, {
      top: `${(100 * part.row) / rows}%`,
      left: `${(100 * part.column) / columns}%`,
      height: `${(100 * part.rows) / rows}%`,
      width: `${(100 * part.columns) / columns}%`,
    });
    return mark;
  });
  return element("div", `map ${className}`, {}, canvas, ...frames);
}
