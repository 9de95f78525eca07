import { FieldPath } from '../../findings/finding';
import { EffectiveMeshConfig, meshConfigAt } from '../config/mesh-config';
import { REVISION } from '../config/revisions';
import { hidingOf } from '../control-planes/hiding';
import { FieldRef, within } from '../inventory/field-ref';
import { isOf, KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import { Call } from '../model/call';
import { Hop } from '../model/hop';
import { Path } from '../model/path';
import { InjectionReason, InterceptionReason, located, Reason } from '../model/reason';
import { Receiver } from '../model/receiver';
import { Sender, SidecarSender } from '../model/sender';
import { TlsReason } from '../model/transport';
import { RulePart, TlsSettings } from '../policies/destination-rule';
import { Endpoint } from '../services/endpoint';
import { exportToAt, Service } from '../services/service';
import { obstacleAt, Workload } from '../workloads/workload';

/** Who calls what. */
export interface CallOfClient {
  readonly client: Workload;
  /** The clients that it is decided with. */
  readonly one: Sender;
  readonly call: Call;
}

// Shared by all reasons, of which a mesh has very many.
const WHOLE: FieldPath = [];
const SPEC: FieldPath = ['spec'];
const ROUTED_HOSTS: FieldPath = ['spec', 'hosts'];
const PARENT_REFS: FieldPath = ['spec', 'parentRefs'];
const SUBSETS: FieldPath = ['spec', 'subsets'];
const EGRESS: FieldPath = ['spec', 'egress'];
const OUTBOUND_POLICY: FieldPath = ['spec', 'outboundTrafficPolicy'];

/** The objects that decided a connection, from the client to the server. */
export function reasonsOf(path: Path, { client, one, call }: CallOfClient): readonly Reason[] {
  return [...departureReasons(path.hops[0], client, one, call), ...arrivalReasons(path, call, client)];
}

/** Those of them beyond the client: rules, routes, policies, servers. */
export function arrivalReasons({ hops }: Path, call: Call, client?: Workload): readonly Reason[] {
  return hops.flatMap((hop, index) => hopReasons(hop, call, index === 0 ? client : undefined));
}

/** Those of one hop; the client is that of the first hop. */
export function hopReasons(hop: Hop, call: Call, client?: Workload): readonly Reason[] {
  return [
    ...routeReasons(hop),
    ...doubtReasons(hop, client),
    ...breakReasons(hop, call),
    ...clientReasons(hop),
    ...serverReasons(hop),
  ];
}

/** What leaves a hop undecided. Clients of one network are decided together: the reason names what puts this one there. */
function doubtReasons({ unmodelled }: Hop, client: Workload | undefined): readonly Reason[] {
  if (!unmodelled) return [];
  const at = unmodelled.kind === 'network' && unmodelled.of === 'client' ? client?.location.callsFrom.at : undefined;
  return [at ? { ...unmodelled, at } : unmodelled];
}

/** Why a call bypasses the destination's rules: no sidecar takes it, or one that doesn't know the destination. */
export function departureReasons({ travel, outcome }: Hop, client: Workload, one: Sender, call: Call): readonly Reason[] {
  if (travel === 'service') return [];
  // Only a sidecar leads a call past the destination's rules.
  if (travel === 'direct' || one.plane === undefined) return [directReason(client, call.port)];
  if (travel === 'address') return outcome === 'undecided' ? [] : hidingReasons(one, call);
  return [...hidingReasons(one, call), ...forbiddingReasons(one)];
}

function directReason(client: Workload, port: number): InjectionReason | InterceptionReason {
  const { object, proxy, interception } = client;
  const obstacle = proxy.encrypts === true ? interception.whyNotOutbound(port) : undefined;
  return obstacle
    ? { kind: 'interception', at: obstacleAt(client, obstacle), port, ...obstacle }
    : { kind: 'injection', at: { object, field: WHOLE }, because: proxy.because };
}

/** What hides the destination from the client's proxy. */
function hidingReasons({ plane, scope }: SidecarSender, { services: [called], host, port }: Call): readonly Reason[] {
  const service = plane.registry.aliases.serviceBehind(called);
  const by = hidingOf(service, plane, scope.onPort(port));
  if (by === 'nothing') {
    const blame = scope.sidecarPorts.has(port) ? 'own-port' : 'nothing';
    return [{ kind: 'no-listener', at: { object: called.object, field: SPEC }, by: blame, host, port }];
  }
  const at = hiderOf(by, service, scope.resource?.object, plane.config);
  return at ? [{ kind: 'hidden', at, by, host: service.host }] : [];
}

function hiderOf(
  by: Exclude<ReturnType<typeof hidingOf>, 'nothing'>, service: Service, sidecar: MeshObject | undefined, config: EffectiveMeshConfig,
): FieldRef | undefined {
  switch (by) {
    case 'sidecar': return { object: sidecar!, field: EGRESS };
    case 'revision': return { object: service.object, field: ['metadata', 'labels', REVISION] };
    case 'exportTo': return exportToAt(service);
    default: return meshConfigAt(config, by);
  }
}

function forbiddingReasons({ plane: { config }, scope: { resource } }: SidecarSender): readonly Reason[] {
  const at = resource?.outbound === undefined
    ? meshConfigAt(config, 'outboundTrafficPolicy')
    : { object: resource.object, field: OUTBOUND_POLICY };
  return at ? [{ kind: 'forbidden', at }] : [];
}

function routeReasons({ route, target: { host, port, subset, mirrored = false, at }, undecidedBecause }: Hop): readonly Reason[] {
  if (!route) return [];
  const { object } = route;
  return undecidedBecause === 'gateway-api-route'
    ? [{ kind: 'gateway-api', at: { object, field: PARENT_REFS } }]
    : [{ kind: 'routed', at: at ?? { object, field: ROUTED_HOSTS }, host, port, subset, mirrored }];
}

/** What breaks it, if not TLS. */
function breakReasons(hop: Hop, { services: [called] }: Call): readonly Reason[] {
  const { brokenBecause, target, route, rule, subset, sent: { settings, headerBy } } = hop;
  const { service, host, port } = target;
  switch (brokenBecause) {
    case 'unknown-destination':
      return located(service?.object ?? (route ? undefined : called.object), SPEC, (at) => ({ kind: 'destination', at, host, port }));
    case 'undefined-subset':
      return located(rule?.object, SUBSETS, (at) => ({ kind: 'subset', at, subset: target.subset!, lacks: 'definition' }));
    case 'no-servers':
      return subset
        ? [{ kind: 'subset', at: within(subset.at, 'labels'), subset: subset.name, lacks: 'servers' }]
        : [{ kind: 'servers', at: { object: service!.object, field: SPEC }, has: 'none' }];
    case 'other-servers': return located(service?.object, SPEC, (at) => ({ kind: 'servers', at, has: 'others' }));
    case 'other-protocol': return protocolReasons(hop);
    case 'wrong-identity': return [{ kind: 'identity', at: within(settings!.at, 'subjectAltNames'), part: settings!.part }];
    case 'proxy-protocol': return [{ kind: 'proxy-protocol', ...headerBy! }];
    default: return [];
  }
}

function clientReasons({ sent: { reason: tlsReason, by, settings, tls: sends, kind: speaks }, subset }: Hop): readonly Reason[] {
  if (!by || tlsReason === 'auto-mtls' || tlsReason === 'no-sidecar') return [];
  return tlsReason === 'rule' || tlsReason === 'rule-without-effect' || tlsReason === 'rule-hides-endpoint'
    ? [{ kind: 'tls-settings', at: by, part: settings!.part, sends, speaks, ignored: isIgnored(tlsReason, settings!) }]
    : [{ kind: 'auto-mtls', at: by, ...partOf(by, subset), because: tlsReason, speaks }];
}

/** Whether a rule's settings don't hold as written. Those that only mark endpoints have the effect of DISABLE, if they say so. */
function isIgnored(reason: TlsReason, { mode }: TlsSettings): boolean {
  return reason !== 'rule' && !(reason === 'rule-hides-endpoint' && mode === 'DISABLE');
}

/** The part of a DestinationRule that a policy for all ports is in. */
function partOf({ object, field }: FieldRef, subset: Hop['subset']): { readonly part?: RulePart } {
  if (!isOf(object, KIND.DestinationRule)) return {};
  return { part: field[1] === 'subsets' ? { subset: subset!.name } : {} };
}

function serverReasons(hop: Hop): readonly Reason[] {
  const { received: { receiver, endpoint, by: serverBy }, sent: { tls: clientTls }, outcome, brokenBecause } = hop;
  if (!receiver) return [];
  const byTls = outcome === 'broken' && brokenBecause === undefined;
  const foreign = byTls && (clientTls === 'SIMPLE' || clientTls === 'MUTUAL') && receiver.mode !== 'STRICT';
  return [
    ...obstacleReasons(endpoint!, receiver, byTls ? serverBy : receiver.by),
    ...policyReasons(receiver, endpoint!.port),
    ...foreign ? protocolReasons(hop) : [],
  ];
}

/** What decides what a server's port accepts, whoever calls. */
export function portReasons(endpoint: Endpoint, receiver: Receiver): readonly Reason[] {
  return [...obstacleReasons(endpoint, receiver, receiver.by), ...policyReasons(receiver, endpoint.port)];
}

/** What makes the server's proxy expect HTTP. */
function protocolReasons({ received: { receiver } }: Hop): readonly Reason[] {
  const { at, sidecar } = receiver!.protocol;
  return at ? [{ kind: 'protocol', at, by: sidecar ? 'sidecar' : 'service' }] : [];
}

function obstacleReasons({ workload, port }: Endpoint, receiver: Receiver, at: FieldRef | undefined): readonly Reason[] {
  if (receiver.obstacle === undefined || !at) return [];
  const { obstacle, annotation, because } = receiver;
  if (!workload) return [{ kind: 'machine', at, obstacle, annotation, because }];
  return [obstacle === 'injection' ? { kind: obstacle, at, because } : { kind: 'interception', at, port, obstacle, annotation, because }];
}

/** The policies' mode, even if no proxy enforces it. */
function policyReasons({ enforced }: Receiver, port: number): readonly Reason[] {
  return enforced?.by ? [{ kind: 'peer-authentication', at: enforced.by, mode: enforced.mode, level: enforced.level, port }] : [];
}
