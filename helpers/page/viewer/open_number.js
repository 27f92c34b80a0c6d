// Which number of a network is open, and which numbers have led to it.

/** The number that is explained. Links in its explanation lead to others, and from there back. */
export class OpenNumber {
  layerIndex = null; // of its layer; null while none is open
  i = null; // its index in what the layer gives
  chosen = {}; // what has been picked in its explanation
  #path = []; // the numbers from which links have led here, each with the image that was shown

  get isOpen() {
    return this.layerIndex !== null;
  }

  /** The number from which the last link has led here, with its `chosen` and its `image`. */
  get origin() {
    return this.#path.at(-1);
  }

  /** Open a number to which no link has led. */
  open(layerIndex, i, chosen = {}) {
    this.#path = [];
    Object.assign(this, { layerIndex, i, chosen });
  }

  /** Follow a link to another number. The open one has been shown for an `image`. */
  follow(layerIndex, i, image) {
    const { layerIndex: originIndex, i: originI, chosen } = this;
    this.#path.push({ layerIndex: originIndex, i: originI, chosen, image });
    Object.assign(this, { layerIndex, i, chosen: {} });
  }

  /** Open the origin again, as it was. */
  goBack() {
    const { layerIndex, i, chosen } = this.#path.pop();
    Object.assign(this, { layerIndex, i, chosen });
  }

  close() {
    this.open(null, null);
  }
}
