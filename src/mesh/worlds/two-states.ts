import { factsByObject } from './branches';
import { MissingInjection } from '../../findings/condition';
import { MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { MeshStates } from '../plan/change-unit';
import { endpointOwner } from '../services/endpoint';
import { eachOnce, factKey, missingAmong } from '../workloads/missing-injection';

/** How many objects are looked at in all cases together: of more, what isn't known stays undecided, since each case takes both states. */
const MOST_OBJECTS = 30_000;

/** In how many cases two states may be looked at. */
export function mostCases({ objects }: Mesh): number {
  return Math.floor(MOST_OBJECTS / Math.max(1, [...objects.all()].length));
}

/**
 * The facts that either state lacks, but for namespaces that the state before shows: those stay unknown in the state after, where
 * their objects may be elsewhere, or gone.
 *
 * @param shown both states as the manifests show them
 */
export function missingIn({ before, after }: MeshStates, shown: MeshStates): readonly MissingInjection[] {
  const { namespaces } = shown.before;
  const isGone = ({ fact, name }: MissingInjection): boolean => fact === 'namespace' && namespaces.objectOf(name) !== undefined;
  return eachOnce([...missingAmong(before.workloads), ...missingAmong(after.workloads)]).filter((fact) => !isGone(fact));
}

/**
 * Whether the facts of each call's ends have all of their values in some cases, which are those of `valuesOf` or more: any two facts
 * do, but a client or the servers of a service may lack several.
 *
 * @param shown both states as the manifests show them
 * @param cases both states in each case
 */
export function haveAllValues(shown: MeshStates, cases: readonly MeshStates[], facts: readonly MissingInjection[]): boolean {
  if (cases.length === 2 ** facts.length) return true;
  if (cases.length === 2) return false;
  const known = new Set(facts.map(factKey));
  const factsOf = factsByObject([shown, ...cases].flatMap(({ before, after }) => [before, after]));
  const lackOne = (objects: readonly MeshObject[]): boolean => (
    new Set(objects.flatMap((object) => [...factsOf.get(object) ?? []]).filter((fact) => known.has(fact))).size < 2);
  return [shown.before, shown.after].every(({ callers, registry }) => (
    callers.every(({ object }) => lackOne([object])) && registry.services.every((service) => lackOne(
      service.ports.flatMap((port) => registry.endpointsOf(service, port)).flatMap((one) => endpointOwner(one)?.object ?? [])))));
}
