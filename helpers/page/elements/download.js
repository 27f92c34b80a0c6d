// Files that a page gives to whoever looks at it.

/** Let the browser save a text as a file. */
export function download(text, name, type) {
  const href = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // a slow browser reads it later
}
