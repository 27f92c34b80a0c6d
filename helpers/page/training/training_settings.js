// What one chooses for a training, and the address that names it.

import { _ } from "../elements/index.js";
import TRAINING_CHOICES from "../shared/training_choices.json" with { type: "json" };

export const SETTINGS = ["network", "source", "rate", "size", "seed"];
// The images, the learning rate and the batch size that are best for a network. When the trained
// network learned a misread image with its settings, it misread at most 4 of 500 other images that it
// had read before.
const DEFAULTS = {
  trained: { source: "both", rate: 0.0007, size: 32 },
  others: {
    source: TRAINING_CHOICES.defaults.source,
    rate: TRAINING_CHOICES.defaults.learning_rate,
    size: TRAINING_CHOICES.defaults.batch_size,
  },
};

/** Choose the settings that are best for the chosen network. */
export function chooseDefaults(nodes) {
  const values = DEFAULTS[nodes.network.value] ?? DEFAULTS.others;
  for (const [name, value] of Object.entries(values)) nodes[name].value = value;
}

/**
 * Offer the trained network and MNIST's digits only where the page has them, and make of the seed a
 * whole number that an address can hold.
 */
export function limitChoices(nodes, hasTrained, hasDigits) {
  const { value } = nodes.network;
  allowOptions(nodes.network, ["trained"], hasTrained, "small");
  if (nodes.network.value !== value) chooseDefaults(nodes);
  allowOptions(nodes.source, [...TRAINING_CHOICES.digit_sources, "both"], hasDigits, "own");
  const seed = Math.round(nodes.seed.valueAsNumber) || 1;
  nodes.seed.value = Math.min(Math.max(seed, 1), TRAINING_CHOICES.max_seed);
}

/** Show or hide some options of a select; where the chosen one is hidden, choose `other`. */
function allowOptions(select, values, isAllowed, other) {
  for (const option of select.options)
    if (values.includes(option.value)) option.hidden = option.disabled = !isAllowed;
  if (select.selectedOptions[0].disabled) select.value = other;
}

/** Return the part of an address with the settings, such as "#train=small,mnist,0.003,64,1". */
export function settingsHash(nodes) {
  return `#train=${SETTINGS.map((name) => nodes[name].value)}`;
}

/**
 * Read the part of an address behind its #: return the `values` of the settings, and its other
 * `parts`, which stand behind &. Return null unless all values can be chosen.
 */
export function readHash(nodes, hash) {
  const [choices, ...parts] = hash.split("&");
  const values = choices.match(/^#train=(.+)$/)?.[1].split(",") ?? [];
  const fits = (name, i) =>
    name === "seed"
      ? /^[1-9]\d*$/.test(values[i]) && Number(values[i]) <= TRAINING_CHOICES.max_seed
      : [...nodes[name].options].some(({ value, disabled }) => value === values[i] && !disabled);
  return values.length === SETTINGS.length && SETTINGS.every(fits) ? { values, parts } : null;
}

/** Choose values of all settings. */
export function chooseValues(nodes, values) {
  SETTINGS.forEach((name, i) => (nodes[name].value = values[i]));
}

/** Copy the address of a link, or else make it the page's address; say in `note` where it is. */
export async function shareLink(link, note) {
  history.replaceState(null, "", link.hash); // nothing is scrolled, so the note is seen
  const isCopied = await navigator.clipboard?.writeText(link.href).then(
    () => true,
    () => false,
  );
  note.textContent = isCopied
    ? _("The link is copied.")
    : _("The address of this page now has these settings. Copy it from there.");
}
