// Connections that fail, each in the smallest mesh that shows it, and one that doesn't.
import type { JudgedMesh, Manifest } from '../manifest';
import type { Probe } from './report';

export interface Scenario {
  readonly name: string;
  readonly mesh: JudgedMesh;
  readonly probes: readonly Probe[];
  /** Workloads whose certificates aren't valid, by namespace and name. */
  readonly certificates?: Readonly<Record<string, 'expired' | 'foreign'>>;
  /** How much TLS applications end at most. */
  readonly ends: number;
  /** Ports on which no application listens. */
  readonly closed?: readonly number[];
}

const CONFIG = { accessLogFile: '/run/access.log' };

function base(meshConfig: object = {}): Manifest[] {
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh: JSON.stringify({ ...CONFIG, ...meshConfig }) } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'legacy' } },
    ...['shop/client', 'shop/server', 'legacy/client', 'legacy/server'].flatMap((path) => workload(path)),
  ];
}

const PORTS = [
  { name: 'http', port: 80, targetPort: 8080 }, { name: 'tcp', port: 9000 }, { name: 'https', port: 443, targetPort: 8443 }, { name: 'any', port: 7000 },
];

/** The ports of pods. */
const LISTENED = PORTS.map(({ port, targetPort = port }) => targetPort);

/** @param app the label of its pods, by which Services select them */
export function workload(path: string, app?: string): Manifest[] {
  const [namespace, name] = path.split('/');
  const labels = { app: app ?? name };
  const ports = PORTS.map(({ port, targetPort = port }) => ({ containerPort: targetPort }));
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { serviceAccountName: name, containers: [{ name: 'app', image: 'app:1', ports }] } } },
    },
    { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { selector: labels, ports: PORTS } },
  ];
}

export const policy = (mode: string): Manifest => ({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'shop' }, spec: { mtls: { mode } } });

export const rule = (namespace: string, trafficPolicy?: object, more: object = {}): Manifest => ({
  apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'server', namespace: 'shop' }, spec: { host: `server.${namespace}.svc.cluster.local`, trafficPolicy, ...more },
});

/** Routes of the server's calls in HTTP, and of those to its TCP port. */
const routes = (destination: object, ofTcp: object = destination): Manifest => ({
  apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'server', namespace: 'shop' },
  spec: { hosts: ['server'], http: [{ route: [{ destination }] }], tcp: [{ match: [{ port: 9000 }], route: [{ destination: ofTcp }] }] },
});

/** A client's calls to the server of a namespace. */
export function calls(client: string, namespace: string, ...kinds: readonly Probe['kind'][]): Probe[] {
  const [of, name] = client.split('/');
  const port = { http: 80, https: 443, tcp: 9000, greeting: 9000 };
  return kinds.map((kind) => ({ client: { kind: 'Deployment', namespace: of, name }, requested: { host: `server.${namespace}.svc.cluster.local`, port: port[kind] }, kind }));
}

const at = (port: number, probes: readonly Probe[]): Probe[] => probes.map((probe) => ({ ...probe, requested: { ...probe.requested, port } }));

/** A scenario in which applications end one TLS of their own, if not said otherwise. */
export function scenario(
  name: string, objects: readonly Manifest[], probes: readonly Probe[],
  { meshConfig, ...said }: Partial<Scenario> & { readonly meshConfig?: object } = {},
): Scenario {
  return { name, mesh: { id: name, objects: [...base(meshConfig), ...objects] }, probes, ends: 1, ...said };
}

const OTHER = 'spiffe://cluster.local/ns/shop/sa/other';

const MESH = calls('shop/client', 'shop', 'http', 'https', 'tcp', 'greeting');

export const SCENARIOS: readonly Scenario[] = [
  scenario('mutual TLS at STRICT', [policy('STRICT')], MESH),
  scenario('plaintext from outside the mesh at STRICT', [policy('STRICT')], calls('legacy/client', 'shop', 'http', 'https', 'tcp', 'greeting')),
  scenario('plaintext by a rule at STRICT', [policy('STRICT'), rule('shop', { tls: { mode: 'DISABLE' } })], MESH),
  scenario('mutual TLS at a server without sidecar', [rule('legacy', { tls: { mode: 'ISTIO_MUTUAL' } })], calls('shop/client', 'legacy', 'http', 'https', 'tcp')),
  scenario('mutual TLS at a server without sidecar that speaks no TLS', [rule('legacy', { tls: { mode: 'ISTIO_MUTUAL' } })], calls('shop/client', 'legacy', 'http', 'tcp'), { ends: 0 }),
  scenario('mutual TLS at DISABLE', [policy('DISABLE'), rule('shop', { tls: { mode: 'ISTIO_MUTUAL' } })], calls('shop/client', 'shop', 'http', 'https', 'tcp')),
  scenario('TLS of a rule around TLS of the application', [rule('legacy', { tls: { mode: 'SIMPLE' } })], calls('shop/client', 'legacy', 'https')),
  scenario('TLS of a rule at a server that speaks none', [rule('legacy', { tls: { mode: 'SIMPLE' } })], calls('shop/client', 'legacy', 'http', 'tcp'), { ends: 0 }),
  scenario('TLS of a rule at STRICT', [policy('STRICT'), rule('shop', { tls: { mode: 'SIMPLE' } })], calls('shop/client', 'shop', 'http', 'tcp')),
  scenario('TLS of a rule at an HTTP port that is PERMISSIVE', [rule('shop', { tls: { mode: 'SIMPLE' } })], calls('shop/client', 'shop', 'http')),
  scenario('a name that the server doesn\'t have', [rule('shop', { tls: { mode: 'ISTIO_MUTUAL', subjectAltNames: [OTHER] } })], MESH),
  scenario('a server\'s certificate that has expired', [policy('STRICT')], MESH, { certificates: { 'shop/server': 'expired' } }),
  scenario('a client\'s certificate that has expired', [policy('STRICT')], MESH, { certificates: { 'shop/client': 'expired' } }),
  scenario('a server\'s certificate of an unknown authority', [policy('STRICT')], MESH, { certificates: { 'shop/server': 'foreign' } }),
  scenario('a client\'s certificate of an unknown authority', [policy('STRICT')], MESH, { certificates: { 'shop/client': 'foreign' } }),
  scenario('a server that speaks first on a port of no declared protocol', [], [
    ...at(7000, calls('shop/client', 'shop', 'greeting')), ...at(7000, calls('legacy/client', 'shop', 'greeting')), ...at(7000, calls('shop/client', 'legacy', 'greeting')),
  ]),
  scenario('a server that speaks first on a port declared TCP', [], calls('legacy/client', 'shop', 'greeting')),
  scenario('a line of text at a port declared HTTP', [], at(80, [...calls('shop/client', 'shop', 'tcp'), ...calls('legacy/client', 'shop', 'tcp')])),
  scenario('a PROXY protocol header at STRICT', [policy('STRICT'), rule('shop', { proxyProtocol: {} })], MESH),
  scenario('a subset that no rule defines', [routes({ host: 'server', subset: 'v1' })], calls('shop/client', 'shop', 'http', 'tcp')),
  scenario('a subset without pods', [
    routes({ host: 'server', subset: 'v1' }), rule('shop', undefined, { subsets: [{ name: 'v1', labels: { version: 'v1' } }] }),
  ], calls('shop/client', 'shop', 'http', 'tcp')),
  scenario('a route to a host that isn\'t there', [routes({ host: 'nowhere' })], calls('shop/client', 'shop', 'http', 'tcp')),
  scenario('a route to a name that is looked up, without servers', [routes({ host: 'nobody.example.com' }), {
    apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata: { name: 'nobody', namespace: 'shop' },
    spec: {
      hosts: ['nobody.example.com'], resolution: 'DNS', workloadSelector: { labels: { app: 'nobody' } },
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }, { number: 9000, name: 'tcp', protocol: 'TCP' }],
    },
  }], calls('shop/client', 'shop', 'http', 'tcp')),
  scenario('TLS of a rule at an HTTP port, by a route for TCP', [
    routes({ host: 'server' }, { host: 'server', port: { number: 80 } }), rule('shop', { tls: { mode: 'SIMPLE' } }),
  ], calls('shop/client', 'shop', 'tcp')),
  scenario('TLS of a rule at an HTTP port that is DISABLE', [
    policy('DISABLE'), routes({ host: 'server' }, { host: 'server', port: { number: 80 } }), rule('shop', { tls: { mode: 'SIMPLE' } }),
  ], calls('shop/client', 'shop', 'http', 'tcp')),
  scenario('TLS of the application at an HTTP port that is PERMISSIVE', [], at(80, calls('shop/client', 'shop', 'https'))),
  scenario('TLS of the application at an HTTP port that is PERMISSIVE, without a sidecar', [], at(80, calls('legacy/client', 'shop', 'https'))),
  scenario('TLS of the application at an HTTP port that is DISABLE', [policy('DISABLE')], at(80, [...calls('legacy/client', 'shop', 'https'), ...calls('shop/client', 'shop', 'https')])),
  scenario('mutual TLS at an HTTP port that is DISABLE, by a route for TCP', [
    policy('DISABLE'), routes({ host: 'server' }, { host: 'server', port: { number: 80 } }), rule('shop', { tls: { mode: 'ISTIO_MUTUAL' } }),
  ], calls('shop/client', 'shop', 'tcp')),
  scenario('a port on which nothing listens, without a sidecar', [], calls('legacy/client', 'legacy', 'http', 'https', 'tcp'), { closed: LISTENED }),
  scenario('a port on which nothing listens, of a server without a sidecar', [], calls('shop/client', 'legacy', 'http', 'https', 'tcp'), { closed: LISTENED }),
  scenario('a port on which nothing listens, of a server with a sidecar', [], calls('shop/client', 'shop', 'http', 'https', 'tcp'), { closed: LISTENED }),
  scenario('a destination that REGISTRY_ONLY forbids', [{
    apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata: { name: 'default', namespace: 'shop' }, spec: { egress: [{ hosts: ['./*'] }] },
  }], calls('shop/client', 'legacy', 'http', 'tcp'), { meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } }),
  scenario('an AuthorizationPolicy that denies', [{
    apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'nobody', namespace: 'shop' }, spec: {},
  }], calls('shop/client', 'shop', 'http', 'https', 'tcp')),
];
