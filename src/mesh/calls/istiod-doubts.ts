import { FieldPath } from '../../findings/finding';
import { oncePerObject } from '../collections';
import { BehaviourName, BEHAVIOURS } from '../config/istiod-behaviours';
import { IstiodChange, IstiodSettings } from '../config/istiods';
import { ControlPlane } from '../control-planes/control-plane';
import { Call } from '../model/call';
import { Hop } from '../model/hop';
import { IstiodReason, Reason } from '../model/reason';
import { Receiver } from '../model/receiver';
import { UndecidedReason } from '../model/transport';
import { isWithin } from '../names/hosts';
import { Endpoint } from '../services/endpoint';
import { ServiceRegistry } from '../services/registry';
import { connectable, isHeadless, isRedis, Service } from '../services/service';

/** Why a setting that isn't modelled leaves a call undecided. */
export interface Doubt {
  readonly because: UndecidedReason;
  readonly unmodelled?: Reason;
}

/** A hop of a call through a client's sidecar. */
interface Sent {
  readonly hop: Hop;
  readonly call: Call;
  readonly plane: ControlPlane;
}

/** Settings of a client's istiod, each with the calls that it may route or encrypt differently. */
const CLIENTS: Readonly<Partial<Record<BehaviourName, (sent: Sent) => boolean>>> = {
  exportToNamed: ({ hop: { target: { service } }, call: { services, neighbours }, plane: { config } }) =>
    namesNamespaces(config.defaultServiceExportTo)
    && [...services, ...neighbours, ...service ? [service] : []].some(({ exportTo }) => exportTo.length === 0),
  foldHosts: ({ hop: { target }, call: { host }, plane: { routes } }) =>
    routes.withCapitals.some((written) => isWithin(host, written) || isWithin(target.host, written)),
  labelEndpoints: isByAutoMtls,
  labelTelemetry: isByAutoMtls,
  preferRules: ({ hop: { sent: { reason: tlsReason }, target } }) => Boolean(target.service?.external) && tlsReason.startsWith('rule'),
  aliasNames: ({ hop: { route }, call: { port }, plane: { registry } }) =>
    portsOfAliases(registry).has(port) || Boolean(route?.destinations.some(({ host }) => registry.byHost.get(host)?.some(isAlias))),
  listHeadless: ({ hop: { travel, target } }) => travel === 'service' && target.service !== undefined && isHeadless(target.service),
  dualStack: isDualStack,
  ambient: isDualStack,
  preferHbone: ({ hop: { received: { endpoint } } }) => endpoint?.workload !== undefined && endpoint.workload.proxy.encrypts !== false,
  redisFilter: ({ hop: { target }, call: { neighbours, port } }) =>
    neighbours.some((service) => isForRedis(service, port)) || (target.service !== undefined && isForRedis(target.service, target.port)),
  mcsHosts: ({ hop: { target }, call }) => [target.host, call.host].some((host) => host.endsWith('.clusterset.local')),
};

/** Settings of a server's istiod, each with the endpoints whose listeners it may change. */
const SERVERS: Readonly<Partial<Record<BehaviourName, (endpoint: Endpoint, plane: ControlPlane) => boolean>>> = {
  mergeIngress: (endpoint, { sidecars }) => {
    const ingress = sidecars.of(endpoint)?.ingress ?? [];
    return ingress.length > 0 && ingress.every(({ number }) => number !== endpoint.port);
  },
  ingressTls: (endpoint, { sidecars }) => (
    Boolean(sidecars.of(endpoint)?.ingress.some(({ number, tls }) => tls && number === endpoint.port))),
};

/** Settings that affect everything istiod generates. */
const EVERYTHING: ReadonlySet<BehaviourName> = new Set<BehaviourName>(['inject', 'ignoreKinds', 'watchOneNamespace', 'shareMeshConfig']);

/** The servers of services are found once for all istiods: if istiods differ in these settings, calls are undecided. */
const SHARED: readonly BehaviourName[] = ['selectMachines', 'selectPods'];

/**
 * Doubts from istiods that decide differently from the modelled one, because of
 * their environment or version: the calls that this may affect are undecided.
 */
export class IstiodDoubts {
  /** @param shared the istiod by whose settings the servers of services were found */
  constructor(private readonly shared: IstiodSettings) {}

  ofClient(hop: Hop, call: Call): Doubt | undefined {
    const { plane } = hop.sender;
    if (!plane || hop.travel === 'direct') return undefined;
    return ofMeshConfig(plane)
      ?? (this.isUsual(plane) ? undefined : this.found(plane, (name) => CLIENTS[name]?.({ hop, call, plane }) ?? false));
  }

  ofServer(endpoint: Endpoint, plane: ControlPlane): Doubt | undefined {
    return ofMeshConfig(plane)
      ?? (this.isUsual(plane) ? undefined : this.found(plane, (name) => SERVERS[name]?.(endpoint, plane) ?? false));
  }

  /** The Redis filter that the server's istiod may add to a port named for Redis: it doesn't answer other protocols. */
  ofFilter({ istiod }: ControlPlane, { protocol }: Receiver): IstiodDoubt | undefined {
    const change = protocol.redis ? istiod.changes.get('redisFilter') : undefined;
    return change && doubtOf(istiod, change);
  }

  private isUsual({ istiod }: ControlPlane): boolean {
    return [istiod, this.shared].every(({ changes, unknown }) => changes.size === 0 && !unknown);
  }

  private found({ istiod }: ControlPlane, touches: (name: BehaviourName) => boolean): IstiodDoubt | undefined {
    const unclear = istiod.unknown ? istiod : this.shared;
    if (unclear.unknown) return doubtOf(unclear, unclear.unknown);
    for (const name of SHARED) {
      if (istiod.changes.has(name) !== this.shared.changes.has(name)) {
        const other = istiod.changes.has(name) ? istiod : this.shared;
        return doubtOf(other, other.changes.get(name)!);
      }
    }
    for (const [name, change] of istiod.changes) {
      if ((BEHAVIOURS[name].then === 'undecided' || change.isOpen) && (EVERYTHING.has(name) || touches(name))) {
        return doubtOf(istiod, change);
      }
    }
    return undefined;
  }
}

const CONTAINERS: FieldPath = ['spec', 'template', 'spec', 'containers'];

/** Why a setting leaves a call undecided, and its source. */
interface IstiodDoubt {
  readonly because: UndecidedReason;
  readonly unmodelled: IstiodReason;
}

function doubtOf({ deployment }: IstiodSettings, change: IstiodChange): IstiodDoubt {
  const at = { object: deployment, field: CONTAINERS };
  return { because: change.flag === undefined ? 'istio-version' : 'istiod-flag', unmodelled: { kind: 'istiod', at, change } };
}

/** If istiod can't read its mesh config, a running istiod keeps the last readable one, and a new one takes the defaults. */
export function ofMeshConfig({ config: { isUnreadable, object } }: ControlPlane): Doubt | undefined {
  return isUnreadable
    ? { because: 'mesh-config', unmodelled: { kind: 'unreadable-mesh-config', at: { object: object!, field: ['data', 'mesh'] } } }
    : undefined;
}

/** Whether a default for `exportTo` names namespaces. */
function namesNamespaces(byDefault: readonly string[]): boolean {
  return byDefault.some((entry) => !['*', '.', '~'].includes(entry));
}

function isByAutoMtls({ hop: { sent: { reason: tlsReason } } }: Sent): boolean {
  return tlsReason === 'auto-mtls';
}

function isAlias({ externalName }: Service): boolean {
  return externalName !== undefined;
}

/** The ports of ExternalNames that are services of their own: such a service accepts any host there. */
const portsOfAliases = oncePerObject((registry: ServiceRegistry): ReadonlySet<number> =>
  new Set(registry.services.filter(isAlias).flatMap((service) => connectable(service).map(({ number }) => number))));

function isDualStack({ hop: { target: { service } }, call: { services } }: Sent): boolean {
  return [...services, ...service ? [service] : []].some(({ object: { spec }, addresses }) =>
    (spec.ipFamilyPolicy !== undefined && spec.ipFamilyPolicy !== 'SingleStack')
      || new Set(addresses.map((address) => address.includes(':'))).size > 1);
}

function isForRedis(service: Service, number: number): boolean {
  return service.ports.some((port) => port.number === number && isRedis(port));
}
