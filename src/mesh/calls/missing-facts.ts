import { Counting, DecidedPath, Decisions } from './decisions';
import { grouped } from '../collections';
import { ControlPlanes } from '../control-planes/control-planes';
import { compareTexts, objectText } from '../inventory/object';
import { Hop } from '../model/hop';
import { Path, transportOf } from '../model/path';
import { Sender } from '../model/sender';
import { UndecidedReason } from '../model/transport';
import { rendered } from '../reasons/render';
import { Endpoint } from '../services/endpoint';
import { Workload } from '../workloads/workload';

/**
 * The kind of fact that an undecided connection depends on. `namespace`, `revision`: whether pods get sidecars; `discovery`:
 * whether istiod reads a namespace, by its labels; `model`: an unmodelled effect, which no manifest resolves.
 */
export type Need =
  | 'namespace' | 'revision' | 'template' | 'injector' | 'pod-template' | 'discovery' | 'proxy' | 'servers' | 'destination' | 'subset'
  | 'certificates'
  | 'one-owner' | 'export' | 'routes' | 'mesh-config' | 'model';

/** A fact that the manifests don't contain. */
export interface Fact {
  readonly need: Need;
  /** The namespace, revision, service or host; for an unmodelled effect the object or the reason. */
  readonly subject: string;
}

/** A fact, with the number of connections that depend on it, alone or among others. */
export interface MissingFact extends Fact {
  readonly connections: number;
}

/** The decisions to examine. */
type Decided = Pick<Decisions, 'all' | 'countOfSender'>;

/**
 * The facts that undecided connections depend on, those of most connections first. Counts by decisions, without making new ones.
 *
 * @param counting selects the connections that count
 */
export function missingFacts(decisions: Decided, planes: ControlPlanes, counting: Counting): readonly MissingFact[] {
  const found = new Map<string, { fact: Fact; connections: number }>();
  const add = (fact: Fact, connections: number): void => {
    if (connections === 0) return;
    const key = `${fact.need} ${fact.subject}`;
    const known = found.get(key);
    if (known) known.connections += connections;
    else found.set(key, { fact, connections });
  };
  for (const decision of decisions.all()) {
    for (const path of decision.paths) {
      const { undecidedBecause } = transportOf(path);
      if (undecidedBecause === undefined) continue;
      for (const fact of factsOfPath(path, undecidedBecause)) add(fact, counting.count(decision, path));
      if (undecidedBecause === 'client-proxy-unknown') addClients(counting.sendersOf(decision, path), path, add);
      if (undecidedBecause === 'unknown-discovery') {
        addUndiscovered({ decision, path }, counting.sendersOf(decision, path), decisions, planes, add);
      }
    }
  }
  return [...found.values()].map(({ fact, connections }) => ({ ...fact, connections })).sort(compareFacts);
}

type Add = (fact: Fact, connections: number) => void;

function compareFacts(left: MissingFact, right: MissingFact): number {
  return right.connections - left.connections || compareTexts(left.need, right.need) || compareTexts(left.subject, right.subject);
}

/** The facts that a path depends on for all its clients. */
function factsOfPath(path: Path, because: UndecidedReason): readonly Fact[] {
  const hop = path.hops.find(({ undecidedBecause }) => undecidedBecause === because)!;
  const { target: { service, host, subset }, sent: { by }, route, unmodelled } = hop;
  const called = service ? `${service.namespace}/${service.name}` : host;
  switch (because) {
    case 'client-proxy-unknown': return factsOfServer(hop, called);
    case 'server-proxy-unknown': return factsOfProxies(hop, called);
    case 'unknown-discovery': return [];
    case 'no-endpoints': return [{ need: 'servers', subject: called }];
    case 'destination-elsewhere': return [service && subset !== undefined
      ? { need: 'subset', subject: `${subset} of ${host}` }
      : { need: 'destination', subject: host }];
    case 'own-certificates': return [{ need: 'certificates', subject: by ? `${by.object.namespace}/${by.object.name}` : called }];
    case 'ambiguous-service': return [{ need: 'one-owner', subject: host }];
    case 'exported-to-nobody': return [{ need: 'export', subject: called }];
    case 'refused-routes': return [{ need: 'routes', subject: host }];
    case 'mesh-config': return [{ need: 'mesh-config', subject: objectText(unmodelled!.at.object) }];
    case 'istiod-flag':
    case 'istio-version': return [{ need: 'model', subject: `${objectText(unmodelled!.at.object)}, ${rendered(unmodelled!).field}` }];
    case 'gateway-api-route': return [{ need: 'model', subject: objectText(route!.object) }];
    default: return [{ need: 'model', subject: unmodelled ? objectText(unmodelled.at.object) : because }];
  }
}

/** The facts that a call depends on apart from its client. */
function factsOfServer({ received: { endpoint } }: Hop, called: string): readonly Fact[] {
  if (!endpoint) return [{ need: 'servers', subject: called }];
  return endpoint.workload?.proxy.lacks ? [factOfProxy(endpoint.workload)] : [];
}

/** The facts about the server's proxy; at a headless Service, one of another server may decide. */
function factsOfProxies({ received: { endpoint }, target: { service, port }, sender: { plane } }: Hop, called: string): readonly Fact[] {
  const own = endpoint?.workload;
  if (own?.proxy.lacks) return [factOfProxy(own)];
  const others = (service && plane?.serversOn(service, port)) ?? [];
  const facts = others.flatMap(({ workload }) => (workload?.proxy.lacks ? [factOfProxy(workload)] : []));
  return facts.length > 0 ? [facts[0]] : [{ need: 'proxy', subject: called }];
}

function factOfProxy({ proxy: { lacks } }: Workload): Fact {
  return { need: lacks!.fact, subject: lacks!.name };
}

/** Adds the clients' own facts: clients with unknown proxies are decided together, although each may lack another fact. */
function addClients(senders: Iterable<Sender>, { hops: [{ received: { endpoint } }] }: Path, add: Add): void {
  const ofServer = endpoint?.workload?.proxy.lacks;
  for (const one of senders) {
    for (const { fact, clients } of lackingIn(one)) {
      if (fact.need !== ofServer?.fact || fact.subject !== ofServer.name) add(fact, clients);
    }
  }
}

interface Lacking {
  readonly fact: Fact;
  readonly clients: number;
}

const lacking = new WeakMap<Sender, readonly Lacking[]>();

/** The clients of a sender, by the facts that they lack. */
function lackingIn(one: Sender): readonly Lacking[] {
  let found = lacking.get(one);
  if (!found) {
    const byFact = grouped(one.members, (workload) => Object.values(factOfProxy(workload)).join(' '));
    lacking.set(one, found = [...byFact.values()].map((workloads) => ({ fact: factOfProxy(workloads[0]), clients: workloads.length })));
  }
  return found;
}

/** The namespaces, on either side, whose labels determine whether istiod reads them. */
function addUndiscovered(
  { decision, path }: DecidedPath, senders: Iterable<Sender>, decisions: Decided, planes: ControlPlanes, add: Add,
): void {
  const ofServers = path.hops.flatMap(({ received: { endpoint, receiver } }) => {
    const server = planes.ofServer(endpoint?.workload);
    const ofEntries = (receiver?.protocol.dependsOn ?? []).map(({ namespace }) => namespace);
    // An address outside the cluster is in no namespace.
    return endpoint ? [...endpoint.namespace === '' ? [] : server.unclearFor(endpoint.namespace), ...ofEntries] : [];
  });
  const ofHops = path.hops.flatMap(({ route, target: { service } }) => [service, route?.object]);
  const named = [...ofHops, ...decision.call.services].flatMap((one) => one?.namespace ?? []);
  const passed = new Set([...named, ...path.hops.flatMap((hop) => [...namespacesOfServers(hop)])]);
  for (const one of senders) {
    const ofClient = [one.namespace, ...passed].flatMap((namespace) => one.plane?.unclearFor(namespace) ?? []);
    for (const namespace of new Set([...ofClient, ...ofServers])) {
      add({ need: 'discovery', subject: namespace }, decisions.countOfSender(one, path));
    }
  }
}

const serverNamespaces = new WeakMap<readonly Endpoint[], ReadonlySet<string>>();

/** The namespaces of all servers that a hop may reach beside its own: EndpointSlices list pods of other namespaces, too. */
function namespacesOfServers({ target: { service, port }, sender: { plane } }: Hop): ReadonlySet<string> {
  const servers = (service && plane?.serversOn(service, port)) ?? [];
  let found = serverNamespaces.get(servers);
  if (!found) serverNamespaces.set(servers, found = new Set(servers.flatMap(({ workload }) => workload?.namespace ?? [])));
  return found;
}
