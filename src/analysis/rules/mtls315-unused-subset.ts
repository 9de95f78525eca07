import { valueAt } from '../../findings/finding';
import { shown } from '../../findings/safe-text';
import { FieldRef, within } from '../../mesh/inventory/field-ref';
import { objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { subsetsWithoutPods } from '../subset-mistakes';

export const unusedSubset: Rule = {
  code: 'MTLS315',
  name: 'unused-subset',
  severity: 'info',
  title: 'A VirtualService routes to a host, but none routes to one of its subsets',
  reads: ['DestinationRule', 'VirtualService'],
  * find(evidence: Evidence) {
    const { coverage } = evidence.mesh;
    for (const rule of evidence.destinationRules) {
      const { object, host, subsets } = rule;
      const { router, used, names } = evidence.subsets.of(host)!;
      const isMistyped = [...used.keys()].some((name) => !names.has(name)); // MTLS311 reports that name; it may mean this subset.
      if (!router || isMistyped || [object.namespace, router.namespace, host.split('.')[1]].some((namespace) => (
        coverage.isPartial(namespace)))) continue;
      const unnamed = subsets.filter(({ name }) => !used.has(name));
      if (unnamed.length === 0) continue;
      const told = new Set(subsetsWithoutPods(evidence, rule).map(({ subset }) => subset)); // MTLS310 reports them.
      const unused = unnamed.filter((subset) => !told.has(subset)).map(({ at }) => within(at, 'name'));
      if (unused.length === 0) continue;
      yield {
        ...unused[0],
        actual: unused.map(textAt).join(', '),
        expected: 'a subset that a VirtualService routes to',
        because: `${objectText(router)} routes to ${host}, but neither it nor another VirtualService here names the `
          + `subset${unused.length === 1 ? '' : 's'}: `
          + 'settings in a subset, such as its trafficPolicy, then apply to no request',
        fix: 'route to it or remove it, unless its routes are elsewhere or yet to be added',
      };
    }
  },
};

function textAt({ object, field }: FieldRef): string {
  return shown(valueAt(object.source, field));
}
