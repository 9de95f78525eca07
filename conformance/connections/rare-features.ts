// What only rare forms of a mesh's objects show, by name.
import { DECLARED_CALLS } from '../generators/declared-calls';
import { LEFT_OUT } from '../generators/unread-pods';
import type { Fields, Manifest } from '../manifest';
import { allOf, type ManifestOf } from '../specs';

type Objects = readonly (Manifest & Fields)[];

/** The EndpointSlices and Endpoints of Services that select pods, or of the others. */
function listingsOf(objects: Objects, kind: 'EndpointSlice' | 'Endpoints', selects: boolean): Objects {
  return objects.filter((object) => {
    const service = object.kind === kind ? serviceOf(objects, object) : undefined;
    return service && (service.spec.selector !== undefined) === selects;
  });
}

function serviceOf(objects: Objects, { kind, metadata: { namespace, name, labels } }: Manifest): ManifestOf<'Service'> | undefined {
  const named = kind === 'Endpoints' ? name : labels?.['kubernetes.io/service-name'];
  return allOf('Service', objects).find(({ metadata }) => metadata.namespace === namespace && metadata.name === named);
}

/** Whether an EndpointSlice has other numbers than the ports of its Service. */
function isRenumbered(objects: Objects, slice: Manifest & Fields): boolean {
  const own = serviceOf(objects, slice)?.spec.ports.map(({ port }) => port) ?? [];
  return slice.ports.some(({ port }: { readonly port: number }) => !own.includes(port));
}

/** The EndpointSlices that list pods of namespaces that istiod doesn't read. */
function listingsOfUnread(objects: Objects): Objects {
  const leftOut = allOf('Namespace', objects).filter(({ metadata: { labels = {} } }) => LEFT_OUT in labels).map(({ metadata: { name } }) => name);
  const addresses = objects.filter(({ kind, metadata: { namespace = '' } }) => kind === 'Pod' && leftOut.includes(namespace)).map(({ status }) => status?.podIP);
  return objects.filter(({ kind, metadata: { namespace = '' }, endpoints }) => kind === 'EndpointSlice' && !leftOut.includes(namespace)
    && endpoints.some((endpoint: Fields) => endpoint.addresses.some((address: string) => addresses.includes(address))));
}

const isNotReady = ({ endpoints }: Fields): boolean => endpoints.some(({ conditions }: Fields) => conditions?.ready === false);
const hasLabel = (name: string) => (objects: Objects) => objects.some(({ kind, metadata: { labels } }) => kind !== 'Namespace' && !labels?.['istio.io/tag'] && labels?.[name] !== undefined);

/** Whether the values of an injector name a network; undefined: it is no injector's ConfigMap. */
function namesNetwork({ kind, data }: Manifest & Fields): boolean | undefined {
  return kind === 'ConfigMap' && data.values !== undefined ? JSON.parse(data.values).global.network !== '' : undefined;
}

/** Each says whether a mesh with these objects has it. */
export const RARE_FEATURES: Readonly<Record<string, (objects: Objects) => boolean>> = {
  'an SCTP port': (objects) => allOf('Service', objects).some(({ spec }) => spec.ports.some(({ protocol }) => protocol === 'SCTP')),
  'an EndpointSlice beside a selector': (objects) => listingsOf(objects, 'EndpointSlice', true).length > 0,
  'an EndpointSlice beside a selector that isn\'t ready': (objects) => listingsOf(objects, 'EndpointSlice', true).some(isNotReady),
  'an EndpointSlice beside a selector with other port numbers': (objects) => listingsOf(objects, 'EndpointSlice', true).some((slice) => isRenumbered(objects, slice)),
  'an EndpointSlice without selector that isn\'t ready': (objects) => listingsOf(objects, 'EndpointSlice', false).some(isNotReady),
  'an EndpointSlice that names a pod': (objects) => objects.some(({ kind, endpoints }) => kind === 'EndpointSlice' && JSON.stringify(endpoints).includes('targetRef')),
  'an EndpointSlice that lists a pod of a namespace that istiod doesn\'t read': (objects) => listingsOfUnread(objects).length > 0,
  'an EndpointSlice of a headless Service that lists a pod of a namespace that istiod doesn\'t read': (objects) => listingsOfUnread(objects).some((slice) => serviceOf(objects, slice)?.spec.clusterIP === 'None'),
  'Endpoints of a Service without selector': (objects) => listingsOf(objects, 'Endpoints', false).length > 0,
  'Endpoints of a Service with a selector': (objects) => listingsOf(objects, 'Endpoints', true).length > 0,
  'Endpoints that aren\'t mirrored': (objects) => objects.some(({ kind, metadata: { labels } }) => kind === 'Endpoints' && labels?.['endpointslice.kubernetes.io/skip-mirror']),
  'a WorkloadEntry at a node': (objects) => allOf('WorkloadEntry', objects).some(({ spec }) => objects.some(({ status }) => status?.hostIP === spec.address)),
  'a server\'s name with capitals': (objects) => /"sniHosts":\["[^"]*[A-Z]/.test(JSON.stringify(allOf('VirtualService', objects))),
  'a ServiceEntry with the name of a pod': (objects) => allOf('ServiceEntry', objects).some(({ spec }) => spec.hosts.some((host) => /^(one|w\d-\d)\.\w+\.\w+\.svc\./.test(host))),
  'a ServiceEntry with a short name': (objects) => allOf('ServiceEntry', objects).some(({ spec }) => spec.hosts.some((host) => /^\w+\.\w+(\.svc)?$/.test(host))),
  'a network in meshNetworks': (objects) => objects.some(({ kind, data }) => kind === 'ConfigMap' && data.meshNetworks !== undefined),
  'an injector with a network': (objects) => objects.some((object) => namesNetwork(object) === true),
  'an injector without a network': (objects) => objects.some((object) => namesNetwork(object) === false),
  'a revision tag': (objects) => objects.some(({ metadata: { labels } }) => labels?.['istio.io/tag'] !== undefined),
  'an object of one revision': hasLabel('istio.io/rev'),
  'a workload that declares its calls': (objects) => objects.some(({ metadata: { annotations } }) => annotations?.[DECLARED_CALLS] !== undefined),
};
