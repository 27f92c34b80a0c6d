// The curves of a run: the loss and the accuracy, by the number of images that the network has seen.

import { _, sentence } from "../elements/index.js";

const MEASURES = ["accuracy", "loss"];
// The edges of the curves in their picture, which panel.jinja has, and the ends of its axes.
const CHART = { left: 42, right: 315, top: 10, bottom: 150 };
const MIN_IMAGES = 3200; // at the end of the axis, however short a run is
const MAX_LOSS = 2.5;
const MAX_ACCURACY = 1;

/** The curves in the elements `nodes` of the panel. */
export class Curves {
  constructor(nodes) {
    this.nodes = nodes;
    this.keptPoints = []; // of an earlier run
    nodes.measure.addEventListener("change", () => this.showMeasure());
    this.showMeasure();
  }

  /** Show the curve of the measure that is chosen. */
  showMeasure() {
    for (const name of MEASURES)
      this.nodes[name].toggleAttribute("hidden", name !== this.nodes.measure.value);
  }

  /** Keep the curves of a run as they are now: the curves of the next run are drawn over them. */
  keep({ points, rate, seed }) {
    this.keptPoints = [...points]; // the run itself goes on
    const values = { rate, seed };
    const said = sentence(_("Grey: kept, learning rate {rate}, seed {seed}."), values);
    this.nodes.kept.replaceChildren(...said);
  }

  /** Show the points of a run. */
  show(points) {
    const { loss, accuracy } = this.nodes;
    drawCurves(loss, "loss", points, this.keptPoints, MAX_LOSS);
    drawCurves(accuracy, "accuracy", points, this.keptPoints, MAX_ACCURACY);
  }
}

/**
 * Draw the curves of a `measure`, which is the loss or the accuracy, in the picture `chart`. One curve
 * is of the training batches, and one is of the images for validation. A kept curve of an earlier run
 * lies below them. The axis ends at `maximum`.
 */
function drawCurves(chart, measure, points, keptPoints, maximum) {
  const counts = [...points, ...keptPoints].map(({ imagesSeen }) => imagesSeen);
  const end = Math.max(MIN_IMAGES, ...counts);
  const draw = (line, some, images) => {
    const places = curvePlaces(some, images, measure, end, maximum);
    chart.querySelector(line).setAttribute("points", places.join(","));
  };
  const keptImages = keptPoints.some(({ validation }) => validation) ? "validation" : "training";
  draw(".train-kept", keptPoints, keptImages);
  draw(".train-training", points, "training");
  draw(".train-validation", points, "validation");
  chart.querySelector(".train-last-count").textContent = end.toLocaleString("en");
}

/** Return the places of a curve, "x,y", of the points that have a measure of some images. */
function curvePlaces(points, images, measure, end, maximum) {
  const { left, right, top, bottom } = CHART;
  const measured = points.filter((point) => point[images]);
  const places = measured.map(({ imagesSeen, [images]: values }) => {
    const x = left + ((right - left) * imagesSeen) / end;
    const y = bottom - ((bottom - top) * Math.min(values[measure], maximum)) / maximum;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return places.length === 1 ? [...places, ...places] : places; // so a single point is a dot
}
