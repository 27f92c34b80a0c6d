// The product of two matrices, which is most of the work of a network. WebAssembly computes it, four
// numbers at a time. Where it is missing or forbidden, JavaScript computes the same numbers.

import { MATRIX_PRODUCT } from "./matrix_product_binary.js";

const PAGE_SIZE = 65_536; // bytes, by which the memory of WebAssembly grows

const compiledKernel = startKernel(); // matrix_product.wat describes it

/**
 * Start the kernel. Return null if the browser lacks WebAssembly or its SIMD instructions, or if the
 * Content Security Policy of the page forbids them.
 */
function startKernel() {
  try {
    const bytes = Uint8Array.from(atob(MATRIX_PRODUCT), (letter) => letter.charCodeAt(0));
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  } catch {
    return null;
  }
}

/**
 * Return the product of two matrices, `rows` by `columns`, in a Float32Array that holds until the next
 * call. Numbers lie row by row.
 *
 * The left matrix has `inner` columns, and the right matrix has `inner` rows. `numbers` and `right` are
 * lists of arrays, which are put one behind the other. `indices` is an Int32Array. It has the
 * index of a number for each place of the left matrix, column by column if this is `transposed`.
 */
export function multiply(numbers, indices, right, { rows, inner, columns, transposed = false }) {
  const size = [rows, inner, columns];
  const strides = transposed ? [1, rows] : [inner, 1];
  if (!compiledKernel)
    return multiplyInJavaScript(joinArrays(numbers), indices, joinArrays(right), size, strides);
  const lengths = [sumLengths(numbers), indices.length, sumLengths(right), rows * columns];
  const [numbersStart, indicesStart, rightStart, productStart] = reserveMemory(lengths);
  const { buffer } = compiledKernel.memory;
  joinArrays(numbers, new Float32Array(buffer, numbersStart, lengths[0]));
  new Int32Array(buffer, indicesStart, lengths[1]).set(indices);
  joinArrays(right, new Float32Array(buffer, rightStart, lengths[2]));
  compiledKernel.multiply(...size, numbersStart, indicesStart, ...strides, rightStart, productStart);
  return new Float32Array(buffer, productStart, lengths[3]);
}

/** Let the kernel's memory have room for arrays of these lengths; return where each begins, in bytes. */
function reserveMemory(lengths) {
  let end = 0;
  const starts = lengths.map((length) => {
    const start = end;
    end += 4 * length;
    return start;
  });
  const missing = end - compiledKernel.memory.buffer.byteLength;
  if (missing > 0) compiledKernel.memory.grow(Math.ceil(missing / PAGE_SIZE));
  return starts;
}

const sumLengths = (arrays) => arrays.reduce((sum, { length }) => sum + length, 0);

/** Put arrays one behind the other, into an array that is there or a new one. */
function joinArrays(arrays, joined = new Float32Array(sumLengths(arrays))) {
  let start = 0;
  for (const array of arrays) {
    joined.set(array, start);
    start += array.length;
  }
  return joined;
}

/** Do the work of the kernel in its order, with numbers of float32, so that the results are equal. */
function multiplyInJavaScript(numbers, indices, right, [rows, inner, columns], [rowStride, innerStride]) {
  const product = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i += 1) {
    for (let k = 0; k < inner; k += 1) {
      const factor = numbers[indices[i * rowStride + k * innerStride]];
      if (factor === 0) continue;
      const target = i * columns;
      const source = k * columns;
      for (let j = 0; j < columns; j += 1)
        product[target + j] += Math.fround(factor * right[source + j]);
    }
  }
  return product;
}
