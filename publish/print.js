// Paper is white: a page in dark colours is printed in the light ones.
const paper = matchMedia("print"), root = document.documentElement;
let theme;
paper.addEventListener("change", () => {
  if (paper.matches) theme = root.dataset.theme;
  root.dataset.theme = paper.matches ? "light" : theme;
});
