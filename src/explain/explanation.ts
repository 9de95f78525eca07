import { Advice, adviceFor, CallTrials, ruleFor, SERVER_FIRST } from './advice';
import { AwaitedFact, awaitedFacts } from './awaited-facts';
import { FailureKind, failureOf, seenOf, Symptom } from './failures';
import { ClientHandshake, clientHandshake } from './handshake';
import { departuresByHop, OutboundNames, outboundNames } from './outbound';
import { ConsideredRule, consideredRules } from './rules';
import { ExplainedServer, explainedServer } from './server';
import { signerIn } from './signer';
import { listConnections } from '../mesh/calls/connections';
import { TracedConnection, tracedConnectionOf, TracedObject, tracedObject } from '../mesh/calls/traced-connection';
import { Mesh } from '../mesh/mesh';
import { Call } from '../mesh/model/call';
import { decisiveHop, kindsOf, Path, transportOf } from '../mesh/model/path';
import { TlsReason } from '../mesh/model/transport';
import { CallKind } from '../mesh/routes/route';
import { portOf } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** What is called, and what its name resolves to. */
export interface ExplainedCall {
  readonly host: string;
  readonly port: number;
  /** The Service or ServiceEntry that defines the host and port, the first of several. */
  readonly service: TracedObject;
  /** `cluster-ip`: one address for all servers; `headless`: the pods' addresses; `addresses`: those in a ServiceEntry; `dns`: resolved elsewhere; `alias`: another host's. */
  readonly resolves: 'cluster-ip' | 'headless' | 'addresses' | 'dns' | 'alias';
  /** The protocol that istiod assumes for the port: HTTP, TCP, TLS, MONGO, MYSQL, or AUTO, which detects it for each call. */
  readonly protocol: string;
  /** The protocols that applications may use there. */
  readonly kinds: readonly CallKind[];
}

/** One call's path to one server, step by step. */
export interface ExplainedConnection {
  /** Its outcome and the reasons, as `istio-mtls connections` shows them. */
  readonly connection: TracedConnection;
  /** The application's protocol on this path. */
  readonly kinds: readonly CallKind[];
  /** What in the client's proxy handles the call, one for each protocol and address; empty without a sidecar, or if it isn't known. */
  readonly outbound: readonly OutboundNames[];
  /** The VirtualService or Gateway API route that sends it there. */
  readonly route?: TracedObject;
  readonly rules: readonly ConsideredRule[];
  /** Why the client sends this TLS. */
  readonly tlsBy: TlsReason;
  /** The DestinationRule with the settings that decide it, of several that merge; undefined: none does. */
  readonly tlsRule?: TracedObject;
  readonly handshake?: ClientHandshake;
  readonly server?: ExplainedServer;
  /** What goes wrong, if anything. */
  readonly failure?: FailureKind;
  /** How to fix it, if it is broken or in plaintext. */
  readonly advice?: Advice;
  /** What would decide it, if it is undecided. */
  readonly waitsFor?: readonly AwaitedFact[];
}

/** One client's calls to one service port, step by step. */
export interface Explanation {
  readonly client: TracedObject;
  /** The identity in the client's certificate; undefined: it has no sidecar, or none that is modelled. */
  readonly identity?: string;
  readonly call: ExplainedCall;
  /** The object that provides the mesh's CA in the manifests; undefined: there is none. */
  readonly signer?: TracedObject;
  readonly connections: readonly ExplainedConnection[];
}

/**
 * Explains the outcome of a client's call, at every server behind it. Decides only this call of the mesh.
 *
 * @param manifests all objects, including those that the mesh isn't read from, such as the CA's
 */
export function explain(mesh: Mesh, client: Workload, call: Call, manifests: readonly unknown[] = []): Explanation {
  const asked = { mesh, client, call, trials: new CallTrials(mesh, client, call) };
  return {
    client: tracedObject(client.object),
    identity: client.proxy.encrypts === true ? client.identity : undefined,
    call: explainedCall(call),
    signer: signerIn(manifests, mesh.options.istiodNamespace),
    connections: explainedWays(mesh, client, call).map(({ path, steps }) => ({ ...steps, ...consequencesOf(path, asked) })),
  };
}

/** A call's path to one server, and what is shown of it. */
export interface ExplainedWay {
  readonly path: Path;
  readonly steps: ExplainedConnection;
}

/** The paths of a client's call, without advice or awaited facts: no change is tried for it. */
export function explainedWays(mesh: Mesh, client: Workload, call: Call): readonly ExplainedWay[] {
  const departures = departuresByHop(mesh.decisions.departures(client, call));
  const asked = { client: (one: Workload) => one === client, requested: (one: Call) => one === call };
  return [...listConnections(mesh.decisions, [client], asked, (caller, path) => {
    const outbound = outboundNames(departures, path, call.port);
    return { path, steps: { connection: tracedConnectionOf(caller, path), outbound, ...detailsOf(path, outbound, mesh) } };
  })];
}

function detailsOf(path: Path, outbound: readonly OutboundNames[], mesh: Mesh): Omit<ExplainedConnection, 'connection' | 'outbound'> {
  const hop = decisiveHop(path);
  return {
    kinds: kindsOf(path),
    route: hop.route && tracedObject(hop.route.object),
    rules: consideredRules(hop, mesh),
    tlsBy: hop.sent.reason,
    tlsRule: hop.sent.settings && tracedObject(hop.sent.by!.object),
    handshake: clientHandshake(hop, outbound),
    server: explainedServer(hop, kindsOf(path), mesh),
  };
}

/** The call to explain, and the changes tried for it. */
interface Asked {
  readonly mesh: Mesh;
  readonly client: Workload;
  readonly call: Call;
  readonly trials: CallTrials;
}

function consequencesOf(path: Path, { mesh, client, call, trials }: Asked): Pick<ExplainedConnection, 'failure' | 'advice' | 'waitsFor'> {
  const { outcome } = transportOf(path);
  const advice = outcome === 'broken' || outcome === 'plaintext' ? adviceFor(mesh, client, call, path, trials) : undefined;
  return {
    failure: failureAt(path, advice?.rule),
    advice,
    waitsFor: outcome === 'undecided' ? awaitedFacts(mesh, client, call, path) : undefined,
  };
}

function failureAt(path: Path, rule: Advice['rule']): FailureKind | undefined {
  return rule?.code === SERVER_FIRST ? 'server-first' : failureOf(decisiveHop(path));
}

/** What the caller sees of a path that fails; empty: it gets a response, or that isn't known. Tries no change. */
export function symptomsOf(mesh: Mesh, client: Workload, call: Call, path: Path): readonly Symptom[] {
  const failure = failureAt(path, ruleFor(mesh, client, call, path));
  if (failure === undefined) return [];
  const departures = departuresByHop(mesh.decisions.departures(client, call));
  return seenOf(failure, { kinds: kindsOf(path), outbound: outboundNames(departures, path, call.port) });
}

function explainedCall({ host, port, services: [service], kinds }: Call): ExplainedCall {
  return { host, port, service: tracedObject(service.object), resolves: resolvesTo(service), protocol: portOf(service, port)!.protocol, kinds };
}

function resolvesTo({ registry, resolution, addresses }: Call['services'][number]): ExplainedCall['resolves'] {
  if (resolution === 'ALIAS') return 'alias';
  if (registry === 'Kubernetes') return resolution === 'PASSTHROUGH' ? 'headless' : 'cluster-ip';
  return addresses.length > 0 ? 'addresses' : 'dns';
}
