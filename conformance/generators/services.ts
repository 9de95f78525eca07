// Services, ServiceEntries and WorkloadEntries.
import fc, { type Arbitrary } from 'fast-check';
import type { Fields, Manifest } from '../manifest';
import { allOf, isA, type Labels, type ManifestOf, type ServicePort } from '../specs';
import { appName, containerPort, maybe, namespace, objects, present, selector, servicePort, version } from './words';

const word = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('http', 'http-web', 'tcp', 'grpc', 'https', 'tls-x', 'main', 'redis', 'http2') },
  { weight: 1, arbitrary: fc.constantFrom('mysql', 'mongo', 'grpc-web', 'udp') },
);
const target = fc.oneof({ weight: 4, arbitrary: containerPort }, { weight: 2, arbitrary: fc.constantFrom('http', 'main', 'metrics') }, { weight: 2, arbitrary: fc.constant(undefined) });

const port = fc.record({ port: servicePort, word, targetPort: target, appProtocol: maybe(fc.constantFrom('http', 'tcp', 'https', 'mysql', 'kubernetes.io/h2c', 'kubernetes.io/wss'), 8) })
  .map(({ port: number, word: prefix, targetPort, appProtocol }) => present({ port: number, name: `${prefix}-${number}`.replace(/-(\d+)$/, prefix.includes('-') ? '$1' : '-$1'), targetPort, appProtocol }));
/** One that UDP has for itself, or shares with TCP, as DNS does. */
const datagrams = fc.record({ port: servicePort, targetPort: target }).map(({ port: number, targetPort }) => present({ port: number, name: `dns-${number}`, protocol: 'UDP', targetPort }));
const anyPort: Arbitrary<ServicePort> = fc.oneof({ weight: 14, arbitrary: port }, { weight: 1, arbitrary: datagrams });
const ports: Arbitrary<ServicePort[]> = fc.uniqueArray(anyPort, { minLength: 1, maxLength: 3, selector: ({ port: number, protocol }) => `${number} ${protocol}` })
  .chain((all) => (all.length > 1 ? fc.constant(all) : fc.boolean().map((unnamed) => (unnamed ? all.map(({ name, ...rest }) => rest) : all))));

/** What a Service says of itself besides: that it has no address, or stands for another host. */
type Flavour = Pick<ManifestOf<'Service'>['spec'], 'type' | 'clusterIP' | 'externalName'>;

const flavour: Arbitrary<Flavour> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: fc.constant({ clusterIP: 'None' }) },
  { weight: 1, arbitrary: fc.constantFrom('api.a.svc.cluster.local', 'web.b.svc.cluster.local', 'ext.example.com', 'api.a.svc.cluster.local.').map((externalName) => ({ type: 'ExternalName', externalName })) },
);

const exported = fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: fc.constantFrom('.', '*', 'a', 'a,b', '~') });

/** Names that clients accept of the Service's servers besides. */
const identities: Arbitrary<Labels | undefined> = maybe(fc.constantFrom<Labels>({ 'alpha.istio.io/kubernetes-serviceaccounts': 'one,two' }, { 'alpha.istio.io/canonical-serviceaccounts': 'spiffe://cluster.local/ns/a/sa/default' }), 25);

const service = fc.record({ name: appName, ns: namespace, selector, ports, flavour, exported, identities, bare: maybe(fc.constant(true), 8) })
  .map(({ name, ns, selector: labels, ports: own, flavour: kind, exported: to, identities: names, bare }): ManifestOf<'Service'> => ({
    apiVersion: 'v1', kind: 'Service',
    metadata: present({ name, namespace: ns, annotations: to || names ? present({ 'networking.istio.io/exportTo': to, ...names }) : undefined }),
    spec: present({ ...leadingElsewhere(kind, `${name}.${ns}`), ports: own, selector: bare || kind.externalName ? undefined : labels }),
  }));

/** No resolver finds an address for an ExternalName that stands for itself. */
function leadingElsewhere(kind: Flavour, name: string): Flavour {
  return kind.externalName?.startsWith(`${name}.svc.`) ? { ...kind, externalName: 'ext.example.com' } : kind;
}

/** A Service's twin: the same pods and target ports by another name, in words that may name another protocol. */
const twin = fc.record({ first: fc.boolean(), words: fc.array(word, { minLength: 3, maxLength: 3 }) });

function withTwin(all: readonly ManifestOf<'Service'>[], { first, words }: { readonly first: boolean; readonly words: readonly string[] }): readonly ManifestOf<'Service'>[] {
  const own = all.find(({ spec }) => spec.selector !== undefined);
  const name = own && ['web', 'api', 'db'].find((free) => !all.some(({ metadata }) => metadata.namespace === own.metadata.namespace && metadata.name === free));
  if (!own || !name) return all;
  const others = own.spec.ports.map(({ appProtocol, ...rest }, index) =>
    (rest.name === undefined || rest.protocol ? rest : { ...rest, name: `${words[index]}-${rest.port}` }));
  const other = { ...own, metadata: { ...own.metadata, name }, spec: { ...own.spec, ports: others } };
  return first ? [other, ...all] : [...all, other];
}

const ownServices = fc.tuple(objects(service, 5, 2), maybe(twin, 3)).map(([all, other]) => (other ? withTwin(all, other) : all));

interface OutsideAddresses {
  readonly last: number;
  readonly first: boolean;
}

/** Addresses outside, and which of a Service's ports they have. */
const addresses: Arbitrary<OutsideAddresses> = fc.record({ last: fc.integer({ min: 1, max: 254 }), first: fc.boolean() });

/** Services; where one has no selector, an EndpointSlice may list its servers. */
export const services: Arbitrary<Manifest[]> = fc.tuple(ownServices, fc.option(addresses, { nil: undefined, freq: 3 })).map(([all, listed]) => {
  const bare = listed && all.find(({ spec }) => spec.selector === undefined && spec.externalName === undefined);
  return listed && bare ? [...all, sliceOf(bare, listed)] : [...all];
});

function sliceOf({ metadata: { name, namespace: ns }, spec }: ManifestOf<'Service'>, { last, first }: OutsideAddresses): Manifest & Fields {
  const listed = first ? spec.ports.slice(0, 1) : spec.ports;
  return {
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: `${name}-1`, namespace: ns, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4', endpoints: [{ addresses: [`100.127.0.${last}`] }], ports: listed.map(({ name: own = '', port: number, protocol = 'TCP' }) => ({ name: own, port: number, protocol })),
  };
}

const machine = fc.record({
  address: fc.constantFrom('198.51.100.1', '198.51.100.2', '198.51.100.3'),
  labels: fc.record({ 'app': appName, 'version': maybe(version), 'security.istio.io/tlsMode': maybe(fc.constantFrom('istio', 'disabled'), 4) }).map(present),
  serviceAccount: maybe(fc.constant('machine')),
  ports: maybe(fc.tuple(servicePort, containerPort).map(([number, own]) => ({ [`p-${number}`]: own })), 3),
}).map(present);

export const workloadEntries = fc.uniqueArray(fc.record({ name: fc.constantFrom('m1', 'm2'), ns: namespace, spec: machine }), { maxLength: 2, comparator: (one, other) => one.spec.address === other.spec.address || (one.name === other.name && one.ns === other.ns) })
  .map((entries) => entries.map(({ name, ns, spec }) => ({ apiVersion: 'networking.istio.io/v1', kind: 'WorkloadEntry', metadata: { name, namespace: ns }, spec })));

const entryProtocol = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('HTTP', 'HTTP', 'TCP', 'TLS', 'HTTPS', 'GRPC') }, { weight: 1, arbitrary: fc.constantFrom(undefined, 'UDP', 'MySQL', 'Redis') });
const entryPort = fc.record({ number: servicePort, protocol: entryProtocol, targetPort: maybe(containerPort, 4) })
  .map(({ number, protocol, targetPort }) => present({ number, name: `p-${number}`, protocol, targetPort }));

// Each address is one machine's: the referee knows machines by their address.
const listed = fc.tuple(machine, fc.integer({ min: 1, max: 65000 })).map(([one, number]) => ({ ...one, address: `100.64.${number >> 8}.${number & 255}` }));

/** Names of Services and pods as a resolver may find them, some of nobody. */
const clusterName = fc.oneof(
  { weight: 3, arbitrary: fc.constant('api.a.svc.cluster.local') },
  { weight: 3, arbitrary: fc.constantFrom('web.a', 'api.b.svc', 'web.b.svc.cluster.local.') },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('w1-0', 'w2-0', 'w3-1', 'one'), appName, fc.constantFrom('a', 'b')).map(([pod, app, ns]) => `${pod}.${app}.${ns}.svc.cluster.local`) },
  { weight: 1, arbitrary: fc.constantFrom('nobody.a.svc.cluster.local', 'out.example.com') },
);

const backing = fc.oneof(
  fc.constant({ resolution: 'NONE' }),
  fc.constant({ resolution: 'DNS' }),
  fc.constant({ resolution: 'DNS_ROUND_ROBIN' }),
  clusterName.map((address) => ({ resolution: 'DNS', endpoints: [{ address }] })),
  selector.map((labels) => ({ resolution: 'DNS', workloadSelector: { labels } })),
  fc.uniqueArray(listed, { minLength: 1, maxLength: 2, selector: ({ address }) => address }).map((endpoints) => ({ resolution: 'STATIC', endpoints })),
  selector.map((labels) => ({ resolution: 'STATIC', workloadSelector: { labels } })),
  selector.map((labels) => ({ resolution: 'NONE', workloadSelector: { labels } })),
);

// istiod takes two ServiceEntries of one namespace for one host in no certain order, so there is nothing to compare.
export function apart(all: readonly Manifest[]): Manifest[] {
  return all.filter((object, index) => !isA('ServiceEntry', object) || !allOf('ServiceEntry', all.slice(0, index)).some((other) =>
    other.metadata.namespace === object.metadata.namespace && other.spec.hosts.some((host) => object.spec.hosts.includes(host))));
}

export const serviceEntries = objects(fc.record({
  name: fc.constantFrom('e1', 'e2', 'e3'),
  ns: namespace,
  hosts: fc.oneof(
    { weight: 56, arbitrary: fc.constantFrom(['ext.example.com'], ['other.example.com'], ['ext.example.com', 'other.example.com']) },
    { weight: 4, arbitrary: fc.constant(['*.example.com']) },
    { weight: 1, arbitrary: fc.constantFrom(['api.a.svc.cluster.local'], ['Ext.example.com'], ['ext.example.com.']) },
  ),
  location: fc.constantFrom(undefined, 'MESH_EXTERNAL', 'MESH_INTERNAL', 'MESH_INTERNAL'),
  ports: fc.uniqueArray(entryPort, { minLength: 1, maxLength: 2, selector: ({ number }) => number }),
  addresses: maybe(fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(['240.0.0.1'], ['240.0.0.2'], ['240.0.0.1', '240.0.0.2']) },
    { weight: 1, arbitrary: fc.constantFrom(['240.0.0.0/28'], ['240.0.1.0/24'], ['240.0.0.0/4']) },
  ), 2),
  exportTo: maybe(fc.constantFrom(['.'], ['*'], ['a']), 4),
  backing,
}).map(({ name, ns, backing: kind, ...spec }) => ({ apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata: { name, namespace: ns }, spec: present({ ...spec, ...kind }) })), 2);
