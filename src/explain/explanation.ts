import { Advice, adviceFor, CallTrials, ruleFor, SERVER_FIRST } from './advice';
import { AwaitedFact, awaitedFacts } from './awaited-facts';
import { ExplainedFailure, FailureKind, failureAs, failureOf, seenOf, Symptom } from './failures';
import { ClientHandshake, clientHandshake } from './handshake';
import { departuresByHop, OutboundNames, outboundNames } from './outbound';
import { ConsideredRule, consideredRules } from './rules';
import { ExplainedServer, explainedServer } from './server';
import { signerIn } from './signer';
import { Condition } from '../findings/condition';
import { listConnections } from '../mesh/calls/connections';
import { TracedConnection, tracedConnectionOf, TracedObject, tracedObject } from '../mesh/calls/traced-connection';
import { Mesh } from '../mesh/mesh';
import { Call } from '../mesh/model/call';
import { Hop } from '../mesh/model/hop';
import { decisiveHop, departureOf, kindsOf, Path, transportOf } from '../mesh/model/path';
import { TlsReason } from '../mesh/model/transport';
import { CallKind } from '../mesh/routes/route';
import { portOf } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';
import { ExpectedBy } from '../mesh/worlds/expectations';

/** What is called, and what its name resolves to. */
export interface ExplainedCall {
  /** The host. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** The Service or ServiceEntry that defines the host and port, the first of several. */
  readonly service: TracedObject;
  /**
   * `cluster-ip`: one address for all servers; `headless`: the pods' addresses; `addresses`: those in a ServiceEntry;
   * `dns`: resolved elsewhere; `alias`: another host's.
   */
  readonly resolves: 'cluster-ip' | 'headless' | 'addresses' | 'dns' | 'alias';
  /** The protocol that istiod assumes for the port: HTTP, TCP, TLS, MONGO, MYSQL, or AUTO, which detects it for each call. */
  readonly protocol: string;
  /** The protocols that applications may use there. */
  readonly kinds: readonly CallKind[];
}

/** What one proxy sends, and what receives it. */
interface ExplainedHop {
  /** The VirtualService or Gateway API route that sends the call there. Missing if none does. */
  readonly route?: TracedObject;
  /** The DestinationRules whose host matches the destination, those that apply first. */
  readonly rules: readonly ConsideredRule[];
  /** Why the sender sends this TLS. */
  readonly tlsBy: TlsReason;
  /** The DestinationRule with the settings that decide it, of several that merge. Missing if none does. */
  readonly tlsRule?: TracedObject;
  /** The sender's side of the TLS handshake. Missing if its proxy originates no TLS. */
  readonly handshake?: ClientHandshake;
  /** The receiver's side of the hop. Missing if the manifests hold no server. */
  readonly server?: ExplainedServer;
}

/** One of the hops of a call. */
interface ExplainedStep extends ExplainedHop {
  /** Whether the outcome of the call is this hop's: the first that is broken, or else the first of the worst. */
  readonly decisive: boolean;
}

/** One call's path to one server, step by step. Its own route, rules, TLS and server are those of the decisive hop. */
export interface ExplainedConnection extends ExplainedHop {
  /** One for each of `hops`. */
  readonly steps: readonly ExplainedStep[];
  /** From one proxy to the next, as in `istio-mtls connections -o json --format 2`. */
  readonly hops: TracedConnection['hops'];
  /** The outcome and the reasons, over all hops. */
  readonly transport: TracedConnection['transport'];
  /**
   * The parts of the client's proxy that handle the call, one for each protocol and
   * address; empty without a sidecar, or if they aren't known.
   */
  readonly outbound: readonly OutboundNames[];
  /** The protocols that the application may use on this path. */
  readonly kinds: readonly CallKind[];
  /** What an undecided call depends on. Missing if it is decided. */
  readonly waitsFor?: readonly AwaitedFact[];
  /** How the call fails, as its caller sees it. Missing if it doesn't fail. */
  readonly failure?: ExplainedFailure;
  /** How to fix a call that is broken or in plaintext. Missing for any other. */
  readonly advice?: Advice;
}

/** One client's calls to one service port, step by step. */
export interface CallExplanation {
  /** The caller. */
  readonly client: TracedObject;
  /** The identity in the client's certificate. Missing if it has no sidecar that is modelled. */
  readonly identity?: string;
  /** What is called, and what its name resolves to. */
  readonly call: ExplainedCall;
  /**
   * Whether the client declares with annotation calls.istio-mtls/to that it makes the call. If it doesn't, `check` leaves the call out,
   * and it is explained as if it were made. Missing if the client declares no calls, and with them any.
   */
  readonly declared?: boolean;
  /** The object among the manifests that holds the CA of the mesh. Missing if there is none. */
  readonly signer?: TracedObject;
  /** One for each server that the call can reach, and for each path to it. */
  readonly connections: readonly ExplainedConnection[];
  /** The values with which it is explained of facts about injection that the manifests don't contain. Missing if none is about the call. */
  readonly presumes?: readonly PresumedFact[];
  /** The servers at which the outcome depends on such facts. Missing if no such fact is about the call. */
  readonly conditional?: readonly ConditionalServer[];
}

/** A fact that the manifests don't contain, with a value. */
export interface PresumedFact extends Condition {
  /** The objects that mean nothing if it doesn't hold. Missing if there are none. */
  readonly expectedBy?: ExpectedBy;
}

/** A server of a call, if the outcome there depends on facts about injection that the manifests don't contain. */
export interface ConditionalServer {
  /** The host and port that calls to it are sent to. */
  readonly destination: { readonly host: string; readonly port: number };
  /** Null for an external host, and if the manifests contain no server. */
  readonly server: TracedConnection['hops'][number]['server'];
  /** The outcome in each case. */
  readonly branches: NonNullable<TracedConnection['branches']>;
}

/**
 * Explains the outcome of a client's call, at every server behind it. Decides only this call of the mesh.
 *
 * @param manifests all objects, including those that the mesh isn't read from, such as the CA's
 */
export function explain(mesh: Mesh, client: Workload, call: Call, manifests: readonly unknown[] = []): CallExplanation {
  const asked = { mesh, client, call, trials: new CallTrials(mesh, client, call) };
  const declared = mesh.declarations.get(client)?.calls?.has(call);
  return {
    client: tracedObject(client.object),
    identity: client.proxy.encrypts === true ? client.identity : undefined,
    call: explainedCall(call),
    ...declared !== undefined && { declared },
    signer: signerIn(manifests, mesh.options.istiodNamespace),
    connections: explainedWays(mesh, client, call).map(({ path, steps }) => ({ ...steps, ...consequencesOf(path, asked) })),
  };
}

/** A call's path to one server, with its explanation. */
export interface ExplainedWay {
  readonly path: Path;
  readonly connection: TracedConnection;
  readonly steps: ExplainedConnection;
}

/** The paths of a client's call, without advice or awaited facts, so that no change is tried. */
export function explainedWays(mesh: Mesh, client: Workload, call: Call): readonly ExplainedWay[] {
  const departures = departuresByHop(mesh.decisions.outboundMatches(client, call));
  const asked = { client: (one: Workload) => one === client, requested: (one: Call) => one === call };
  return [...listConnections(mesh.decisions, [client], asked, (caller, path) => {
    const outbound = outboundNames(departures, path, call.port);
    const connection = tracedConnectionOf(caller, path);
    const { hops, transport } = connection;
    return { path, connection, steps: { hops, transport, outbound, ...detailsOf(path, outbound, mesh) } };
  })];
}

function detailsOf(
  path: Path, outbound: readonly OutboundNames[], mesh: Mesh,
): Omit<ExplainedConnection, 'hops' | 'transport' | 'outbound'> {
  const steps = path.hops.map((hop) => stepOf(hop, path, hop === departureOf(path) ? outbound : [], mesh));
  const { decisive: _, ...details } = steps.find(({ decisive }) => decisive)!;
  return { kinds: kindsOf(path), ...details, steps };
}

/** @param outbound the parts of the sender's proxy that handle the call, if the sender is the client */
function stepOf(hop: Hop, path: Path, outbound: readonly OutboundNames[], mesh: Mesh): ExplainedStep {
  return {
    decisive: hop === decisiveHop(path),
    route: hop.route && tracedObject(hop.route.object),
    rules: consideredRules(hop, mesh),
    tlsBy: hop.sent.reason,
    tlsRule: hop.sent.settings && tracedObject(hop.sent.by!.object),
    handshake: clientHandshake(hop, outbound),
    server: explainedServer(hop, kindsOf(path), mesh),
  };
}

/** The call to explain, with the trials of changes for it. */
interface Asked {
  readonly mesh: Mesh;
  readonly client: Workload;
  readonly call: Call;
  readonly trials: CallTrials;
}

function consequencesOf(path: Path, { mesh, client, call, trials }: Asked): Pick<ExplainedConnection, 'failure' | 'advice' | 'waitsFor'> {
  const { outcome } = transportOf(path);
  const advice = outcome === 'broken' || outcome === 'plaintext' ? adviceFor(mesh, client, call, path, trials) : undefined;
  const failure = failureAt(path, advice?.rule);
  return {
    waitsFor: outcome === 'undecided' ? awaitedFacts(mesh, client, call, path) : undefined,
    failure: failure && failureAs(failure),
    advice,
  };
}

function failureAt(path: Path, rule: Advice['rule']): FailureKind | undefined {
  return rule?.code === SERVER_FIRST ? 'server-first' : failureOf(decisiveHop(path));
}

/** What the caller sees of a failing path; empty if it gets a response, or if that is unknown. No change is tried. */
export function symptomsOf(mesh: Mesh, client: Workload, call: Call, path: Path): readonly Symptom[] {
  const failure = failureAt(path, ruleFor(mesh, client, call, path));
  if (failure === undefined) return [];
  const departures = departuresByHop(mesh.decisions.outboundMatches(client, call));
  return seenOf(failure, { kinds: kindsOf(path), outbound: outboundNames(departures, path, call.port) });
}

function explainedCall({ host, port, services: [service], kinds }: Call): ExplainedCall {
  return {
    host, port, service: tracedObject(service.object), resolves: resolvesTo(service), protocol: portOf(service, port)!.protocol, kinds,
  };
}

function resolvesTo({ registry, resolution, addresses }: Call['services'][number]): ExplainedCall['resolves'] {
  if (resolution === 'ALIAS') return 'alias';
  if (registry === 'Kubernetes') return resolution === 'PASSTHROUGH' ? 'headless' : 'cluster-ip';
  return addresses.length > 0 ? 'addresses' : 'dns';
}
