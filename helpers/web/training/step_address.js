// The part of an address that opens one step in numbers, such as "step=1&weight=1,0,0,0,5". It names
// a weight, a bias or a number as Keras does: layers[1].kernel[0, 0, 0, 5]. Layer 0 is the image.

import { beforeFlatten } from "../viewer/index.js";

const MAX_STEPS = 20; // which a page makes at once
const OPENED = ["weight", "bias", "number"];
const WITH_INDEX = /^\d{1,5}(,\d{1,5}){1,4}$/;

/**
 * Read the parts "name=value" of an address: how many `steps` it asks for, the `kind` of what it
 * opens then, its `layer` and its `index` there, and the `image` of the batch. A part that doesn't
 * fit is left out.
 */
export function readStep(parts) {
  const values = Object.fromEntries(parts.map((part) => part.split("=")));
  const whole = (name, most) => {
    const fits = /^\d{1,3}$/.test(values[name]) && values[name] <= most;
    return fits ? Number(values[name]) : 0;
  };
  const kind = OPENED.find((name) => WITH_INDEX.test(values[name]));
  const [layer, ...index] = kind ? values[kind].split(",").map(Number) : [];
  return { steps: whole("step", MAX_STEPS), image: whole("image", 999), kind, layer, index };
}

/** Return the shape of a layer's kernel, as in Keras. */
function kernelShape(layer, before) {
  const units = layer.bias.length;
  return layer.size ? [...layer.size, before.at(-1), units] : [before[0], units];
}

/** Return where an index stands in the flat array of a shape, or null if the shape has no such place. */
function ravel(index, shape) {
  if (index.length !== shape.length || index.some((n, axis) => n >= shape[axis])) return null;
  return index.reduce((place, n, axis) => place * shape[axis] + n, 0);
}

/** Return the index at which a place of the flat array stands in an array of a shape. */
function unravel(place, shape) {
  return shape.map((length, axis) => {
    const below = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    return Math.floor(place / below) % length;
  });
}

/**
 * Return the position of what an address has named, in a network: the `step` of its layer, either the
 * number `i` or a `unit` whose largest number serves, what is `chosen` in the explanation, and the
 * `image`. Return null if the network has no such number.
 */
export function findPosition(network, { kind, layer: step, index, image }) {
  const layer = network.layers[step - 1];
  if (!kind || (step > 0 && !layer)) return null;
  const before = network.layers[step - 2]?.shape ?? network.shape;
  if (kind === "number") {
    const i = ravel(index, layer?.shape ?? network.shape);
    return i === null ? null : { step, i, chosen: {}, image };
  }
  if (!layer?.kernel) return null;
  const units = layer.bias.length;
  if (kind === "bias") {
    const unit = ravel(index, [units]);
    return unit === null ? null : { step, unit, chosen: { bias: true }, image };
  }
  const weight = ravel(index, kernelShape(layer, before));
  if (weight === null) return null;
  const input = Math.floor(weight / units);
  const channels = layer.size ? before.at(-1) : (beforeFlatten({ network, step }) ?? before).at(-1);
  const [place, channel] = [Math.floor(input / channels), input % channels];
  const chosen = layer.size ? { group: channel, term: place } : { group: place, term: channel };
  return { step, unit: weight % units, chosen, image };
}

/** Write the part of an address that opens a weight, a bias or a number after so many steps. */
export function writeStep(network, steps, { kind, step, i, image }) {
  if (steps > MAX_STEPS) return "";
  const layer = network.layers[step - 1];
  const before = network.layers[step - 2]?.shape ?? network.shape;
  const shape = {
    weight: () => kernelShape(layer, before),
    bias: () => [layer.bias.length],
    number: () => layer?.shape ?? network.shape,
  }[kind]();
  const opened = `&step=${steps}&${kind}=${[step, ...unravel(i, shape)]}`;
  return image ? `${opened}&image=${image}` : opened;
}
