import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { findingsIn, sentenceOf } from '../support/analysis';

const PAGES = join(__dirname, '..', '..', 'docs', 'rules');

/** Meshes in which nothing is wrong: the good examples of the rules' pages. */
const meshes: readonly (readonly [string, any[]])[] = readdirSync(PAGES).filter((name) => name.startsWith('mtls')).sort().map((name) => {
  const good = /^## Good\n[\s\S]*?^```yaml\n([\s\S]*?)^```$/m.exec(readFileSync(join(PAGES, name), 'utf8'))![1];
  return [name, loadAll(good)];
});

const namespaceOf = ({ kind, metadata }: any) => (kind === 'Namespace' ? metadata.name : metadata.namespace);

describe.each(meshes)('of the good example in %s', (_, objects) => {
  test('policies without the workloads give no finding', () => {
    expect(findingsIn(objects.filter(({ apiVersion }) => apiVersion.includes('istio.io'))).map(sentenceOf)).toEqual([]);
  });

  test('nothing is found when any one namespace is not there', () => {
    const namespaces = [...new Set(objects.map(namespaceOf))];
    expect(namespaces.flatMap((missing) => findingsIn(objects.filter((object) => namespaceOf(object) !== missing)).map(sentenceOf))).toEqual([]);
  });

  test('nothing is found when the Namespace objects are not there', () => {
    expect(findingsIn(objects.filter(({ kind }) => kind !== 'Namespace')).map(sentenceOf)).toEqual([]);
  });
});

