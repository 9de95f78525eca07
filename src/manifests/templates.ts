/** Where the first template is in a text: a line or a value that begins with `{{`, as Helm has it and no YAML that is meant so. */
export function templateAt(text: string): number | undefined {
  for (let at = text.indexOf('{{'); at >= 0; at = nextLineWith('{{', text, at)) {
    if (mayPrecedeTemplate(text.slice(text.lastIndexOf('\n', at) + 1, at))) return at;
  }
  return undefined;
}

/** What stands before a second template of a line has a brace, so it isn't looked at. */
function nextLineWith(wanted: string, text: string, from: number): number {
  const lineEnd = text.indexOf('\n', from);
  return lineEnd < 0 ? -1 : text.indexOf(wanted, lineEnd);
}

/** Indentation, the dashes of items, a key without quotes. */
function mayPrecedeTemplate(before: string): boolean {
  const written = before.trimEnd();
  if (written.replace(/[- \t]/g, '') === '') return true;
  return written.endsWith(':') && written.length < before.length && !/['"#{]/.test(written);
}
