import { shown } from '../../findings/shown';
import { mappings, text } from '../../mesh/inventory/mapping';
import { objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { subsetsWithoutPods } from '../subset-mistakes';
import { hostOf } from '../subsets';

export const unusedSubset: Rule = {
  code: 'MTLS315',
  name: 'unused-subset',
  severity: 'info',
  title: 'No VirtualService sends requests to a subset, though one routes to its host',
  reads: ['DestinationRule', 'VirtualService'],
  * find(evidence: Evidence) {
    const { coverage } = evidence.mesh;
    for (const object of evidence.objects('DestinationRule')) {
      const host = hostOf(object);
      const { router, used, names } = evidence.subsets.of(host)!;
      const isMistyped = [...used.keys()].some((name) => !names.has(name)); // Then MTLS311 tells it, and this subset was meant.
      if (!router || isMistyped || [object.namespace, router.namespace, host.split('.')[1]].some((namespace) => coverage.isPartial(namespace))) continue;
      const unnamed = [...mappings(object.spec.subsets).entries()].filter(([, { name }]) => !used.has(text(name) ?? ''));
      if (unnamed.length === 0) continue;
      const told = new Set(subsetsWithoutPods(evidence, object).map(({ number }) => number)); // By MTLS310.
      const unused = unnamed.filter(([number]) => !told.has(number));
      if (unused.length === 0) continue;
      yield {
        object,
        field: ['spec', 'subsets', unused[0][0], 'name'],
        actual: unused.map(([, { name }]) => shown(name)).join(', '),
        expected: 'a subset that a VirtualService names',
        because: `${objectText(router)} routes to ${host}, but neither it nor another VirtualService here names the subset${unused.length === 1 ? '' : 's'}: `
          + 'what only a subset says, its trafficPolicy for example, holds for no request',
        fix: 'route to it, or remove it, unless its routes lie elsewhere or are still to come',
      };
    }
  },
};
