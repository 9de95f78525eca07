import { objectText } from '../../mesh/inventory/object';
import { outcomeOf } from '../../mesh/model/transport';
import { ApiServerCall } from '../../mesh/services/api-server-calls';
import { portOf } from '../../mesh/services/service';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { API_SERVER_CALLERS, apiServerCalls } from '../outside';
import { makePermissive } from '../remedies';
import { Rule } from '../rule';
import { policyText } from '../texts';

export const webhookStrict: Rule = {
  code: 'MTLS406',
  name: 'webhook-strict',
  severity: 'error',
  title: 'The API server can\'t call a webhook through its sidecar',
  reads: API_SERVER_CALLERS,
  * find(evidence: Evidence) {
    for (const call of apiServerCalls(evidence)) {
      const found = broken(evidence, call);
      if (found) yield found;
    }
  },
};

/** The API server has no certificate of the mesh: it sends its own TLS. */
function broken(evidence: Evidence, { at, service: { namespace, name, port: number } }: ApiServerCall): Found | undefined {
  const { registry } = evidence.mesh;
  const service = registry.kubernetesService(registry.hostOf(name, namespace));
  const port = service && portOf(service, number);
  for (const { workload, port: target } of port ? registry.endpointsOf(service, port) : []) {
    if (!workload) continue;
    const { mode, protocol, enforced } = evidence.receiverAt(workload, target);
    if (outcomeOf('PLAINTEXT', { mode, protocol: protocol.protocol }, 'tls') !== 'broken') continue;
    const isStrict = mode === 'STRICT';
    const isHttp = outcomeOf('PLAINTEXT', { mode: 'PERMISSIVE', protocol: protocol.protocol }, 'tls') === 'broken';
    const speaker = protocol.service ? objectText(protocol.service.object) : 'its Sidecar';
    return {
      ...at,
      actual: `${namespace}/${name}:${number}`,
      expected: isStrict ? 'a port that accepts TLS from outside the mesh' : 'a port that isn\'t served as HTTP',
      because: `the API server calls it with its own TLS, but port ${target} of ${objectText(workload)} `
        + `${isStrict ? `is STRICT${policyText(enforced!)}` : `is served as HTTP, according to ${speaker}`}`,
      fix: [...(isStrict ? [makePermissive(evidence, [workload], [target])] : []),
        ...(isHttp ? [`set appProtocol: https where ${speaker} targets port ${target}`] : [])].join(', and '),
    };
  }
  return undefined;
}
