import { generator, RandomChange } from './random-changes';
import { deployment, destinationRule, meshConfig, namespace, peerAuthentication, service, serviceEntry, sidecar, virtualService } from '../meshes/mesh';

type Draw = (limit: number) => number;
/** Makes a version of some objects; an absent version has no objects. */
type Make = () => any[];

const SPACES = ['a', 'b', 'c'];
const MODES = ['STRICT', 'PERMISSIVE', 'DISABLE'];
const TLS = [{ mode: 'DISABLE' }, { mode: 'ISTIO_MUTUAL' }, undefined];
const CONFIGS: readonly (object | undefined)[] = [
  undefined, undefined, { discoverySelectors: [{ matchLabels: { team: 'x' } }] },
  { discoverySelectors: [{ matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['y'] }] }] }, { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
];

/**
 * Changes of two to five objects in small meshes whose Services share addresses, pods and ports with each other and with ServiceEntries,
 * and whose Sidecars import some of them. The same for the same seed.
 */
export function twoSidedChanges(seed: number, count: number): readonly RandomChange[] {
  return Array.from({ length: count }, (_, index) => {
    const draw = generator(seed * 32_452_843 + index);
    const config = CONFIGS[draw(CONFIGS.length)];
    const fixed = [...config ? [meshConfig(config)] : [], ...SPACES.flatMap((space) => workloads(space, draw))];
    const sets = [...SPACES.flatMap((space) => setsOf(space, draw)), () => entry(draw)];
    const changed = new Set(Array.from({ length: 2 + draw(4) }, () => draw(sets.length)));
    const [before, after] = [[...fixed], [...fixed]];
    for (const [place, make] of sets.entries()) {
      const former = make();
      before.push(...former);
      after.push(...changed.has(place) ? make() : former);
    }
    return JSON.parse(JSON.stringify({ id: `two-sided ${seed}/${index}`, before, after }));
  });
}

function workloads(space: string, draw: Draw): any[] {
  const labels = (app: string) => ({ app, both: 'yes', ...draw(8) === 0 ? { 'sidecar.istio.io/inject': 'false' } : {} });
  return [deployment(`${space}/other`, { labels: labels('other') }), deployment(`${space}/server`, { labels: labels('server'), ports: [{ containerPort: 80 }] })];
}

function setsOf(space: string, draw: Draw): readonly Make[] {
  return [
    // Labels change less often than objects: each also decides about pods.
    () => [namespace(space, { 'istio-injection': 'enabled', 'team': 'xy'[Number(draw(3) === 0)] })],
    () => [deployment(`${space}/client`, { labels: { app: 'client', ...draw(3) === 0 ? { 'sidecar.istio.io/inject': 'false' } : {} } })],
    () => servedBy(space, draw),
    () => (draw(2) === 0 ? [alsoOf(space, draw)] : []),
    () => (draw(2) === 0 ? [sidecarOf(space, draw)] : []),
    () => (draw(2) === 0 ? [peerAuthentication(`${space}/default`, { mtls: { mode: MODES[draw(3)] } })] : []),
    () => (draw(2) === 0 ? [ruleOf(space, draw)] : []),
    () => (draw(6) === 0 ? [virtualService(`${space}/route`, { hosts: [hostOf(draw)], http: [{ route: [{ destination: { host: hostOf(draw) } }] }] })] : []),
  ];
}

function hostOf(draw: Draw): string {
  return ['any.example', ...SPACES.map((space) => `server.${space}.svc.cluster.local`), `also.${SPACES[draw(3)]}.svc.cluster.local`][draw(5)];
}

function protocolOf(draw: Draw): string {
  return ['http', 'tcp', 'web', 'tcp'][draw(4)];
}

function visibility(draw: Draw): object {
  return draw(5) === 0 ? { annotations: { 'networking.istio.io/exportTo': '.' } } : {};
}

/** The servers' Service, sometimes headless or with another's address, and sometimes their Sidecar with the same protocol. */
function servedBy(space: string, draw: Draw): any[] {
  const address = [{}, {}, { clusterIP: 'None' }, { clusterIP: '10.0.0.1' }][draw(4)];
  const protocol = protocolOf(draw);
  const own = draw(3) === 0 ? [sidecar(`${space}/in`, { workloadSelector: { labels: { app: 'server' } }, ingress: [ingressOf(protocol)] })] : [];
  return [service(`${space}/server`, [{ port: 80, name: protocol }], { ...address, ...visibility(draw), ...ageOf(draw) }), ...own];
}

function ingressOf(protocol: string): object {
  return { port: { number: 80, protocol: protocol === 'http' ? 'HTTP' : 'TCP', name: 'in' }, defaultEndpoint: '127.0.0.1:80' };
}

function ageOf(draw: Draw): object {
  return { creationTimestamp: `202${draw(3)}-01-01T00:00:00Z` };
}

/** A Service for the same pods on another port, for more pods, or at another Service's address. */
function alsoOf(space: string, draw: Draw): any {
  const more = [{ selector: { app: 'server' } }, { selector: { both: 'yes' } }, { selector: { app: 'server' }, clusterIP: '10.0.0.1' }, { selector: { app: 'server' }, clusterIP: 'None' }][draw(4)];
  return service(`${space}/also`, [{ port: [80, 81][draw(2)], targetPort: 80, name: protocolOf(draw) }], { ...more, ...visibility(draw), ...ageOf(draw) });
}

function sidecarOf(space: string, draw: Draw): any {
  const hosts = [['./*'], ['*/*'], [`${SPACES[draw(3)]}/*`], ['./*', `${SPACES[draw(3)]}/${hostOf(draw)}`]][draw(4)];
  const egress = [{}, { egress: [{ hosts }] }, { egress: [{ port: { number: 80, protocol: ['HTTP', 'TCP'][draw(2)], name: 'own' }, hosts }, { hosts: ['*/*'] }] }][draw(3)];
  const ingress = draw(2) === 0 ? { ingress: [ingressOf(protocolOf(draw))] } : {};
  const policy = draw(4) === 0 ? { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } : {};
  const selector = draw(4) === 0 ? { workloadSelector: { labels: { app: ['client', 'server'][draw(2)] } } } : {};
  return sidecar(`${space}/own`, { ...egress, ...ingress, ...policy, ...selector });
}

function ruleOf(space: string, draw: Draw): any {
  return destinationRule(`${space}/rule`, { host: hostOf(draw), trafficPolicy: { tls: TLS[draw(3)] }, ...draw(3) === 0 ? { exportTo: ['.'] } : {} });
}

/** A ServiceEntry that accepts any host on its port, or leads to a Service by name, or to pods. */
function entry(draw: Draw): any[] {
  if (draw(2) === 0) return [];
  const servers = [
    { resolution: 'DNS', endpoints: [{ address: `server.${SPACES[draw(3)]}.svc.cluster.local` }] },
    { resolution: 'STATIC', workloadSelector: { labels: { app: 'server' } } },
    { resolution: 'STATIC', endpoints: [{ address: '10.0.0.1' }], addresses: ['10.0.0.9'] },
    { resolution: 'NONE', addresses: ['10.0.0.1'] },
    { resolution: 'NONE' },
  ][draw(5)];
  const ports = [{ number: 80, name: 'p', protocol: ['HTTP', 'TCP', 'TCP'][draw(3)] }];
  return [serviceEntry(`${SPACES[draw(3)]}/any`, { hosts: ['any.example'], location: ['MESH_INTERNAL', 'MESH_EXTERNAL'][draw(2)], ports, ...servers })];
}
