// Whether what the model calls undecided for the sake of an object that it doesn't model is within that object's reach, told
// from the manifests alone and coarsely: a doubt about everything would agree with any referee.

/** By reason, whether an object may have to do with a connection. */
const REACH = {
  // Another service at the same address may take the call, by its own routes: headless Services of a namespace share pods.
  'gateway-api-route': ({ metadata, spec }, { requested, service }, _, objects) => isAlias(requested.host, objects) || spec.parentRefs.some(({ name, kind: parent, namespace = metadata.namespace }) =>
    parent === 'ServiceEntry' || (parent === 'Service' && (namespace === service.namespace || service.host.startsWith(`${name}.`) || service.host !== requested.host || [service.host, ...hostsBeside(requested.host, objects)].some((host) => isAround(host, namespace))))),
  'backend-policy': ({ spec }, { service }) => spec.targetRefs.some(({ name, kind: target }) => target === 'ServiceEntry' || service.host.startsWith(`${name}.`)),
  'envoy-filter': ({ metadata: { namespace }, spec }, { client, server }, root) => [root, client.namespace, server?.namespace].includes(namespace)
    && spec.configPatches.some(({ applyTo, match, patch }) => match?.context !== 'GATEWAY' && !(applyTo === 'HTTP_FILTER' && patch.operation.startsWith('INSERT'))),
  'other-network': (object) => /topology\.istio\.io\/network|ISTIO_META_NETWORK/.test(JSON.stringify(object)) || object.data?.meshNetworks !== undefined || object.spec?.network !== undefined,
};

/** The hosts of ServiceEntries that share an address with one of a host. */
function hostsBeside(host, objects) {
  const entries = objects.filter(({ kind, spec }) => kind === 'ServiceEntry' && spec.addresses);
  const addresses = entries.filter(({ spec }) => spec.hosts.includes(host)).flatMap(({ spec }) => spec.addresses);
  return entries.filter(({ spec }) => spec.addresses.some((address) => addresses.includes(address))).flatMap(({ spec }) => spec.hosts);
}

/** Whether a host is a wildcard around the Services of a namespace. */
function isAround(host, namespace) {
  return host.startsWith('*') && (host.includes(`.${namespace}.svc.`) || !host.includes('.svc.'));
}

/** Whether a host is an ExternalName, which may stand for a route's parent. */
function isAlias(host, objects) {
  return objects.some(({ kind, metadata, spec }) => kind === 'Service' && spec.externalName !== undefined && host.startsWith(`${metadata.name}.${metadata.namespace}.`));
}

/** Their kinds, by reason; what says something of networks is of any kind. */
const KINDS = { 'gateway-api-route': /^(HTTP|GRPC|TCP|TLS)Route$/, 'backend-policy': /^(BackendTLS|XBackendTraffic)Policy$/, 'envoy-filter': /^EnvoyFilter$/ };

/** By flag of istiod, whether a mesh has objects by which it may have to do with a connection. */
const FLAG_REACH = {
  ENABLE_TLS_ON_SIDECAR_INGRESS: (objects, { server }) => objects.some(({ kind, spec }) => kind === 'Sidecar' && spec.ingress?.some(({ port, tls }) => tls && port.number === server?.port)),
  PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE: (objects, { server }) => objects.some(({ kind, spec }) => kind === 'Sidecar' && spec.ingress?.some(({ port }) => port.number !== server?.port)),
  PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES: (objects, { service }) => objects.some(({ kind, metadata, spec }) => kind === 'Service' && spec.clusterIP === 'None' && service.host.startsWith(`${metadata.name}.`)),
  PILOT_ENABLE_REDIS_FILTER: (objects) => objects.some(({ kind, spec }) => kind === 'Service' && spec.ports.some(({ name = '', appProtocol = name }) => appProtocol.startsWith('redis'))),
  PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES: (objects, { service }) =>
    objects.some(({ kind, spec }) => kind === 'ServiceEntry' && spec.location !== 'MESH_INTERNAL' && spec.hosts.includes(service.host)) && objects.some(({ kind }) => kind === 'DestinationRule'),
};

const FLAG = 'istiod-flag';

export const UNMODELLED = [...Object.keys(REACH), FLAG];

/** Whether a mesh has objects or flags of which the model knows only whom they may touch. */
export function holdsUnmodelled({ objects, istiodEnv }) {
  return Object.keys(istiodEnv).some((flag) => flag in FLAG_REACH) || objects.some((object) => Object.values(KINDS).some((kinds) => kinds.test(object.kind)) || REACH['other-network'](object));
}

/** The connections that are undecided for the sake of no object of the mesh, or of one that can't reach them. */
export function unfounded(ours, objects) {
  const root = rootOf(objects);
  const byName = new Map(objects.map((object) => [nameOf({ kind: object.kind, ...object.metadata }), object]));
  return ours.filter(({ undecidedBecause }) => UNMODELLED.includes(undecidedBecause)).filter((connection) => !connection.because.some((reason) => {
    if (connection.undecidedBecause === FLAG) return FLAG_REACH[/env\[(\w+)\]/.exec(reason.field)?.[1]]?.(objects, connection);
    const object = byName.get(nameOf(reason));
    return object && !isOfAnother(object) && (KINDS[connection.undecidedBecause]?.test(object.kind) ?? true) && REACH[connection.undecidedBecause](object, connection, root, objects);
  }));
}

/** Whether an object is for a revision that no pod has. */
const isOfAnother = ({ metadata: { labels } }) => labels?.['istio.io/rev'] === 'other';

const nameOf = ({ kind, namespace, name }) => `${kind}/${kind === 'Namespace' ? '' : namespace}/${name}`;

function rootOf(objects) {
  const config = objects.find(({ kind }) => kind === 'ConfigMap');
  return JSON.parse(config?.data?.mesh ?? '{}').rootNamespace ?? 'istio-system';
}
