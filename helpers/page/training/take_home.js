// "Take it home": the network as one file, its name, and the work that no file has yet.

import { _ } from "../elements/index.js";
import { homeData, savePage } from "./page_file.js";

const NO_FILE_HOME = _(
  "The file can't be made, because a part of this page can't be loaded. Check your connection and press Take it home again.",
);

export class TakeHome {
  /**
   * Save the network of a `trainer`, with the drawings of a DrawingList, when somebody asks for it in
   * the elements `nodes` of the panel. `options` are those of `showTraining`. Without `loadHomePage`
   * there is nothing to take home. `isBroken()` says whether somebody has broken the network. Until the `signal` ends it, the page warns who leaves it if work
   * would be lost.
   */
  constructor({ nodes, options, trainer, drawingList, isBroken }, signal) {
    Object.assign(this, { nodes, options, trainer, drawingList, isBroken });
    this.savedWork = this.currentWork();
    nodes.home.hidden = !options.loadHomePage;
    nodes.title.value = options.title ?? "";
    nodes.title.addEventListener("input", () => options.rename?.(this.title));
    nodes["take-home"].addEventListener("click", () => this.save());
    if (!options.loadHomePage) return;
    const warn = (event) => this.hasUnsavedWork() && event.preventDefault();
    window.addEventListener("beforeunload", warn, { signal });
  }

  get title() {
    return this.nodes.title.value.trim();
  }

  /** Save the network as one file. */
  async save() {
    const { nodes, options, drawingList } = this;
    nodes.note.textContent = "";
    const loading = Promise.all([options.loadHomeData(), options.loadHomePage()]);
    const loaded = await loading.catch(() => null);
    if (!loaded) {
      nodes.note.textContent = NO_FILE_HOME;
      return;
    }
    const [data, text] = loaded;
    const wasBroken = this.isBroken() || undefined;
    const firstData = { ...data, title: this.title, strokes: options.strokes, wasBroken };
    this.savedWork = this.currentWork();
    savePage(text, this.trainer.run.network, homeData(firstData, options.title, drawingList));
  }

  /** Return what somebody would lose by leaving the page: the drawings, and the steps of the run. */
  currentWork() {
    const { run } = this.trainer;
    return { drawings: this.drawingList.drawings, run, steps: run.steps };
  }

  /** Are there drawings or steps that weren't there at first, and that no file has? */
  hasUnsavedWork() {
    const { savedWork } = this;
    const { drawings, run, steps } = this.currentWork();
    const hasNewDrawings = drawings.length > 0 && drawings !== savedWork.drawings;
    return hasNewDrawings || (steps > 0 && (run !== savedWork.run || steps !== savedWork.steps));
  }
}
