/** A text in quotes of a shell, so that nothing in it means more. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}

/** A text as one word of a shell, quoted if that is needed: paths come from whoever made the folder, names from manifests. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : quoted(text);
}
