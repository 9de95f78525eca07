import { FieldPath } from '../findings/field-path';
import { Subset } from '../mesh/client/destination-rule';
import { MeshObject } from '../mesh/objects/mesh-object';
import { integer, isShape, Shape, shape, shapes, text } from '../mesh/objects/shape';

/** A traffic policy of a DestinationRule, or an entry of its `portLevelSettings`. */
export interface PolicyPlace {
  readonly object: MeshObject;
  readonly field: FieldPath;
  readonly policy: Shape;
  /** The subset that it is for. */
  readonly subset?: string;
  /** The port that it is for. */
  readonly port?: number;
}

/** All places of a DestinationRule where `tls` may stand. */
export function policyPlaces(object: MeshObject): readonly PolicyPlace[] {
  const { trafficPolicy, subsets } = object.spec;
  const places: PolicyPlace[] = [];
  addPlaces(places, object, trafficPolicy, ['spec', 'trafficPolicy']);
  shapes(subsets).forEach(({ name, trafficPolicy: policy }, number) =>
    addPlaces(places, object, policy, ['spec', 'subsets', number, 'trafficPolicy'], text(name) ?? ''));
  return places;
}

/** The place of a port's entry in the `portLevelSettings` of a traffic policy; -1: it has none. */
export function portEntryIn(trafficPolicy: unknown, port: number): number {
  return shapes(shape(trafficPolicy).portLevelSettings).findIndex(({ port: of }) => integer(shape(of).number) === port);
}

/** Where a DestinationRule has a subset. */
export function subsetField({ object, name: wanted }: Subset): FieldPath {
  return ['spec', 'subsets', shapes(object.spec.subsets).findIndex(({ name }) => name === wanted)];
}

/** Where a DestinationRule has the policy of a subset, or its own. */
export function policyField(subset?: Subset): FieldPath {
  return [...(subset ? subsetField(subset) : ['spec']), 'trafficPolicy'];
}

function addPlaces(places: PolicyPlace[], object: MeshObject, policy: unknown, field: FieldPath, subset?: string): void {
  if (!isShape(policy)) return;
  places.push({ object, field, policy, subset });
  shapes(policy.portLevelSettings).forEach((entry, number) => {
    const port = integer(shape(entry.port).number);
    if (port !== undefined) places.push({ object, field: [...field, 'portLevelSettings', number], policy: entry, subset, port });
  });
}
