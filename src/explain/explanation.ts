import { Advice, adviceFor, CallTrials, ruleFor, SERVER_FIRST } from './advice';
import { AwaitedFact, awaitedFacts } from './awaited-facts';
import { FailureKind, failureOf, seenOf, Symptom } from './failures';
import { ClientHandshake, clientHandshake } from './handshake';
import { departuresByHop, OutboundNames, outboundNames } from './outbound';
import { ConsideredRule, consideredRules } from './rules';
import { ExplainedServer, explainedServer } from './server';
import { signerIn } from './signer';
import { Call } from '../mesh/calls/call';
import { listConnections } from '../mesh/calls/connections';
import { kindsOf, lastHop, Path, transportOf } from '../mesh/calls/path';
import { TracedConnection, tracedConnectionOf, TracedObject, tracedObject } from '../mesh/calls/traced-connection';
import { TlsReason } from '../mesh/dataplane/client-tls';
import { Mesh } from '../mesh/mesh';
import { CallKind } from '../mesh/routes/route';
import { portOf } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** What is called, and what its name resolves to. */
export interface ExplainedCall {
  readonly host: string;
  readonly port: number;
  /** The Service or ServiceEntry that has the host and the port, as the first of several. */
  readonly service: TracedObject;
  /** `cluster-ip`: one address for all servers; `headless`: those of the pods; `addresses`: those that a ServiceEntry lists; `dns`: elsewhere; `alias`: of another host. */
  readonly resolves: 'cluster-ip' | 'headless' | 'addresses' | 'dns' | 'alias';
  /** What istiod takes the port for: HTTP, TCP, TLS, MONGO, MYSQL, or AUTO: it looks at each call. */
  readonly protocol: string;
  /** How applications may talk there. */
  readonly kinds: readonly CallKind[];
}

/** One call's way to one server, step by step. */
export interface ExplainedConnection {
  /** What comes of it and why, as `istio-mtls connections` tells it. */
  readonly connection: TracedConnection;
  /** How the application talks on this way. */
  readonly kinds: readonly CallKind[];
  /** What of the client's proxy takes the call, one for each kind and address; none without a sidecar, or where nobody knows. */
  readonly outbound: readonly OutboundNames[];
  /** The VirtualService or route of the Gateway API that sends it there. */
  readonly route?: TracedObject;
  readonly rules: readonly ConsideredRule[];
  /** Why the client sends the TLS that it does. */
  readonly tlsBy: TlsReason;
  readonly handshake?: ClientHandshake;
  readonly server?: ExplainedServer;
  /** What goes wrong, if anything does. */
  readonly failure?: FailureKind;
  /** What to do about it, where it is broken or comes in plaintext. */
  readonly advice?: Advice;
  /** What would decide it, where it isn't decided. */
  readonly waitsFor?: readonly AwaitedFact[];
}

/** One client's calls to one service port, step by step. */
export interface Explanation {
  readonly client: TracedObject;
  /** The name in the client's certificate; undefined: it has no sidecar, or none that is modelled. */
  readonly identity?: string;
  readonly call: ExplainedCall;
  /** The object that the manifests hold for the CA of the mesh; undefined: they hold none. */
  readonly signer?: TracedObject;
  readonly connections: readonly ExplainedConnection[];
}

/**
 * Explains what comes of a client's call, at every server behind it. Of the mesh only this call is decided.
 *
 * @param manifests all objects, also those that no mesh is read from, such as the CA's
 */
export function explain(mesh: Mesh, client: Workload, call: Call, manifests: readonly unknown[] = []): Explanation {
  const asked = { mesh, client, call, trials: new CallTrials(mesh, client, call) };
  return {
    client: tracedObject(client.object),
    identity: client.proxy.kind === 'sidecar' ? client.identity : undefined,
    call: explainedCall(call),
    signer: signerIn(manifests, mesh.options.istiodNamespace),
    connections: explainedWays(mesh, client, call).map(({ path, steps }) => ({ ...steps, ...consequencesOf(path, asked) })),
  };
}

/** A call's way to one server, and what is told of it. */
export interface ExplainedWay {
  readonly path: Path;
  readonly steps: ExplainedConnection;
}

/** The ways of a client's call, without what follows from what comes of them: nothing is tried for it. */
export function explainedWays(mesh: Mesh, client: Workload, call: Call): readonly ExplainedWay[] {
  const departures = departuresByHop(mesh.decisions.departures(client, call));
  const asked = { client: (one: Workload) => one === client, requested: (one: Call) => one === call };
  return [...listConnections(mesh.decisions, [client], asked, (caller, path) => {
    const outbound = outboundNames(departures, path, call.port);
    return { path, steps: { connection: tracedConnectionOf(caller, path), outbound, ...detailsOf(path, outbound, mesh) } };
  })];
}

function detailsOf(path: Path, outbound: readonly OutboundNames[], mesh: Mesh): Omit<ExplainedConnection, 'connection' | 'outbound'> {
  const hop = lastHop(path);
  return {
    kinds: kindsOf(path),
    route: hop.route && tracedObject(hop.route.object),
    rules: consideredRules(hop, mesh),
    tlsBy: hop.tlsReason,
    handshake: clientHandshake(hop, outbound),
    server: explainedServer(hop, kindsOf(path), mesh),
  };
}

/** The call that is explained, and what is tried for it. */
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
  return rule?.code === SERVER_FIRST ? 'server-first' : failureOf(lastHop(path));
}

/** What a client's caller sees of a path that fails; none: it gets an answer, or nobody knows. Nothing is tried for it. */
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
