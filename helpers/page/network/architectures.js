// The networks that a page can train, before their training.

/**
 * Build the layers of a network of architectures.json, which tells so many `classes` apart. Their
 * settings are called as in Keras, and a dense layer without `units` has a unit for each class. The
 * weights are random. A network without a hidden layer begins with weights of 0.
 */
export function buildLayers(architecture, random, classes = 10) {
  let shape = [28, 28, 1];
  const scale = architecture[0].kind === "Flatten" ? 0 : 1;
  return architecture.map(({ kind, ...settings }) => {
    const layer = { kind, name: kind, activation: "linear" };
    const { fans, ...described } = LAYERS[kind](shape, settings, classes);
    Object.assign(layer, described, fans && initialise(...fans, scale, random));
    shape = layer.shape;
    return layer;
  });
}

// Each kind of layer, built from the shape of its inputs and its settings: what network.js has to know
// of it. `fans` has three numbers: how many inputs a filter or unit reads, how many filters or units
// there are, and how many outputs an input goes into.
const LAYERS = {
  Conv2D([height, width, channels], { filters, kernel_size: side, padding, activation }) {
    const isSame = padding === "same";
    const loss = isSame ? 0 : side - 1; // rows and columns that the window takes off
    return {
      shape: [height - loss, width - loss, filters],
      size: [side, side],
      padding_before: isSame ? [(side - 1) / 2, (side - 1) / 2] : [0, 0],
      activation,
      fans: [side * side * channels, filters, side * side * filters],
    };
  },
  MaxPooling2D: buildPooling,
  AveragePooling2D: buildPooling,
  Flatten: (shape) => ({ shape: [shape.reduce((a, b) => a * b)] }),
  Dense([inputs], { units, activation }, classes) {
    const count = units ?? classes;
    return { shape: [count], activation, fans: [inputs, count, count] };
  },
};

function buildPooling([height, width, channels], { pool_size: side }) {
  const shape = [Math.floor(height / side), Math.floor(width / side), channels];
  return { shape, size: [side, side] };
}

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
