import { shown } from '../../findings/safe-text';
import { objectText } from '../../mesh/inventory/object';
import { Evidence, strictServersBehind } from '../evidence';
import { makePermissive } from '../remedies';
import { Rule } from '../rule';
import { policyText } from '../texts';

export const outsideServiceStrictServer: Rule = {
  code: 'MTLS104',
  name: 'outside-service-strict-server',
  severity: 'error',
  title: 'A NodePort or LoadBalancer Service exposes a STRICT server to clients outside the mesh',
  reads: ['Service'],
  * find(evidence: Evidence) {
    for (const service of evidence.mesh.registry.services) {
      const { object, exposed, ports } = service;
      if (!exposed) continue;
      const strict = ports.flatMap((port) => strictServersBehind(evidence, service, port.number).map((found) => ({ port, ...found })));
      if (strict.length === 0) continue;
      const [{ port, workload, number, receiver }] = strict;
      const [numbers, workloads] = [[...new Set(strict.map((one) => one.number))], [...new Set(strict.map((one) => one.workload))]];
      yield {
        object,
        field: ['spec', 'type'],
        actual: shown(object.spec.type),
        expected: 'ClusterIP behind an Istio gateway, because clients outside the mesh have no mesh certificate',
        because: `port ${number} of ${objectText(workload)} behind port ${port.number} is STRICT${policyText(receiver.enforced!)}`,
        fix: 'change the type to ClusterIP and route external traffic through an Istio gateway; or, if external plaintext is intended, '
          + `${makePermissive(evidence, workloads, numbers)}`,
      };
    }
  },
};
