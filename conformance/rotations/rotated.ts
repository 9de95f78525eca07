// One rotation on sidecars that run: what was seen of calls and of connections that stay open.
import { courseOf, type CourseStep, type Phase } from './course';
import type { IssuedRotation } from './issuing';
import type { Start } from './rotating-cas';
import type { RunReport, SeenAgain, SeenTurns } from '../data-plane/report';
import type { Calling, Convergence, MeshRunner } from '../data-plane/runner';
import { nameOf, shown } from '../data-plane/verdicts';
import type { Random } from '../generators/yaml/random';
import type { JudgedMesh, Manifest } from '../manifest';

export const NAMESPACE = 'shop';
/** Each calls the others. */
export const WORKLOADS: readonly string[] = ['web', 'orders', 'stock'];

/** Calls, and how many of them have failed. */
interface Tally {
  calls: number;
  failed: number;
}

/** Going over a stage, one proxy after the other. */
export interface Jump extends Tally {
  readonly from: string;
  readonly to: string;
  /** How often a connection that stayed open was asked, and how many no longer answered. */
  asked: number;
  lost: number;
}

export type TlsVersion = 'TLS 1.2' | 'TLS 1.3';

export interface RotationRun {
  readonly start: Start;
  /** What sidecars speak with each other. */
  readonly tls: TlsVersion;
  readonly states: readonly string[];
  /** How often a sidecar got a certificate, roots or both in the stages, forth and back. */
  renewals: number;
  /** Once a sidecar had what it got, in the stages. */
  readonly inStages: Tally;
  /** While it took that. */
  readonly meanwhile: Tally;
  /** Connections that were made before the first stage, and how often they were asked in the stages. */
  readonly kept: { connections: number; asked: number; lost: number };
  readonly jumps: Jump[];
}

export interface Rotated {
  readonly run: RotationRun;
  /** What isn't as it must be. */
  readonly problems: readonly string[];
}

/** Whom each proxy has shaken hands with: what it logs of a peer's certificate, as client and as server. */
const LOGGED = ['UPSTREAM_PEER_URI_SAN', 'UPSTREAM_PEER_ISSUER', 'DOWNSTREAM_PEER_URI_SAN', 'DOWNSTREAM_PEER_ISSUER'];
const NOBODY = '-';

/** Sidecars make a connection for each request to the first port, and keep one to each server at the second. */
const PORTS = [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'http-kept', port: 81, targetPort: 8081 }, { name: 'tcp', port: 9000 }];
const POOLED = 81;

/** A mesh that is STRICT, whose sidecars log who signed for their peers. */
function meshOf(id: string): JudgedMesh {
  const config = { accessLogFile: '/run/access.log', accessLogFormat: `%START_TIME(%s%6f)% ${LOGGED.map((name) => `%${name}%`).join('|')}\n` };
  const named = (name: string) => ({ name, namespace: NAMESPACE });
  const objects: Manifest[] = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh: JSON.stringify(config) } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels: { 'istio-injection': 'enabled' } } },
    { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: named('default'), spec: { mtls: { mode: 'STRICT' } } },
    ...WORKLOADS.flatMap((name): Manifest[] => [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: named(name) },
      {
        apiVersion: 'apps/v1', kind: 'Deployment', metadata: named(name),
        spec: {
          selector: { matchLabels: { app: name } },
          template: { metadata: { labels: { app: name } }, spec: { serviceAccountName: name, containers: [{ name: 'app', image: 'app:1', ports: PORTS.map(({ port, targetPort = port }) => ({ containerPort: targetPort })) }] } },
        },
      },
      { apiVersion: 'v1', kind: 'Service', metadata: named(name), spec: { selector: { app: name }, ports: PORTS } },
    ]),
  ];
  return { id, objects };
}

const CALLS: readonly Calling[] = [...callsOf('http', 80), ...callsOf('tcp', 9000)];
/** In HTTP the sidecar's connection stays open, too, and with TCP there is one for each of the application's. */
const KEPT: readonly Calling[] = [...callsOf('http', POOLED), ...callsOf('tcp', 9000)];

function callsOf(kind: 'http' | 'tcp', port: number): Calling[] {
  return WORKLOADS.flatMap((client) => WORKLOADS.filter((server) => server !== client).map((server): Calling => ({
    client: deployment(client), requested: { host: `${server}.${NAMESPACE}.svc.cluster.local`, port }, kind, refused: true,
  })));
}

function deployment(name: string): Calling['client'] {
  return { kind: 'Deployment', namespace: NAMESPACE, name };
}

export interface RotateOptions {
  /** All without it. */
  readonly phases?: readonly Phase[];
  readonly tls?: TlsVersion;
}

/** Carries a rotation out, and once more if the mesh doesn't run. */
export async function rotate(
  runner: MeshRunner, rotation: IssuedRotation, random: Random, { phases, tls = 'TLS 1.3' }: RotateOptions = {},
): Promise<Rotated> {
  const course = courseOf(rotation.states.length, WORKLOADS, random, phases);
  const convergence: Convergence = {
    states: [], calls: CALLS, kept: KEPT,
    steps: course.map(({ turns }) => turns.map(({ workload, renewal }) => ({ ...deployment(workload), renewal }))),
  };
  const issued = rotation.states.map((state) => (
    Object.fromEntries(Object.entries(state.issued).map(([name, one]) => [`${NAMESPACE}/${name}`, one]))));
  const serverTls = tls === 'TLS 1.2' ? 'TLSv1_2' : undefined;
  const mesh = { ...meshOf(rotation.start), convergence, issued, serverTls, pooled: [POOLED] };
  const first = await runner.run(mesh);
  const report = first.error ? await runner.run(mesh) : first;
  if (report.error) throw new Error(report.error);
  return new RotationJudge(rotation, course, tls).judged(report);
}

/** What a proxy has, by the places of the states. */
interface Held {
  readonly certificate: number;
  readonly roots: number;
}

/** Holds what was seen against what must be: in the stages every call gets through, and over a stage those that openssl says. */
export class RotationJudge {
  private readonly problems = new Set<string>();
  private readonly held = new Map<string, Held>(WORKLOADS.map((name) => [name, { certificate: 0, roots: 0 }]));
  private readonly run: RotationRun;

  constructor(private readonly rotation: IssuedRotation, private readonly course: readonly CourseStep[], tls: TlsVersion) {
    this.run = {
      start: rotation.start, tls, states: rotation.states.map(({ name }) => name), renewals: 0,
      inStages: { calls: 0, failed: 0 }, meanwhile: { calls: 0, failed: 0 }, kept: { connections: KEPT.length, asked: 0, lost: 0 }, jumps: [],
    };
  }

  judged({ notRun, convergence }: Pick<RunReport, 'notRun' | 'convergence'>): Rotated {
    for (const one of notRun) this.problems.add(`${nameOf(one)} doesn't run: ${one.why}`);
    const { before, steps, handshakes } = convergence!;
    for (const call of before) if (!call.arrived) this.problems.add(`before the first step, ${told(call)}`);
    if (steps.length !== this.course.length) this.problems.add(`${steps.length} of ${this.course.length} steps were made`);
    const pooled = KEPT.filter(({ requested }) => requested.port === POOLED).length;
    if (handshakes !== pooled) this.problems.add(`${handshakes} handshakes on ${pooled} connections that sidecars keep`);
    for (const [index, seen] of steps.entries()) this.step(this.course[index], seen, before.length);
    return { run: this.run, problems: [...this.problems] };
  }

  private step(step: CourseStep, seen: SeenTurns, calls: number): void {
    for (const { workload, renewal } of step.turns) this.held.set(workload, { ...this.held.get(workload)!, ...renewal });
    const where = `${step.phase}, ${this.rotation.states[step.from].name} to ${this.rotation.states[step.to].name}`;
    if (seen.then.length !== calls) this.problems.add(`${where}: ${seen.then.length} of ${calls} calls were made`);
    for (const call of seen.then) this.call(call, where, isStage(step));
    // Of a call that fails a proxy may log its peer, too: the other one has refused it later.
    if (isStage(step)) this.peers(seen, where);
    const lost = seen.lost ?? [];
    for (const { client, requested, failed } of lost) this.problems.add(`${where}: a connection of ${client.name} to ${requested.host} that was open no longer answers: ${failed}`);
    if (isStage(step)) {
      this.run.renewals += step.turns.length;
      count(this.run.inStages, seen.then);
      count(this.run.meanwhile, seen.during);
      for (const call of seen.during) if (!call.arrived) this.problems.add(`${where}, while a sidecar took what it got: ${told(call)}`);
      this.run.kept.asked += seen.kept + lost.length;
      this.run.kept.lost += lost.length;
    } else if (step.phase === 'jump') {
      const jump = this.jump(step);
      count(jump, seen.then);
      jump.asked += seen.kept + lost.length;
      jump.lost += lost.length;
    }
  }

  private jump({ from, to }: CourseStep): Jump {
    const [fromName, toName] = [from, to].map((index) => this.rotation.states[index].name);
    const known = this.run.jumps.find((one) => one.from === fromName && one.to === toName);
    if (known) return known;
    const made: Jump = { from: fromName, to: toName, calls: 0, failed: 0, asked: 0, lost: 0 };
    this.run.jumps.push(made);
    return made;
  }

  private call(call: SeenAgain, where: string, isInStage: boolean): void {
    const [client, server] = [call.client.name, call.requested.host.split('.')[0]];
    const isAccepted = this.isAccepted(client, server);
    if (isInStage && !isAccepted) this.problems.add(`${where}: by openssl, ${client} and ${server} don't accept each other`);
    if ((call.arrived !== undefined) !== isAccepted) this.problems.add(`${where}: ${told(call)}; by openssl they ${isAccepted ? '' : 'don\'t '}accept each other`);
    if (isInStage && !call.arrived) this.problems.add(`${where}: ${told(call)}`);
    if (call.arrived && (call.arrived.name !== server || call.flows.length !== 1 || call.flows[0].wire !== 'mtls')) this.problems.add(`${where}: ${told(call)}`);
  }

  /** Whether a client trusts who signed for the server, and the server who signed for the client. */
  private isAccepted(client: string, server: string): boolean {
    const { accepts } = this.rotation;
    const [one, other] = [client, server].map((name) => this.held.get(name)!);
    return accepts[one.roots][other.certificate] && accepts[other.roots][one.certificate];
  }

  /** Both proxies of each call that got through have verified the certificate that the other had then. */
  private peers({ then, logged }: SeenTurns, where: string): void {
    const expected = new Map<string, number>();
    const note = (proxy: string, line: readonly string[]): void => {
      const key = `${NAMESPACE}/${proxy} ${line.join('|')}`;
      expected.set(key, (expected.get(key) ?? 0) + 1);
    };
    for (const { client: { name: client }, arrived } of then) {
      if (!arrived) continue;
      note(client, [...this.peer(arrived.name), NOBODY, NOBODY]);
      note(arrived.name, [NOBODY, NOBODY, ...this.peer(client)]);
    }
    const seen = Object.entries(logged ?? {}).flatMap(([proxy, lines]) => Object.entries(lines).map(([line, times]) => [`${proxy} ${line}`, times] as const))
      .filter(([line]) => !line.endsWith(` ${LOGGED.map(() => NOBODY).join('|')}`));
    for (const [line, times] of seen) if (expected.get(line) !== times) this.problems.add(`${where}: logged ${times} times, expected ${expected.get(line) ?? 0}: ${line}`);
    for (const line of expected.keys()) if (!seen.some(([one]) => one === line)) this.problems.add(`${where}: not logged: ${line}`);
  }

  private peer(name: string): readonly [string, string] {
    return [`spiffe://cluster.local/ns/${NAMESPACE}/sa/${name}`, this.rotation.states[this.held.get(name)!.certificate].signer];
  }
}

function isStage({ phase }: CourseStep): boolean {
  return phase === 'forth' || phase === 'back';
}

function count(tally: Tally, calls: readonly SeenAgain[]): void {
  tally.calls += calls.length;
  tally.failed += calls.filter(({ arrived }) => !arrived).length;
}

function told(call: Parameters<typeof shown>[0]): string {
  return `${call.client.name} calls ${call.requested.host}:${call.requested.port}: ${shown(call)}`;
}
