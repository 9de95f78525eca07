import { FieldPath, fieldText } from '../../findings/finding';
import { shown } from '../../findings/safe-text';
import { DecidedHop } from '../../mesh/calls/decisions';
import { objectText } from '../../mesh/inventory/object';
import { Target } from '../../mesh/model/hop';
import { MergedRule } from '../../mesh/policies/destination-rules';
import { Route } from '../../mesh/routes/route';
import { FoundCalls } from '../calls';
import { Evidence } from '../evidence';
import { destinationField } from '../fields';
import { Found } from '../mesh-finding';
import { rulesFor } from '../precedence';
import { Rule } from '../rule';
import { UndefinedSubset, undefinedSubsets, unruledSubsets } from '../subset-mistakes';
import { UndefinedDestination } from '../subsets';

export const undefinedSubset: Rule = {
  code: 'MTLS311',
  name: 'undefined-subset',
  severity: 'error',
  title: 'A VirtualService routes calls to a subset that no applicable DestinationRule defines',
  reads: ['DestinationRule', 'VirtualService'],
  * find(evidence: Evidence) {
    for (const calls of FoundCalls.grouped(evidence.mesh, evidence.brokenBy('undefined-subset'), keyOf).values()) {
      const { sender, route, target, rule } = calls.first.hop;
      const { host, subset = '' } = target;
      const { object } = route!;
      const hidden = rulesFor(calls.first)?.hidden.find(({ subsets }) => subsets.some(({ name }) => name === subset));
      yield {
        object,
        field: fieldOf(route!, target),
        ...target.mirrored && { severity: 'warning' as const },
        actual: shown(subset),
        expected: rule && rule.subsets.length > 0
          ? `a subset of ${host}: ${rule.subsets.map(({ name }) => name).join(', ')}`
          : `a subset that a DestinationRule defines for ${host}`,
        because: `${target.mirrored ? `the copies of ${calls} are lost` : `${calls} fail with 503`}: ${whyUndefined(subset, rule, hidden)}`,
        fix: rule
          ? `add subset ${subset} to ${objectText(rule.object)}`
          : `add a DestinationRule for ${host} with subset ${subset} to namespace ${hidden ? sender.namespace : object.namespace}`,
        connections: calls.connections,
      };
    }
    for (const undefinedOne of undefinedSubsets(evidence)) yield withoutCalls(undefinedOne);
    for (const destination of unruledSubsets(evidence)) yield withoutRule(destination);
  },
};

/** The callers are unknown, but every call fails; for a mirrored request no caller waits. */
function withoutCalls({ destination: { object, field, host, subset, isMirror }, rule, names }: UndefinedSubset): Found {
  return {
    object,
    field: [...field, 'subset'],
    severity: isMirror ? 'warning' : 'error',
    actual: shown(subset),
    expected: names.size > 0 ? `a subset of ${host}: ${firstOf(names)}` : `a subset that a DestinationRule defines for ${host}`,
    because: `requests ${isMirror ? 'mirrored there are lost' : 'routed there fail with 503'}: `
      + `${objectText(rule.object)} applies to the host and doesn't define it`,
    fix: `add subset ${subset} to ${objectText(rule.object)}`,
  };
}

/** The DestinationRule may be in other manifests, so this isn't an error unless a call is known to fail. */
function withoutRule({ object, field, host, subset, isMirror }: UndefinedDestination): Found {
  return {
    object,
    field: [...field, 'subset'],
    severity: 'warning',
    actual: shown(subset),
    expected: `a subset that a DestinationRule defines for ${host}`,
    because: 'no DestinationRule for the host is among these manifests: without one, '
      + `requests ${isMirror ? 'mirrored there are lost' : 'routed there fail with 503'}`,
    fix: `add a DestinationRule for ${host} with subset ${subset}, or pass the one that is elsewhere with --with`,
  };
}

/** Without copying: a host may have thousands. */
function firstOf(names: ReadonlySet<string>): string {
  const first: string[] = [];
  for (const name of names) {
    if (first.length === 5) return `${first.join(', ')} and others`;
    first.push(name);
  }
  return first.join(', ');
}

/** The whole route if the target is behind an ExternalName, since then no destination names its host. */
function fieldOf(route: Route, target: Target): FieldPath {
  const field = destinationField(route, target);
  return field.length > 1 ? [...field, 'subset'] : field;
}

function keyOf({ hop: { route, target } }: DecidedHop): string {
  const { namespace, name } = route!.object;
  return `${namespace}/${name} ${target.host} ${target.subset} ${fieldText(fieldOf(route!, target))}`;
}

function whyUndefined(subset: string, rule: MergedRule | undefined, hidden: MergedRule | undefined): string {
  const counting = rule ? `${objectText(rule.object)} applies` : 'no DestinationRule applies';
  return hidden ? `${objectText(hidden.object)} defines ${subset}, but ${counting}` : `${counting}${rule ? ' and doesn\'t define it' : ''}`;
}
