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
    nodes.measure.addEventListener("change", () => this.showMeasure());
    this.showMeasure();
  }

  /** Show the curve of the measure that is chosen. */
  showMeasure() {
    for (const name of MEASURES)
      this.nodes[name].toggleAttribute("hidden", name !== this.nodes.measure.value);
  }

  /** Show the points of a run, and what a blind guess among so many classes would reach. */
  show(points, classCount) {
    const { loss, accuracy, "guess-key": key } = this.nodes;
    const guess = { accuracy: 1 / classCount, loss: Math.log(classCount) };
    drawCurves(loss, "loss", points, guess.loss, MAX_LOSS);
    drawCurves(accuracy, "accuracy", points, guess.accuracy, MAX_ACCURACY);
    const values = {
      guess: `${(100 * guess.accuracy).toFixed(0)}%`,
      loss: guess.loss.toFixed(2),
    };
    key.replaceChildren(...sentence(_("a blind guess ({guess}, loss {loss})"), values));
  }
}

/**
 * Draw the curves of a `measure`, which is the loss or the accuracy, in the picture `chart`. One curve
 * is of the training batches, and one is of the images for validation. A dotted line says what a blind
 * guess reaches. The axis ends at `maximum`, and a line above it isn't drawn.
 */
function drawCurves(chart, measure, points, guess, maximum) {
  const end = Math.max(MIN_IMAGES, ...points.map(({ imagesSeen }) => imagesSeen));
  for (const images of ["training", "validation"]) {
    const places = curvePlaces(points, images, measure, end, maximum);
    chart.querySelector(`.train-${images}`).setAttribute("points", places.join(","));
  }
  const { left, right } = CHART;
  const line = guess > maximum ? "" : `M${left} ${heightOf(guess, maximum)}H${right}`;
  chart.querySelector(".train-guess").setAttribute("d", line);
  chart.querySelector(".train-last-count").textContent = end.toLocaleString("en");
}

/** Return the place of a value on the vertical axis, which ends at `maximum`. */
function heightOf(value, maximum) {
  const { top, bottom } = CHART;
  return (bottom - ((bottom - top) * Math.min(value, maximum)) / maximum).toFixed(1);
}

/** Return the places of a curve, "x,y", of the points that have a measure of some images. */
function curvePlaces(points, images, measure, end, maximum) {
  const { left, right } = CHART;
  const measured = points.filter((point) => point[images]);
  const places = measured.map(({ imagesSeen, [images]: values }) => {
    const x = left + ((right - left) * imagesSeen) / end;
    return `${x.toFixed(1)},${heightOf(values[measure], maximum)}`;
  });
  return places.length === 1 ? [...places, ...places] : places; // so a single point is a dot
}
