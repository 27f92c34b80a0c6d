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

/**
 * Put an element into a text at its `{place}`. Return a list of three: the text before the place, the
 * element, and the text after it.
 */
export function around(text, place, element) {
  const [before, after] = text.split(`{${place}}`);
  return [before, element, after];
}
