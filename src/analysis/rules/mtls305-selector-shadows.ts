import { shown } from '../../findings/safe-text';
import { DecidedHop } from '../../mesh/calls/decisions';
import { MeshObject, objectText } from '../../mesh/inventory/object';
import { FoundCalls } from '../calls';
import { Evidence } from '../evidence';
import { isSent, lostSettings, lostText, rulesFor } from '../precedence';
import { Rule } from '../rule';

export const selectorShadows: Rule = {
  code: 'MTLS305',
  name: 'selector-shadows',
  severity: 'warning',
  title: 'A DestinationRule with a workloadSelector leaves other clients without a rule',
  reads: ['DestinationRule'],
  * find(evidence: Evidence) {
    const shadowed = evidence.hops.filter((way) => shadowIn(way) !== undefined);
    for (const [object, calls] of FoundCalls.grouped(evidence.mesh, shadowed, (way) => shadowIn(way)!.object)) {
      if (evidence.mesh.coverage.isPartial(object.namespace)) continue;
      const { hidden, lost } = shadowIn(calls.first)!;
      yield {
        object,
        field: ['spec', 'workloadSelector'],
        actual: shown(object.spec.workloadSelector),
        expected: `a second rule for ${shown(object.spec.host)} in namespace ${object.namespace}, without a selector`,
        because: `istiod stops at the first namespace with a rule for a host, even if the rule selects other clients: for ${calls} `
          + `no rule applies, and the settings of ${objectText(hidden)} are lost: ${lost}`,
        fix: `add a rule for the host without a workloadSelector to namespace ${object.namespace}, `
          + `with the settings of ${objectText(hidden)}`,
        connections: calls.connections,
      };
    }
  },
};

interface Shadow {
  readonly object: MeshObject;
  readonly hidden: MeshObject;
  readonly lost: string;
}

/** The rules of the client's namespace select other workloads, but hide a rule that would have applied. */
function shadowIn(way: DecidedHop): Shadow | undefined {
  const { rule, sender: { plane, namespace } } = way.hop;
  if (rule || !isSent(way) || !plane?.rules.selectorsOf(namespace).length) return undefined;
  const found = rulesFor(way);
  const [selecting] = found?.rules ?? [];
  const [hidden] = found?.hidden ?? [];
  const lost = hidden && lostText(lostSettings(hidden));
  return selecting && lost !== undefined ? { object: selecting.object, hidden: hidden.object, lost } : undefined;
}
