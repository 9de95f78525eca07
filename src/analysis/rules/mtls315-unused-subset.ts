import { shown } from '../../findings/shown';
import { objectText } from '../../mesh/objects/object-id';
import { shapes, text } from '../../mesh/objects/shape';
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
    const { view } = evidence.mesh;
    for (const object of evidence.objects('DestinationRule')) {
      const host = hostOf(object);
      const { router, used, names } = evidence.subsets.of(host)!;
      const isMistyped = [...used.keys()].some((name) => !names.has(name)); // Then MTLS311 tells it, and this subset was meant.
      if (!router || isMistyped || [object.namespace, router.namespace, host.split('.')[1]].some((namespace) => view.isPartial(namespace))) continue;
      const unnamed = [...shapes(object.spec.subsets).entries()].filter(([, { name }]) => !used.has(text(name) ?? ''));
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
