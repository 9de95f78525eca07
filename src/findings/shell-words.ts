/** A text in shell quotes, so that no character has a special meaning. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}

/** A text as one shell word, quoted if needed: folder and file names and names in manifests may contain anything. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : quoted(text);
}
