import { Destination } from './route';
import { fullHost, HostContext } from '../names/hosts';
import { integer, isShape, Shape, shape, shapes, text } from '../objects/shape';

/** Weight 0 reaches nothing, unless there is no other destination. */
export function weightedDestinations(route: unknown, context: HostContext): readonly Destination[] {
  const all = shapes(route);
  const reached = all.length === 1 ? all : all.filter(({ weight }) => (integer(weight) ?? 0) > 0);
  return reached.flatMap(({ destination }) => (isShape(destination) ? readDestination(destination, context) : []));
}

export function readDestination(destination: Shape, context: HostContext): Destination {
  return {
    host: fullHost(text(destination.host) ?? '', context),
    port: integer(shape(destination.port).number),
    subset: text(destination.subset),
  };
}
