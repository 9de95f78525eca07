/** Reads a mesh config's text. The parser is loaded when there is one: most manifests hold none. */
export function parseYaml(text: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { load } = require('js-yaml') as typeof import('js-yaml');
  return load(text);
}
