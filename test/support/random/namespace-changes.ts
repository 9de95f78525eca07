import { generator, RandomChange } from './random-changes';
import { deployment, destinationRule, meshConfig, namespace, peerAuthentication, service, serviceEntry } from '../meshes/mesh';

type Draw = (limit: number) => number;

const SPACES = ['a', 'b', 'c'];
const MODES = ['STRICT', 'PERMISSIVE', 'DISABLE'];
const TLS = [{ mode: 'DISABLE' }, { mode: 'ISTIO_MUTUAL' }, undefined];
const NETWORK = 'topology.istio.io/network';

/** The mesh configs by which labels of namespaces decide something, and the default one. */
const CONFIGS: readonly (object | undefined)[] = [
  undefined, undefined,
  { discoverySelectors: [{ matchLabels: { team: 'x' } }] },
  { discoverySelectors: [{ matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['y'] }] }] },
  { serviceEntryVisibility: { applyToSidecars: true, defaultVisibility: 'NAMESPACE', policies: [{ visibility: 'PUBLIC', matchingRules: [{ namespaceSelector: { matchLabels: { team: 'x' } } }] }] } },
];

/** Changes of meshes, at least one of a namespace's labels, or of istiod's namespace. The same for the same seed. */
export function namespaceChanges(seed: number, count: number): readonly RandomChange[] {
  return Array.from({ length: count }, (_, index) => {
    const draw = generator(seed * 15_485_863 + index);
    const [config, hosts] = [CONFIGS[draw(CONFIGS.length)], machineHosts(draw)];
    const fixed = [...config ? [meshConfig(config)] : [], ...hosts, ...SPACES.flatMap((space) => workloads(space, draw))];
    const sets = [...SPACES.map((space) => labelsOf(space, draw)), systemLabels(draw), ...SPACES.flatMap((space) => policies(space, draw))];
    const flipped = draw(4);
    const isChanged = (place: number): boolean => place === flipped || draw(3) === 0;
    const [before, after] = [[...fixed], [...fixed]];
    for (const [place, make] of sets.entries()) {
      const former = make();
      before.push(...former);
      after.push(...isChanged(place) ? make() : former);
    }
    return JSON.parse(JSON.stringify({ id: `namespaces ${seed}/${index}`, before, after }));
  });
}

function labelsOf(space: string, draw: Draw): () => any[] {
  return () => {
    const team = draw(3) > 0 ? { team: 'xy'[draw(2)] } : {};
    const injection = draw(3) > 0 ? { 'istio-injection': 'enabled' } : {};
    return draw(12) === 0 ? [] : [namespace(space, { ...team, ...injection })];
  };
}

function systemLabels(draw: Draw): () => any[] {
  return () => [[], [namespace('istio-system')], [namespace('istio-system', { [NETWORK]: 'n1' })], [namespace('istio-system', { team: 'x' })]][draw(4)];
}

/** A client whose pods set their injection regardless of the namespace, a server, and its service. */
function workloads(space: string, draw: Draw): any[] {
  const labels = (app: string) => ({ app, ...draw(3) === 0 ? { 'sidecar.istio.io/inject': String(draw(2) === 0) } : {} });
  return [
    deployment(`${space}/client`, { labels: labels('client') }),
    deployment(`${space}/server`, { labels: labels('server'), ports: [{ containerPort: 80 }] }),
    service(`${space}/server`, [`${['http', 'tcp'][draw(2)]}:80`]),
  ];
}

/** A host whose servers are machines: their network is that of istiod's namespace. */
function machineHosts(draw: Draw): any[] {
  if (draw(3) === 0) return [];
  const ports = [{ number: 80, name: 'http', protocol: 'HTTP' }];
  return [serviceEntry(`${SPACES[draw(3)]}/machine`, { hosts: ['machine.example'], location: 'MESH_INTERNAL', resolution: 'STATIC', ports, endpoints: [{ address: '10.0.0.9' }] })];
}

function policies(space: string, draw: Draw): readonly (() => any[])[] {
  return [
    () => (draw(2) === 0 ? [] : [peerAuthentication(`${space}/default`, { mtls: { mode: MODES[draw(3)] } })]),
    () => {
      const exportTo = draw(2) === 0 ? { exportTo: ['.'] } : {};
      return draw(2) === 0 ? [] : [destinationRule(`${space}/rule`, { host: `server.${SPACES[draw(3)]}.svc.cluster.local`, trafficPolicy: { tls: TLS[draw(3)] }, ...exportTo })];
    },
  ];
}
