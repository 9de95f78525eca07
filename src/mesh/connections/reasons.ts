import { Call } from './call';
import { departureReasons } from './client-reasons';
import { Hop, Path } from './path';
import { Reason, reason, reasonOf } from './reason';
import { Sender } from './sender';
import { tlsField } from '../client/tls-field';
import { EnforcedMode } from '../server/server-mode';
import { Endpoint, ownerOf } from '../services/endpoint';
import { Service } from '../services/service';
import { Workload } from '../workloads/workload';

/** Who calls what. */
export interface Caller {
  readonly client: Workload;
  /** The clients that it is decided with. */
  readonly one: Sender;
  readonly call: Call;
}

/** The objects that decided a connection, from the client to the server. */
export function reasonsOf(path: Path, { client, one, call }: Caller): readonly Reason[] {
  return [...departureReasons(path.hops[0], client, one, call), ...arrivalReasons(path, call)];
}

/** Those of them that lie beyond the client: rules, routes, policies, servers. */
export function arrivalReasons({ hops }: Path, call: Call): readonly Reason[] {
  return hops.flatMap((hop) => hopReasons(hop, call));
}

/** Those of one hop. */
export function hopReasons(hop: Hop, call: Call): readonly Reason[] {
  return [
    ...routeReasons(hop),
    ...hop.unmodelled ? [hop.unmodelled] : [],
    ...breakReasons(hop, call),
    ...clientReasons(hop),
    ...serverReasons(hop),
  ];
}

function routeReasons({ route, target, undecidedBecause }: Hop): readonly Reason[] {
  if (undecidedBecause === 'gateway-api-route') return reasonOf(route?.object, 'spec.parentRefs', 'may send the call elsewhere');
  const subset = target.subset === undefined ? '' : ` subset ${target.subset}`;
  return reasonOf(route?.object, 'spec.hosts', `${target.mirrored ? 'sends copies of requests' : 'sends the call'} to ${target.host}:${target.port}${subset}`);
}

/** What makes it broken, where TLS doesn't. */
function breakReasons(hop: Hop, { services: [called] }: Call): readonly Reason[] {
  const { brokenBecause, target, route, rule, subset } = hop;
  const { service, host, port, subset: name } = target;
  switch (brokenBecause) {
    case 'unknown-destination':
      return reasonOf(service?.object ?? (route ? undefined : called.object), 'spec', `has no ${host}:${port} that the client knows`);
    case 'undefined-subset': return reasonOf(rule?.from[0], 'spec.subsets', `defines no subset ${name}`);
    case 'no-servers':
      return [subset ? reason(subset.object, `spec.subsets[${subset.name}].labels`, 'select no server') : reason(service!.object, 'spec', 'has no servers')];
    case 'other-servers': return reasonOf(service?.object, 'spec', 'has other servers, and the client demands the name of one of them');
    case 'other-protocol': return protocolReasons(hop);
    case 'wrong-identity': {
      const field = tlsField(rule!, subset, port).replace(/mode$/, 'subjectAltNames');
      return reasonOf(subset?.policy?.tls ? subset.object : rule?.policyFrom, field, 'the server has another identity');
    }
    case 'proxy-protocol': {
      const own = subset?.policy?.proxyProtocol ? subset : undefined;
      const field = `spec.${own ? `subsets[${own.name}].` : ''}trafficPolicy.proxyProtocol`;
      return reasonOf(own?.object ?? rule?.policyFrom, field, 'puts a header before what the server\'s proxy reads');
    }
    default: return [];
  }
}

function clientReasons(hop: Hop): readonly Reason[] {
  const { sender: { plane }, rule, subset, tlsReason, target: { service, port }, endpoint, clientTls, kind } = hop;
  const plainly = kind === 'tls' ? 'adds no TLS to the application\'s' : 'sends plaintext';
  const object = subset?.policy?.tls ? subset.object : rule?.policyFrom ?? rule?.from[0];
  switch (tlsReason) {
    case 'rule': return reasonOf(object, tlsField(rule!, subset, port), `the client ${clientTls === 'PLAINTEXT' && kind === 'tls' ? plainly : `sends ${clientTls}`}`);
    case 'rule-without-effect':
    case 'rule-hides-endpoint': return reasonOf(object, tlsField(rule!, subset, port), `has no effect: the client ${plainly}`);
    case 'endpoint-without-tls':
      return reasonOf(endpoint && ownerOf(endpoint), 'proxy', `speaks no mutual TLS there, so auto mTLS ${plainly}`);
    case 'external': return reasonOf(service?.object, 'spec.location', `is outside the mesh, so auto mTLS ${plainly}`);
    case 'not-all-endpoints': return reasonOf(service?.object, 'spec', `not all of its servers speak mutual TLS, so auto mTLS ${plainly}`);
    case 'auto-mtls-off': return reasonOf(plane?.config.object, 'data.mesh.enableAutoMtls', `the client ${plainly}`);
    case 'policy-disables':
      return reasonOf(plane?.policies.forClients(service?.namespace ?? '')?.object, 'spec.mtls.mode', `DISABLE, so auto mTLS ${plainly}`);
    default: return [];
  }
}

function serverReasons(hop: Hop): readonly Reason[] {
  const { server, endpoint, clientTls, outcome, brokenBecause, target: { service } } = hop;
  if (!server) return [];
  const byTls = outcome === 'broken' && brokenBecause === undefined;
  const proxy = server.because === undefined ? [] : proxyReasons(endpoint, byTls ? service : undefined, server.because);
  const foreign = byTls && (clientTls === 'SIMPLE' || clientTls === 'MUTUAL') && server.mode !== 'STRICT';
  return [...proxy, ...policyReasons(server.enforced, endpoint?.port), ...(foreign ? protocolReasons(hop) : [])];
}

/** Who says that the server's proxy expects HTTP. */
function protocolReasons({ server }: Hop): readonly Reason[] {
  const { service, sidecar } = server!.protocol;
  return reasonOf(service?.object ?? sidecar, sidecar ? 'spec.ingress' : 'spec.ports', 'has the server\'s proxy expect HTTP');
}

/** A bare address has no object but the service that lists it. */
function proxyReasons(endpoint: Endpoint | undefined, service: Service | undefined, because: string): readonly Reason[] {
  return endpoint?.workload ? [reason(endpoint.workload, 'proxy', because)] : reasonOf(endpoint?.machine?.entry ?? service?.object, 'spec', because);
}

function policyReasons(enforced: EnforcedMode | undefined, port: number | undefined): readonly Reason[] {
  if (!enforced?.policy) return [];
  const field = enforced.level === 'port' ? `spec.portLevelMtls.${port}.mode` : 'spec.mtls.mode';
  return [reason(enforced.policy.object, field, `${enforced.mode} for the ${enforced.level}`)];
}
