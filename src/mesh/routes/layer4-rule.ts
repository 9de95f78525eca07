import { weightedDestinations } from './destinations';
import { Destination } from './route';
import { MeshObject } from '../objects/mesh-object';
import { indexedShapes, Shape, shapes } from '../objects/shape';

/** A `tcp` or `tls` rule of a VirtualService that routes somewhere. */
export interface Layer4Rule {
  readonly conditions: readonly Shape[];
  readonly destinations: readonly Destination[];
}

/** Reads the rules of a VirtualService's `tcp` or `tls`. */
export function layer4Rules(rules: unknown, kind: 'tcp' | 'tls', object: MeshObject): readonly Layer4Rule[] {
  return indexedShapes(rules).filter(([, { route }]) => shapes(route).length > 0).map(([index, { match, route }]) => ({
    conditions: shapes(match),
    destinations: weightedDestinations(route, { object, field: ['spec', kind, index] }),
  }));
}
