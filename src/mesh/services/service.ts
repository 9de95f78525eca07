import { FieldPath, valueAt } from '../../findings/finding';
import { FirstBy } from '../collections';
import { FieldRef, within } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';
import { Labels } from '../names/labels';

/** How istiod treats a port: as HTTP, as TCP (with two special protocols), by SNI, or with protocol detection. */
export type Protocol = 'HTTP' | 'TCP' | 'MONGO' | 'MYSQL' | 'TLS' | 'AUTO' | 'UDP';

const BY_NAME: ReadonlyMap<string, Protocol> = new Map<string, Protocol>([
  ['http', 'HTTP'],
  ['http2', 'HTTP'],
  ['http_proxy', 'HTTP'],
  ['grpc', 'HTTP'],
  ['grpc-web', 'HTTP'],
  ['https', 'TLS'],
  ['tls', 'TLS'],
  ['tcp', 'TCP'],
  ['mongo', 'MONGO'],
  ['redis', 'TCP'],
  ['mysql', 'MYSQL'],
  ['udp', 'UDP'],
]);

/** The protocols for Kubernetes' standard values of `appProtocol`. */
const STANDARD: ReadonlyMap<string, Protocol> = new Map<string, Protocol>([
  ['kubernetes.io/h2c', 'HTTP'],
  ['kubernetes.io/ws', 'HTTP'],
  ['kubernetes.io/wss', 'TLS'],
]);

/** Ports of protocols in which the server speaks first (SMTP, DNS, MySQL, MongoDB): protocol detection would wait for the client. */
const SERVER_FIRST_PORTS = new Set([25, 53, 3306, 27017]);

/** Whether a port's calls are routed as HTTP, always or if detected. */
export function isHttpOrSniffed(protocol: Protocol | undefined): boolean {
  return protocol === 'HTTP' || protocol === 'AUTO';
}

/** The protocol of a word in Istio's API. */
export function protocolNamed(word: string): Protocol {
  return BY_NAME.get(word.toLowerCase()) ?? 'AUTO';
}

/** The protocol of a Service's port: by `appProtocol`, or else by the prefix of its name. */
export function protocolOfPort(port: { number: number; name: string; transport: string; appProtocol?: string }): Protocol {
  if (port.transport === 'UDP') return 'UDP';
  const standard = STANDARD.get(port.appProtocol ?? '');
  if (standard) return standard;
  const word = port.appProtocol ?? port.name;
  const protocol = protocolNamed(word.split('-')[0]);
  return protocol === 'AUTO' && SERVER_FIRST_PORTS.has(port.number) ? 'TCP' : protocol;
}

/** The words for HTTP/2. */
const HTTP2: ReadonlySet<string> = new Set(['http2', 'grpc', 'grpc-web']);

/** Whether a port names HTTP/2, or a protocol on top of it. */
export function speaksHttp2({ at, name, protocolField }: ServicePort): boolean {
  const word = protocolField === undefined || protocolField === 'name' ? name : String(valueAt(at.object.source,
    [...at.field, protocolField]));
  return word === 'kubernetes.io/h2c'
    || HTTP2.has(word.toLowerCase().startsWith('grpc-web') ? 'grpc-web' : word.split('-')[0].toLowerCase());
}

/** Whether a port is named for Redis. istiod treats it as TCP, unless its flag for Envoy's Redis filter is on. */
export function isRedis({ at, protocol, protocolField }: ServicePort): boolean {
  return protocol === 'TCP' && protocolField !== undefined
    && /^redis(?:-|$)/i.test(String(valueAt(at.object.source, [...at.field, protocolField])));
}

/** The annotation for a Service's visibility. */
export const EXPORT_TO = 'networking.istio.io/exportTo';

/**
 * How a client's proxy finds the servers: istiod sends their addresses (STATIC), the proxy keeps the requested address (PASSTHROUGH:
 * headless Services, resolution NONE), the proxy asks DNS (once, or for each request), or the name is an alias of another (ExternalName).
 */
export type Resolution = 'STATIC' | 'PASSTHROUGH' | 'DNS' | 'DYNAMIC_DNS' | 'ALIAS';

/** A service in istiod's registry: a Service, or one host of a ServiceEntry. */
export interface Service {
  readonly object: MeshObject;
  readonly registry: 'Kubernetes' | 'ServiceEntry';
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
  readonly ports: readonly ServicePort[];
  readonly resolution: Resolution;
  /** Whether it is outside the mesh: auto mTLS doesn't apply to it. */
  readonly external: boolean;
  /** Whether callers outside the cluster reach it without a gateway, as a NodePort or LoadBalancer. */
  readonly exposed: boolean;
  /** `exportTo` as written. */
  readonly exportTo: readonly string[];
  /** The labels of the pods that it selects; undefined for a Service without a selector. */
  readonly selector?: Labels;
  /** Its own addresses, if the manifest contains them. */
  readonly addresses: readonly string[];
  /** The target of an ExternalName Service. */
  readonly externalName?: string;
}

export interface ServicePort {
  /** The port's field in the service. */
  readonly at: FieldRef;
  readonly number: number;
  readonly name: string;
  readonly protocol: Protocol;
  /** The field that sets the protocol; undefined if none does. */
  readonly protocolField?: 'appProtocol' | 'name' | 'protocol';
  /** Kubernetes' own protocol (TCP, UDP, SCTP), which matters for named container ports and for forwarding. A ServiceEntry's is TCP. */
  readonly transport: string;
  /** The servers' port: a number, or the name of a container's port; 0 for the port's own number. */
  readonly target: number | string;
  /** Whether a field sets the target. */
  readonly hasTargetField: boolean;
}

/** Whether an address of a ServiceEntry is a range (CIDR). */
export function isRange(address: string): boolean {
  return address.includes('/');
}

/** Whether istiod treats a port as TCP. SCTP counts; UDP doesn't, which may share a number with TCP, as DNS does. */
function isKnown({ protocol }: ServicePort): boolean {
  return protocol !== 'UDP';
}

/** Whether sidecars capture calls to a port. */
function isConnectable(port: ServicePort): boolean {
  return isKnown(port) && port.transport !== 'SCTP';
}

/** The ports that accept connections. */
export function connectable({ ports }: Service): readonly ServicePort[] {
  return ports.filter(isConnectable);
}

const CONNECTABLE = new FirstBy<ServicePort, number>((port) => (isConnectable(port) ? port.number : undefined));
const KNOWN = new FirstBy<ServicePort, number>((port) => (isKnown(port) ? port.number : undefined));

/** The port with this number that accepts connections. */
export function connectablePort({ ports }: Service, number: number): ServicePort | undefined {
  return CONNECTABLE.in(ports, number);
}

/** The port for which istiod builds listeners and clusters: of several with a number, the one that accepts connections. */
export function portOf({ ports }: Service, number: number): ServicePort | undefined {
  return CONNECTABLE.in(ports, number) ?? KNOWN.in(ports, number);
}

const NUMBERED = new FirstBy<ServicePort, number>(({ number }) => number);

/** The first port with a number, of any protocol. */
export function firstPort({ ports }: Service, number: number): ServicePort | undefined {
  return NUMBERED.in(ports, number);
}

export function isHeadless({ registry, resolution }: Service): boolean {
  return registry === 'Kubernetes' && resolution === 'PASSTHROUGH';
}

const ANNOTATION: FieldPath = ['metadata', 'annotations', EXPORT_TO];
const EXPORT_FIELD: FieldPath = ['spec', 'exportTo'];

/** The field of a service's visibility: for a Service, its annotation. */
export function exportToAt({ object, registry }: Service): FieldRef {
  return { object, field: registry === 'Kubernetes' ? ANNOTATION : EXPORT_FIELD };
}

const LOCATION: FieldPath = ['spec', 'location'];

/** The field of a ServiceEntry's location. */
export function locationAt({ object }: Service): FieldRef {
  return { object, field: LOCATION };
}

const SPEC: FieldPath = ['spec'];

/** The field that makes calls keep the requested address: for a ServiceEntry its resolution, which may be left out. */
export function passthroughAt({ object }: Service): FieldRef {
  return { object, field: SPEC };
}

/** The field of a service's port. */
export function portAt(service: Service, number: number): FieldRef {
  return within(portOf(service, number)!.at, service.registry === 'Kubernetes' ? 'port' : 'number');
}

/** The field that sets a port's protocol; if none does, the field of the port. */
export function protocolAt(service: Service, number: number): FieldRef {
  const { at, protocolField } = portOf(service, number)!;
  return protocolField ? within(at, protocolField) : portAt(service, number);
}

/** The field of a port's target. */
export function targetPortAt(service: Service, number: number): FieldRef {
  const { at, hasTargetField } = portOf(service, number)!;
  return hasTargetField ? within(at, 'targetPort') : portAt(service, number);
}

/** istiod's key of endpoints: services with the same host and namespace share them. */
export function serviceKey({ namespace, host }: { namespace: string; host: string }): string {
  return `${namespace}/${host}`;
}
