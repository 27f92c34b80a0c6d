// What the modules say, in the language of the notebook or the page: scripts.py puts the translation in
// the place of each message.

/** Return a message, its `{places}` filled with the values. */
export function _(message, values = {}) {
  return message.replace(/\{(\w+)\}/g, (placeholder, name) => values[name] ?? placeholder);
}

/** Join texts to a list, with the mark that the language sets between them. */
export function joinList(texts) {
  return texts.reduce((list, text) => _("{list}, {text}", { list, text }));
}

/**
 * Put values into a text at their `{places}`, and return the nodes of the sentence. Each value is in an
 * element whose `data-value` is the name of its place, so that it can be found whatever the language
 * is. The `{value}` is bold. Nodes in place of a value, such as a sentence in a sentence, stay as they
 * are.
 */
export function sentence(text, values = {}) {
  const parts = text.split(/\{(\w+)\}/); // a text, a name, a text, a name, ...
  return parts.flatMap((part, k) => {
    if (k % 2 === 0) return [document.createTextNode(part)];
    const value = values[part];
    if (Array.isArray(value)) return value;
    const node = document.createElement(part === "value" ? "strong" : "span");
    node.dataset.value = part;
    node.textContent = value;
    return [node];
  });
}
