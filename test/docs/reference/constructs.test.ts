// docs/constructs/ shows the output of each docstring's example, and what each construct emits.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import * as library from '../../../src';
import { emittedYaml } from '../../../tools/emitted-yaml.cjs';
import { certificate } from '../../support/certificates/x509';
import { EmittedKind, emittedKinds } from '../../support/constructs/emitted-kinds';
import { randomApps } from '../../support/random/random-constructs';

const FOLDER = join(__dirname, '..', '..', '..', 'docs', 'constructs');
const index = readFileSync(join(FOLDER, 'README.md'), 'utf8');
const pages = new Map(readdirSync(FOLDER).filter((file) => file !== 'README.md').sort().map((file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  return [/^# (\w+)$/m.exec(text)![1], text];
}));

const fence = (page: string, language: string) => new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(page)![1];

const emitted = (name: string, program = fence(pages.get(name)!, 'ts')) =>
  emittedYaml(program, name, (module) => jest.requireActual(module), (commonName) => certificate({ commonName, ca: true, keyUsage: [5, 6] }).pem);

test('each construct has a page, and each page is of a construct', () => {
  const isConstruct = (value: unknown) => typeof value === 'function' && (value.prototype instanceof Construct || value.prototype instanceof ApiObject);
  const constructs = Object.entries(library).filter(([, value]) => isConstruct(value)).map(([name]) => name).sort();
  expect(constructs.length).toBeGreaterThan(15);
  expect([...pages.keys()].sort()).toEqual(constructs);
});

test.each([...pages.keys()])('%s emits the output on its page, without warnings', (name) => {
  const told = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    expect(emitted(name)).toBe(fence(pages.get(name)!, 'yaml'));
    expect(told.mock.calls).toEqual([]);
  } finally {
    told.mockRestore();
  }
});

test('a changed example has a different output', () => {
  const [, page] = [...pages].find(([name]) => name === 'NamespaceOverride')!;
  expect(emitted('NamespaceOverride', fence(page, 'ts').replace('PERMISSIVE', 'STRICT'))).toBe(fence(page, 'yaml').replace('PERMISSIVE', 'STRICT'));
});

/** The rows of a table under a heading, as cells without the addresses of links. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const [, section] = new RegExp(`^## ${heading}\n([^]*?)(?=^## |$(?![^]))`, 'm').exec(index)!;
  return section.split('\n').filter((line) => line.startsWith('| ')).slice(1)
    .map((line) => line.slice(2, -2).split(' | ').map((text) => text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')));
}

const listed = (text: string): readonly string[] => (['nothing', 'none', ''].includes(text) ? [] : text.split(', '));

describe('the tables of the index', () => {
  const emittedBy = emittedKinds();
  const ofConstructs = new Map(rowsUnder('From an intent to kinds').map(([name, , kinds]) => [name, listed(kinds)]));
  const ofKinds = rowsUnder('From a kind to constructs');
  const isOfIstio = ({ apiVersion }: EmittedKind) => apiVersion.includes('.istio.io/');

  test('list the kinds that each construct emits in its forms', () => {
    expect(ofConstructs).toEqual(new Map([...emittedBy].map(([name, kinds]) => [name, kinds.map(({ kind }) => kind)])));
    expect(ofConstructs.get('MeshMtls')).toEqual(['DestinationRule', 'PeerAuthentication']);
    expect(ofConstructs.get('CustomCa')).toEqual(['Certificate', 'ExternalSecret', 'SealedSecret', 'Secret']);
    expect([...ofConstructs].filter(([, kinds]) => kinds.length === 0).map(([name]) => name)).toEqual(['Acknowledgement', 'IstioMesh']);
  });

  test('list the constructs that emit each kind, and the binding of each kind of Istio', () => {
    const pairs = [...emittedBy].flatMap(([name, kinds]) => kinds.map(({ kind, apiVersion }) => `${kind} ${/^(.*)\/|$/.exec(apiVersion)![1] ?? apiVersion} ${name}`));
    expect(ofKinds.flatMap(([kind, group, makers]) => listed(makers).map((maker) => `${kind} ${group.slice(1, -1)} ${maker}`)).sort()).toEqual(pairs.sort());
    const bindings = (['extensions', 'networking', 'security', 'telemetry'] as const).flatMap((module) => (
      Object.entries(library[module]).filter(([, value]) => (value as { GVK?: unknown }).GVK !== undefined).map(([name]) => `${module}.${name}`)));
    expect(bindings.length).toBeGreaterThan(10);
    expect(ofKinds.flatMap(([,,, binding]) => (binding ? [binding.slice(1, -1)] : [])).sort()).toEqual(bindings.sort());
  });

  test('list all that random constructs emit, and what the pages show', () => {
    for (const { yaml, constructs } of randomApps(1, 40)) {
      const known = new Set(Object.keys(constructs).flatMap((name) => ofConstructs.get(name)!));
      expect(kindsIn(yaml).filter((kind) => !known.has(kind))).toEqual([]);
    }
    for (const [name, page] of pages) {
      const known = ofConstructs.get(name)!;
      expect([name, known.length === 0 ? [] : kindsIn(fence(page, 'yaml')).filter((kind) => !known.includes(kind))]).toEqual([name, []]);
    }
  });

  test.each([...emittedBy].filter(([, kinds]) => kinds.some(isOfIstio)))('the docstring of %s begins with its kind of Istio', (name, kinds) => {
    const [, summary] = rowsUnder('From an intent to kinds').find(([construct]) => construct === name)!;
    const [, first] = /^Istio's (\w+)\b/.exec(summary) ?? [];
    expect(kinds.filter(isOfIstio).map(({ kind }) => kind)).toContain(first);
  });

  test('the package is found by the kinds of Istio that constructs emit', () => {
    const { keywords } = jest.requireActual('../../../package.json');
    const kinds = [...emittedBy.values()].flat().filter(isOfIstio).map(({ kind }) => kind.toLowerCase());
    expect([...new Set(kinds)].filter((kind) => !keywords.includes(kind))).toEqual([]);
  });
});

function kindsIn(yaml: string): readonly string[] {
  return [...yaml.matchAll(/^kind: (\w+)$/gm)].map(([, kind]) => kind);
}
