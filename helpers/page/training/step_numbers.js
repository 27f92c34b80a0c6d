// The last step in numbers, below the button that opens and closes it.

import { firstWeights } from "./kernel_images.js";
import { findWeight } from "./step_address.js";

export class StepNumbers {
  #stopView = () => {}; // stops the view of the step that is shown

  /**
   * Show the last step of a `trainer` in the elements `nodes` of the panel. `takeStep` takes a step,
   * and `onOpen(position)` gets the position of each number that is opened, or null.
   */
  constructor(nodes, trainer, takeStep, onOpen) {
    Object.assign(this, { nodes, trainer, takeStep, onOpen });
    nodes["one-step"].addEventListener("click", (event) => {
      if (event.detail < 2) this.toggle(); // a double click opens or closes it once
    });
  }

  /**
   * Open the last step at a weight, or close it. Where no step was taken last, take one first. The
   * button keeps the focus. The page scrolls only if the numbers would be out of sight.
   */
  async toggle() {
    const { nodes, trainer } = this;
    if (nodes.numbers.hasChildNodes()) {
      await trainer.rest();
      this.close();
      return;
    }
    if (!(await this.findLastStep())) return;
    this.#show(firstWeights(trainer.run.network));
    const { top } = nodes.numbers.querySelector(".explain:not([hidden])").getBoundingClientRect();
    if (top > (2 / 3) * innerHeight) nodes.actions.scrollIntoView();
  }

  /** Return the last step. Where no step was taken last, take one first; null if none can be taken. */
  async findLastStep() {
    const { trainer } = this;
    await trainer.rest();
    if (!trainer.lastStep) this.takeStep();
    await trainer.finished;
    return trainer.lastStep;
  }

  /** Open a weight in a step, if it is still the last one. Nothing gets the focus. */
  openWeight(step, layerIndex, weight) {
    if (step === this.trainer.lastStep) this.#show(findWeight(step.network, layerIndex, weight));
  }

  /** Open the last step at the weights of a unit, and lead there. */
  openUnit(layerIndex, unit) {
    this.#show({ layerIndex, unit });
    this.#goThere();
  }

  /** Open the number that an address has named, when all its steps have been taken. */
  openGoal() {
    const { run, lastStep } = this.trainer;
    if (run.goal?.steps !== run.steps) return;
    const position = lastStep?.find(run.goal.position);
    if (!position) return;
    this.#show(position);
    if (!run.goal.isQuiet) this.#goThere();
  }

  close() {
    this.#show(null);
  }

  /** Let the view of the step follow the page no more. */
  stop() {
    this.#stopView();
    this.#stopView = () => {}; // so that the view isn't remembered
  }

  /** Show the last step, beginning with a position in the network; null closes it. */
  #show(position) {
    const { numbers, "one-step": opener } = this.nodes;
    const { lastStep } = this.trainer;
    this.stop();
    numbers.replaceChildren();
    this.onOpen(null);
    const isOpen = Boolean(lastStep && position);
    opener.ariaExpanded = String(isOpen);
    if (!isOpen) return;
    this.nodes.training.open = true;
    this.#stopView = lastStep.show(numbers, position, this.onOpen);
  }

  #goThere() {
    const section = this.nodes.numbers.querySelector(".explain-step");
    section?.scrollIntoView();
    section?.querySelector("[tabindex='0']")?.focus({ preventScroll: true });
  }
}
