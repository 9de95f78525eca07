import { HostImports } from './host-imports';
import { OutboundMode, outboundMode } from '../config/mesh-config';
import { Labels } from '../names/selector';
import { FieldRef } from '../objects/field-ref';
import { MeshObject } from '../objects/mesh-object';
import { indexedShapes, integer, isShape, labelsOf, Shape, shape, text, texts } from '../objects/shape';

/** A Sidecar: what the proxies that it selects see, and what they listen on. */
export interface SidecarResource {
  readonly object: MeshObject;
  /** The pods that it selects; undefined: all of the namespace, and in the root namespace all of the mesh. */
  readonly selector?: Labels;
  readonly egress: readonly EgressListener[];
  readonly ingress: readonly IngressListener[];
  /** Overrides the mesh config's. */
  readonly outbound?: OutboundMode;
  readonly egressProxy: boolean;
}

export interface IngressListener {
  readonly at: FieldRef;
  readonly number: number;
  readonly protocol: string;
  /** Whether it says a bind address or a capture mode. */
  readonly special: boolean;
  /** Whether it has TLS settings of its own, which istiod ignores unless told otherwise. */
  readonly tls: boolean;
}

export interface EgressListener {
  readonly at: FieldRef;
  readonly hosts: readonly string[];
  /** Whether it says more than hosts: a port, a bind address or a capture mode. */
  readonly special: boolean;
}

export function readSidecar(object: MeshObject): SidecarResource {
  const { spec } = object;
  return {
    object,
    selector: isShape(spec.workloadSelector) ? labelsOf(shape(spec.workloadSelector).labels) : undefined,
    egress: indexedShapes(spec.egress).map(([index, listener]) => readEgress(listener, { object, field: ['spec', 'egress', index] })),
    ingress: indexedShapes(spec.ingress).map(([index, listener]) => readIngress(listener, { object, field: ['spec', 'ingress', index] })),
    outbound: outboundMode(spec.outboundTrafficPolicy),
    egressProxy: isShape(shape(spec.outboundTrafficPolicy).egressProxy),
  };
}

function readIngress(listener: Shape, at: FieldRef): IngressListener {
  const { number, protocol } = shape(listener.port);
  return { at, number: integer(number) ?? NaN, protocol: text(protocol) ?? '', special: isBoundElsewhere(listener), tls: isShape(listener.tls) };
}

function readEgress(listener: Shape, at: FieldRef): EgressListener {
  return { at, hosts: texts(listener.hosts), special: isShape(listener.port) || isBoundElsewhere(listener) };
}

function isBoundElsewhere({ bind, captureMode = 'DEFAULT' }: Shape): boolean {
  return text(bind) !== undefined || captureMode !== 'DEFAULT';
}

/** The imports of a Sidecar for proxies of a namespace; without egress listeners it imports everything. */
export function importsOf(resource: SidecarResource | undefined, namespace: string): HostImports {
  return resource?.egress.length ? HostImports.of(resource.egress.flatMap(({ hosts }) => hosts), namespace) : HostImports.everything;
}
