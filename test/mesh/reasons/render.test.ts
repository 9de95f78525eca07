import { valueAt } from '../../../src/findings/finding';
import { Mesh } from '../../../src/mesh/mesh';
import { Reason } from '../../../src/mesh/model/reason';
import { reasonsOf } from '../../../src/mesh/reasons/reasons';
import { rendered, RENDERER } from '../../../src/mesh/reasons/render';
import { recordedMeshes, regressions } from '../../support/meshes/kept-meshes';
import { deployment, destinationRule, envoyFilter, injected, mesh, meshConfig, service, serviceEntry, tls, toHost, virtualService } from '../../support/meshes/mesh';

/** The reasons of a mesh's connections, for one client of each way. */
function reasonsIn({ decisions }: Mesh): readonly Reason[] {
  return [...decisions.all()].flatMap(({ call, senders, paths }) => [...senders].flatMap((one) =>
    paths.flatMap((path) => reasonsOf(path, { client: path.only ?? one.members[0], one, call }))));
}

const world = (...more: unknown[]) => [injected('a', 'b'), deployment('a/client'), deployment('b/server'), service('b/server', ['http:80']), more];
const headless = world(service('b/server', ['http:80'], { clusterIP: 'None' }));

/** Reasons that recorded meshes lack, since they run the modelled istiod. */
const RARE: Partial<Record<Reason['kind'], Mesh>> = {
  'identity': mesh(world(destinationRule('b/d', { host: 'server', ...tls('ISTIO_MUTUAL', { subjectAltNames: ['spiffe://x'] }) }))),
  'proxy-protocol': mesh(world(destinationRule('b/d', { host: 'server', trafficPolicy: { proxyProtocol: {} } }))),
  'interception': mesh([injected('a', 'b'), deployment('a/client', { annotations: { 'traffic.sidecar.istio.io/excludeOutboundPorts': '80' } }), deployment('b/server'), service('b/server', ['http:80'])]),
  'machine': mesh(world(serviceEntry('b/e', {
    hosts: ['vm.example.com'],
    location: 'MESH_INTERNAL',
    ports: [{ number: 80, name: 'http' }],
    resolution: 'STATIC',
    endpoints: [{ address: '192.0.2.1' }],
  }), destinationRule('b/vm', { host: 'vm.example.com', ...tls('ISTIO_MUTUAL') }))),
  'request-filter': mesh(world(
    virtualService('b/v', { hosts: ['server'], http: [{ match: [{ headers: { end: { exact: 'x' } } }], ...toHost('server') }] }),
    envoyFilter('a/f', { configPatches: [{ applyTo: 'HTTP_FILTER', match: { context: 'SIDECAR_OUTBOUND' }, patch: { operation: 'INSERT_FIRST', value: { name: 'envoy.filters.http.lua' } } }] }),
  )),
  'unreadable-mesh-config': mesh(world(meshConfig({ trustDomain: 5 }))),
  'istiod': mesh(headless, { istiodEnv: { PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES: 'true' } }),
};

const kept = [...recordedMeshes, ...regressions].flatMap(({ objects, istiodEnv }) => reasonsIn(mesh(objects, { istiodEnv })));
function foundOf(kind: Reason['kind']): readonly Reason[] {
  const rare = RARE[kind];
  return [...kept, ...rare ? reasonsIn(rare) : []].filter((reason) => reason.kind === kind);
}

const KINDS = Object.keys(RENDERER) as Reason['kind'][];

test.each(KINDS)('connections have reasons of kind %s, and each has a field and an effect', (kind) => {
  const found = foundOf(kind);
  expect(found.length).toBeGreaterThan(0);
  for (const { at, ...reason } of found) {
    const { field, effect } = rendered({ at, ...reason } as Reason);
    expect([at.object.kind, at.object.name, field, effect].filter((text) => !text || /undefined|\[object|NaN/.test(text))).toEqual([]);
  }
});

/** The value of a reason's field in the original manifest. */
const written = (reason: Reason) => valueAt((reason.at.object as { source?: unknown }).source, reason.at.field);

test.each<[Reason['kind'], (value: any, reason: any) => boolean]>([
  ['routed', (value, { at, subset }) => (at.field[1] === 'hosts' ? Array.isArray(value) : typeof value.host === 'string' && value.subset === subset)],
  ['subset', (value, { lacks, subset }) => (lacks === 'servers' ? value !== undefined : !value?.some(({ name }: any) => name === subset))],
  ['identity', (names) => Array.isArray(names)],
  ['proxy-protocol', (settings) => typeof settings === 'object'],
  ['protocol', ({ port, number }, { by }) => Number.isInteger(by === 'sidecar' ? port.number : number ?? port)],
  ['hidden', (value, { by }) => by === 'defaultServiceExportTo' || by === 'discoverySelectors' || by === 'serviceEntryVisibility' || value !== undefined],
  ['tls-settings', ({ mode = 'DISABLE' }, { sends, ignored }) => ignored || sends === 'UNKNOWN' || mode === (sends === 'PLAINTEXT' ? 'DISABLE' : sends)],
  ['peer-authentication', (mode, reason) => mode === reason.mode],
  ['patched', ({ applyTo }) => typeof applyTo === 'string'],
  ['forbidden', (policy, { at }) => at.object.kind === 'ConfigMap' || (policy.mode ?? 'REGISTRY_ONLY') === 'REGISTRY_ONLY'],
])('a reason of kind %s refers to a field of the manifest', (kind, isSo) => {
  const found = foundOf(kind);
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter((reason) => !isSo(written(reason), reason)).map(({ at }) => [at.object.name, at.field])).toEqual([]);
});
