import { Destination } from './route';
import { FieldPath } from '../../findings/field-path';
import { fullHost, HostContext } from '../names/hosts';
import { FieldRef, within } from '../objects/field-ref';
import { indexedShapes, integer, isShape, Shape, shape, text } from '../objects/shape';

/**
 * Weight 0 reaches nothing, unless there is no other destination.
 *
 * @param at the rule
 */
export function weightedDestinations(route: unknown, at: FieldRef): readonly Destination[] {
  const all = indexedShapes(route);
  const reached = all.length === 1 ? all : all.filter(([, { weight }]) => (integer(weight) ?? 0) > 0);
  return reached.flatMap(([index, { destination }]) => destinationsIn(destination, at, 'route', index, 'destination'));
}

/** All that a rule may send calls or copies to, whatever their weights. */
export function namedDestinations({ route, mirrors, mirror }: Shape, at: FieldRef): readonly Destination[] {
  return [
    ...indexedShapes(route).flatMap(([index, { destination }]) => destinationsIn(destination, at, 'route', index, 'destination')),
    ...indexedShapes(mirrors).flatMap(([index, { destination }]) => destinationsIn(destination, at, 'mirrors', index, 'destination')),
    ...destinationsIn(mirror, at, 'mirror'),
  ];
}

/** Where an HTTP rule sends copies of its requests, unless to none in a hundred. */
export function mirroredDestinations({ mirror, mirrors, ...rule }: Shape, at: FieldRef): readonly Destination[] {
  const percent = percentOf(rule.mirrorPercentage) ?? wrapped(rule.mirrorPercent ?? rule.mirror_percent);
  const others = indexedShapes(mirrors).flatMap(([index, { destination, percentage }]) =>
    ((percentOf(percentage) ?? 100) > 0 ? destinationsIn(destination, at, 'mirrors', index, 'destination') : []));
  return [...(percent ?? 100) > 0 ? destinationsIn(mirror, at, 'mirror') : [], ...others].map((destination) => ({ ...destination, mirrored: true }));
}

/** Without a value it is 0, as everywhere in the API. */
function percentOf(percentage: unknown): number | undefined {
  return isShape(percentage) ? wrapped(percentage.value) ?? 0 : undefined;
}

function wrapped(value: unknown): number | undefined {
  return value === undefined || value === null ? undefined : Number(value);
}

/** One, if it is written. */
function destinationsIn(destination: unknown, rule: FieldRef, ...steps: FieldPath): readonly Destination[] {
  return isShape(destination) ? [{ ...readDestination(destination, rule.object), at: within(rule, ...steps) }] : [];
}

export function readDestination(destination: Shape, context: HostContext): Destination {
  return {
    host: fullHost(text(destination.host) ?? '', context),
    port: integer(shape(destination.port).number),
    subset: text(destination.subset),
  };
}
