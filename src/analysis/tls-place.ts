import { Places } from './place';
import { policyField, portEntryIn } from './policy-places';
import { FieldPath, fieldText, valueAt } from '../findings/field-path';
import { Hop } from '../mesh/connections/path';
import { MeshObject } from '../mesh/objects/mesh-object';
import { shape, shapes } from '../mesh/objects/shape';

/** The `tls` of a DestinationRule that a client goes by. */
export interface TlsPlace {
  readonly object: MeshObject;
  readonly field: FieldPath;
}

/** Finds the places where rules say which TLS clients send: the same place is the same object each time. */
export class TlsPlaces {
  private readonly places = new Places<TlsPlace>();

  /** Undefined if the rule of a way says nothing of its TLS. */
  of(hop: Hop): TlsPlace | undefined {
    const place = placeOf(hop);
    return place && this.places.of(place.object, fieldText(place.field), () => place);
  }
}

/** Whether a `tls` is that of a port's entry. */
export function isEntry({ field }: TlsPlace): boolean {
  return field[field.length - 3] === 'portLevelSettings';
}

/** Whether the `tls` that a client goes by names a mode; one that doesn't means DISABLE. */
export function namesMode(hop: Hop): boolean {
  const place = placeOf(hop);
  return place === undefined || shape(valueAt(place.object.source, place.field)).mode !== undefined;
}

function placeOf({ rule, subset, target: { port } }: Hop): TlsPlace | undefined {
  return (subset && within(subset.object, policyField(subset), port)) ?? (rule?.policyFrom && within(rule.policyFrom, policyField(), port));
}

function within(object: MeshObject, field: FieldPath, port: number): TlsPlace | undefined {
  const path = tlsPathIn(valueAt(object.source, field), port);
  return path && { object, field: [...field, ...path] };
}

/** The `tls` of a traffic policy that a port goes by: an entry for the port replaces the whole policy, its TLS too. */
export function tlsPathIn(trafficPolicy: unknown, port: number): FieldPath | undefined {
  const policy = shape(trafficPolicy);
  const number = portEntryIn(policy, port);
  if (number >= 0) return shapes(policy.portLevelSettings)[number].tls === undefined ? undefined : ['portLevelSettings', number, 'tls'];
  return policy.tls === undefined ? undefined : ['tls'];
}
