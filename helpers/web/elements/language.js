// What the modules say, in the language of the notebook or the page: scripts.py puts MESSAGES,
// from English to that language, before the first of them.

/** Return a message in that language, its `{places}` filled with the values. */
export function _(message, values = {}) {
  const text = MESSAGES[message] ?? message;
  return text.replace(/\{(\w+)\}/g, (placeholder, name) => values[name] ?? placeholder);
}

/** Join texts to a list, with the mark that the language sets between them. */
export function joinList(texts) {
  return texts.reduce((list, text) => _("{list}, {text}", { list, text }));
}

/** Return the parts of a text in which an element takes a place that has no value. */
export function around(text, place, element) {
  const [before, after] = text.split(`{${place}}`);
  return [before, element, after];
}
