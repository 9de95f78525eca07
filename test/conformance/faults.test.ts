// Faults that the self-test of the conformance suite makes: each changes what the library says. That the suite notices is seen
// where Go is; a fault that no longer changes anything is seen here.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault, LoadModule } from '../../conformance/self-test/fault';
import { ADMISSION_FAULTS } from '../../conformance/self-test/faults/admission';
import { CERTIFICATE_FAULTS } from '../../conformance/self-test/faults/certificates';
import { DATA_PLANE_FAULTS } from '../../conformance/self-test/faults/data-plane';
import { EXPLAINING_FAULTS } from '../../conformance/self-test/faults/explaining';
import { MODEL_FAULTS } from '../../conformance/self-test/faults/model';
import { PLANNING_FAULTS } from '../../conformance/self-test/faults/planning';
import { READING_FAULTS } from '../../conformance/self-test/faults/reading';
import { ROTATION_FAULTS } from '../../conformance/self-test/faults/rotation';
import type { CaRotationStage } from '../../src/constructs/certificates/ca-rotation';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { MeshOptions } from '../../src/mesh/mesh';
import { newCa } from '../support/cacerts';
import {
  deployment, destinationRule, envoyFilter, injected, meshConfig, namespace, peerAuthentication, service, serviceEntry, sidecar, tls, toHost,
  virtualService, workloadEntry,
} from '../support/mesh';
import { Random } from '../support/random';
import { BREAKS, randomCas } from '../support/random-cas';

const ROOT = join(__dirname, '..', '..');

interface KnownMesh extends Pick<MeshOptions, 'clusterDomain' | 'istiodEnv'> {
  readonly objects: readonly unknown[];
  /** Those that the servers are configured by, where they are of another state. */
  readonly servers?: readonly unknown[];
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
  {
    objects: [
      WEB, virtualService('a/web', { hosts: ['web'], http: [{ match: [{ uri: { prefix: '/api' } }], ...toHost('web') }] }),
      envoyFilter('a/lua', { configPatches: [{ applyTo: 'HTTP_FILTER', patch: { operation: 'INSERT_FIRST' } }] }),
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
  { objects: WEB, servers: [WEB, envoyFilter('a/filter', { configPatches: [{ applyTo: 'FILTER_CHAIN', match: { context: 'SIDECAR_INBOUND' }, patch: { operation: 'REMOVE' } }] })] },
  { clusterDomain: 'corp.internal', objects: [WEB, destinationRule('a/web', { host: 'web', ...tls('SIMPLE') })] },
];

const MESHES: readonly KnownMesh[] = [
  ...RARE.map(({ objects, servers, ...facts }) => ({ ...facts, objects: objects.flat(3), servers: servers?.flat(3) })),
  ...['test/mesh/regressions', 'test/mesh/recorded', 'conformance/fixtures/connections'].flatMap(kept),
];

const object = (name: string): string => `{ apiVersion: v1, kind: ConfigMap, metadata: { name: ${name} } }`;
const list = (...items: string[]): string => `{ apiVersion: v1, kind: List, items: [${items.join(', ')}] }`;
const TEXTS: readonly string[] = [
  'kind: a\u2028name: b', 'kind: yes', '{ x: &x { kind: a }, y: &y { kind: b }, <<: [*x, *y] }', 'kind: |+\n  a\n\n\n', list(object('a')), list(list(object('a'))),
];

/** A rule in CEL refuses these endpoints. */
const WITH_ENDPOINTS = { hosts: ['one.example.com'], ports: [{ number: 443, name: 'p', protocol: 'TCP' }], resolution: 'NONE', endpoints: [{ address: '192.0.2.1' }] };
/** Each is refused. */
const REFUSED: readonly unknown[] = [
  destinationRule('a/web', { host: 'web', ...tls('MUTAL') }),
  destinationRule('a/web', {}),
  destinationRule('a/web', { host: 'web', trafficPolicy: { connectionPool: { tcp: { maxConnections: 2 ** 31 } } } }),
  destinationRule('a/web', { host: null }),
  serviceEntry('a/one', WITH_ENDPOINTS),
  serviceEntry('a/one', { ...WITH_ENDPOINTS, location: 'MESH' }),
  destinationRule('a/web', { host: 'web', trafficPolicy: { mtls: {} } }),
  destinationRule('a/Web', { host: 'web' }),
  { ...Object(destinationRule('a/web', { host: 'web' })), metadata: { namespace: 'a', name: 'web', labels: { app: 'my web' } } },
  destinationRule('a/web', { host: 'web', trafficPolicy: { outlierDetection: { maxEjectionPercent: 101 } } }),
  destinationRule('a/web', { host: 'web', subsets: [{ name: 'v1', trafficPolicy: {} }] }),
];

const load: LoadModule = (path) => jest.requireActual(`../../src/${path}`);

type Say = () => (of: any) => unknown;

/** What a library says that is loaded anew, of one mesh, text or object after the other. */
function saidBy(say: Say, ofAll: readonly unknown[]): readonly string[] {
  let said: readonly string[] = [];
  jest.isolateModules(() => {
    const saying = say();
    said = ofAll.map((of) => JSON.stringify(saying(of)));
  });
  return said;
}

/** Whether a library with a fault says anything else. All in its own registry, for what it loads only when it needs it. */
function changes(said: readonly string[], fault: Fault, say: Say, ofAll: readonly unknown[]): boolean {
  let changed = false;
  jest.isolateModules(() => {
    fault.make(load);
    const saying = say();
    changed = ofAll.some((of, index) => JSON.stringify(saying(of)) !== said[index]);
  });
  return changed;
}

function modelled(under: Fault['under'] = {}): () => (mesh: KnownMesh) => unknown {
  return () => {
    const { Mesh } = jest.requireActual<typeof import('../../src/mesh/mesh')>('../../src/mesh/mesh');
    const { changedTo } = jest.requireActual<typeof import('../support/changes')>('../support/changes');
    return ({ objects, servers, clusterDomain, istiodEnv }) => {
      const mesh = Mesh.of(objects, { clusterDomain, istiodEnv: { ...istiodEnv, ...under }, parseYaml: readYaml });
      return [...(servers ? mesh.towards(changedTo(mesh, servers)) : mesh).connections()].map(({ because, ...told }) => told);
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

/** For what an object is refused: where, by which code. */
function judged(): (of: unknown) => unknown {
  const { admit } = jest.requireActual<typeof import('../../src/admission/admission')>('../../src/admission/admission');
  return (of) => admit(of).filter(({ severity }) => severity === 'error').map(({ code, field }) => [code, field]);
}

/** What the library without a fault says of the meshes, found once for all faults under the same settings. */
const saidOfMeshes = new Map<string, readonly string[]>();

function usual(under: Fault['under']): readonly string[] {
  const settings = JSON.stringify(under ?? {});
  const said = saidOfMeshes.get(settings) ?? saidBy(modelled(under), MESHES);
  saidOfMeshes.set(settings, said);
  return said;
}

describe('the model is changed so that', () => {
  test.each([...MODEL_FAULTS, ...DATA_PLANE_FAULTS])('$name', (fault) => {
    const { under } = fault;
    expect(changes(usual(under), fault, modelled(under), MESHES)).toBe(true);
  });
});

/** Meshes that show what explain names. */
const EXPLAINED: readonly KnownMesh[] = [
  { objects: [WEB, meshConfig({ meshMTLS: { minProtocolVersion: 'TLSV1_3' } }), service('a/grpc', ['grpc:81'], { selector: { app: 'web' } }), service('a/http', ['http:82'], { selector: { app: 'web' } })].flat(3) },
  {
    objects: [
      WEB, destinationRule('a/web', { host: 'web', subsets: [{ name: 'v1', labels: { app: 'web' } }] }), virtualService('a/web', { hosts: ['web'], http: [toHost('web', { subset: 'v1' })] }),
      service('a/pods', [83], { clusterIP: 'None', selector: { app: 'web' } }), service('a/hidden', ['tcp:84'], { annotations: { 'networking.istio.io/exportTo': 'b' }, selector: { app: 'web' } }),
      sidecar('a/web', { workloadSelector: { labels: { app: 'web' } }, ingress: [{ port: { number: 9, protocol: 'HTTP', name: 'p' }, defaultEndpoint: '127.0.0.1:9' }] }),
    ].flat(3),
  },
];

function explained(): (mesh: KnownMesh) => unknown {
  const { Mesh } = jest.requireActual<typeof import('../../src/mesh/mesh')>('../../src/mesh/mesh');
  const { explainedWays } = jest.requireActual<typeof import('../../src/explain/explanation')>('../../src/explain/explanation');
  return ({ objects }) => {
    const mesh = Mesh.of(objects, { parseYaml: readYaml });
    return mesh.workloads.flatMap((client) => mesh.decisions.calls.flatMap((call) => explainedWays(mesh, client, call).map(({ steps }) => steps)));
  };
}

describe('explain is changed so that', () => {
  const said = saidBy(explained, EXPLAINED);

  test.each(EXPLAINING_FAULTS)('$name', (fault) => expect(changes(said, fault, explained, EXPLAINED)).toBe(true));
});

function plannedStages(): (mode: string) => unknown {
  const { Mesh } = jest.requireActual<typeof import('../../src/mesh/mesh')>('../../src/mesh/mesh');
  const { planOf } = jest.requireActual<typeof import('../../src/mesh/plan/plan')>('../../src/mesh/plan/plan');
  const shop = (mode: string): unknown[] => [WEB, peerAuthentication('a/default', { mtls: { mode } })].flat(3);
  return (mode) => planOf(Mesh.of(shop('DISABLE'), { parseYaml: readYaml }), shop(mode)).stages?.map(({ moves }) => moves);
}

describe('plans are changed so that', () => {
  const said = saidBy(plannedStages, ['STRICT']);

  test.each(PLANNING_FAULTS)('$name', (fault) => expect(changes(said, fault, plannedStages, ['STRICT'])).toBe(true));
});

describe('the reader of YAML is changed so that', () => {
  const said = saidBy(read, TEXTS);

  test.each(READING_FAULTS)('$name', (fault) => expect(changes(said, fault, read, TEXTS)).toBe(true));
});

describe('admission is changed so that', () => {
  const said = saidBy(judged, REFUSED);

  test.each(ADMISSION_FAULTS)('$name', (fault) => expect(changes(said, fault, judged, REFUSED)).toBe(true));
});

const NOW = new Date();

function judgedCa(): (files: Readonly<Record<string, string>>) => unknown {
  const { judgeCa } = jest.requireActual<typeof import('../../src/certificates/ca-checks')>('../../src/certificates/ca-checks');
  const { caFilesOf } = jest.requireActual<typeof import('../../src/certificates/ca-files')>('../../src/certificates/ca-files');
  const context = { now: NOW, horizonDays: 0, trustDomain: 'cluster.local', istiodNamespace: 'istio-system' };
  return (files) => judgeCa(caFilesOf(new Map(Object.entries(files)))!, context).map(({ code, consequence }) => [code, consequence]);
}

describe('what is said of CAs is changed so that', () => {
  const fourKeys = randomCas(BREAKS.length, new Random(1)).map(({ files }) => files);
  // Without the end of the last line.
  const asTls = fourKeys.map((files) => ({ 'tls.crt': files['ca-cert.pem'].trimEnd(), 'tls.key': files['ca-key.pem'], 'ca.crt': files['root-cert.pem'] }));
  const all = [...fourKeys, ...asTls];
  const said = saidBy(judgedCa, all);

  test.each(CERTIFICATE_FAULTS)('$name', (fault) => expect(changes(said, fault, judgedCa, all)).toBe(true));
});

const [OLD_CA, NEW_CA] = [newCa(), newCa()];

/** The stages from one CA to another, each with the Secret's certificates. */
function rotated(): () => unknown {
  const { App, Chart, Testing } = jest.requireActual<typeof import('cdk8s')>('cdk8s');
  const { CaRotation, CaSource, RotatingCa } = jest.requireActual<typeof import('../../src/index')>('../../src/index');
  const { stagesOf } = jest.requireActual<typeof import('../../src/certificates/ca-rotation')>('../../src/certificates/ca-rotation');
  const acknowledged = { iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true };
  const of = ({ props }: typeof OLD_CA) => RotatingCa.ofSource(CaSource.pem({ ...acknowledged, ...props }));
  return () => stagesOf({ isSameRoot: false }).map((stage) => {
    const props = { from: of(OLD_CA), to: of(NEW_CA), stage: stage as CaRotationStage };
    const { apiObject } = new CaRotation(new Chart(new App(), 'test'), 'ca', props);
    const { data } = Testing.synth(Chart.of(apiObject!)).find(({ kind }) => kind === 'Secret');
    return [stage, data['ca-cert.pem'], data['root-cert.pem']];
  });
}

test.each(ROTATION_FAULTS)('the stages from one CA to another are changed so that $name', (fault) => {
  expect(changes(saidBy(rotated, [undefined]), fault, rotated, [undefined])).toBe(true);
});

test('a library that is loaded anew says the same without a fault', () => {
  expect(saidBy(modelled(), MESHES)).toEqual(usual({}));
  expect(saidBy(read, TEXTS)).toEqual(saidBy(read, TEXTS));
  expect(saidBy(judged, REFUSED)).toEqual(saidBy(judged, REFUSED));
});

test('no two faults have one name', () => {
  const all = [
    ...MODEL_FAULTS, ...DATA_PLANE_FAULTS, ...PLANNING_FAULTS, ...ROTATION_FAULTS, ...READING_FAULTS, ...ADMISSION_FAULTS, ...CERTIFICATE_FAULTS,
  ];
  const names = all.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
