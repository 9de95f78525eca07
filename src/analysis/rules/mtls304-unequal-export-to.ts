import { shown } from '../../findings/safe-text';
import { ControlPlane } from '../../mesh/control-planes/control-plane';
import { objectText } from '../../mesh/inventory/object';
import { MergedRule, HostRules, isExportedTo } from '../../mesh/policies/destination-rules';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { lostSettings, lostText } from '../precedence';
import { copying } from '../remedies';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';

export const unequalExportTo: Rule = {
  code: 'MTLS304',
  name: 'unequal-export-to',
  severity: 'warning',
  title: 'A DestinationRule has no effect because a later one for its host has a different exportTo',
  reads: ['DestinationRule'],
  find: (evidence: Evidence) => foundByRevision(evidence, findings),
};

function* findings({ rules: index }: ControlPlane): Generator<Found> {
  const contested = [...index.byHost()].filter(({ rules }) => rules.length > 1).flatMap(rivals);
  const beaten = new Map(contested.flatMap(({ rule, by }) => (by ? [[rule.object, { rule, by }] as const] : [])));
  if (beaten.size === 0) return;
  const standing = new Set([...index.byHost()].flatMap(rivals).flatMap(({ rule, by }) => (by ? [] : [rule.object])));
  for (const [object, { rule, by }] of beaten) {
    const lost = lostText(lostSettings(rule, by));
    if (standing.has(object) || lost === undefined) continue;
    const { object: winner } = by;
    yield {
      object,
      field: ['spec', 'exportTo'],
      actual: shown(object.spec.exportTo),
      expected: `the same exportTo as ${objectText(winner)}, where it is ${shown(winner.spec.exportTo)}`,
      because: 'rules for the same host merge only if their exportTo lists are equal, and an absent list equals no other; '
        + `otherwise the last by age and name applies, here ${objectText(winner)}, and the settings of this rule are lost: ${lost}`,
      fix: 'merge the two rules',
      remedies: [copying(object, winner, ['spec', 'exportTo'])],
    };
  }
}

interface Rival {
  readonly rule: MergedRule;
  readonly by?: MergedRule;
}

/** The rules for all clients, each with the last rule that overrides it in every namespace that sees it. */
function rivals({ local, rules }: HostRules): readonly Rival[] {
  const wide = rules.filter(({ workloadSelector }) => workloadSelector === undefined);
  return wide.map((rule, number) => ({ rule, by: wide.slice(number + 1).reverse().find((later) => local || isSeenByAll(later, rule)) }));
}

/** Whether all other namespaces that see the earlier rule see the later one too. */
function isSeenByAll(later: MergedRule, { exportTo, namespace }: MergedRule): boolean {
  const others = [...exportTo].filter((entry) => entry !== '.' && entry !== namespace);
  return (exportTo.size === 0 ? ['*'] : others).every((entry) => isExportedTo(later, entry));
}
