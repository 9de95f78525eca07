import { DecidedHop } from '../../mesh/calls/decisions';
import { targetPortAt } from '../../mesh/services/service';
import { FoundCalls, foundFaults } from '../calls';
import { Evidence } from '../evidence';
import { FieldFault, FieldFaults, podField } from '../fields';
import { API_SERVER_CALLERS, apiServerCalls } from '../outside';
import { letSidecarHave, tlsAddition } from '../remedies';
import { Rule } from '../rule';
import { endpointText } from '../texts';

export const excludedInboundPort: Rule = {
  code: 'MTLS113',
  name: 'excluded-inbound-port',
  severity: 'error',
  title: 'Mutual TLS is sent to a port that bypasses the server\'s sidecar',
  reads: [...API_SERVER_CALLERS, 'DestinationRule', 'Service', 'ServiceEntry', 'workload'],
  find(evidence: Evidence) {
    const faults = new FieldFaults();
    const hops = evidence.brokenBy('excluded-inbound-port');
    const webhooks = hops.length === 0 ? [] : apiServerCalls(evidence).map(({ service }) => portKey(service, service.port));
    const called = new Set(webhooks);
    return foundFaults(FoundCalls.grouped(evidence.mesh, hops, (decided) => faultOf(decided, faults, called)), (calls) => {
      const { received: { endpoint, receiver } } = calls.first.hop;
      return { because: `${calls} use mutual TLS, but nothing intercepts ${endpointText(endpoint!)}: ${receiver!.because}` };
    });
  },
};

/** The server's annotation; or the service, if it leads to a port of Istio's own. */
function faultOf({ hop }: DecidedHop, faults: FieldFaults, webhooks: ReadonlySet<string>): FieldFault {
  const { received: { endpoint, receiver }, target } = hop;
  const workload = endpoint!.workload!;
  const annotation = receiver!.annotation;
  const service = target.service!;
  const remedy = tlsAddition(hop, 'DISABLE', target.port);
  if (!annotation) {
    return faults.of(service.object, String(target.port), () => ({
      ...targetPortAt(service, target.port), actual: String(endpoint!.port), expected: 'a port of the application', ...remedy,
    }));
  }
  const isStrict = receiver!.enforced!.mode === 'STRICT'; // The port was meant to refuse plaintext.
  const isWebhook = webhooks.has(portKey(service, target.port)); // Most likely only the API server calls it.
  return faults.of(workload, `${annotation} ${isWebhook}`, () => ({
    ...podField(workload, 'metadata', 'annotations', annotation),
    actual: `'${workload.annotations[annotation]}'`,
    expected: 'the service\'s port to pass through the sidecar, because auto mTLS only checks that the pod has one',
    ...isWebhook ? { severity: 'info' as const, fix: `if clients other than the API server call it, ${remedy.fix}` }
      : isStrict ? { fix: letSidecarHave([endpoint!.port]) } : remedy,
  }));
}

function portKey({ namespace, name }: { readonly namespace: string; readonly name: string }, port: number): string {
  return `${namespace}/${name}:${port}`;
}
