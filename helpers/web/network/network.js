// The network, from an image to the probability of each class, in plain JavaScript.
//
// An image or a map is one long array, row by row, and within a place channel by channel, as NumPy
// lays out an array of shape (height, width, channels). A network is a list of layers, as layers.py
// describes them: each has a `kind`, the `shape` of what it gives, and its weights.

/** The names of classes where a network brings none along; `classes` are those that it brings. */
export const DIGIT_NAMES = [..."0123456789"];

/** Return what each layer makes of an image, float32 from 0 to 1; the image itself comes first. */
export function forward(network, image) {
  const values = [image];
  let shape = network.shape;
  for (const layer of network.layers) {
    const given = OPERATIONS[layer.kind](values.at(-1), shape, layer);
    values.push(ACTIVATIONS[layer.activation](given));
    shape = layer.shape;
  }
  return values;
}

/** What the kinds of layers do with the values of the layer before, which have a `shape`. */
export const OPERATIONS = {
  // At each place, add up the patch under the kernel, each number times its weight in each filter.
  Conv2D(values, [height, width, channels], { shape, size, padding_before: before, kernel, bias }) {
    const [rows, columns, filters] = shape;
    const sums = new Float32Array(rows * columns * filters);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const place = (row * columns + column) * filters;
        sums.set(bias, place);
        for (let i = 0; i < size[0] * size[1]; i += 1) {
          const y = row + Math.floor(i / size[1]) - before[0];
          const x = column + (i % size[1]) - before[1];
          if (y < 0 || x < 0 || y >= height || x >= width) continue; // beyond the edge is 0
          for (let channel = 0; channel < channels; channel += 1) {
            const value = values[(y * width + x) * channels + channel];
            if (value === 0) continue; // most are, and add nothing
            const weights = (i * channels + channel) * filters;
            for (let filter = 0; filter < filters; filter += 1) {
              sums[place + filter] += value * kernel[weights + filter];
            }
          }
        }
      }
    }
    return sums;
  },

  // Keep the largest number of each block.
  MaxPooling2D: (values, shape, { size }) => joinBlocks(values, shape, size, -Infinity, Math.max),

  // Take the mean of each block; with global pooling a block is the whole map.
  AveragePooling2D(values, shape, { size }) {
    const sums = joinBlocks(values, shape, size, 0, (sum, value) => sum + value);
    return sums.map((sum) => sum / (size[0] * size[1]));
  },

  // One long row: that is what the array is already.
  Flatten: (values) => values,

  // Each unit adds up all numbers, each times a weight of its own.
  Dense(values, shape, { shape: [units], kernel, bias }) {
    const sums = Float32Array.from(bias);
    values.forEach((value, i) => {
      for (let unit = 0; unit < units; unit += 1) sums[unit] += value * kernel[i * units + unit];
    });
    return sums;
  },

  // After training, normalizing is a factor and an offset for each channel.
  BatchNormalization: (values, shape, { factor, offset }) =>
    values.map((value, i) => value * factor[i % factor.length] + offset[i % factor.length]),

  Activation: (values) => values, // a layer of its own; what it does comes next

  Dropout: (values) => values, // and its like: they work while one trains, and not afterwards
};

/** From each block of each map make one number: begin with `first`, and `join` one by one. */
function joinBlocks(values, [height, width, channels], size, first, join) {
  const [rows, columns] = [Math.floor(height / size[0]), Math.floor(width / size[1])];
  const joined = new Float32Array(rows * columns * channels).fill(first);
  for (let y = 0; y < rows * size[0]; y += 1) {
    for (let x = 0; x < columns * size[1]; x += 1) {
      const block = Math.floor(y / size[0]) * columns + Math.floor(x / size[1]);
      for (let channel = 0; channel < channels; channel += 1) {
        const value = values[(y * width + x) * channels + channel];
        const place = block * channels + channel;
        joined[place] = join(joined[place], value);
      }
    }
  }
  return joined;
}

export const ACTIVATIONS = {
  linear: (values) => values,
  relu: (values) => values.map((value) => Math.max(value, 0)),
  softmax(values) {
    const largest = Math.max(...values); // taken off so that no power is too large for a number
    const powers = values.map((value) => Math.exp(value - largest));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / sum);
  },
};

/** Find the largest number: the digit that an answer means, or what speaks most for a sum. */
export function strongest(numbers) {
  return numbers.reduce((best, x, i) => (x > numbers[best] ? i : best), 0);
}

/** Return the images in one array, 784 numbers each. */
export function imagesIn(pixels) {
  const image = (_none, i) => pixels.slice(784 * i, 784 * (i + 1));
  return Array.from({ length: pixels.length / 784 }, image);
}

/** Return what a network gets of an image of 784 greys, 0 to 255. */
export const inputOf = (image) => Float32Array.from(image, (grey) => grey / 255);

/** Read bytes from text in base64. */
export function readBytes(text) {
  const letters = atob(text);
  return new Uint8Array(letters.length).map((_none, i) => letters.charCodeAt(i));
}

/** Read a network from its description, in which weights are text: float32 in base64. */
export function readNetwork(description) {
  const layers = description.layers.map((layer) => {
    const weights = Object.entries(layer.weights).map(([name, text]) => {
      return [name, new Float32Array(readBytes(text).buffer)];
    });
    return { ...layer, ...Object.fromEntries(weights) };
  });
  return { ...description, layers, examples: imagesIn(readBytes(description.examples ?? "")) };
}
