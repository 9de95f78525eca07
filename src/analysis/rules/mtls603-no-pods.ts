import { shown } from '../../findings/safe-text';
import { groupKind } from '../../manifests/kinds';
import { replicasOf } from '../../mesh/workloads/replicas';
import { Scalers } from '../../mesh/workloads/scalers';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const noPods: Rule = {
  code: 'MTLS603',
  name: 'no-pods',
  severity: 'info',
  title: 'A workload has no pods now, since its manifest asks for none',
  reads: ['workload'],
  * find({ mesh }: Evidence) {
    const idle = new Set(mesh.workloads.map(({ object }) => object)
      .filter((object) => SCALABLE.has(groupKind(object)) && replicasOf(object) === 0));
    if (idle.size === 0) return;
    const scalers = new Scalers(mesh.objects);
    for (const object of idle) {
      // Its autoscaler may be in other manifests.
      if (scalers.scale(object) || mesh.coverage.isPartial(object.namespace)) continue;
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

/** Kinds whose `replicas` is the number of their pods. */
const SCALABLE: ReadonlySet<string> = new Set(['Deployment.apps', 'StatefulSet.apps', 'ReplicaSet.apps', 'ReplicationController',
  'Rollout.argoproj.io']);
