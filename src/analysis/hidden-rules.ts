import { MergedRule } from '../mesh/client/merged-rule';
import { FoundRules, isExportedTo } from '../mesh/client/rule-index';
import { DecidedHop } from '../mesh/connections/decisions';

/** The rules that istiod finds for a way's clients and destination, and those that they hide. */
export interface RulesForWay extends FoundRules {
  /** Those that would count without the found ones, the closest place and host first. */
  readonly hidden: readonly MergedRule[];
}

/** Whether a way got as far as to be sent by a rule, or for want of one. */
export function isSent({ hop: { brokenBecause } }: DecidedHop): boolean {
  return brokenBecause !== 'unknown-destination' && brokenBecause !== 'undefined-subset';
}

/** Undefined if no sidecar sends the call to a service. */
export function rulesFor({ hop: { sender, travel, target: { service } } }: DecidedHop): RulesForWay | undefined {
  if (!service || !sender.plane || travel !== 'service') return undefined;
  const { namespace, plane: { rules: index } } = sender;
  const found = index.find(namespace, service);
  const hidden = index.covering(namespace, service)
    .flatMap(({ place, rules }) => (place === 'client' ? rules : rules.filter((rule) => isExportedTo(rule, namespace))))
    .filter((rule) => !rule.from.every((object) => found.rules.some(({ from }) => from.includes(object))));
  return { ...found, hidden };
}
