import { Destination } from './route';
import { fullHost, HostContext } from '../names/hosts';
import { integer, isShape, Shape, shape, shapes, text } from '../objects/shape';

/** Weight 0 reaches nothing, unless there is no other destination. */
export function weightedDestinations(route: unknown, context: HostContext): readonly Destination[] {
  const all = shapes(route);
  const reached = all.length === 1 ? all : all.filter(({ weight }) => (integer(weight) ?? 0) > 0);
  return reached.flatMap(({ destination }) => (isShape(destination) ? readDestination(destination, context) : []));
}

/** Where an HTTP rule sends copies of its requests, unless to none in a hundred. */
export function mirroredDestinations({ mirror, mirrors, ...rule }: Shape, context: HostContext): readonly Destination[] {
  const percent = percentOf(rule.mirrorPercentage) ?? wrapped(rule.mirrorPercent ?? rule.mirror_percent);
  const others = shapes(mirrors).map(({ destination, percentage }) => ({ destination, percent: percentOf(percentage) }));
  return [{ destination: mirror, percent }, ...others].flatMap(({ destination, percent: share = 100 }) =>
    (isShape(destination) && share > 0 ? { ...readDestination(destination, context), mirrored: true } : []));
}

/** Without a value it is 0, as everywhere in the API. */
function percentOf(percentage: unknown): number | undefined {
  return isShape(percentage) ? wrapped(percentage.value) ?? 0 : undefined;
}

function wrapped(value: unknown): number | undefined {
  return value === undefined || value === null ? undefined : Number(value);
}

export function readDestination(destination: Shape, context: HostContext): Destination {
  return {
    host: fullHost(text(destination.host) ?? '', context),
    port: integer(shape(destination.port).number),
    subset: text(destination.subset),
  };
}
