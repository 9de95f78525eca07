import { editDistance } from '../../findings/nearest';
import { shown } from '../../findings/safe-text';
import { MeshObject } from '../../mesh/inventory/object';
import { IGNORED } from '../../mesh/workloads/injection';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const unknownNamespace: Rule = {
  code: 'MTLS210',
  name: 'unknown-namespace',
  severity: 'warning',
  title: 'A PeerAuthentication is in a namespace that isn\'t there, and another one is spelled much alike',
  reads: ['Namespace', 'PeerAuthentication'],
  * find(evidence: Evidence) {
    const known = [...new Set(evidence.mesh.workloads.map(({ namespace }) => namespace))].sort();
    for (const object of evidence.objects('PeerAuthentication')) {
      const meant = isKnown(evidence, object) ? undefined : known.find((other) => isMisspelled(object.namespace, other));
      if (meant === undefined) continue;
      yield {
        object,
        field: ['metadata', 'namespace'],
        actual: shown(object.namespace),
        expected: `${shown(meant)}, or a namespace with workloads`,
        because: `the manifests contain no Namespace, workload or Service of ${object.namespace}, and workloads of ${meant}`,
        fix: `write namespace: ${meant}; if ${object.namespace} is elsewhere, pass --partial-namespace ${object.namespace}`,
      };
    }
  },
};

/** Whether the namespace exists, or may exist. */
function isKnown(evidence: Evidence, { namespace }: MeshObject): boolean {
  const { registry: { services }, coverage, workloads } = evidence.mesh;
  return evidence.isRoot(namespace) || IGNORED.has(namespace) || coverage.isPartial(namespace)
    || evidence.namespaceNamed(namespace) !== undefined
    || workloads.some((one) => one.namespace === namespace) || services.some((one) => one.namespace === namespace);
}

/** Shorter names aren't considered misspelled: one letter makes another word. */
const SHORTEST = 4;

/** One letter too many or missing, or two swapped. A replaced letter (`team-a`, `team-b`) or a number makes another name. */
function isMisspelled(written: string, meant: string): boolean {
  if (Math.min(written.length, meant.length) < SHORTEST || editDistance(written, meant, 1) !== 1) return false;
  const isSwap = written.length === meant.length;
  if (isSwap) return [...written].sort().join('') === [...meant].sort().join('');
  const [shorter, longer] = written.length < meant.length ? [written, meant] : [meant, written];
  const at = [...longer].findIndex((letter, index) => letter !== shorter[index]);
  return /[a-z]/.test(longer[at]);
}
