// What other folders may import from here: what other pages share with the page to take home.

export { keepPlace } from "./scroll_position.js";
