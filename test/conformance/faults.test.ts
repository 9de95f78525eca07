// Faults that the self-test of the conformance suite makes: each changes what the library says. That the suite notices is seen
// where Go is; a fault that no longer changes anything is seen here.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault, LoadModule } from '../../conformance/self-test/fault';
import { MODEL_FAULTS } from '../../conformance/self-test/faults/model';
import { READING_FAULTS } from '../../conformance/self-test/faults/reading';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { MeshOptions } from '../../src/mesh/mesh';
import {
  deployment, destinationRule, envoyFilter, injected, meshConfig, namespace, service, serviceEntry, tls, toHost, virtualService, workloadEntry,
} from '../support/mesh';

const ROOT = join(__dirname, '..', '..');

interface KnownMesh extends Pick<MeshOptions, 'clusterDomain' | 'istiodEnv'> {
  readonly objects: readonly unknown[];
}

function kept(folder: string): readonly KnownMesh[] {
  return readdirSync(join(ROOT, folder)).filter((file) => /\.jsonl?$/.test(file)).sort()
    .flatMap((file) => readFileSync(join(ROOT, folder, file), 'utf8').trim().split(file.endsWith('l') ? '\n' : /$^/))
    .map((text) => JSON.parse(text));
}

const WEB = [injected('a'), deployment('a/client'), deployment('a/web'), service('a/web')];
const entry = (name: string): unknown => serviceEntry(`a/${name}`, { hosts: [`${name}.example.com`], ports: [{ number: 443, name: 'p', protocol: 'TCP' }], resolution: 'STATIC', endpoints: [{ address: '192.0.2.1' }] });

/** Where faults show that none of the kept meshes shows. */
const RARE: readonly KnownMesh[] = [
  {
    objects: [
      WEB, destinationRule('a/web', { host: 'web', ...tls('SIMPLE'), subsets: [{ name: 'v1', labels: { app: 'web' }, trafficPolicy: { connectionPool: {} } }] }),
      virtualService('a/web', { hosts: ['web'], http: [toHost('web', { subset: 'v1' })] }),
    ],
  },
  { objects: [WEB, envoyFilter('istio-system/filter', { configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE' } }] })] },
  {
    istiodEnv: { ENABLE_ENHANCED_DESTINATIONRULE_MERGE: 'false' },
    objects: [WEB, destinationRule('a/first', { host: 'web', ...tls('DISABLE') }), destinationRule('a/second', { host: 'web', exportTo: ['.'], ...tls('SIMPLE') })],
  },
  {
    objects: [
      WEB, service('a/canary'), virtualService('a/web', { hosts: ['web'], http: [{ route: [{ destination: { host: 'web' }, weight: 100 }, { destination: { host: 'canary' }, weight: 0 }] }] }),
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Rollout',
        metadata: { namespace: 'a', name: 'web' },
        spec: { strategy: { canary: { stableService: 'web', canaryService: 'canary', trafficRouting: { istio: { virtualService: { name: 'web' } } } } } },
      },
    ],
  },
  {
    objects: [
      WEB, meshConfig({ outboundTrafficPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS', tls: { mode: 'SIMPLE' } } }), namespace('b'),
      service('b/hidden', [80], { annotations: { 'networking.istio.io/exportTo': '.' } }),
    ],
  },
  { objects: [WEB, meshConfig({ defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } }), entry('one'), entry('two')] },
  { objects: [WEB, deployment('a/custom', { annotations: { 'sidecar.istio.io/bootstrapOverride': 'bootstrap' } })] },
  {
    istiodEnv: { PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES: 'false' },
    objects: [WEB, workloadEntry('a/machine', { address: '192.0.2.1', labels: { app: 'web' } })],
  },
  {
    objects: [
      WEB, injected('b'), deployment('b/client'), entry('one'), destinationRule('istio-system/one', { host: 'one.example.com', ...tls('SIMPLE') }),
      meshConfig({ serviceEntryVisibility: { applyToSidecars: true, defaultVisibility: 'NAMESPACE' } }),
    ],
  },
  { clusterDomain: 'corp.internal', objects: [WEB, destinationRule('a/web', { host: 'web', ...tls('SIMPLE') })] },
];

const MESHES: readonly KnownMesh[] = [
  ...RARE.map(({ objects, ...facts }) => ({ ...facts, objects: objects.flat(3) })),
  ...['test/mesh/regressions', 'test/mesh/recorded', 'conformance/fixtures/connections'].flatMap(kept),
];

const object = (name: string): string => `{ apiVersion: v1, kind: ConfigMap, metadata: { name: ${name} } }`;
const list = (...items: string[]): string => `{ apiVersion: v1, kind: List, items: [${items.join(', ')}] }`;
const TEXTS: readonly string[] = [
  'kind: a\u2028name: b', 'kind: yes', '{ x: &x { kind: a }, y: &y { kind: b }, <<: [*x, *y] }', 'kind: |+\n  a\n\n\n', list(object('a')), list(list(object('a'))),
];

const load: LoadModule = (path) => jest.requireActual(`../../src/${path}`);

/** What a library says, with a fault or without, loaded anew: of one mesh or one text after the other. */
function* saidBy(fault: Fault | undefined, say: () => (of: any) => unknown, ofAll: readonly unknown[]): Generator<string> {
  let saying!: (of: any) => unknown;
  jest.isolateModules(() => {
    fault?.make(load);
    saying = say();
  });
  for (const of of ofAll) yield JSON.stringify(saying(of));
}

function changes(said: readonly string[], changed: Iterable<string>): boolean {
  let index = 0;
  for (const other of changed) if (other !== said[index++]) return true;
  return false;
}

function modelled(under: Fault['under'] = {}): () => (mesh: KnownMesh) => unknown {
  return () => {
    const { Mesh } = jest.requireActual<typeof import('../../src/mesh/mesh')>('../../src/mesh/mesh');
    return ({ objects, clusterDomain, istiodEnv }) => {
      const mesh = Mesh.of(objects, { clusterDomain, istiodEnv: { ...istiodEnv, ...under }, parseYaml: readYaml });
      return [...mesh.connections()].map(({ because, ...told }) => told);
    };
  };
}

function read(): (text: string) => unknown {
  const { readManifests } = jest.requireActual<typeof import('../../src/manifests/manifests')>('../../src/manifests/manifests');
  return (text) => {
    const { documents, problems } = readManifests(text, 'text.yaml');
    return [documents.map((one) => one.object), problems.map(({ code }) => code)];
  };
}

describe('the model is changed so that', () => {
  const usual = [...saidBy(undefined, modelled(), MESHES)];

  test.each(MODEL_FAULTS)('$name', (fault) => {
    const { under } = fault;
    const said = under ? [...saidBy(undefined, modelled(under), MESHES)] : usual;
    expect(changes(said, saidBy(fault, modelled(under), MESHES))).toBe(true);
  });
});

test.each(READING_FAULTS)('the reader of YAML is changed so that $name', (fault) => {
  expect(changes([...saidBy(undefined, read, TEXTS)], saidBy(fault, read, TEXTS))).toBe(true);
});

test('a library that is loaded anew says the same without a fault', () => {
  const all = (): string[] => [...saidBy(undefined, modelled(), MESHES), ...saidBy(undefined, read, TEXTS)];
  expect(all()).toEqual(all());
});

test('no two faults have one name', () => {
  const names = [...MODEL_FAULTS, ...READING_FAULTS].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
