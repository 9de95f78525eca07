import { workloadText } from './calls';
import { FieldPath } from '../findings/field-path';
import { Leg } from '../mesh/connections/leg';
import { EnforcedMode } from '../mesh/server/server-mode';

/** `port 9080 of Deployment shop/ratings is STRICT (PeerAuthentication shop/default)`. */
export function serverText({ endpoint, server }: Leg): string {
  const who = endpoint?.workload ?? endpoint?.machine?.entry;
  const port = endpoint ? `port ${endpoint.port} of ${who ? workloadText(who) : endpoint.address ?? endpoint.machine!.address}` : 'the server';
  return `${port} is ${server?.mode ?? 'UNKNOWN'}${server?.enforced ? policyText(server.enforced) : ''}`;
}

/** The field of the deciding policy that holds the mode of a port. */
export function modeField({ level }: EnforcedMode, port: number): FieldPath {
  return level === 'port' ? ['spec', 'portLevelMtls', String(port), 'mode'] : ['spec', 'mtls', 'mode'];
}

/** ` (PeerAuthentication shop/default)`: who decided a mode, or nothing if nobody did. */
export function policyText({ policy }: EnforcedMode): string {
  return policy ? ` (${workloadText(policy.object)})` : '';
}
