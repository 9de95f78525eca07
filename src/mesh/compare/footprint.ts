import { podsOf } from './pods-of-objects';
import { saidOfMesh } from './said-of-mesh';
import { destinationsIn, UndecidedPath } from './undecided-path';
import { MESH_GATEWAY } from '../../manifests/kinds';
import { labelsOf, mapping, mappings, text, texts } from '../../manifests/mapping';
import { hasPods, isOf, KIND, KindName, kindNameOf } from '../inventory/kinds';
import { idKey, MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { Sender } from '../model/sender';
import { fullHost, overlap, serviceHost } from '../names/hosts';
import { isEmpty, Labels, NO_LABELS, selects } from '../names/labels';
import { readPeerPolicy } from '../policies/peer-authentication';
import { hostsOf, referredBy } from '../routes/gateway-api';
import { isHeadless } from '../services/service';
import { createsServices, mayCreate } from '../services/service-creators';

/** The clients of a path that an object may affect. */
export type ConcernedClients = 'all' | ((one: Sender) => boolean);

/** The clients of an undecided path that an object may affect; undefined if it affects none. */
export type Footprint = (undecided: UndecidedPath) => ConcernedClients | undefined;

/** Makes the footprint of an object, given its mesh. */
type FootprintOf = (object: MeshObject, mesh: Mesh) => Footprint;

const NOTHING: Footprint = () => undefined;
const EVERYTHING: Footprint = () => 'all';

/**
 * The undecided paths that an object may affect, as far as its kind, namespace, hosts and selectors allow, whether or
 * not it does. Missing one would hide an effect, so an object that isn't examined closely may affect all.
 */
export function footprintOf(object: MeshObject, mesh: Mesh): Footprint {
  const footprint = FOOTPRINTS[kindNameOf(object)!];
  if (footprint) return footprint(object, mesh);
  if (isOf(object, KIND.GatewayApiGateway)) return saidOfMesh(object) ? EVERYTHING : ofCreated(object);
  if (!hasPods(object)) return EVERYTHING;
  const [created, pods] = [ofCreated(object), ofPods(object, mesh)];
  return (undecided) => created(undecided) ?? pods(undecided);
}

const FOOTPRINTS: Readonly<Partial<Record<KindName, FootprintOf>>> = {
  PeerAuthentication: ofPeerAuthentication,
  DestinationRule: (object, mesh) => ofRule(object, mesh),
  VirtualService: ofVirtualService,
  ServiceEntry: ofServiceEntry,
  Sidecar: (object, mesh) => ofProxies(object, mesh, labelsOf(mapping(object.spec.workloadSelector).labels)),
  EnvoyFilter: (object, mesh) => ofProxies(object, mesh, labelsOf(mapping(object.spec.workloadSelector).labels)),
  ProxyConfig: (object, mesh) => ofProxies(object, mesh, labelsOf(mapping(object.spec.selector).matchLabels)),
  WorkloadEntry: ofMachine,
  WorkloadGroup: ofMachine,
  Service: ofService,
  Endpoints: (object) => ofHosts([serviceHost(object.name, object)]),
  EndpointSlice: (object) => ofHosts([serviceHost(object.labels['kubernetes.io/service-name'] ?? object.name, object)]),
  Namespace: ({ name }, mesh) => ofNamespace(name, mesh),
  ConfigMap: ({ name }) => (/^istio(?:-|$)/.test(name) ? EVERYTHING : NOTHING),
  MutatingWebhookConfiguration: () => EVERYTHING,
  HTTPRoute: ofGatewayApiRoute,
  GRPCRoute: ofGatewayApiRoute,
  TCPRoute: ofGatewayApiRoute,
  TLSRoute: ofGatewayApiRoute,
  BackendTLSPolicy: ofBackendPolicy,
  XBackendTrafficPolicy: ofBackendPolicy,
  // Only the analysis reads these, for calls from outside the mesh.
  // AuthorizationPolicies and the like decide about requests, not about connections.
  ...Object.fromEntries([
    'ServiceAccount', 'Ingress', 'IngressClass', 'ValidatingWebhookConfiguration', 'APIService', 'CustomResourceDefinition',
    'ServiceMonitor', 'PodMonitor', 'AuthorizationPolicy',
  ].map((kind) => [kind, () => NOTHING])),
};

/** PeerAuthentications of a namespace also affect what clients send to its services. */
function ofPeerAuthentication(object: MeshObject, mesh: Mesh): Footprint {
  const { namespace } = object;
  const { selector = NO_LABELS } = readPeerPolicy(object);
  const isForMesh = isRoot(mesh, namespace);
  const host = new RegExp(`^[^.]+\\.${namespace.replace(/\W/g, '\\$&')}\\.svc\\.`);
  const isOfServer = (server: { readonly namespace: string; readonly labels: Labels }): boolean =>
    (isForMesh || server.namespace === namespace) && selects(selector, server.labels);
  return ({ leadsAnywhere, servers, services, hosts, path }) => {
    const isServed = path.hops.every(({ received: { endpoint } }) => endpoint !== undefined);
    const isAmong = services.some((service) => service.namespace === namespace) || [...hosts].some((one) => host.test(one));
    const isConcerned = leadsAnywhere
      || servers.some(isOfServer)
      || ((isForMesh || isAmong)
        && (isEmpty(selector) || (!isServed && services.some((service) => mayBeSelected(selector, service.selector)))));
    return isConcerned ? 'all' : undefined;
  };
}

/** Whether a Service may select pods with some labels that the manifests don't contain. */
function mayBeSelected(selector: Labels, labels: Labels = NO_LABELS): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === undefined || labels[key] === value);
}

function ofRule(object: MeshObject, mesh: Mesh): Footprint {
  const host = fullHost(text(object.spec.host) ?? '', object);
  const { namespace } = object;
  const isForAll = isRoot(mesh, namespace);
  const isPrivate = isForOwnNamespace(object);
  return (undecided) => {
    const { isProxied, leadsAnywhere, hosts, services, path } = undecided;
    if (!isProxied || !(leadsAnywhere || touches([host], hosts))) return undefined;
    const matching = services.filter((service) => overlap(service.host, host));
    const isOfService = leadsAnywhere || matching.length === 0 || matching.some((service) => service.namespace === namespace);
    const isPassed = path.hops.slice(1).some(({ sender }) => sender.namespace === namespace);
    return isPassed || (!isPrivate && (isForAll || isOfService)) ? 'all' : (one) => one.namespace === namespace;
  };
}

function ofVirtualService(object: MeshObject): Footprint {
  const { spec, namespace } = object;
  const hosts = texts(spec.hosts).map((host) => fullHost(host, object));
  const destinations = destinationsIn([spec.http, spec.tcp, spec.tls], object);
  const gateways = texts(spec.gateways);
  const isForSidecars = gateways.length === 0 || gateways.includes(MESH_GATEWAY);
  const isForGateways = gateways.some((gateway) => gateway !== MESH_GATEWAY);
  // Routes by port or server name may receive calls to other hosts; a delegate without hosts completes other routes.
  const isForAny = spec.tcp !== undefined || spec.tls !== undefined;
  const isPrivate = isForOwnNamespace(object);
  return ({ because, isProxied, leadsAnywhere, mayPassGateway, hosts: called }) => {
    if (!isProxied) return undefined;
    if (isForGateways && mayPassGateway && touches([...hosts, ...destinations], called)) return 'all';
    const isRouted = leadsAnywhere || isForAny || (hosts.length === 0 ? because === 'delegate' : touches(hosts, called));
    if (!isForSidecars || !isRouted) return undefined;
    return isPrivate ? (one) => one.namespace === namespace : 'all';
  };
}

function ofServiceEntry(object: MeshObject): Footprint {
  const hosts = texts(object.spec.hosts);
  const addresses = new Set(texts(object.spec.addresses));
  return ({ because, leadsAnywhere, hosts: called, services }) => {
    const isNear = services.some((service) => service.object === object || service.addresses.some((address) => addresses.has(address)));
    return leadsAnywhere || because === 'destination-elsewhere' || isNear || touches(hosts, called) ? 'all' : undefined;
  };
}

/** The paths of the proxies that an object configures, by its namespace and labels, as clients and as servers. */
function ofProxies({ namespace }: MeshObject, mesh: Mesh, selector: Labels): Footprint {
  const isForMesh = isRoot(mesh, namespace);
  const isSelected = (one: { readonly namespace: string; readonly labels: Labels }): boolean =>
    (isForMesh || one.namespace === namespace) && selects(selector, one.labels);
  return ({ servers, path, isProxied }) => {
    if (servers.some(isSelected) || path.hops.slice(1).some(({ sender }) => sender.members.some(isSelected))) return 'all';
    return isProxied ? ({ members: workloads }) => workloads.some(isSelected) : undefined;
  };
}

/** At a pod's address, it may also decide which services set the protocols of the pod's ports. */
function ofMachine(object: MeshObject, { registry }: Mesh): Footprint {
  const holder = registry.knownAddresses.at(text(object.spec.address) ?? '');
  const pod = holder && 'pod' in holder ? holder.pod : undefined;
  return ({ services, servers }) => {
    const isNear = services.some((service) => (
      service.namespace === object.namespace && (service.registry === 'ServiceEntry' || service.selector)));
    const isServer = servers.some(({ workload, machine }) => (
      (pod !== undefined && workload === pod) || (machine?.entry && idKey(machine.entry) === idKey(object))));
    return isNear || isServer ? 'all' : undefined;
  };
}

/** A Service also sets the protocols of its pods' ports. */
function ofService(object: MeshObject): Footprint {
  const host = serviceHost(object.name, object);
  const selector = labelsOf(object.spec.selector);
  const external = text(object.spec.externalName);
  const ofHost = ofHosts([host, ...external === undefined ? [] : [external]]);
  return (undecided) => {
    const own = isEmpty(selector) ? [] : undecided.servers.filter(({ namespace }) => namespace === object.namespace);
    return own.some(({ labels }) => selects(selector, labels)) ? 'all' : ofHost(undecided);
  };
}

function ofHosts(hosts: readonly string[]): Footprint {
  return ({ leadsAnywhere, hosts: called }) => (leadsAnywhere || touches(hosts, called) ? 'all' : undefined);
}

/** The calls to Services that are created from it. */
function ofCreated(object: MeshObject): Footprint {
  if (!createsServices(object)) return NOTHING;
  const isCreated = mayCreate(object);
  return ({ hosts }) => ([...hosts].some(isCreated) ? 'all' : undefined);
}

/** Its labels may decide whether istiod reads the objects in it, its WorkloadEntries at pods of other namespaces among them. */
function ofNamespace(name: string, mesh: Mesh): Footprint {
  const machines = mesh.objects.of(KIND.WorkloadEntry).filter(({ namespace }) => namespace === name).map((entry) => ofMachine(entry, mesh));
  return (undecided) => {
    const { servers, services, path } = undecided;
    const isIn = [...servers, ...services, ...path.hops.flatMap(({ route }) => route?.object ?? [])].some(({ namespace }) => (
      namespace === name));
    const isPassed = path.hops.slice(1).some(({ sender }) => sender.namespace === name);
    return isIn || isPassed || machines.some((machine) => machine(undecided)) ? 'all' : (one) => one.namespace === name;
  };
}

function ofGatewayApiRoute(object: MeshObject, { registry }: Mesh): Footprint {
  const parents = mappings(object.spec.parentRefs);
  const hosts = parents.flatMap((parent) => {
    const referred = referredBy(parent, { ...object, namespace: text(parent.namespace) ?? object.namespace });
    return referred ? hostsOf(referred, registry) : [];
  });
  const isForGateways = hosts.length < parents.length;
  const backends = destinationsIn(object.spec.rules, object);
  return ({ isProxied, leadsAnywhere, mayPassGateway, hosts: called, path }) => {
    const isRouting = path.hops.some(({ route }) => route && idKey(route.object) === idKey(object));
    const isPassed = isForGateways && mayPassGateway && touches(backends, called);
    return isProxied && (leadsAnywhere || isRouting || isPassed || touches(hosts, called)) ? 'all' : undefined;
  };
}

function ofBackendPolicy(object: MeshObject, { registry }: Mesh): Footprint {
  const hosts = mappings(object.spec.targetRefs).flatMap((target) => {
    const referred = referredBy({ ...target, group: target.group ?? '' }, object);
    return referred ? hostsOf(referred, registry) : [];
  });
  return (undecided) => (undecided.isProxied ? ofHosts(hosts)(undecided) : undefined);
}

/**
 * Affects pods as clients and servers. A pod more or less behind a headless Service or
 * a ServiceEntry may also change what clients send to the other servers.
 */
function ofPods(object: MeshObject, mesh: Mesh): Footprint {
  if (object.name.startsWith('istiod')) return EVERYTHING;
  const keys = new Set(podsOf(object, mesh).map(idKey));
  const isOwn = (workload: Parameters<typeof idKey>[0] | undefined): boolean => workload !== undefined && keys.has(idKey(workload));
  return ({ servers, services, path: { hops } }) => {
    const isNear = services.some((service) => (isHeadless(service) || service.registry === 'ServiceEntry')
      && service.ports.some((port) => mesh.registry.endpointsOf(service, port).some(({ workload }) => isOwn(workload))));
    if (isNear || servers.some(({ workload }) => isOwn(workload)) || hops.slice(1).some(({ sender }) => sender.members.some(isOwn))) {
      return 'all';
    }
    return ({ members: workloads }) => workloads.some(isOwn);
  };
}

function touches(patterns: readonly string[], hosts: ReadonlySet<string>): boolean {
  return patterns.some((pattern) => hosts.has(pattern) || [...hosts].some((host) => overlap(host, pattern)));
}

function isForOwnNamespace({ spec, namespace }: MeshObject): boolean {
  const exportTo = texts(spec.exportTo);
  return exportTo.length > 0 && exportTo.every((entry) => entry === '.' || entry === '~' || entry === namespace);
}

function isRoot({ planes, revisions }: Mesh, namespace: string): boolean {
  return [...planes.inUse(revisions).keys(), planes.default].some(({ config }) => config.rootNamespace === namespace);
}
