import { shown } from '../../findings/safe-text';
import { ControlPlane } from '../../mesh/control-planes/control-plane';
import { within } from '../../mesh/inventory/field-ref';
import { MeshObject, objectText } from '../../mesh/inventory/object';
import { DestinationRule, portEntry, readDestinationRule } from '../../mesh/policies/destination-rule';
import { MergedRule, subsetNamed } from '../../mesh/policies/destination-rules';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { lostSettings, lostText } from '../precedence';
import { copying } from '../remedies';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';

export const secondRuleDropped: Rule = {
  code: 'MTLS303',
  name: 'second-rule-dropped',
  severity: 'warning',
  title: 'The settings of a second DestinationRule for a host are dropped',
  reads: ['DestinationRule'],
  find: (evidence: Evidence) => foundByRevision(evidence, findings),
};

function* findings({ rules: index }: ControlPlane): Generator<Found> {
  const merged = [...index.byHost()].flatMap(({ rules }) => rules);
  if (merged.every(({ from }) => from.length === 1)) return;
  const counting = new Set(merged.flatMap(({ policy }) => policy?.at.object ?? []));
  const standing = new Set(merged.map(({ object }) => object));
  const told = new Set<MeshObject>();
  for (const rule of merged) {
    for (const object of rule.from.slice(1)) {
      if (told.has(object)) continue;
      told.add(object);
      const second = readDestinationRule(object);
      if (!counting.has(object)) yield* droppedTls(second, rule);
      yield* droppedSubsets(second, rule);
      if (!standing.has(object)) yield* droppedExport(second, rule);
    }
  }
}

const ORDER = 'that of the oldest rule, or of the first by name if equally old';

function* droppedTls({ object, hostText, policy }: DestinationRule, { policy: counts }: MergedRule): Generator<Found> {
  const { tls } = lostSettings({ policy, subsets: [] }, { policy: counts, subsets: [] });
  if (!tls || !counts) return;
  const { at } = (tls.port === undefined ? policy : portEntry(policy, tls.port))!;
  yield {
    object,
    field: within(at, 'tls', 'mode').field,
    actual: tls.mode,
    expected: `no second trafficPolicy for host ${hostText}`,
    because: `istiod uses one trafficPolicy of all rules for a host: ${ORDER}, here ${objectText(counts.at.object)}`,
    fix: `move the TLS to ${objectText(counts.at.object)}`,
  };
}

function* droppedSubsets({ object, hostText, subsets }: DestinationRule, counting: MergedRule): Generator<Found> {
  const lost = new Set(lostSettings({ subsets }, { subsets: counting.subsets }).subsets);
  for (const { name, at } of subsets) {
    const first = subsetNamed(counting, name);
    if (!lost.has(name) || !first || first.object === object) continue;
    yield {
      object,
      field: within(at, 'name').field,
      actual: `'${name}', which ${objectText(first.object)} defines differently`,
      expected: `a name that no other rule for host ${hostText} defines`,
      because: `istiod keeps one of two subsets with the same name: ${ORDER}`,
      fix: 'rename the subset, or merge the two',
    };
  }
}

/** A rule with a wider `exportTo` is merged, but not exported further than the first one. */
function* droppedExport(
  { object, exportTo, policy, subsets }: DestinationRule, { exportTo: counting, object: first }: MergedRule,
): Generator<Found> {
  const unseen = [...exportTo].filter((entry) => !counting.has(entry));
  const lost = lostText(lostSettings({ policy, subsets }));
  if (unseen.length === 0 || lost === undefined) return;
  yield {
    object,
    field: ['spec', 'exportTo'],
    actual: shown(object.spec.exportTo),
    expected: `the same exportTo as ${objectText(first)}, ${shown(first.spec.exportTo)}`,
    because: `istiod merges the rule into ${objectText(first)} and keeps its exportTo: clients in ${unseen.join(', ')} don't get ${lost}`,
    fix: `use the longer list in ${objectText(first)} too`,
    remedies: [copying(first, object, ['spec', 'exportTo'])],
  };
}
