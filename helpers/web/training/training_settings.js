// What one chooses for a training, and the link that tells of it.

export const SETTINGS = ["network", "source", "rate", "size", "seed"];
// The images, the learning rate and the batch size that are best for a network. At those of the
// trained one, it lost at most 4 of 500 others when it learned a misread image.
const DEFAULTS = { trained: ["both", 0.0007, 32], small: ["mnist", 0.003, 64] };

/** Choose what is best for a network to begin with. */
export function chooseBest(nodes) {
  const [source, rate, size] = DEFAULTS[nodes.network.value] ?? DEFAULTS.small;
  [nodes.source.value, nodes.rate.value, nodes.size.value] = [source, rate, size];
}

/** Let only be chosen what fits: the trained network, and MNIST's digits. */
export function limitChoices(nodes, hasTrained, hasDigits) {
  const allow = (select, values, isAllowed, other) => {
    for (const option of select.options)
      if (values.includes(option.value)) option.hidden = option.disabled = !isAllowed;
    if (select.selectedOptions[0].disabled) select.value = other;
  };
  const { value } = nodes.network;
  allow(nodes.network, ["trained"], hasTrained, "small");
  if (nodes.network.value !== value) chooseBest(nodes);
  allow(nodes.source, ["mnist", "few", "shuffled", "both"], hasDigits, "own");
}

/** Return the part of a link that tells of what is chosen. */
export const linkOf = (nodes) => `#train=${SETTINGS.map((name) => nodes[name].value)}`;

/**
 * Choose what an address such as "#train=small,mnist,0.003,64,1" tells, and return its other parts,
 * which stand behind &; null if the choices don't fit.
 */
export function restoreChoices(nodes, address) {
  const [choices, ...others] = address.split("&");
  const values = choices.match(/^#train=(.+)$/)?.[1].split(",") ?? [];
  const fits = (name, i) =>
    name === "seed"
      ? /^[1-9]\d{0,8}$/.test(values[i])
      : [...nodes[name].options].some(({ value, disabled }) => value === values[i] && !disabled);
  if (values.length !== SETTINGS.length || !SETTINGS.every(fits)) return null;
  SETTINGS.forEach((name, i) => (nodes[name].value = values[i]));
  return others;
}
