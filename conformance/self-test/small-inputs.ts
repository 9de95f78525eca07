// Small inputs that show the faults of the self-test: meshes, texts, objects that are refused.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MeshOptions } from '../../src/mesh/mesh';
import {
  deployment, destinationRule, envoyFilter, injected, meshConfig, namespace, service, serviceEntry, sidecar, tls, toHost, virtualService,
  workloadEntry,
} from '../../test/support/meshes/mesh';
import type { Manifest } from '../manifest';

const ROOT = join(__dirname, '..', '..');

/** A mesh that is kept. */
export interface KnownMesh extends Pick<MeshOptions, 'clusterDomain' | 'istiodEnv'> {
  readonly objects: readonly Manifest[];
  /** Those that the servers are configured by, where they are of another state. */
  readonly servers?: readonly Manifest[];
}

function kept(folder: string): readonly KnownMesh[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((file) => /\.jsonl?$/.test(file)).sort()
    .flatMap((file) => readFileSync(join(ROOT, folder, file), 'utf8').trim().split(file.endsWith('l') ? '\n' : /$^/))
    .map((text) => JSON.parse(text));
}

/** A mesh as it is written here: lists of objects are flattened. */
interface Written extends Pick<MeshOptions, 'clusterDomain' | 'istiodEnv'> {
  readonly objects: readonly unknown[];
  readonly servers?: readonly unknown[];
}

export const WEB = [injected('a'), deployment('a/client'), deployment('a/web'), service('a/web')];
const entry = (name: string): unknown => serviceEntry(`a/${name}`, { hosts: [`${name}.example.com`], ports: [{ number: 443, name: 'p', protocol: 'TCP' }], resolution: 'STATIC', endpoints: [{ address: '192.0.2.1' }] });

/** Two pods that call each other, as their workload declares. */
const PEERS = {
  ...deployment('a/peers'),
  metadata: { namespace: 'a', name: 'peers', annotations: { 'calls.istio-mtls/to': 'a/peers' } },
  spec: { replicas: 2, template: { metadata: { labels: { app: 'peers' } }, spec: {} } },
};

const CHAINS_REMOVED = {
  ...envoyFilter('a/filter', { configPatches: [{ applyTo: 'FILTER_CHAIN', match: { context: 'SIDECAR_INBOUND' }, patch: { operation: 'REMOVE' } }] }),
  apiVersion: 'networking.istio.io/v1alpha3',
};

/** Where faults show that none of the kept meshes shows. */
const RARE: readonly Written[] = [
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
  { objects: [injected('a'), PEERS, service('a/peers')] },
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
        spec: {
          template: { metadata: { labels: { app: 'web' } }, spec: {} },
          strategy: { canary: { stableService: 'web', canaryService: 'canary', trafficRouting: { istio: { virtualService: { name: 'web' } } } } },
        },
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
  { objects: WEB, servers: [WEB, CHAINS_REMOVED] },
  { objects: [WEB, CHAINS_REMOVED], servers: WEB },
  {
    istiodEnv: { PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE: 'true' },
    objects: [WEB, sidecar('a/web', { workloadSelector: { labels: { app: 'web' } }, ingress: [{ port: { number: 9, protocol: 'HTTP', name: 'p' }, defaultEndpoint: '127.0.0.1:9' }] })],
  },
  { clusterDomain: 'corp.internal', objects: [WEB, destinationRule('a/web', { host: 'web', ...tls('SIMPLE') })] },
];

const flatList = (objects: readonly unknown[]) => objects.flat(3) as Manifest[];
const flat = ({ objects, servers, ...facts }: Written): KnownMesh => (
  { ...facts, objects: flatList(objects), servers: servers && flatList(servers) }
);

export const MESHES: readonly KnownMesh[] = [
  ...RARE.map(flat), ...['test/mesh/regressions', 'test/mesh/recorded', 'conformance/fixtures/connections'].flatMap(kept),
];

const withoutSidecar = deployment('a/bare', { labels: { 'app': 'bare', 'sidecar.istio.io/inject': 'false' }, ports: [{ containerPort: 80 }] });

/** Meshes that can run: a rule with TLS of its own, to a server that lets it pass; and one with the mesh's TLS, to a server without a sidecar. */
export const RUNNING: readonly KnownMesh[] = [
  { objects: [WEB, destinationRule('a/web', { host: 'web', ...tls('SIMPLE') })] },
  { objects: [WEB, withoutSidecar, service('a/bare'), destinationRule('a/bare', { host: 'bare', ...tls('ISTIO_MUTUAL') })] },
].map(flat);

/** Meshes without a Namespace. */
export const PARTIAL: readonly KnownMesh[] = [
  {
    objects: [
      deployment('a/client'), deployment('a/asking', { labels: { 'sidecar.istio.io/inject': 'true' } }), injected('b'), deployment('b/web'), service('b/web'),
      deployment('b/other'), service('b/other'), virtualService('b/web', { hosts: ['web'], http: [toHost('other')] }),
    ],
  },
].map(flat);

/** Meshes that show what explain names. */
export const EXPLAINED: readonly KnownMesh[] = [
  { objects: [WEB, meshConfig({ meshMTLS: { minProtocolVersion: 'TLSV1_3' } }), service('a/grpc', ['grpc:81'], { selector: { app: 'web' } }), service('a/http', ['http:82'], { selector: { app: 'web' } })] },
  {
    objects: [
      WEB, destinationRule('a/web', { host: 'web', subsets: [{ name: 'v1', labels: { app: 'web' } }] }), virtualService('a/web', { hosts: ['web'], http: [toHost('web', { subset: 'v1' })] }),
      service('a/pods', [83], { clusterIP: 'None', selector: { app: 'web' } }), service('a/hidden', ['tcp:84'], { annotations: { 'networking.istio.io/exportTo': 'b' }, selector: { app: 'web' } }),
      sidecar('a/web', { workloadSelector: { labels: { app: 'web' } }, ingress: [{ port: { number: 9, protocol: 'HTTP', name: 'p' }, defaultEndpoint: '127.0.0.1:9' }] }),
    ],
  },
].map(flat);

const object = (name: string): string => `{ apiVersion: v1, kind: ConfigMap, metadata: { name: ${name} } }`;
const list = (...items: string[]): string => `{ apiVersion: v1, kind: List, items: [${items.join(', ')}] }`;
export const TEXTS: readonly string[] = [
  'kind: a\u2028name: b', 'kind: yes', '{ x: &x { kind: a }, y: &y { kind: b }, <<: [*x, *y] }', 'kind: |+\n  a\n\n\n', list(object('a')), list(list(object('a'))),
];

/** A rule in CEL refuses these endpoints. */
const WITH_ENDPOINTS = { hosts: ['one.example.com'], ports: [{ number: 443, name: 'p', protocol: 'TCP' }], resolution: 'NONE', endpoints: [{ address: '192.0.2.1' }] };
/** Each is refused. */
export const REFUSED: readonly unknown[] = [
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
