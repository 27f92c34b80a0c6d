// The steps of the path in which a network learns, and the one in which it errs. steps.js says what a step
// is.

import { _, sentence, writeShare, written } from "../elements/index.js";
import { argmax, forward, inputOf } from "../network/index.js";

const IMAGE_COUNT = 100; // new digits that a network reads before any step
const STEP_COUNT = 100;

export const NETWORK_STEP = {
  title: _("A new network"),
  fits: ({ training }) => Boolean(training?.canLearnDigits()),
  ask: ({ training }, prepared) => ({
    question: [
      ...sentence(
        _(
          "A new network begins with random weights. Of {count} digits that are new to it, how many will it read?",
        ),
        { count: IMAGE_COUNT },
      ),
      ...(training.run.steps && !prepared
        ? [" ", ...sentence(_("It takes the place of the network that you have trained here."))]
        : []),
    ],
    options: [_("none"), _("about 10"), _("about 50")],
  }),
  async prepare({ training }) {
    const images = (await training.beginNewNetwork()).slice(0, IMAGE_COUNT);
    const { run } = training;
    const isRead = ({ image, label }) => argmax(forward(run.network, inputOf(image)).at(-1)) === label;
    return { run, right: images.filter(isRead).length };
  },
  right(_page, { right }) {
    const distances = [0, 10, 50].map((count) => Math.abs(right - count));
    return distances.indexOf(Math.min(...distances));
  },
  place: ({ training }, isKnown) => (isKnown ? training.nodes.curves : training.nodes.head),
  answer({ training }, { run, right }) {
    const beginning = sentence(
      _(
        "Before any step it reads {right} of {count}. A blind guess would be right about 10 times. Let the network learn, and watch the green curve leave the dotted line of the blind guess.",
      ),
      { right, count: IMAGE_COUNT },
    );
    const point = run.points.findLast(({ validation }) => validation);
    const isPresent = run === training.run; // else somebody has begun again
    if (!isPresent || !point?.imagesSeen) return beginning;
    return [
      ...beginning,
      " ",
      ...sentence(_("It has learned from {seen} images, and it reads {now} of {all} new digits."), {
        seen: point.imagesSeen.toLocaleString("en"),
        now: point.validation.right,
        all: point.validation.classIndices.length,
      }),
    ];
  },
  action: {
    text: _("Let it learn for {count} steps", { count: STEP_COUNT }),
    run: ({ training }) => training.trainFor(STEP_COUNT),
  },
};

export const WEIGHT_STEP = {
  title: _("One step in numbers"),
  fits: ({ training }) => Boolean(training?.canLearnDigits()),
  ask: () => ({
    question: sentence(
      _(
        "The loss is a number that says how wrong the answers of the network are. A step of training changes each weight a little, so that the loss gets smaller. Suppose that the loss grows when a certain weight grows. What does the step do with this weight?",
      ),
    ),
    options: [_("The weight becomes larger."), _("The weight becomes smaller.")],
  }),
  async prepare({ training }) {
    const step = await training.findLastStep();
    return { step, ...step.findSteepestWeight() };
  },
  right: (_page, { before, after }) => Number(after < before),
  place: ({ training }, isKnown) => (isKnown ? training.nodes.numbers : training.nodes.head),
  open: ({ training }, { step, layerIndex, weight }) => training.openWeight(step, layerIndex, weight),
  answer: (_page, { derivative, before, after }) =>
    sentence(
      _(
        "When this weight grows, the loss grows {derivative} times as much. This factor is called the derivative of the loss. It is above 0, so the step makes the weight smaller. The weight was {before}, and after the step it is {after}.",
      ),
      {
        derivative: written(derivative, 6),
        before: written(before, 6),
        after: written(after, 6),
      },
    ),
};

export const FOOL_STEP = {
  title: _("Fool it"),
  needsDrawing: true,
  ask: ({ pad, values }, { first = argmax(values.at(-1)) } = {}) => ({
    question: sentence(
      _(
        "The network reads {class}. Change the drawing, stroke by stroke, until the network reads something else. How large will the share of its wrong answer be?",
      ),
      { class: pad.classes[first] },
    ),
    options: [_("at most 50%"), _("50% to 90%"), _("more than 90%")],
  }),
  prepare: async ({ values }) => ({ first: argmax(values.at(-1)) }),
  follow({ values }, { first, wrong }) {
    if (wrong) return { first, wrong };
    const read = argmax(values.at(-1));
    return { first, wrong: read === first ? undefined : { read, share: values.at(-1)[read] } };
  },
  right: (_page, { wrong }) => (wrong ? Number(wrong.share > 0.5) + Number(wrong.share > 0.9) : null),
  place: (page) => page.find(".pad-sheet"),
  answer({ pad, values, training }, { wrong }) {
    const present = argmax(values.at(-1));
    const { read, share } = wrong ?? { read: present, share: values.at(-1)[present] };
    const texts = { class: pad.classes[read], share: writeShare(share), present: pad.classes[present] };
    if (!wrong)
      return sentence(_("It still reads {class}, with a share of {share}. Draw another stroke."), texts);
    const answer = sentence(
      _("It came to read {class}, with a share of {share}. A large share doesn't mean that it is right."),
      texts,
    );
    const next =
      training && present === read
        ? _("Teach it. Below its answer, press what you meant, and the network learns your drawing.")
        : _("Now it reads {present}.");
    return [...answer, " ", ...sentence(next, texts)];
  },
};
