// Paper is white and can't be tapped: a page in dark colours is printed in the light ones, and what
// a reader was to guess first stands there.
const paper = matchMedia("print"), root = document.documentElement;
let theme, folded;
paper.addEventListener("change", () => {
  if (paper.matches) theme = root.dataset.theme;
  root.dataset.theme = paper.matches ? "light" : theme;
  if (paper.matches) folded = document.querySelectorAll("details.hide:not([open])");
  for (const details of folded ?? []) details.open = paper.matches;
});
