// The place of a page that somebody looks at: it stays in sight when the page gets another width, as
// when a phone is turned.

const MARKS =
  ".explain-title, [data-step], .pad-paper, .train [data-name]:not(.pad *), .train-head *, summary, h1, h2, h3";
const QUIET = 100; // milliseconds without a scroll, after which a place is noted
const TURNED = 400; // and after which all maps have been drawn anew

const viewport = document.documentElement;

/** Return what finds a mark again, or the mark in its place if the viewer has built its maps anew. */
function finder(mark) {
  const [frame, layer] = [mark.closest(".viewer-frame"), mark.closest("[data-step]")];
  if (!layer) return () => mark;
  return () => {
    if (mark.isConnected) return mark;
    const same = [...frame.querySelectorAll(`[data-step="${layer.dataset.step}"]`)];
    const built = same.find((other) => other.closest(".viewer-frame") === frame);
    return (mark !== layer && built?.querySelector(".explain-title")) || built;
  };
}

/** Keep the place of the whole page from now on. */
export function keepPlace() {
  let width = viewport.clientWidth;
  let place = null; // what finds a mark, and how far down the window it stands: 0 to 1
  let timer = null;

  function note() {
    const middle = viewport.clientHeight / 3;
    let least = viewport.clientHeight;
    for (const mark of document.querySelectorAll(MARKS)) {
      const { top, height } = mark.getBoundingClientRect();
      if (!height || Math.abs(top - middle) >= least) continue;
      least = Math.abs(top - middle);
      place = { find: finder(mark), share: top / viewport.clientHeight };
    }
  }

  function restore() {
    const mark = place?.find();
    if (mark?.getBoundingClientRect().height) {
      const top = mark.getBoundingClientRect().top - place.share * viewport.clientHeight;
      scrollBy({ top, behavior: "instant" });
    }
    note();
  }

  function turn() {
    width = viewport.clientWidth;
    restore();
  }

  /** Follow what happens, when the page has come to rest; while its width changes, note nothing. */
  function follow() {
    clearTimeout(timer);
    timer = viewport.clientWidth === width ? setTimeout(note, QUIET) : setTimeout(turn, TURNED);
  }

  for (const event of ["scroll", "resize", "click", "keyup"])
    addEventListener(event, follow, { passive: true });
}
