// Paper is white and can't be tapped: a page in dark colours is printed in the light ones, and what
// is folded stands there, such as a result that a reader was to guess first.
const FOLDS = "article details:not([open], [data-live] *)";
const root = document.documentElement;
let restore = null; // makes the page again what it was on the screen

/** Load the images that a reader hasn't come near. */
function loadImages() {
  for (const image of document.querySelectorAll("img[loading=lazy]")) image.loading = "eager";
}

/** Show a page as it stands on paper. */
function preparePaper() {
  if (restore) return;
  const { theme } = root.dataset;
  const folds = [...document.querySelectorAll(FOLDS)];
  restore = () => {
    root.dataset.theme = theme;
    for (const details of folds) details.open = false;
    restore = null;
  };
  root.dataset.theme = "light";
  for (const details of folds) details.open = true;
  loadImages();
}

// A browser counts the sheets right after it has announced that it will print. What unfolds later,
// when its styles are those of paper, would be cut off at the end.
addEventListener("beforeprint", preparePaper);
addEventListener("afterprint", () => restore?.());
matchMedia("print").addEventListener("change", ({ matches }) => {
  if (matches) preparePaper();
  else restore?.();
});

// The images come after the text and the styles. But they belong to the page: when it has been loaded,
// it can be printed, and read to its end without a network. A reader who saves data gets each image
// on the way to it.
if (!navigator.connection?.saveData) loadImages();
