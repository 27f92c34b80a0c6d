// The networks that a page can train, before their training.

// Each layer has the number of its filters, and then the side of its window. The last network is the
// lesson's, as `build_model` of model.py builds it.
export const NETWORKS = {
  one: "Flatten, Dense",
  small: "Conv2D 16 5, MaxPooling2D 3, Conv2D 64 3, MaxPooling2D 2, Flatten, Dense",
  lesson:
    "Conv2D 32 3, MaxPooling2D 2, Conv2D 64 3, MaxPooling2D 2, Conv2D 128 3, Flatten, Dense",
};

/**
 * Build the layers of a network that tells so many `classes` apart. Their weights are random. A
 * network without a hidden layer begins with weights of 0.
 */
export function buildLayers(line, random, classes = 10) {
  let shape = [28, 28, 1];
  const scale = line.startsWith("Flatten") ? 0 : 1;
  return line.split(", ").map((words) => {
    const [kind, ...numbers] = words.split(" ");
    const layer = { kind, name: kind, activation: "linear" };
    const { weights, ...settings } = LAYERS[kind](shape, ...numbers.map(Number), classes);
    Object.assign(layer, settings, weights && initialise(...weights, scale, random));
    shape = layer.shape;
    return layer;
  });
}

// Each kind of layer, built from the shape of its inputs: what network.js has to know of it. `weights`
// has three numbers: how many inputs a filter or unit reads, how many filters or units there are,
// and how many outputs an input goes into.
const LAYERS = {
  Conv2D: ([height, width, channels], filters, side) => ({
    shape: [height - side + 1, width - side + 1, filters],
    size: [side, side],
    padding_before: [0, 0],
    activation: "relu",
    weights: [side * side * channels, filters, side * side * filters],
  }),
  MaxPooling2D: ([height, width, channels], side) => ({
    shape: [Math.floor(height / side), Math.floor(width / side), channels],
    size: [side, side],
  }),
  Flatten: (shape) => ({ shape: [shape.reduce((a, b) => a * b)] }),
  Dense: ([inputs], units) => ({
    shape: [units],
    activation: "softmax",
    weights: [inputs, units, units],
  }),
};

/** Draw weights as Keras does (Glorot): the more numbers lead in and out, the smaller they are. */
function initialise(fanIn, units, fanOut, scale, random) {
  const limit = scale * Math.sqrt(6 / (fanIn + fanOut));
  const kernel = new Float32Array(fanIn * units).map(() => (2 * random() - 1) * limit);
  return { kernel, bias: new Float32Array(units) };
}

/** Return a function like Math.random that begins at a whole number, the `seed` (mulberry32). */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
