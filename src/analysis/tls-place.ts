import { valueAt } from './policy-places';
import { FieldPath, fieldText } from '../findings/field-path';
import { Leg } from '../mesh/connections/leg';
import { MeshObject } from '../mesh/objects/mesh-object';
import { integer, shape, shapes } from '../mesh/objects/shape';

/** The `tls` of a DestinationRule that a client goes by. */
export interface TlsPlace {
  readonly object: MeshObject;
  readonly field: FieldPath;
}

/** Finds the places where rules say which TLS clients send: the same place is the same object each time. */
export class TlsPlaces {
  private readonly known = new Map<MeshObject, Map<string, TlsPlace>>();

  /** Undefined if the rule of a way says nothing of its TLS. */
  of(leg: Leg): TlsPlace | undefined {
    const place = placeOf(leg);
    if (!place) return undefined;
    let places = this.known.get(place.object);
    if (!places) this.known.set(place.object, places = new Map());
    const key = fieldText(place.field);
    const known = places.get(key);
    if (!known) places.set(key, place);
    return known ?? place;
  }
}

/** Whether the `tls` that a client goes by names a mode; one that doesn't means DISABLE. */
export function namesMode(leg: Leg): boolean {
  const place = placeOf(leg);
  return place === undefined || shape(valueAt(place.object, place.field)).mode !== undefined;
}

function placeOf({ rule, subset, target: { port } }: Leg): TlsPlace | undefined {
  if (subset) {
    const subsets = shapes(subset.object.spec.subsets);
    const number = subsets.findIndex(({ name }) => name === subset.name);
    const path = pathIn(shape(subsets[number]).trafficPolicy, port);
    if (path) return { object: subset.object, field: ['spec', 'subsets', number, 'trafficPolicy', ...path] };
  }
  const object = rule?.policyFrom;
  const path = object && pathIn(object.spec.trafficPolicy, port);
  return path && { object, field: ['spec', 'trafficPolicy', ...path] };
}

/** A port's entry replaces the whole policy, its TLS too. */
function pathIn(trafficPolicy: unknown, port: number): FieldPath | undefined {
  const policy = shape(trafficPolicy);
  const entries = shapes(policy.portLevelSettings);
  const number = entries.findIndex(({ port: of }) => integer(shape(of).number) === port);
  if (number >= 0) return shape(entries[number]).tls === undefined ? undefined : ['portLevelSettings', number, 'tls'];
  return policy.tls === undefined ? undefined : ['tls'];
}
