// The steps of the path, in their order.
//
// A step has a `title` and these functions. They get the `page`, which is described in path.js.
//
// - `fits(page)`: does it fit this network? Without it, a step always fits.
// - `ask(page, prepared)`: the `question`, as nodes, and the `options` to choose from.
// - `prepare(page)`: a promise of what the answer needs. It is called after the first choice, and what
//   the promise gives is `prepared`. Before, and without it, `prepared` is undefined.
// - `follow(page, prepared)`: returns what is `prepared` after another drawing. It is called when the
//   drawing rests.
// - `right(page, prepared)`: the index of the option that is right, or null while nobody knows.
// - `open(page, prepared)`: opens the number of which the answer speaks.
// - `answer(page, prepared, choice)`: the answer, as nodes, to the option with the index `choice`.
// - `place(page, isKnown)`: the element of the page of which the step speaks, before or after the answer.
// - `action`: the `text` of a button below the answer, and what it does, `run(page)`. Its `fits(page)` says
//   when it is offered. Without it, that is after the answer.
//
// A step that `needsDrawing` waits for one.

import { _, line } from "../elements/index.js";
import { BREAK_STEP, DRAW_STEP, MAP_STEP, FIELD_STEP, NUMBER_STEP, SHARE_STEP, IMAGE_STEP } from "./drawing_steps.js";
import { FOOL_STEP, NETWORK_STEP, WEIGHT_STEP } from "./training_steps.js";
import { hasWay, printWay } from "./way_sheet.js";

const END_STEP = {
  title: _("The end of the path"),
  ask: () => ({
    question: [
      line(
        _(
          "You have followed one drawing through a network, from its pixels to its shares, and you have seen how training changes the weights.",
        ),
      ),
      line(_("In the four notebooks of hello-mnist you build and train such a network yourself, in Python.")),
      line(_("For teachers, the project has plans, worksheets and a quiz.")),
    ],
    options: [],
  }),
  place: (page) => page.find(".ways"), // the links to the lesson, which the front page of the site has
  action: {
    text: _("Print the way of your drawing"),
    fits: (page) => Boolean(page.values) && hasWay(page),
    run: printWay,
  },
};

export const STEPS = [
  DRAW_STEP,
  IMAGE_STEP,
  MAP_STEP,
  NUMBER_STEP,
  FIELD_STEP,
  SHARE_STEP,
  BREAK_STEP,
  NETWORK_STEP,
  WEIGHT_STEP,
  FOOL_STEP,
  END_STEP,
];
