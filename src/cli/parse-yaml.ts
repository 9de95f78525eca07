/** Reads a mesh config's text, as istiod does. The reader is loaded when there is one: most manifests hold none. */
export function parseYaml(text: string): unknown {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { readYaml } = require('../manifests/yaml/read-yaml') as typeof import('../manifests/yaml/read-yaml');
  return readYaml(text);
}
