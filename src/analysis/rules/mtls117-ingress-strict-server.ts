import { readIngress } from '../../mesh/services/ingress';
import { Evidence, strictServersBehind } from '../evidence';
import { hasMeshedController, isServedByIstio, targetsOf } from '../outside';
import { makePermissive } from '../remedies';
import { Rule } from '../rule';
import { portText } from '../texts';

export const ingressStrictServer: Rule = {
  code: 'MTLS117',
  name: 'ingress-strict-server',
  severity: 'warning',
  title: 'An Ingress routes to a STRICT server',
  reads: ['Ingress', 'IngressClass'],
  * find(evidence: Evidence) {
    if (hasMeshedController(evidence)) return;
    for (const ingress of evidence.objects('Ingress').map(readIngress)) {
      if (isServedByIstio(ingress, evidence)) continue;
      for (const { service, port, at } of targetsOf(ingress, evidence)) {
        const servers = strictServersBehind(evidence, service, port);
        if (servers.length === 0) continue;
        const [strict] = servers;
        yield {
          ...at,
          actual: `'${service.name}', port ${port}`,
          expected: 'a server that accepts plaintext, or an ingress controller in the mesh',
          because: 'an ingress controller without a sidecar sends plaintext, but '
            + `${portText(strict.workload, strict.number, strict.receiver)}`,
          fix: 'route these calls through an Istio gateway, or '
            + `${makePermissive(evidence, servers.map(({ workload }) => workload), [strict.number])}`,
        };
      }
    }
  },
};
