import { Destination } from './route';
import { fullHost } from '../names/hosts';
import { integer, isShape, Shape, shape, shapes, text } from '../objects/shape';

/** Weight 0 reaches nothing, unless there is no other destination. */
export function weightedDestinations(route: unknown, namespace: string): readonly Destination[] {
  const all = shapes(route);
  const reached = all.length === 1 ? all : all.filter(({ weight }) => (integer(weight) ?? 0) > 0);
  return reached.flatMap(({ destination }) => (isShape(destination) ? readDestination(destination, namespace) : []));
}

export function readDestination(destination: Shape, namespace: string): Destination {
  return {
    host: fullHost(text(destination.host) ?? '', namespace),
    port: integer(shape(destination.port).number),
    subset: text(destination.subset),
  };
}
