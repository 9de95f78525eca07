import { HostImports } from './host-imports';
import { OutboundMode, outboundMode } from '../config/mesh-config';
import { Labels } from '../names/selector';
import { MeshObject } from '../objects/mesh-object';
import { integer, isShape, labelsOf, Shape, shape, shapes, text, texts } from '../objects/shape';

/** A Sidecar: what the proxies that it selects see, and what they listen on. */
export interface SidecarResource {
  readonly object: MeshObject;
  /** The pods that it selects; undefined: all of the namespace, and in the root namespace all of the mesh. */
  readonly selector?: Labels;
  readonly egress: readonly EgressListener[];
  readonly ingress: readonly { readonly number: number; readonly protocol: string }[];
  /** Overrides the mesh config's. */
  readonly outbound?: OutboundMode;
  readonly egressProxy: boolean;
}

export interface EgressListener {
  readonly hosts: readonly string[];
  /** Whether it says more than hosts: a port, a bind address or a capture mode. */
  readonly special: boolean;
}

export function readSidecar(object: MeshObject): SidecarResource {
  const { spec } = object;
  return {
    object,
    selector: isShape(spec.workloadSelector) ? labelsOf(shape(spec.workloadSelector).labels) : undefined,
    egress: shapes(spec.egress).map(readEgress),
    ingress: shapes(spec.ingress).map(({ port }) => ({ number: integer(shape(port).number) ?? NaN, protocol: text(shape(port).protocol) ?? '' })),
    outbound: outboundMode(spec.outboundTrafficPolicy),
    egressProxy: isShape(shape(spec.outboundTrafficPolicy).egressProxy),
  };
}

function readEgress(listener: Shape): EgressListener {
  const capture = listener.captureMode ?? 'DEFAULT';
  return { hosts: texts(listener.hosts), special: isShape(listener.port) || text(listener.bind) !== undefined || capture !== 'DEFAULT' };
}

/** The imports of a Sidecar for proxies of a namespace; without egress listeners it imports everything. */
export function importsOf(resource: SidecarResource | undefined, namespace: string): HostImports {
  return resource?.egress.length ? HostImports.of(resource.egress.flatMap(({ hosts }) => hosts), namespace) : HostImports.everything;
}
