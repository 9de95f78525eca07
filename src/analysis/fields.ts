import { FieldPath, Finding, ObjectChange, Severity } from '../findings/finding';
import { grouped } from '../mesh/collections';
import { FieldRef } from '../mesh/inventory/field-ref';
import { MeshObject } from '../mesh/inventory/object';
import { Hop, Target } from '../mesh/model/hop';
import { TlsSettings } from '../mesh/policies/destination-rule';
import { Route, RouteDestination } from '../mesh/routes/route';
import { PodSource } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

/** A field with a wrong value, and the right one. */
export interface FieldFault extends Pick<Finding, 'field' | 'actual' | 'expected' | 'fix'> {
  readonly object: MeshObject;
  /** Changes that may fix it, the best first: the first that works when tried is reported instead of `fix`. */
  readonly remedies?: readonly ObjectChange[];
  /** Overrides the rule's severity. */
  readonly severity?: Severity;
}

/** Keeps one value per key, so that calls can be grouped by it. */
class Interner<T> {
  private readonly known = new Map<object, Map<string, T>>();

  /** @param make called if the key is new */
  of(object: object, detail: string, make: () => T): T {
    let values = this.known.get(object);
    if (!values) this.known.set(object, values = new Map());
    let value = values.get(detail);
    if (!value) values.set(detail, value = make());
    return value;
  }
}

/** The faults that a rule has found, each created once. */
export class FieldFaults extends Interner<FieldFault> {}

/** The field in the template of a workload's pods. */
export function podField({ podSource }: Workload, ...field: FieldPath): PodSource {
  return { ...podSource, field: [...podSource.field, ...field] };
}

/** The `tls` of the DestinationRule that decides what the client of a hop sends; undefined if the rule sets no TLS. */
export function ruleTlsAt({ sent: { reason: tlsReason, by } }: Hop): FieldRef | undefined {
  return tlsReason === 'rule' || tlsReason === 'rule-without-effect' ? by : undefined;
}

/** Whether a `tls` is in a port's entry. */
export function isEntry({ field }: FieldRef): boolean {
  return field[field.length - 3] === 'portLevelSettings';
}

/** The settings in that `tls`. */
export function tlsSettingsOf({ sent: { reason: tlsReason, settings } }: Hop): TlsSettings | undefined {
  return tlsReason === 'rule' || tlsReason === 'rule-without-effect' ? settings : undefined;
}

const INDEXES = new WeakMap<Route, ReadonlyMap<string, readonly RouteDestination[]>>();

/**
 * The destination in a VirtualService with the target's host and port; the
 * whole VirtualService if none has, as for the target of an ExternalName.
 */
export function destinationField(route: Route | undefined, { host, port, subset, mirrored, at }: Target): FieldPath {
  if (!route) return WHOLE;
  if (mirrored) return at?.object === route.object ? at.field : WHOLE;
  let index = INDEXES.get(route);
  if (!index) INDEXES.set(route, index = grouped(route.destinations.filter(isRouted), keyOf));
  return index.get(keyOf({ host, subset }))?.find((one) => one.port === undefined || one.port === port)?.at!.field ?? WHOLE;
}

const WHOLE: FieldPath = ['spec'];

/** Whether a VirtualService routes requests there, not only mirrored copies. */
function isRouted({ at }: RouteDestination): boolean {
  return at?.field[3] === 'route';
}

function keyOf({ host, subset }: Pick<RouteDestination, 'host' | 'subset'>): string {
  return JSON.stringify([host, subset]);
}
