// Whether what the model calls undecided for the sake of an object that it doesn't model is within that object's reach, told
// from the manifests alone and coarsely: a doubt about everything would agree with any referee.
import type { Connection } from '../../src/mesh/calls/connections';
import type { ObjectName } from '../../src/mesh/inventory/object';
import type { UndecidedReason } from '../../src/mesh/model/transport';
import type { Fields, JudgedMesh, Manifest } from '../manifest';
import { allOf, isA, isPolicyOfGatewayApi, isRouteOfGatewayApi, type ManifestOf } from '../specs';

interface Unmodelled {
  /** Whether it is such an object. */
  readonly is: (object: Manifest) => boolean;
  /** Whether such an object may have to do with a connection. */
  readonly reaches: (object: Manifest, connection: Connection, roots: readonly string[], objects: readonly Manifest[]) => boolean;
}

/** By reason, the objects of which the model knows only whom they may touch. */
const OBJECTS = {
  // Another service at the same address, or on the same port if none has the address, may take the call, by its own routes.
  // Headless Services of a namespace share pods.
  'gateway-api-route': {
    is: isRouteOfGatewayApi,
    reaches: (object, { requested, service }, _, objects) => {
      if (isAlias(requested.host, objects) || listsPods(requested.host, objects) || namesPods(requested.host, objects)) return true;
      const onPort = isA('TCPRoute', object) || isA('TLSRoute', object) ? hostsOnPort(requested.port, objects) : [];
      const hosts = [service.host, ...hostsBeside(requested.host, objects), ...onPort];
      const beside = [...servicesBeside(requested.host, objects), ...listedBeside(requested.host, objects), ...openedForAll(requested.port, objects)];
      return isRouteOfGatewayApi(object) && object.spec.parentRefs.some(({ name, kind, namespace = object.metadata.namespace }) => kind === 'ServiceEntry' || (kind === 'Service'
        && (namespace === service.namespace || service.host.startsWith(`${name}.`) || service.host !== requested.host || hosts.some((host) => isAround(host, namespace))
          || beside.includes(`${namespace}/${name}`) || requested.host.includes(`.${name}.${namespace}.svc`))));
    },
  },
  'backend-policy': {
    is: isPolicyOfGatewayApi,
    reaches: (object, { service }) => isPolicyOfGatewayApi(object)
      && object.spec.targetRefs.some(({ name, kind: target }) => target === 'ServiceEntry' || service.host.startsWith(`${name}.`)),
  },
  'envoy-filter': {
    is: (object) => isA('EnvoyFilter', object),
    reaches: (object, { client, server }, roots) => isA('EnvoyFilter', object) && [...roots, client.namespace, server?.namespace].includes(object.metadata.namespace)
      && object.spec.configPatches.some(({ applyTo, match, patch }) => match?.context !== 'GATEWAY' && !(applyTo === 'HTTP_FILTER' && patch.operation.startsWith('INSERT'))),
  },
  'request-filter': {
    is: isRequestFilter,
    reaches: (object, { client }, roots, objects) => isRequestFilter(object) && [...roots, client.namespace].includes(object.metadata.namespace!)
      && allOf('VirtualService', objects).some(({ spec }) => JSON.stringify(spec.http ?? []).includes('"match"')),
  },
  // What says something of networks is of any kind.
  'other-network': { is: namesNetworks, reaches: namesNetworks },
} satisfies Partial<Record<UndecidedReason, Unmodelled>>;

/** Whether an object adds an HTTP filter to clients' proxies. */
function isRequestFilter(object: Manifest): boolean {
  if (isA('EnvoyFilter', object)) return object.spec.configPatches.some(({ applyTo, match, patch }) => applyTo === 'HTTP_FILTER' && patch.operation.startsWith('INSERT') && !['GATEWAY', 'SIDECAR_INBOUND'].includes(match?.context ?? ''));
  return object.kind === 'WasmPlugin' || object.kind === 'TrafficExtension';
}

function namesNetworks(object: Manifest): boolean {
  return /topology\.istio\.io\/network|ISTIO_META_NETWORK/.test(JSON.stringify(object))
    || object.data?.meshNetworks !== undefined || object.spec?.network !== undefined || /"network":\s*"[^"]/.test(object.data?.values ?? '');
}

/** The hosts of ServiceEntries that share an address with one of a host, or with the Service of that name. */
function hostsBeside(host: string, objects: readonly Manifest[]): string[] {
  const entries = allOf('ServiceEntry', objects).map(({ spec: { hosts, addresses } }) => ({ hosts, addresses: addresses ?? [] }));
  const services = allOf('Service', objects).filter(({ metadata: { name, namespace } }) => host.startsWith(`${name}.${namespace}.svc.`));
  const ofEntries = entries.filter(({ hosts }) => hosts.includes(host)).flatMap(({ addresses }) => addresses);
  const own = [...ofEntries, ...services.flatMap(({ spec }) => spec.clusterIP ?? [])];
  return entries.filter(({ addresses }) => addresses.some((address) => own.includes(address))).flatMap(({ hosts }) => hosts);
}

/** The Services that share an address with a ServiceEntry for a host, or with its servers: by their cluster IP, or headless ones by that of a pod. */
function servicesBeside(host: string, objects: readonly Manifest[]): string[] {
  const addresses = allOf('ServiceEntry', objects).filter(({ spec }) => spec.hosts.includes(host)).flatMap((entry) => addressesOf(entry, objects));
  const pods = objects.filter(({ kind, status }: Manifest & Fields) => kind === 'Pod' && addresses.includes(status?.podIP));
  const namespaces = new Set(pods.map(({ metadata: { namespace } }) => namespace));
  return allOf('Service', objects).filter(({ metadata: { namespace }, spec: { clusterIP } }) => (
    clusterIP === 'None' ? namespaces.has(namespace) : clusterIP !== undefined && addresses.includes(clusterIP)))
    .map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
}

/** The addresses at which clients find a ServiceEntry: its own, or those of its servers. */
function addressesOf({ metadata: { namespace }, spec }: ManifestOf<'ServiceEntry'>, objects: readonly Manifest[]): readonly string[] {
  const machines = spec.workloadSelector === undefined ? [] : allOf('WorkloadEntry', objects).filter(({ metadata }) => metadata.namespace === namespace);
  return [...spec.addresses ?? [], ...(spec.endpoints ?? []).map(({ address }) => address), ...machines.map((machine) => machine.spec.address)];
}

/** What ServiceEntries without an address call the protocols of ports that have no listener for all addresses of their own. */
const WITHOUT_LISTENER = /^(http|http2|http_proxy|grpc|grpc-web|udp)$/i;

/**
 * The hosts of ServiceEntries that listen on a port for all addresses: whatever meets no listener for its own address is theirs,
 * whichever host it is for, and goes by the TCP and TLS routes of all hosts within theirs.
 */
function hostsOnPort(port: number, objects: readonly Manifest[]): readonly string[] {
  return allOf('ServiceEntry', objects).flatMap(({ spec: { hosts, addresses = [], ports = [] } }) =>
    (addresses.length === 0 && ports.some(({ number, protocol = '' }) => number === port && !WITHOUT_LISTENER.test(protocol)) ? hosts : []));
}

/** The headless Services whose port a Sidecar's egress listener opens for all addresses: whatever meets no listener of its own goes by their routes. */
function openedForAll(port: number, objects: readonly Manifest[]): readonly string[] {
  const isOpened = allOf('Sidecar', objects).some(({ spec: { egress = [] } }) => egress.some((own) => (own.port as { number?: number } | undefined)?.number === port));
  if (!isOpened) return [];
  return allOf('Service', objects).filter(({ spec: { clusterIP, ports = [] } }) => clusterIP === 'None' && ports.some((own) => own.port === port))
    .map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
}

/** Whether a host is a wildcard around the Services of a namespace. */
function isAround(host: string, namespace: string | undefined): boolean {
  return host.startsWith('*') && (host.includes(`.${namespace}.svc.`) || !host.includes('.svc.'));
}

/** Whether a host is an ExternalName, which may stand for a route's parent. */
function isAlias(host: string, objects: readonly Manifest[]): boolean {
  return allOf('Service', objects).some(({ metadata, spec }) => spec.externalName !== undefined && host.startsWith(`${metadata.name}.${metadata.namespace}.`));
}

/** Whether an EndpointSlice lists a pod's address for the Service of a host: other Services may listen there. */
function listsPods(host: string, objects: readonly Manifest[]): boolean {
  const texts = objects.filter(({ kind, metadata: { namespace, labels } }) => kind === 'EndpointSlice'
    && host.startsWith(`${labels?.['kubernetes.io/service-name']}.${namespace}.svc.`)).map((slice) => JSON.stringify(slice));
  return objects.some((object: Manifest & Fields) => object.kind === 'Pod' && texts.some((text) => text.includes(`"${object.status?.podIP}"`)));
}

/** The Services for which an EndpointSlice lists a pod in the namespace of a host's headless Service: they listen at its pods' addresses. */
function listedBeside(host: string, objects: readonly Manifest[]): readonly string[] {
  const ownsPods = ({ metadata: { namespace } }: Manifest) => allOf('Service', objects).some(({ metadata, spec: { clusterIP } }) =>
    clusterIP === 'None' && metadata.namespace === namespace && host.startsWith(`${metadata.name}.${namespace}.svc.`));
  const addresses = objects.flatMap((object: Manifest & Fields) => (object.kind === 'Pod' && object.status?.podIP && ownsPods(object) ? [`"${object.status.podIP}"`] : []));
  const listing = objects.filter((object) => object.kind === 'EndpointSlice' && addresses.some((address) => JSON.stringify(object).includes(address)));
  return listing.map(({ metadata: { namespace, labels } }) => `${namespace}/${labels?.['kubernetes.io/service-name']}`);
}

/** Whether a ServiceEntry's host is a short name of a headless Service, which leads to pods: other Services may listen there. */
function namesPods(host: string, objects: readonly Manifest[]): boolean {
  return allOf('Service', objects).some(({ metadata: { name, namespace }, spec: { clusterIP } }) =>
    clusterIP === 'None' && [`${name}.${namespace}`, `${name}.${namespace}.svc`].includes(host));
}

interface PortForRedis {
  readonly number: number;
  readonly target?: number | string;
}

/** The ports that name Redis, and where they lead. */
function portsForRedis(objects: readonly Manifest[]): PortForRedis[] {
  const ofServices = allOf('Service', objects).flatMap(({ spec: { ports = [] } }) => ports.filter(({ name = '', appProtocol = name }) => appProtocol.startsWith('redis')));
  const ofEntries = allOf('ServiceEntry', objects).flatMap(({ spec: { ports = [] } }) => ports.filter(({ protocol }) => protocol === 'Redis'));
  const ofSidecars = allOf('Sidecar', objects).flatMap(({ spec: { ingress = [] } }) => ingress.map(({ port }) => port).filter(({ protocol }) => protocol === 'REDIS'));
  return [
    ...ofServices.map(({ port: number, targetPort: target }) => ({ number, target })),
    ...ofEntries.map(({ number, targetPort: target }) => ({ number, target })),
    ...ofSidecars.map(({ number }) => ({ number })),
  ];
}

type FlagReach = (objects: readonly Manifest[], connection: Connection) => boolean;

/** By flag of istiod, whether a mesh has objects by which it may have to do with a connection. */
const FLAGS: Readonly<Record<string, FlagReach>> = {
  ENABLE_TLS_ON_SIDECAR_INGRESS: (objects, { server }) => allOf('Sidecar', objects).some(({ spec }) => spec.ingress?.some(({ port, tls }) => tls && port.number === server?.port)),
  PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE: (objects, { server }) => allOf('Sidecar', objects).some(({ spec }) => spec.ingress?.some(({ port }) => port.number !== server?.port)),
  PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES: (objects, { service }) => allOf('Service', objects).some(({ metadata, spec }) => spec.clusterIP === 'None' && service.host.startsWith(`${metadata.name}.`)),
  PILOT_ENABLE_REDIS_FILTER: (objects, { requested, service, server }) =>
    portsForRedis(objects).some(({ number, target = number }) => [requested.port, service.port].includes(number) || (server && (typeof target === 'string' || [number, target].includes(server.port)))),
  PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES: (objects, { service }) =>
    allOf('ServiceEntry', objects).some(({ spec }) => spec.location !== 'MESH_INTERNAL' && spec.hosts.includes(service.host)) && allOf('DestinationRule', objects).length > 0,
};

const FLAG = 'istiod-flag' satisfies UndecidedReason;

type UnmodelledReason = keyof typeof OBJECTS | typeof FLAG;

export const UNMODELLED: readonly UnmodelledReason[] = [...Object.keys(OBJECTS) as (keyof typeof OBJECTS)[], FLAG];

function isUnmodelled(reason: UndecidedReason | undefined): reason is UnmodelledReason {
  return UNMODELLED.some((known) => known === reason);
}

/** Whether a mesh has objects or flags of which the model knows only whom they may touch. */
export function holdsUnmodelled({ objects, servers = [], istiodEnv = {} }: JudgedMesh): boolean {
  if (Object.keys(istiodEnv).some((flag) => flag in FLAGS)) return true;
  return [...objects, ...servers].some((object) => Object.values(OBJECTS).some(({ is }) => is(object)));
}

/**
 * The connections that are undecided for the sake of no object of the mesh, or of one that can't reach them.
 *
 * @param readsConfig whether istiod read the mesh config; if not, the defaults may be in force as well
 */
export function unfounded(ours: readonly Connection[], objects: readonly Manifest[], readsConfig: boolean): Connection[] {
  const roots = rootsOf(objects, readsConfig);
  const byName = new Map(objects.map((object) => [nameOf({ kind: object.kind, ...object.metadata }), object]));
  return ours.filter((connection) => {
    const { undecidedBecause: reason, because } = connection;
    if (!isUnmodelled(reason)) return false;
    return !because.some((decides) => {
      if (reason === FLAG) return FLAGS[/env\[(\w+)\]/.exec(decides.field)?.[1] ?? '']?.(objects, connection);
      const object = byName.get(nameOf(decides));
      const unmodelled: Unmodelled = OBJECTS[reason];
      return object && !isOfAnother(object) && unmodelled.is(object) && unmodelled.reaches(object, connection, roots, objects);
    });
  });
}

/** Whether an object is for a revision that no pod has. */
const isOfAnother = ({ metadata: { labels } }: Manifest) => labels?.['istio.io/rev'] === 'other';

const nameOf = ({ kind, namespace, name }: Omit<ObjectName, 'namespace'> & { readonly namespace?: string }) => `${kind}/${kind === 'Namespace' ? '' : namespace}/${name}`;

/** The root namespaces: that of the mesh config, and that of an istiod of another revision, whose config isn't in the mesh. */
function rootsOf(objects: readonly Manifest[], readsConfig: boolean): readonly string[] {
  const config = objects.find(({ kind }) => kind === 'ConfigMap');
  const mesh = withoutComments(config?.data?.mesh ?? '{}');
  const root = /"rootNamespace":"([^"]+)"/.exec(mesh)?.[1] ?? 'istio-system';
  const hasRevisions = objects.some((object) => JSON.stringify(object).includes('"istio.io/rev":'));
  return hasRevisions || !readsConfig ? [root, 'istio-system'] : [root];
}

/** A text of YAML without its lines of comment. */
const withoutComments = (text: string) => text.replace(/^\s*#.*$/gm, '');
