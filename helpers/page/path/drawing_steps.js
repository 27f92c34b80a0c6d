// The steps of the path that lead through the network, with the drawing on the pad. steps.js says what a
// step is.

import { _, position, sentence, writePower, writeShare, written } from "../elements/index.js";
import { argmax, forwardPass, shapeOf } from "../network/index.js";
import { layerName } from "../viewer/index.js";
import { mapPicture } from "./map_picture.js";
import { receptiveField, spanOfField } from "./receptive_field.js";

export const DRAW_STEP = {
  title: _("Draw"),
  ask: ({ pad }, { isDrawn = hasOwnDrawing(pad) } = {}) => ({
    question: sentence(
      isDrawn
        ? _("What have you drawn? Choose it.")
        : _("What will you draw? Choose it, and then draw it on the pad."),
    ),
    options: pad.classes,
  }),
  prepare: async ({ pad }) => ({ isDrawn: hasOwnDrawing(pad) }),
  place: (page) => page.find(".pad-sheet"),
  answer({ pad, values }, _prepared, choice) {
    if (!hasOwnDrawing(pad)) return sentence(_("Now draw it. The path waits for your drawing."));
    const probabilities = values.at(-1);
    const read = argmax(probabilities);
    const texts = { said: pad.classes[choice], read: pad.classes[read], share: writeShare(probabilities[read]) };
    if (read === choice)
      return sentence(
        _(
          "You said {said}, and the network reads {read}. It gives this answer a share of {share}. It answers while you draw, but it doesn't learn from your drawing unless you teach it.",
        ),
        texts,
      );
    return sentence(
      _(
        "You said {said}, but the network reads {read}. It gives this answer a share of {share}. It doesn't learn from your drawing unless you teach it. Clear the pad and draw again, or go on with this drawing.",
      ),
      texts,
    );
  },
};

export const IMAGE_STEP = {
  title: _("What the network sees"),
  needsDrawing: true,
  ask: () => ({
    question: sentence(
      _(
        "The network doesn't see your lines. It sees this small image of 28x28 numbers, one for each pixel. White paper has the number 0, and black ink has the number 1. How many of these 784 numbers are above 0?",
      ),
    ),
    options: [_("fewer than 50"), _("50 to 200"), _("more than 200")],
  }),
  right: ({ values }) => Number(countInk(values[0]) >= 50) + Number(countInk(values[0]) > 200),
  place: (page) => [page.find(".pad-figure"), page.findLayer(0)].find((node) => node?.offsetHeight),
  answer({ pad, values }) {
    const count = sentence(_("{count} of the 784 numbers are above 0. The other pixels are blank."), {
      count: countInk(values[0]),
    });
    if (pad.content.image) return count; // an image of MNIST is as it was
    return [
      ...count,
      " ",
      ...sentence(
        _(
          "Your drawing was made smaller and moved, so that the middle of its ink lies in the middle of the image. The network has learned from images that were prepared in the same way.",
        ),
      ),
    ];
  },
};

export const MAP_STEP = {
  title: _("A map"),
  needsDrawing: true,
  fits: ({ network }) => findFirstMaps(network) > 0,
  ask: ({ network }) => ({
    question: sentence(
      _(
        "The first convolution has {count} filters. Each filter looks for a small pattern everywhere in the image. Its map, which is also called a feature map, shows where the pattern is. Where does the largest number of all these maps stand?",
      ),
      { count: shapeOf(network, findFirstMaps(network))[2] },
    ),
    options: [_("in the upper third"), _("in the middle"), _("in the lower third")],
  }),
  right(page) {
    const { rows, row } = findLargest(page);
    return Math.floor((3 * row) / rows);
  },
  place(page, isKnown) {
    const layerIndex = findFirstMaps(page.network);
    return isKnown ? page.findExplanation(layerIndex) : page.findLayer(layerIndex);
  },
  open: (page) => page.present(findFirstMaps(page.network), findLargest(page).i),
  answer: (page) =>
    sentence(
      _(
        "The largest number is {number}. It stands in map {map}, in row {row} of {rows}, counted from 0. The map stands here enlarged, and an orange frame is around the number. Choose another map, and you see what its filter has found.",
      ),
      { ...findLargest(page), number: written(findLargest(page).value) },
    ),
};

export const NUMBER_STEP = {
  title: _("One number"),
  needsDrawing: true,
  fits: ({ network }) => findFirstMaps(network) > 0,
  ask: (page) => ({
    question: sentence(
      _(
        "Take the number in the middle of map {map}, in row {row} and column {column}. The filter multiplies {products} numbers, which stand under it, by its {products} weights. It adds up the products and one more number of its own, its bias. Is the sum above 0?",
      ),
      findMiddle(page),
    ),
    options: [_("It is above 0."), _("It is 0 or less.")],
  }),
  right: (page) => Number(findMiddle(page).score <= 0),
  place(page, isKnown) {
    const layerIndex = findFirstMaps(page.network);
    return isKnown ? page.findExplanation(layerIndex) : page.findLayer(layerIndex);
  },
  open: (page) => page.present(findFirstMaps(page.network), findMiddle(page).i),
  answer(page) {
    const { products, score, bias, value } = findMiddle(page);
    const texts = {
      products,
      sum: written(score - bias),
      bias: written(bias),
      score: written(score),
      number: written(value),
    };
    const sum = sentence(
      _("The {products} products add up to {sum}, and the bias is {bias}. Together they make {score}."),
      texts,
    );
    const { activation } = page.network.layers[findFirstMaps(page.network) - 1];
    if (activation === "linear") return sum;
    const text =
      score === value
        ? _("The activation, {activation}, leaves this sum as it is.")
        : _("The activation, {activation}, makes {number} of this sum.");
    return [...sum, " ", ...sentence(text, { ...texts, activation })];
  },
};

export const FIELD_STEP = {
  title: _("The next layers"),
  needsDrawing: true,
  fits({ network }) {
    const fields = findFields(network);
    return Boolean(fields) && new Set(fields.options).size === 3;
  },
  ask({ network }) {
    const { last, options } = findFields(network);
    return {
      question: sentence(
        _(
          "The layers follow one another, and each one reads the maps of the layer before. On how many pixels of the image does one number of {layer} depend?",
        ),
        { layer: layerName(network, last.layerIndex) },
      ),
      options,
    };
  },
  right: () => 1,
  place: (page) => page.findLayer(findFields(page.network).last.layerIndex),
  open(page) {
    const { layerIndex, place } = findFields(page.network).last;
    const channels = shapeOf(page.network, layerIndex)[2];
    const numbers = page.values[layerIndex].slice(place * channels, (place + 1) * channels);
    page.present(layerIndex, place * channels + argmax(numbers));
  },
  answer({ network, values }) {
    const { first, last } = findFields(network);
    const ink = [...last.field].filter((pixel) => values[0][pixel] > 0).length;
    const frames = [last.span, first.span];
    return [
      mapPicture("path-picture", values[0], network.shape, frames, true),
      ...sentence(
        _(
          "A number of the first convolution depends on {few} pixels, which have the small frame in this image. A number in the middle of {layer} depends on {many} pixels, through the layers before. They have the large frame, and {ink} of them have ink.",
        ),
        { few: first.size, layer: layerName(network, last.layerIndex), many: last.size, ink },
      ),
    ];
  },
};

export const SHARE_STEP = {
  title: _("From sums to shares"),
  needsDrawing: true,
  fits: ({ network }) => network.layers.at(-1).activation === "softmax",
  ask({ pad, network, values }) {
    const { best, score, share } = findShares(network, values);
    return {
      question: sentence(
        _(
          "The last layer makes one sum for each class, and softmax makes shares of these sums. The largest sum is {score}. It belongs to {class}, and its share is {share}. Suppose that all sums were larger by 5. What would become of the shares?",
        ),
        { score: written(score, 2), class: pad.classes[best], share: writeShare(share) },
      ),
      options: [
        _("All shares would be larger."),
        _("The shares would stay as they are."),
        _("The largest share would be larger still."),
      ],
    };
  },
  right: () => 1,
  place: (page, isKnown) =>
    isKnown ? page.findLayer(page.network.layers.length) : page.find(".pad-bars"),
  open: (page) => page.present(page.network.layers.length, findShares(page.network, page.values).best),
  answer({ pad, network, values }) {
    const { best, second, distance } = findShares(network, values);
    return sentence(
      _(
        "All shares together are 1, so they can't all be larger. Only the distances between the sums count. The sum of {class} is larger by {distance} than the next one, the sum of {other}. So its share is e to the power of {distance} times as large, and this is {times} times.",
      ),
      {
        class: pad.classes[best],
        other: pad.classes[second],
        distance: written(distance, 2),
        times: writePower(distance, 1),
      },
    );
  },
};

export const BREAK_STEP = {
  title: _("Break it"),
  needsDrawing: true,
  fits: ({ network, training }) => findFirstMaps(network) > 0 && Boolean(training?.canLearnDigits()),
  ask: (page, prepared) => ({
    question: sentence(
      _(
        "Map {map} of the first convolution has the largest number. Suppose that all weights of its filter were 0, so that this map would be empty. Of the digits that the network reads now, how many would it still read?",
      ),
      { map: prepared?.map ?? findLargest(page).map },
    ),
    options: [_("nearly all of them"), _("about half of them"), _("hardly any of them")],
  }),
  async prepare(page) {
    const { map } = findLargest(page);
    return { map, ...(await page.training.tryWithout(findFirstMaps(page.network), map)) };
  },
  right(_page, { before, without }) {
    const share = without / before;
    if (share > 0.75) return 0;
    return share > 0.25 ? 1 : 2;
  },
  place: (page, isKnown) =>
    isKnown ? page.training.nodes.breaking : page.findLayer(findFirstMaps(page.network)),
  open: ({ training }) => {
    training.nodes.breaking.open = true;
  },
  answer: (_page, { before, without, count }) =>
    sentence(
      _(
        "Of {count} digits, the network reads {before} with this filter, and {without} without it. The filter has its weights again. Here you can break more. Round all weights to 1 bit, for example.",
      ),
      { before, without, count },
    ),
};

/** Return the index of the first convolution with several maps, or 0. */
export function findFirstMaps({ layers }) {
  return 1 + layers.findIndex(({ kind, shape }) => kind === "Conv2D" && shape[2] > 1);
}

/** Has the visitor drawn something on the pad? An example is no drawing of theirs. */
function hasOwnDrawing({ values, content }) {
  return Boolean(values) && !content.isExample;
}

/** Count the numbers of an image that are above 0. */
function countInk(image) {
  return image.filter((ink) => ink > 0).length;
}

/** Return the largest number of the first maps: its index `i`, its `value`, and where it stands. */
export function findLargest({ network, values }) {
  const layerIndex = findFirstMaps(network);
  const [rows, columns, channels] = shapeOf(network, layerIndex);
  const i = argmax(values[layerIndex]);
  return { i, value: values[layerIndex][i], rows, ...position(i, columns, channels) };
}

/** Return the number in the middle of the map that has the largest one, and what it was made of. */
function findMiddle({ network, values }) {
  const layerIndex = findFirstMaps(network);
  const { bias, kernel } = network.layers[layerIndex - 1];
  const [rows, columns, channels] = shapeOf(network, layerIndex);
  const { map } = findLargest({ network, values });
  const row = Math.floor(rows / 2);
  const column = Math.floor(columns / 2);
  const i = (row * columns + column) * channels + map;
  return {
    i,
    map,
    row,
    column,
    products: kernel.length / channels,
    bias: bias[map],
    score: forwardPass(network, values[0]).scores[layerIndex][i],
    value: values[layerIndex][i],
  };
}

/**
 * Return the receptive fields of the `first` and the `last` convolution, each of the number in the
 * middle, and the three sizes to choose from. Return null where there are no two such layers, or where
 * a field can't be found.
 */
function findFields(network) {
  const indices = network.layers.flatMap(({ kind }, k) => (kind === "Conv2D" ? [k + 1] : []));
  if (indices.length < 2) return null;
  const [imageRows, imageColumns] = network.shape;
  const [first, last] = [indices[0], indices.at(-1)].map((layerIndex) => {
    const [rows, columns] = shapeOf(network, layerIndex);
    const place = Math.floor(rows / 2) * columns + Math.floor(columns / 2);
    const field = receptiveField(network, layerIndex, place);
    if (!field) return null;
    const span = spanOfField(field, imageColumns);
    return { layerIndex, place, field, span, size: span.size.join("x") };
  });
  if (!first || !last) return null;
  return { first, last, options: [first.size, last.size, `${imageRows}x${imageColumns}`] };
}

/**
 * Return which sum is the `best` and which the `second`, the `score` and the `share` of the best, and the
 * `distance` between the two sums.
 */
function findShares(network, values) {
  const scores = Array.from(forwardPass(network, values[0]).scores.at(-1));
  const best = argmax(scores);
  const second = argmax(scores.map((score, i) => (i === best ? -Infinity : score)));
  return { best, second, score: scores[best], share: values.at(-1)[best], distance: scores[best] - scores[second] };
}
