// What one chooses for a training, and the link that names it.

import { _, hasModifier } from "../elements/index.js";
import TRAINING_CHOICES from "../shared/training_choices.json" with { type: "json" };

const SETTINGS = ["network", "source", "rate", "size", "seed"];
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

/** The settings that stand in the elements `nodes` of the panel. */
export class TrainingSettings {
  /**
   * Choose the first settings. If the page `hasTrained` network, they are those of this network.
   * `onChange(isOfNetwork)` is called when somebody has chosen another setting. It gets true if the
   * network begins again with it.
   */
  constructor(nodes, hasTrained, onChange) {
    this.nodes = nodes;
    this.hasChosen = !hasTrained; // has somebody chosen settings, or are they the first ones?
    nodes.network.value = hasTrained ? "trained" : "small";
    this.chooseDefaults();
    nodes.network.addEventListener("change", () => this.chooseDefaults());
    for (const name of SETTINGS) {
      nodes[name].addEventListener("change", () => {
        this.hasChosen = true;
        onChange(name === "network" || name === "seed");
      });
    }
    nodes.link.addEventListener("click", (event) => {
      if (hasModifier(event)) return; // it opens elsewhere
      event.preventDefault();
      shareLink(nodes.link, nodes.note);
    });
  }

  /** The name of the chosen network. */
  get network() {
    return this.nodes.network.value;
  }

  /** The name of the images to learn from. */
  get source() {
    return this.nodes.source.value;
  }

  get rate() {
    return Number(this.nodes.rate.value);
  }

  get size() {
    return Number(this.nodes.size.value);
  }

  get seed() {
    return Number(this.nodes.seed.value);
  }

  /** Does the network learn from drawings alone? */
  get isOfDrawings() {
    return this.source === "own";
  }

  /** Is the chosen network the trained one of the page? */
  get isOfTrained() {
    return this.network === "trained";
  }

  /** The part of an address with the settings, such as "#train=small,mnist,0.003,64,1". */
  get hash() {
    return `#train=${SETTINGS.map((name) => this.nodes[name].value)}`;
  }

  /** Choose the settings that are best for the chosen network. */
  chooseDefaults() {
    const values = DEFAULTS[this.network] ?? DEFAULTS.others;
    for (const [name, value] of Object.entries(values)) this.nodes[name].value = value;
  }

  /** Choose a network with its best settings, the "trained" one as at the beginning. */
  chooseNetwork(name) {
    this.nodes.network.value = name;
    this.chooseDefaults();
    this.nodes.seed.value = 1;
    this.hasChosen = name !== "trained";
  }

  /** Choose the trained network, if it reads the classes, and the best settings for it or for digits. */
  chooseForClasses(hasTrainedClasses, hasDigitClasses) {
    if (hasTrainedClasses) this.nodes.network.value = "trained";
    if (hasTrainedClasses || hasDigitClasses) this.chooseDefaults();
  }

  /** Learn from drawings and from MNIST's digits. */
  chooseBothSources() {
    this.nodes.source.value = "both";
  }

  /**
   * Offer the trained network and MNIST's digits only where the page has them, and make of the seed a
   * whole number that an address can hold.
   */
  limitChoices(hasTrained, hasDigits) {
    const { nodes } = this;
    const { value } = nodes.network;
    allowOptions(nodes.network, ["trained"], hasTrained, "small");
    if (nodes.network.value !== value) this.chooseDefaults();
    allowOptions(nodes.source, [...TRAINING_CHOICES.digit_sources, "both"], hasDigits, "own");
    const seed = Math.round(nodes.seed.valueAsNumber) || 1;
    nodes.seed.value = Math.min(Math.max(seed, 1), TRAINING_CHOICES.max_seed);
  }

  /**
   * Read the part of an address behind its #: return the `values` of the settings, and its other
   * `parts`, which stand behind &. Return null unless all values can be chosen.
   */
  read(hash) {
    const { nodes } = this;
    const [choices, ...parts] = hash.split("&");
    const values = choices.match(/^#train=(.+)$/)?.[1].split(",") ?? [];
    const fits = (name, i) =>
      name === "seed"
        ? /^[1-9]\d*$/.test(values[i]) && Number(values[i]) <= TRAINING_CHOICES.max_seed
        : [...nodes[name].options].some(({ value, disabled }) => value === values[i] && !disabled);
    return values.length === SETTINGS.length && SETTINGS.every(fits) ? { values, parts } : null;
  }

  /** Choose the `values` that `read` has found in an address. */
  choose(values) {
    SETTINGS.forEach((name, i) => (this.nodes[name].value = values[i]));
    this.hasChosen = true;
  }

  /** Let the link lead to the settings, and to a number of a step, whose part of an address is given. */
  updateLink(partOfStep) {
    this.nodes.link.href = `${this.hash}${partOfStep}`;
  }

  /** Does the link lead to this part of an address? */
  isLinkTo(hash) {
    return hash === this.nodes.link.hash;
  }
}

/** Show or hide some options of a select; where the chosen one is hidden, choose `other`. */
function allowOptions(select, values, isAllowed, other) {
  for (const option of select.options)
    if (values.includes(option.value)) option.hidden = option.disabled = !isAllowed;
  if (select.selectedOptions[0].disabled) select.value = other;
}

/** Copy the address of a link, or else make it the page's address; say in `note` where it is. */
async function shareLink(link, note) {
  history.replaceState(null, "", link.hash); // nothing is scrolled, so the note is seen
  const isCopied = await navigator.clipboard?.writeText(link.href).then(
    () => true,
    () => false,
  );
  note.textContent = isCopied
    ? _("The link is copied.")
    : _("The address of this page now has these settings. Copy it from there.");
}
