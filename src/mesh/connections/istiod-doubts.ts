import { Call } from './call';
import { UndecidedReason } from './outcome';
import { Hop } from './path';
import { FieldPath } from '../../findings/field-path';
import { BehaviourName, BEHAVIOURS } from '../config/istiod-behaviours';
import { Change, IstiodSettings } from '../config/istiods';
import { ControlPlane } from '../control-plane';
import { shapes, text } from '../objects/shape';
import { IstiodReason } from '../reasons/reason';
import { Endpoint } from '../services/endpoint';
import { Registry } from '../services/registry';
import { connectable, isHeadless, Service } from '../services/service';

/** A hop of a call through a client's sidecar. */
interface Sent {
  readonly hop: Hop;
  readonly call: Call;
  readonly plane: ControlPlane;
}

/** Which calls a client's istiod may lead elsewhere, or encrypt otherwise, by what it decides otherwise. */
const CLIENTS: Readonly<Partial<Record<BehaviourName, (sent: Sent) => boolean>>> = {
  preferRules: ({ hop: { tlsReason, target } }) => Boolean(target.service?.external) && tlsReason.startsWith('rule'),
  aliasNames: ({ hop: { route }, call: { port }, plane: { registry } }) =>
    portsOfAliases(registry).has(port) || Boolean(route?.destinations.some(({ host }) => registry.byHost.get(host)?.some(isAlias))),
  listHeadless: ({ hop: { travel, target } }) => travel === 'service' && target.service !== undefined && isHeadless(target.service),
  dualStack: isDualStack,
  ambient: isDualStack,
  preferHbone: ({ hop: { endpoint } }) => endpoint?.workload !== undefined && endpoint.workload.proxy.kind !== 'none',
  redisFilter: ({ hop: { target }, call: { neighbours, port } }) =>
    neighbours.some((service) => isForRedis(service, port)) || (target.service !== undefined && isForRedis(target.service, target.port)),
  mcsHosts: ({ hop: { target }, call }) => [target.host, call.host].some((host) => host.endsWith('.clusterset.local')),
};

/** Which servers' listeners another istiod may make otherwise. */
const SERVERS: Readonly<Partial<Record<BehaviourName, (endpoint: Endpoint, plane: ControlPlane) => boolean>>> = {
  mergeIngress: (endpoint, { sidecars }) => {
    const ingress = sidecars.of(endpoint)?.ingress ?? [];
    return ingress.length > 0 && ingress.every(({ number }) => number !== endpoint.port);
  },
  ingressTls: (endpoint, { sidecars }) => Boolean(sidecars.of(endpoint)?.ingress.some(({ number, tls }) => tls && number === endpoint.port)),
};

/** What changes all that an istiod makes of objects. */
const EVERYTHING: ReadonlySet<BehaviourName> = new Set<BehaviourName>(['inject', 'ignoreKinds', 'watchOneNamespace', 'shareMeshConfig']);

/** The servers of services are found once for all istiods: of one that finds others nothing is decided. */
const SHARED: readonly BehaviourName[] = ['selectMachines', 'selectPods'];

/** What istiods decide otherwise than the one that is modelled, by their environment or their version: the calls that this may touch are undecided. */
export class IstiodDoubts {
  /** @param shared the istiod by whose word the servers of services were found */
  constructor(private readonly shared: IstiodSettings) {}

  ofClient(hop: Hop, call: Call): IstiodDoubt | undefined {
    const { plane } = hop.sender;
    if (!plane || hop.travel === 'direct' || this.isUsual(plane)) return undefined;
    return this.found(plane, (name) => CLIENTS[name]?.({ hop, call, plane }) ?? false);
  }

  ofServer(endpoint: Endpoint, plane: ControlPlane): IstiodDoubt | undefined {
    return this.isUsual(plane) ? undefined : this.found(plane, (name) => SERVERS[name]?.(endpoint, plane) ?? false);
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
      if (BEHAVIOURS[name].then === 'undecided' && (EVERYTHING.has(name) || touches(name))) return doubtOf(istiod, change);
    }
    return undefined;
  }
}

const CONTAINERS: FieldPath = ['spec', 'template', 'spec', 'containers'];

/** What may change what comes of a call, and who says so. */
export interface IstiodDoubt {
  readonly because: UndecidedReason;
  readonly unmodelled: IstiodReason;
}

function doubtOf({ deployment }: IstiodSettings, change: Change): IstiodDoubt {
  const at = { object: deployment, field: CONTAINERS };
  return { because: change.flag === undefined ? 'istio-version' : 'istiod-flag', unmodelled: { kind: 'istiod', at, change } };
}

function isAlias({ externalName }: Service): boolean {
  return externalName !== undefined;
}

const ALIAS_PORTS = new WeakMap<Registry, ReadonlySet<number>>();

/** The ports on which an ExternalName that is a service of its own takes whatever comes. */
function portsOfAliases(registry: Registry): ReadonlySet<number> {
  let found = ALIAS_PORTS.get(registry);
  if (!found) {
    const ports = registry.services.filter(isAlias).flatMap((service) => connectable(service).map(({ number }) => number));
    ALIAS_PORTS.set(registry, found = new Set(ports));
  }
  return found;
}

function isDualStack({ hop: { target: { service } }, call: { services } }: Sent): boolean {
  return [...services, ...service ? [service] : []].some(({ object: { spec }, addresses }) =>
    (spec.ipFamilyPolicy !== undefined && spec.ipFamilyPolicy !== 'SingleStack') || new Set(addresses.map((address) => address.includes(':'))).size > 1);
}

function isForRedis({ registry, object: { spec } }: Service, number: number): boolean {
  return shapes(spec.ports).some(({ port, number: ofEntry, appProtocol, name, protocol }) =>
    (port ?? ofEntry) === number && /^redis(?:-|$)/i.test(text(registry === 'Kubernetes' ? appProtocol ?? name : protocol) ?? ''));
}
