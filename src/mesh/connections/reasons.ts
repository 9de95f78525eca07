import { Hop, hopsOf, Leg } from './leg';
import { tlsField } from '../client/tls-field';
import { ObjectName } from '../objects/mesh-object';
import { EnforcedMode } from '../server/server-mode';
import { ownerOf } from '../services/endpoint';

/** A link in the chain that leads to an outcome: an object, its field, and what that does. */
export interface Reason extends ObjectName {
  readonly field: string;
  readonly effect: string;
}

/** The objects that decided a connection, from the client to the server. */
export function reasonsOf(leg: Leg): readonly Reason[] {
  return hopsOf(leg).flatMap((hop) => [...routeReasons(hop), ...clientReasons(hop), ...serverReasons(hop)]);
}

function routeReasons({ route, target }: Hop): readonly Reason[] {
  if (!route) return [];
  const subset = target.subset === undefined ? '' : ` subset ${target.subset}`;
  return [reason(route.object, 'spec.hosts', `sends the call to ${target.host}:${target.port}${subset}`)];
}

function clientReasons({ rule, subset, tlsReason, target, endpoint, clientTls }: Hop): readonly Reason[] {
  const object = subset?.policy?.tls ? subset.object : rule?.policyFrom ?? rule?.from[0];
  switch (tlsReason) {
    case 'rule':
    case 'rule-without-effect':
    case 'rule-hides-endpoint':
      return object ? [reason(object, tlsField(rule!, subset, target.port), tlsReason === 'rule' ? `the client sends ${clientTls}` : 'has no effect but plaintext')] : [];
    case 'endpoint-without-tls': {
      const server = endpoint && ownerOf(endpoint);
      return server ? [reason(server, 'proxy', 'speaks no mutual TLS there, so auto mTLS sends plaintext')] : [];
    }
    default: return [];
  }
}

function serverReasons({ server, endpoint }: Hop): readonly Reason[] {
  if (!server) return [];
  const workload = endpoint?.workload;
  const proxy = workload && server.because !== undefined ? [reason(workload, 'proxy', server.because)] : [];
  return [...proxy, ...policyReasons(server.enforced, endpoint?.port)];
}

function policyReasons(enforced: EnforcedMode | undefined, port: number | undefined): readonly Reason[] {
  if (!enforced?.policy) return [];
  const field = enforced.level === 'port' ? `spec.portLevelMtls.${port}.mode` : 'spec.mtls.mode';
  return [reason(enforced.policy.object, field, `${enforced.mode} for the ${enforced.level}`)];
}

function reason({ kind, namespace, name }: ObjectName, field: string, effect: string): Reason {
  return { kind, namespace, name, field, effect };
}
