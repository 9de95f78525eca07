import { Protocol } from './protocol';
import { FieldPath } from '../../findings/field-path';
import { FirstBy } from '../first-by';
import { Labels } from '../names/selector';
import { FieldRef } from '../objects/field-ref';
import { MeshObject } from '../objects/mesh-object';

/** The annotation by which a Service says who sees it. */
export const EXPORT_TO = 'networking.istio.io/exportTo';

/**
 * How a client's proxy finds the servers: istiod lists them (STATIC), the address that the application calls
 * is kept (PASSTHROUGH: headless Services, resolution NONE), the proxy asks DNS, or the name stands for another.
 */
export type Resolution = 'STATIC' | 'PASSTHROUGH' | 'DNS' | 'DYNAMIC_DNS' | 'ALIAS';

/** What istiod knows as a service: a Service, or one host of a ServiceEntry. */
export interface Service {
  readonly object: MeshObject;
  readonly registry: 'Kubernetes' | 'ServiceEntry';
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
  readonly ports: readonly ServicePort[];
  readonly resolution: Resolution;
  /** Outside the mesh: auto mTLS is never used towards it. */
  readonly external: boolean;
  /** `exportTo` as written. */
  readonly exportTo: readonly string[];
  /** The pods that it selects; undefined for a Service without selector. */
  readonly selector?: Labels;
  /** Addresses of its own, where the manifest names them. */
  readonly addresses: readonly string[];
  /** The host that an ExternalName Service stands for. */
  readonly externalName?: string;
}

export interface ServicePort {
  /** Where its service has it. */
  readonly at: FieldRef;
  readonly number: number;
  readonly name: string;
  readonly protocol: Protocol;
  /** Kubernetes' own protocol: by it containers' ports of a name are found, and packets led. A ServiceEntry's is TCP. */
  readonly transport: string;
  /** The servers' port: a number, or the name of a container's port; 0 means the service's own number. */
  readonly target: number | string;
}

/** Whether an address of a ServiceEntry is a range (CIDR). */
export function isRange(address: string): boolean {
  return address.includes('/');
}

/** The ports that take connections: UDP has none, and may share a number with TCP, as DNS does. */
export function connectable({ ports }: Service): readonly ServicePort[] {
  return ports.filter(({ protocol }) => protocol !== 'UDP');
}

const CONNECTABLE = new FirstBy<ServicePort, number>(({ number, protocol }) => (protocol === 'UDP' ? undefined : number));

/** The port that connections to a number are for. */
export function portOf({ ports }: Service, number: number): ServicePort | undefined {
  return CONNECTABLE.in(ports, number);
}

const NUMBERED = new FirstBy<ServicePort, number>(({ number }) => number);

/** The first port of a number, of whichever protocol. */
export function firstPort({ ports }: Service, number: number): ServicePort | undefined {
  return NUMBERED.in(ports, number);
}

export function isHeadless({ registry, resolution }: Service): boolean {
  return registry === 'Kubernetes' && resolution === 'PASSTHROUGH';
}

const ANNOTATION: FieldPath = ['metadata', 'annotations', EXPORT_TO];
const EXPORT_FIELD: FieldPath = ['spec', 'exportTo'];

/** Where a service says who sees it: a Service by an annotation. */
export function exportToAt({ object, registry }: Service): FieldRef {
  return { object, field: registry === 'Kubernetes' ? ANNOTATION : EXPORT_FIELD };
}

/** The key by which istiod keeps endpoints: services of one host and namespace share them. */
export function serviceKey({ namespace, host }: { namespace: string; host: string }): string {
  return `${namespace}/${host}`;
}
