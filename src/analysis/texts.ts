import { ObjectName, objectText } from '../mesh/inventory/object';
import { Hop } from '../mesh/model/hop';
import { Receiver } from '../mesh/model/receiver';
import { EnforcedMode } from '../mesh/policies/peer-authentication';
import { CallKind } from '../mesh/routes/route';
import { Endpoint, endpointOwner } from '../mesh/services/endpoint';

/** `port 9080 of Deployment shop/ratings is STRICT (PeerAuthentication shop/default)`. */
export function serverText(hop: Hop): string {
  const { received: { endpoint, receiver } } = hop;
  return `${endpoint ? endpointText(endpoint) : 'the server'} is `
    + `${receiver?.mode ?? 'UNKNOWN'}${receiver?.enforced ? policyText(receiver.enforced) : ''}`;
}

/** `are sent in plaintext`, unless the application encrypts itself. */
export function plaintextWords(...kinds: readonly (CallKind | undefined)[]): string {
  if (kinds.every((kind) => kind === 'tls')) return 'use only the application\'s own TLS';
  return kinds.includes('tls') ? 'are sent in plaintext, or use only the application\'s own TLS' : 'are sent in plaintext';
}

/** `port 9080 of Deployment shop/ratings is STRICT (PeerAuthentication shop/default)`; the policy only if one decides. */
export function portText(workload: ObjectName, port: number, { mode, enforced }: Pick<Receiver, 'mode' | 'enforced'>): string {
  return `port ${port} of ${objectText(workload)} is ${mode}${policyText(enforced!)}`;
}

/** `port 9080 of Deployment shop/ratings`. */
export function endpointText(endpoint: Endpoint): string {
  const owner = endpointOwner(endpoint);
  return `port ${endpoint.port} of ${owner ? objectText(owner) : endpoint.address ?? endpoint.machine!.address}`;
}

/** ` (PeerAuthentication shop/default)`: the deciding policy; empty without one. */
export function policyText({ by }: EnforcedMode): string {
  return by ? ` (${objectText(by.object)})` : '';
}

/** `Deployment shop/web and 3 other workloads`. */
export function workloadsText(workloads: readonly ObjectName[]): string {
  return `${objectText(workloads[0])}${others(workloads.length, 'workload')}`;
}

/** ` and 3 other workloads`, for those after the first; empty if it is the only one. */
export function others(count: number, noun: string): string {
  if (count <= 1) return '';
  return count === 2 ? ` and another ${noun}` : ` and ${count - 1} other ${noun}s`;
}

/** The advice if the missing object may be in other manifests of a namespace; `partialNamespaces` is the option's name in code. */
export function elsewhereFix(mistaken: string, existsOtherwise: string, namespace: string): string {
  return `correct the ${mistaken}, unless ${existsOtherwise} in other manifests: then pass these with --with, `
    + `or say --partial-namespace ${namespace} (partialNamespaces)`;
}
