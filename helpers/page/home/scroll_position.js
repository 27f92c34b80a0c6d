// The place of a page that somebody looks at: it stays in sight when the page gets another width, as
// when a phone is turned. Left to themselves, Chromium, Firefox and WebKit lose an open number then,
// because the viewer makes its maps anew.

// The marks are the elements by which a place is found again. A page of another width has other
// distances between two marks, so there are many of them. The status of a training is no mark, because
// on a phone that lies on its side it is far from the button Train.
const MARKS =
  ".pad-paper, [data-layer-index], .train [data-name]:not(.pad *), .train-head button, :is(main, article, .train, .explain) " +
  ":is(h1, h2, h3, p:not(.train-status), li, figure, summary, .pad-button, .number-chosen)";
const MARK_COUNT = 8; // so many are noted, for some may be hidden where the page has another width
const QUIET = 100; // milliseconds without a scroll, after which a place is noted
const TURNED = 400; // and without any change, after which a turned page has come to rest

const viewport = document.documentElement;
const marksIn = (root) => [...root.querySelectorAll(MARKS)];

/**
 * Return a function that finds a mark again. If the viewer has built its maps anew meanwhile, the
 * function finds the mark that has taken its place.
 */
function finder(mark) {
  const layer = mark.closest("[data-layer-index]");
  if (!layer) return () => mark;
  const { layerIndex } = layer.dataset;
  const frame = mark.closest(".viewer-frame");
  const explanation = mark.closest(".explain");
  const index = explanation ? marksIn(explanation).indexOf(mark) : -1;
  return () => {
    if (mark.isConnected) return mark;
    const parts = [...frame.querySelectorAll(`[data-layer-index="${layerIndex}"]`)].filter(
      (part) => part.closest(".viewer-frame") === frame,
    );
    const built = parts.map((part) => part.closest(".explain") ?? part.querySelector(".explain"));
    const sameExplanation = built.find((part) => part && index >= 0);
    return (sameExplanation && marksIn(sameExplanation)[index]) ?? parts[0];
  };
}

/** Keep the place of the whole page from now on. */
export function keepPlace() {
  let width = viewport.clientWidth;
  let scrolledTo = scrollY; // where the page has come to rest
  let marks = []; // what finds each, and how far down the window it stands: 0 to 1
  let timer = null;
  const isTurning = () => viewport.clientWidth !== width;

  /** Note the last marks that begin in the upper third of the window; the top needs no mark. */
  function note() {
    if (isTurning()) return;
    scrolledTo = scrollY;
    marks = [];
    if (!scrollY) return;
    const end = viewport.clientHeight / 3;
    marks = marksIn(document)
      .map((mark) => ({ mark, ...boxOf(mark) }))
      .filter(({ mark, top, height }) => height && top < end && !isSticky(mark))
      .sort((one, other) => other.top - one.top)
      .slice(0, MARK_COUNT)
      .map(({ mark, top }) => ({ find: finder(mark), share: top / viewport.clientHeight }));
  }

  function restore() {
    for (const { find, share } of marks) {
      const mark = find();
      if (!mark || !boxOf(mark).height) continue;
      scrollBy({ top: boxOf(mark).top - share * viewport.clientHeight, behavior: "instant" });
      return;
    }
  }

  /** The turned page has come to rest. Turned back, it shows the same place as before. */
  function rest() {
    restore();
    width = viewport.clientWidth;
    scrolledTo = scrollY;
  }

  function noteSoon() {
    clearTimeout(timer);
    timer = setTimeout(note, QUIET);
  }

  /** Keep the place while the page is laid out for another width. */
  function followTurn() {
    if (!isTurning()) return;
    restore();
    clearTimeout(timer);
    timer = setTimeout(rest, TURNED);
  }

  addEventListener("resize", followTurn);
  new ResizeObserver(followTurn).observe(document.body); // the viewer builds its maps a little later
  const hasMoved = () => Math.abs(scrollY - scrolledTo) > 1; // by somebody, not by a turn
  addEventListener("scroll", () => !isTurning() && hasMoved() && noteSoon(), { passive: true });
  for (const event of ["click", "keyup"]) addEventListener(event, noteSoon, { passive: true });
}

/** Does a mark stand in a pad that stays in sight, wherever the page is? */
function isSticky(mark) {
  const pad = mark.closest(".viewer-pad");
  return pad && getComputedStyle(pad).position === "sticky";
}

function boxOf(mark) {
  const { top, height } = mark.getBoundingClientRect();
  return { top, height };
}
