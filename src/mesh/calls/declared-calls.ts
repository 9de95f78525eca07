import { editDistance } from '../../findings/nearest';
import { shown } from '../../findings/safe-text';
import { DECLARED_CALLS } from '../../manifests/kinds';
import { Mapping, mapping } from '../../manifests/mapping';
import { grouped } from '../collections';
import { FieldRef } from '../inventory/field-ref';
import { ObjectId } from '../inventory/object';
import { Call } from '../model/call';
import { PeerCalls } from '../model/peer-calls';
import { MeshCaller } from '../model/sender';
import { dnsName, HostIndex, isWildcard } from '../names/hosts';
import { Coverage } from '../services/coverage';
import { ServiceRegistry } from '../services/registry';
import { connectable, Service } from '../services/service';
import { podMetadataAt } from '../workloads/pod-template';
import { mayDeclarePeers } from '../workloads/replicas';

/**
 * Why an entry names no call. `not-shown`: what it names isn't among the manifests, which may lack it. All others are mistakes.
 */
type EntryFault = 'malformed' | 'no-service' | 'no-port' | 'not-shown';

/** An entry of the annotation: a Service, or a host, with one port or all. */
export interface DeclaredEntry {
  readonly text: string;
  /** Without its port; empty if it is malformed. */
  readonly place: string;
  readonly calls: readonly Call[];
  readonly fault?: EntryFault;
  /** The ports that it names and that aren't for TCP, so that nothing is decided of them: `53/UDP`. */
  readonly withoutTcp: readonly string[];
  /** The ports of a Service or host that lacks the port: `80`, or `53/UDP` of one that isn't for TCP. */
  readonly ports?: { readonly of: 'Service' | 'host'; readonly texts: readonly string[] };
  /** The host that is meant by one whose domain is mistyped. */
  readonly meant?: string;
}

/** What a workload's annotation says of the calls that it makes. */
export interface Declaration {
  readonly at: FieldRef;
  readonly entries: readonly DeclaredEntry[];
  /** The calls that its entries name, whether or not others are a mistake. */
  readonly named: ReadonlySet<Call>;
  /** The calls that it makes; undefined if an entry is a mistake, because the workload may then make any call. */
  readonly calls?: ReadonlySet<Call>;
}

/** The calls that clients make, whatever the manifests of one state declare. */
export interface CallsMade {
  /** Whether a client makes only some calls. */
  readonly isLimiting: boolean;
  /** The keys of a client's calls; undefined: any. */
  of(client: ObjectId): ReadonlySet<string> | undefined;
  /** The keys of the calls that it declares, even if it makes any. */
  declaredBy(client: ObjectId): Iterable<string>;
}

const ENTRY = /^(?:([a-z\d](?:[a-z\d-]*[a-z\d])?)\/)?([\w*](?:[\w.-]*[\w.])?)(?::(\d{1,5}))?$/;

/** The greatest length of a name in DNS. */
const LONGEST_NAME = 253;

/** The greatest port number. */
const LAST_PORT = 65_535;

/** Reads the annotations of workloads, and resolves their entries. */
export class Declarations {
  private byHost?: ReadonlyMap<string, readonly Call[]>;
  private byName?: ReadonlyMap<string, readonly string[]>;
  /** The places of wildcards in the registry's list, by their names. */
  private byWildcard?: HostIndex<readonly number[]>;

  constructor(private readonly calls: readonly Call[], private readonly registry: ServiceRegistry, private readonly coverage: Coverage) {}

  /** The declarations of those workloads that have one. */
  of(callers: readonly MeshCaller[]): ReadonlyMap<MeshCaller, Declaration> {
    const found = new Map<MeshCaller, Declaration>();
    for (const client of callers) {
      const value = declaredIn(client.object.source);
      if (value !== undefined) found.set(client, this.declarationOf(client, value));
    }
    return found;
  }

  private declarationOf(client: MeshCaller, value: unknown): Declaration {
    const at: FieldRef = { object: client.object, field: ['metadata', 'annotations', DECLARED_CALLS] };
    const entries = typeof value === 'string' ? textsIn(value).map((text) => this.entryOf(text, client)) : [malformed(shown(value))];
    const isMistaken = entries.some(({ fault }) => fault !== undefined && fault !== 'not-shown');
    const named = new Set(entries.flatMap(({ calls }) => calls));
    return { at, entries, named, ...!isMistaken && { calls: named } };
  }

  private entryOf(text: string, { namespace: home }: MeshCaller): DeclaredEntry {
    const [, namespace, name, digits] = ENTRY.exec(text) ?? [];
    const port = digits === undefined ? undefined : Number(digits);
    if (name === undefined || name.includes('..') || port === 0 || (port ?? 0) > LAST_PORT) return malformed(text);
    if (Math.max(name.length, namespace?.length ?? 0) > LONGEST_NAME) return malformed(text);
    const host = namespace === undefined ? this.fullName(dnsName(name), home) : this.registry.hostOf(name, namespace);
    const place = namespace === undefined ? name : `${namespace}/${name}`;
    const hosts = namespace === undefined ? this.hostsAround(host) : this.spelled(host);
    const calls = hosts.flatMap((one) => this.callsTo(one)).filter((call) => port === undefined || call.port === port);
    const withoutTcp = this.portsWithoutTcp(hosts, port);
    return { text, place, calls, withoutTcp, ...calls.length === 0 && this.faultOf(host, hosts, port) };
  }

  /** The name as clients resolve it: a short one is a Service's, unless something else of that name has ports. */
  private fullName(name: string, home: string): string {
    if (this.spelled(name).some((host) => this.callsTo(host).length > 0)) return name;
    const [service, namespace = home, svc, ...rest] = name.split('.');
    return svc === undefined || (svc === 'svc' && rest.length === 0) ? this.shortName(name, service, namespace) : name;
  }

  /** A name of two parts may be that of a host elsewhere, if the manifests don't show the namespace that it would be of. */
  private shortName(name: string, service: string, namespace: string): string {
    const host = this.registry.hostOf(service, namespace);
    const mayBeOther = name.includes('.') && !this.registry.kubernetesService(host) && !this.coverage.holdsServicesOf(namespace);
    return mayBeOther ? name : host;
  }

  /** The hosts that receive calls to a name: its own, and wildcards that cover it. */
  private hostsAround(host: string): readonly string[] {
    return [...new Set([...this.spelled(host), ...this.wildcardsAround(host)])];
  }

  /** In the order of the registry. */
  private wildcardsAround(host: string): readonly string[] {
    const { wildcards } = this.registry;
    if (!this.byWildcard) {
      const byName = grouped(wildcards.keys(), (place) => wildcards[place].host.toLowerCase());
      this.byWildcard = new HostIndex();
      for (const [name, places] of byName) this.byWildcard.set(name, places);
    }
    return this.byWildcard.covering(host.toLowerCase()).flat().sort((one, other) => one - other).map((place) => wildcards[place].host);
  }

  /** The hosts that are a name, in whatever case they are written. */
  private spelled(name: string): readonly string[] {
    this.byName ??= grouped(this.registry.byHost.keys(), dnsName);
    return this.byName.get(name) ?? [];
  }

  private callsTo(host: string): readonly Call[] {
    this.byHost ??= grouped(this.calls, (call) => call.host);
    return this.byHost.get(host) ?? [];
  }

  private portsWithoutTcp(hosts: readonly string[], port: number | undefined): readonly string[] {
    return portTexts(hosts.flatMap((one) => this.registry.byHost.get(one)!), (one, isTcp) => !isTcp && (port ?? one) === one);
  }

  /** Undefined: what it names is there, but nobody connects to it, such as a port for UDP. An ExternalName without ports hides them. */
  private faultOf(
    host: string, hosts: readonly string[], port: number | undefined,
  ): Pick<DeclaredEntry, 'fault' | 'ports' | 'meant'> {
    if (hosts.length === 0) {
      const meant = this.mistypedDomain(host);
      return meant === undefined ? { fault: this.coverage.isNowhere(host) ? 'no-service' : 'not-shown' } : { fault: 'no-service', meant };
    }
    const services = hosts.flatMap((one) => this.registry.byHost.get(one)!);
    if (port === undefined) return services.every(({ ports }) => ports.length === 0) ? { fault: 'not-shown' } : {};
    if (services.some(({ ports }) => ports.some(({ number }) => number === port))) return {};
    const isService = services.some(({ registry }) => registry === 'Kubernetes');
    const isHost = services.some((service) => !isWildcard(service.host) && service.ports.length > 0);
    if (!isService && !isHost) return { fault: 'not-shown' };
    return { fault: 'no-port', ports: { of: isService ? 'Service' : 'host', texts: portTexts(services) } };
  }

  /** The host of a known Service, if only its domain differs, by a letter. By a digit, it is that of another cluster. */
  private mistypedDomain(host: string): string | undefined {
    const [name, namespace, svc, ...rest] = host.split('.');
    const domain = rest.join('.');
    const { clusterDomain } = this.registry;
    if (svc !== 'svc' || domain === '' || editDistance(domain, clusterDomain, 1) > 1) return undefined;
    if (withoutDigits(domain) === withoutDigits(clusterDomain)) return undefined;
    return this.registry.kubernetesService(this.registry.hostOf(name, namespace))?.host;
  }
}

/**
 * Tells which calls a client makes; undefined: any.
 *
 * @param made the calls that count instead of the declared ones; true: the declared ones; otherwise every client makes any
 */
export function madeCalls(
  made: CallsMade | boolean | undefined, calls: readonly Call[], declarations: ReadonlyMap<MeshCaller, Declaration>,
): (client: MeshCaller) => ReadonlySet<Call> | undefined {
  if (!made) return () => undefined;
  if (made === true) return (client) => declarations.get(client)?.calls;
  const byKey = new Map(calls.map((call) => [call.key, call]));
  return (client) => {
    const keys = made.of(client);
    return keys && new Set([...keys].flatMap((key) => byKey.get(key) ?? []));
  };
}

/**
 * The calls that clients declare to be made among their own pods.
 *
 * @param made the calls that count instead of those of the manifests
 */
export function peerCalls(
  made: CallsMade | boolean | undefined, callers: readonly MeshCaller[], declarations: ReadonlyMap<MeshCaller, Declaration>,
): PeerCalls {
  const declaredBy = typeof made === 'object'
    ? (client: MeshCaller) => made.declaredBy(client)
    : (client: MeshCaller) => [...declarations.get(client)?.named ?? []].map(({ key }) => key);
  return PeerCalls.of(callers.filter(({ object }) => mayDeclarePeers(object)).map((client) => [client, declaredBy(client)]));
}

function declaredIn(source: object): unknown {
  return mapping(mapping((source as Mapping).metadata).annotations)[DECLARED_CALLS];
}

function textsIn(value: string): readonly string[] {
  return value.trim() === '' ? [] : value.split(',').map((text) => text.trim());
}

/** Ports of services: `80`, or `53/UDP` of one that isn't for TCP. */
function portTexts(services: readonly Service[], isWanted: (port: number, isTcp: boolean) => boolean = () => true): readonly string[] {
  const texts = services.flatMap((service) => {
    const forTcp = new Set(connectable(service));
    return service.ports.filter((one) => isWanted(one.number, forTcp.has(one)))
      .map((one) => (forTcp.has(one) ? String(one.number) : `${one.number}/${one.protocol === 'UDP' ? 'UDP' : one.transport}`));
  });
  return [...new Set(texts)];
}

function withoutDigits(domain: string): string {
  return domain.replace(/\d/g, '');
}

function malformed(text: string): DeclaredEntry {
  return { text, place: '', calls: [], withoutTcp: [], fault: 'malformed' };
}

/** Annotations of the same name that don't count, because they aren't the workload's own: those of its pods. */
export function misplacedDeclaration({ object, podSource, annotations }: MeshCaller): FieldRef | undefined {
  if (DECLARED_CALLS in annotations && (podSource.object !== object || podSource.field.length > 0)) {
    return podMetadataAt(podSource, 'annotations', DECLARED_CALLS);
  }
  if (podSource.object === object || !(DECLARED_CALLS in podSource.object.annotations)) return undefined;
  return { object: podSource.object, field: ['metadata', 'annotations', DECLARED_CALLS] };
}
