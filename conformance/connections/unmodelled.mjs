// Whether what the model calls undecided for the sake of an object that it doesn't model is within that object's reach, told
// from the manifests alone and coarsely: a doubt about everything would agree with any referee.

/** By reason, whether an object may have to do with a connection. */
const REACH = {
  // Another service at the same address may take the call, by its own routes: headless Services of a namespace share pods.
  'gateway-api-route': ({ metadata, spec }, { requested, service }, { aliases }) => spec.parentRefs.some(({ name, kind: parent, namespace = metadata.namespace }) =>
    parent === 'ServiceEntry' || aliases.get(requested.host)?.startsWith(`${name}.`) || (parent === 'Service' && (namespace === service.namespace || service.host.startsWith(`${name}.`) || service.host !== requested.host))),
  'backend-policy': ({ spec }, { service }) => spec.targetRefs.some(({ name, kind: target }) => target === 'ServiceEntry' || service.host.startsWith(`${name}.`)),
  'envoy-filter': ({ metadata: { namespace }, spec }, { client, server }, { root }) => [root, client.namespace, server?.namespace].includes(namespace)
    && spec.configPatches.some(({ applyTo, match, patch }) => match?.context !== 'GATEWAY' && !(applyTo === 'HTTP_FILTER' && patch.operation.startsWith('INSERT'))),
  'other-network': (object) => /topology\.istio\.io\/network|ISTIO_META_NETWORK/.test(JSON.stringify(object)) || object.data?.meshNetworks !== undefined || object.spec?.network !== undefined,
};

/** Their kinds, by reason; what says something of networks is of any kind. */
const KINDS = { 'gateway-api-route': /^(HTTP|GRPC|TCP|TLS)Route$/, 'backend-policy': /^(BackendTLS|XBackendTraffic)Policy$/, 'envoy-filter': /^EnvoyFilter$/ };

export const UNMODELLED = Object.keys(REACH);

/** Whether a mesh has objects of which the model knows only whom they may touch. */
export function holdsUnmodelled(objects) {
  return objects.some((object) => Object.values(KINDS).some((kinds) => kinds.test(object.kind)) || REACH['other-network'](object));
}

/** The connections that are undecided for the sake of no object of the mesh, or of one that can't reach them. */
export function unfounded(ours, objects) {
  const mesh = { root: rootOf(objects), aliases: aliasesOf(objects) };
  const byName = new Map(objects.map((object) => [nameOf({ kind: object.kind, ...object.metadata }), object]));
  return ours.filter(({ undecidedBecause }) => UNMODELLED.includes(undecidedBecause)).filter((connection) => !connection.because.some((reason) => {
    const object = byName.get(nameOf(reason));
    return object && !isOfAnother(object) && (KINDS[connection.undecidedBecause]?.test(object.kind) ?? true) && REACH[connection.undecidedBecause](object, connection, mesh);
  }));
}

/** Whether an object is for a revision that no pod has. */
const isOfAnother = ({ metadata: { labels } }) => labels?.['istio.io/rev'] === 'other';

const nameOf = ({ kind, namespace, name }) => `${kind}/${kind === 'Namespace' ? '' : namespace}/${name}`;

/** What ExternalName Services stand for, by their hosts. */
function aliasesOf(objects) {
  return new Map(objects.flatMap(({ kind, metadata: { namespace, name }, spec }) =>
    (kind === 'Service' && spec.externalName ? [[`${name}.${namespace}.svc.cluster.local`, spec.externalName]] : [])));
}

function rootOf(objects) {
  const config = objects.find(({ kind }) => kind === 'ConfigMap');
  return JSON.parse(config?.data?.mesh ?? '{}').rootNamespace ?? 'istio-system';
}
