// Functions that make and find elements of a page, and that read events.

export const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function element(tag, className, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), { className, ...properties });
  node.append(...children);
  return node;
}

/** Make the element that a template describes. A line end between two elements is no blank. */
export function elementOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html.replace(/>\s*\n\s*</g, "><").trim();
  return template.content.firstElementChild;
}

/** Return the elements in `root` that have a `data-name`, by this name. */
export function namedElements(root) {
  const nodes = [...root.querySelectorAll("[data-name]")];
  return Object.fromEntries(nodes.map((node) => [node.dataset.name, node]));
}

/** Is a key meant for the browser, such as Alt with an arrow? */
export function hasModifier(event) {
  return event.altKey || event.ctrlKey || event.metaKey;
}

/** Let no key without a modifier reach JupyterLab, where D twice on a button would delete a cell. */
export function keepKeys(root) {
  const passed = ["Enter", "Escape"]; // with Shift it runs a cell; it closes what is open
  root.addEventListener("keydown", (event) => {
    if (!hasModifier(event) && !passed.includes(event.key)) event.stopPropagation();
  });
}

/** Return where an event lies on an element, across and down: from 0 to 1. */
export function placeOn(node, event) {
  const box = node.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

/**
 * Return the column and the row in which an event lies, if an element is divided into so many
 * `[columns, rows]`.
 */
export function cellOf(node, event, counts) {
  const cells = placeOn(node, event).map((share, axis) => Math.floor(share * counts[axis]));
  return cells.map((cell, axis) => Math.min(Math.max(cell, 0), counts[axis] - 1));
}

/** Make a button of a text or of nodes. It may have a longer name for screen readers, which says what it belongs to. */
export function button(text, onclick, name = null) {
  const properties = { type: "button", dir: "auto", onclick, ariaLabel: name };
  return element("button", "pad-button", properties, ...[text].flat());
}

/** Write a name so that, in a sentence, letters that run from right to left move no others. */
export function isolated(name) {
  return /^[ -~]*$/.test(name) ? name : `\u2068${name}\u2069`;
}
