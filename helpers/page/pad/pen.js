// What draws on the paper of a pad: mouse, pen, finger and keyboard.

import { ARROWS, hasModifier, placeOn } from "../elements/index.js";
import { SIZE } from "./paper.js";

const KEYBOARD = "keyboard"; // holds the pen as a pointer does, which has a number
const STEP = 10; // pixels that an arrow key moves the pen
const clip = (coordinate) => Math.min(Math.max(coordinate, 0), SIZE);

/** A pen that draws on the canvas `paper`. The element `cursor` shows where the keyboard holds it. */
export class Pen {
  #stroke = null; // the last stroke, which remembers the pointer that draws it
  #position = [SIZE / 2, SIZE / 2]; // where the keyboard holds the pen

  constructor(pad, paper, cursor) {
    Object.assign(this, { pad, paper, cursor });
    const listeners = {
      pointerdown: this.#startPointer,
      pointermove: this.#movePointer,
      pointerup: this.#stopPointer,
      pointercancel: this.#stopPointer,
      keydown: this.#pressKey,
      blur: this.#leaveKeyboard,
    };
    for (const [type, listener] of Object.entries(listeners))
      paper.addEventListener(type, listener.bind(this));
  }

  /** Does this pen draw, or does this pointer draw with it? */
  isDown(pointer = this.#stroke?.pointer) {
    return this.#stroke?.pointer === pointer && this.pad.isDrawing(this.#stroke);
  }

  lift() {
    this.pad.endStroke(this.#stroke);
  }

  #beginStroke(pointer, point) {
    this.#stroke = { pointer };
    this.pad.beginStroke(this.#stroke, point);
  }

  #pointOf(event) {
    return placeOn(this.paper, event).map((share) => Math.round(share * SIZE * 10) / 10);
  }

  #startPointer(event) {
    if (this.isDown(KEYBOARD)) this.#leaveKeyboard();
    if (this.isDown() || event.button !== 0) return;
    event.preventDefault();
    // So that Ctrl+Z is the pad's from now on. The frame of the focus is for the keyboard.
    this.paper.focus({ preventScroll: true, focusVisible: false });
    this.paper.setPointerCapture(event.pointerId);
    this.#beginStroke(event.pointerId, this.#pointOf(event));
  }

  #movePointer(event) {
    if (!this.isDown(event.pointerId)) return;
    const events = event.getCoalescedEvents?.() ?? [];
    const points = (events.length ? events : [event]).map((each) => this.#pointOf(each));
    this.pad.extendStroke(this.#stroke, points);
  }

  #stopPointer(event) {
    if (this.isDown(event.pointerId)) this.lift();
  }

  #pressKey(event) {
    const arrow = ARROWS[event.key];
    const isSpace = event.key === " ";
    if ((!arrow && !isSpace) || hasModifier(event)) return;
    event.preventDefault();
    if (event.repeat && isSpace) return;
    if (arrow) this.#movePosition(arrow);
    else if (this.isDown(KEYBOARD)) this.lift();
    else if (!this.isDown()) this.#beginStroke(KEYBOARD, this.#position);
    this.#showCursor();
  }

  #movePosition(arrow) {
    this.#position = this.#position.map((coordinate, axis) => clip(coordinate + STEP * arrow[axis]));
    if (this.isDown(KEYBOARD)) this.pad.extendStroke(this.#stroke, [this.#position]);
  }

  #showCursor() {
    const [x, y] = this.#position;
    this.cursor.hidden = false;
    this.cursor.style.left = `${(100 * x) / SIZE}%`;
    this.cursor.style.top = `${(100 * y) / SIZE}%`;
    this.cursor.classList.toggle("pad-down", this.isDown(KEYBOARD));
  }

  /** The keyboard is elsewhere, so it lifts the pen. */
  #leaveKeyboard() {
    if (this.isDown(KEYBOARD)) this.lift();
    this.cursor.hidden = true;
  }
}
