import { shown } from '../../findings/safe-text';
import { idleIn } from '../../mesh/workloads/scalers';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const noPods: Rule = {
  code: 'MTLS603',
  name: 'no-pods',
  severity: 'info',
  title: 'A workload has no pods now, since its manifest asks for none',
  reads: ['workload'],
  * find({ mesh }: Evidence) {
    // Its autoscaler may be in other manifests.
    for (const object of idleIn(mesh.workloads, mesh.objects)) {
      if (mesh.coverage.isPartial(object.namespace)) continue;
      yield {
        object,
        field: ['spec', 'replicas'],
        actual: shown(object.spec.replicas),
        expected: 'the number of its pods, or an autoscaler that sets it',
        because: 'no pods run now: its connections are those that it has once it is scaled up',
        fix: 'nothing, if it is scaled to zero on purpose; otherwise set spec.replicas, or delete it',
      };
    }
  },
};
