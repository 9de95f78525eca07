import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBaseline } from '../../../src/baseline/baseline-file';
import { readConfiguration } from '../../../src/configuration/configuration';
import { readManifests } from '../../../src/manifests/manifests';
import { schemaOf, validatorOf } from '../../support/documents/schemas';

const DOCS = join(__dirname, '..', '..', '..', 'docs');
const page = readFileSync(join(DOCS, 'configuration.md'), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, text]) => text);
const faultsIn = (text: string, schema: string) => {
  const value = readManifests(text, 'x').documents[0].object;
  return validatorOf(schema).validate(value).errors;
};

const [whole, meshes, rendered, kinds, ...baselines] = blocks;

test('the configuration files of the page are ones, for the command and for editors', () => {
  expect(readConfiguration(whole, 'istio-mtls.yaml').acknowledgements).toHaveLength(1);
  expect(readConfiguration(kinds, 'istio-mtls.yaml').workloadKinds).toHaveLength(3);
  expect([...readConfiguration(meshes, 'istio-mtls.yaml').meshes!.keys()]).toEqual(['dev', 'prod']);
  expect(readConfiguration(rendered, 'istio-mtls.yaml').meshes!.get('prod')!.rendered).toHaveLength(2);
  expect([whole, meshes, rendered, kinds].flatMap((text) => faultsIn(text, 'config'))).toEqual([]);
});

test('the baselines of the page are ones', () => {
  expect(readBaseline(baselines[0], 'b.yaml').entries).toHaveLength(1);
  expect(readBaseline(`format: 1\n${baselines[1]}`, 'b.yaml').undecided).toEqual({ 'client-proxy-unknown': 266 });
  expect([...faultsIn(baselines[0], 'baseline'), ...faultsIn(`format: 1\n${baselines[1]}`, 'baseline')]).toEqual([]);
});

test('the page shows the actual error messages', () => {
  const faulty = 'path: [dist]\n\n\n\nseverities:\n  {         MTLS602: of}\n';
  const shown = /^(istio-mtls\.yaml:1:1: [^]*?)\n```$/m.exec(page)![1].split('\n');
  let told: string[] = [];
  try {
    readConfiguration(faulty, 'istio-mtls.yaml');
  } catch (error) {
    told = (error as Error).message.split('\n');
  }
  expect(told.map((line) => line.replace(/(with, ).*?(\. Fix)/, '$1[…]$2'))).toEqual(shown);
});

test('the page lists every field of the schema', () => {
  const { properties } = schemaOf('config');
  expect(Object.keys(properties).filter((field) => !page.includes(`| \`${field}\` |`))).toEqual([]);
});
