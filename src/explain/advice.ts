import { constructCode } from './construct-code';
import { manifestTextOf } from './manifest-text';
import { CODE_OF_CAUSE, causeOf } from '../analysis/causes';
import { PlaintextFaults } from '../analysis/client-tls';
import { Evidence } from '../analysis/evidence';
import { podField, ruleTlsAt } from '../analysis/fields';
import { Found } from '../analysis/mesh-finding';
import { declinedAt, doesWithout, injectionChange } from '../analysis/missing-sidecar';
import { change as changeOf, removing, removingAt, removingLabel, setting, tlsRemedy } from '../analysis/remedies';
import { Rule } from '../analysis/rule';
import { RULES } from '../analysis/rules';
import { changedBy, portsSetBy } from '../analysis/trials';
import { ObjectChange } from '../findings/finding';
import { DecidedHop, Decision } from '../mesh/calls/decisions';
import { isNoWorse } from '../mesh/change/no-worse';
import { grouped } from '../mesh/collections';
import { isOf, KIND, kindOf } from '../mesh/inventory/kinds';
import { idKey } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Call } from '../mesh/model/call';
import { Hop } from '../mesh/model/hop';
import { concerns, decisiveHop, Path, serverKey, serverOf, transportOf } from '../mesh/model/path';
import { SenderSet } from '../mesh/model/sender';
import { Outcome } from '../mesh/model/transport';
import { exportToAt } from '../mesh/services/service';
import { INJECT } from '../mesh/workloads/injection';
import { Workload } from '../mesh/workloads/workload';
import { freeName, policyOf, selectorOf } from '../migration/target';

/** A change that fixes a call, tried on the model. */
interface Mending {
  /** The change, in the format of a finding's fix. */
  readonly change: ObjectChange;
  /** The outcome of the call after the change, at the same server. */
  readonly outcome: Outcome;
  /** Whether the trial also showed that no other call gets worse; false if the mesh is too large for that. */
  readonly spares: boolean;
  /** The object after the change, as YAML. Missing if it is deleted, or may hold a key. */
  readonly yaml?: string;
  /** The change with the constructs of this library, in TypeScript. */
  readonly code: string;
}

/** What to do about a call. */
export interface Advice {
  /** The rule of `istio-mtls check` that reports it. Missing if none does. */
  readonly rule?: Pick<Rule, 'code' | 'title'>;
  /** What the rule says, in words. */
  readonly fix?: string;
  /** A change that fixes the call, tried on the mesh. Missing if none of the changes that were tried fixes it. */
  readonly mending?: Mending;
  /** Whether the change is one that the rule suggests, too. For texts: a method is no field of a report. */
  isOfCheck(): boolean;
}

/** The most changes tried for one server: each builds the mesh once more. */
const MOST_TRIALS = 6;

/** In a mesh with more objects, a trial only checks the explained call. */
const LARGE = 500;

function isLarge({ objects }: Mesh): boolean {
  return [...objects.all()].length > LARGE;
}

/** The most changes tried for all servers of a call, in an ordinary and in a large mesh. */
const [MOST_OF_CALL, MOST_IN_LARGE] = [60, 8];

/** What to do about a client's call that is broken or in plaintext. */
export function adviceFor(mesh: Mesh, client: Workload, call: Call, path: Path, trials = new CallTrials(mesh, client, call)): Advice {
  const decided = decidedAlone(mesh, client, call, path);
  const [found, rule] = findingOf(mesh, decided);
  const candidates = [...found?.remedies ?? [], ...candidatesFor(decided, mesh, client)];
  const mending = bestOf(candidates, path, trials);
  const isSuggested = mending !== undefined
    && (found?.remedies?.some((one) => JSON.stringify(one) === JSON.stringify(mending.change)) ?? false);
  return { rule: rule && { code: rule.code, title: rule.title }, fix: found?.fix, mending, isOfCheck: () => isSuggested };
}

/** The rule that reports a client's call, if there is one. */
export function ruleFor(mesh: Mesh, client: Workload, call: Call, path: Path): Advice['rule'] {
  const { outcome } = transportOf(path);
  return outcome === 'broken' || outcome === 'plaintext' ? findingOf(mesh, decidedAlone(mesh, client, call, path))[1] : undefined;
}

/** The rule that reports a broken call, as if there were no other call. */
function findingOf(mesh: Mesh, decided: DecidedHop): readonly [Found | undefined, Rule | undefined] {
  const evidence = new Evidence(mesh, undefined, [decided.decision]);
  const isBroken = decided.hop.outcome === 'broken';
  const rule = RULES.find(({ code }) => code === (isBroken ? CODE_OF_CAUSE[causeOf(decided)] : SERVER_FIRST));
  const found = rule && [...rule.find(evidence)].find(({ connections }) => connections !== undefined);
  return [found, found && rule];
}

/** The rule that reports server-first protocols. */
export const SERVER_FIRST = 'MTLS122';

/** The decided path of one client alone, as if there were no other client. */
export function decidedAlone(mesh: Mesh, client: Workload, call: Call, path: Path): DecidedHop {
  const sender = mesh.decisions.senderOf(client);
  const senders = SenderSet.of([{ ...sender, members: [client] }]);
  const decision: Decision = { call, senders, paths: [{ ...path, only: undefined, except: undefined }] };
  return { decision, path: decision.paths[0], hop: decisiveHop(path) };
}

/** Changes that may fix a hop, the best first, other than those of the rule that reports it. */
function candidatesFor(decided: DecidedHop, mesh: Mesh, client: Workload): readonly ObjectChange[] {
  const { hop, decision: { call } } = decided;
  const sender = hop === decided.path.hops[0] ? client : hop.sender.members[0];
  const { received: { receiver, endpoint }, sent: { reason: tlsReason, by }, sender: { plane, scope } } = hop;
  const ref = receiver && plane ? ruleTlsAt(hop) : undefined;
  const serving = endpoint?.workload;
  const asked = plane?.registry.aliases.serviceBehind(call.services[0]);
  const hidden = hop.travel === 'address' || hop.travel === 'blocked';
  const listener =
    scope?.resource?.egress.findIndex(({ port, boundElsewhere }) => !boundElsewhere && (!port || port.number === call.port)) ?? -1;
  return [
    ...ref ? tlsRemedy(ref, decided).remedies ?? [] : [],
    ...isByMistake(hop) ? new PlaintextFaults().of(decided)?.remedies ?? [] : [],
    ...tlsReason === 'policy-disables' ? [setting(by!.object, by!.field, 'PERMISSIVE')] : [],
    ...hidden && listener >= 0 ? [importing(scope!.resource!.object, listener, `${asked!.namespace}/${asked!.host}`)] : [],
    ...hidden && asked!.exportTo.length > 0 ? [removing(exportToAt(asked!).object, exportToAt(asked!).field)] : [],
    ...annotationsOf(sender, sender.interception.whyNotOutbound(call.port)?.annotation),
    ...serving ? annotationsOf(serving, receiver?.annotation) : [],
    ...sender.proxy.encrypts === false ? sidecarFor(sender, mesh) : [],
    ...serving?.proxy.encrypts === false ? sidecarFor(serving, mesh) : [],
    ...receiver?.mode === 'DISABLE' && receiver.by ? [setting(receiver.by.object, receiver.by.field, 'PERMISSIVE')] : [],
    ...serving && hop.outcome === 'broken' && receiver?.mode === 'STRICT' ? [exception(serving, endpoint.port, mesh)] : [],
  ];
}

/**
 * Whether a proxy sends plaintext because of something that the client's
 * side can fix. For a broken call, the rule that reports it has the fix.
 */
function isByMistake({ outcome, travel, sent: { reason: tlsReason }, received: { endpoint } }: Hop): boolean {
  if (outcome !== 'plaintext' || travel !== 'service') return false;
  if (tlsReason === 'endpoint-without-tls') return endpoint!.workload?.proxy.encrypts === true && endpoint!.tlsMode !== 'istio';
  return tlsReason === 'external' || tlsReason === 'rule-hides-endpoint' || tlsReason === 'not-all-endpoints';
}

function importing(object: Parameters<typeof setting>[0], listener: number, host: string): ObjectChange {
  const { hosts } = (object.spec.egress as readonly { readonly hosts: readonly string[] }[])[listener];
  return setting(object, ['spec', 'egress', listener, 'hosts', hosts.length], host);
}

function annotationsOf(workload: Workload, name: string | undefined): readonly ObjectChange[] {
  return name === undefined || workload.annotations[name] === undefined
    ? []
    : [removingAt(podField(workload, 'metadata', 'annotations', name))];
}

/**
 * Changes that give a workload a sidecar, as `check` suggests them: remove what
 * declines injection; or else label the namespace; or else label the pods.
 */
function sidecarFor(workload: Workload, mesh: Mesh): readonly ObjectChange[] {
  if (workload.hostNetwork) return []; // The injector skips it, whatever its labels are.
  const namespace = mesh.objects.of(KIND.Namespace).find(({ name }) => name === workload.namespace);
  const declines = declinedAt(workload);
  // In a large mesh, the effect on the namespace's other workloads isn't tried.
  const ofNamespace =
    declines || !namespace || doesWithout(workload) || isLarge(mesh) ? undefined : injectionChange(new Evidence(mesh), namespace);
  return [
    ...!declines ? [] : INJECT in workload.labels ? removingLabel(workload, INJECT) : [removingAt(declines)],
    ...ofNamespace ? [ofNamespace] : [],
    injecting(workload),
  ];
}

/** Removes an annotation that contradicts the label: it would have no effect, and mislead readers. */
function injecting(workload: Workload): ObjectChange {
  const { object, field } = podField(workload, 'metadata', 'labels', INJECT);
  const beside = podField(workload, 'metadata', 'annotations', INJECT);
  const isContrary = workload.annotations[INJECT] !== undefined && workload.annotations[INJECT] !== 'true';
  return changeOf(object, { op: 'set', path: field, value: 'true' },
    ...isContrary && beside.object === object ? [{ op: 'remove' as const, path: beside.field }] : []);
}

/** Makes a port accept plaintext as well as mutual TLS, in the policy that applies to the workload, since istiod ignores a second one. */
function exception(server: Workload, port: number, mesh: Mesh): ObjectChange {
  const own = mesh.planes.of(server.proxy.revision).policies.ofWorkload(server).winner;
  if (own) return setting(own.object, ['spec', 'portLevelMtls', String(port), 'mode'], 'PERMISSIVE');
  const name = freeName(server, mesh.objects.of(KIND.PeerAuthentication));
  const { namespace } = server;
  const spec = { selector: { matchLabels: selectorOf(server) }, portLevelMtls: { [port]: { mode: 'PERMISSIVE' } } };
  const type = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication' };
  return { object: { ...type, namespace, name }, manifest: policyOf(namespace, name, spec) };
}

/** The ports whose mode a change sets explicitly, including in a new policy. */
function portsOpenedBy(change: ObjectChange): ReadonlySet<number> {
  const { object, manifest } = change;
  const { portLevelMtls = {} } = (manifest as { readonly spec?: { readonly portLevelMtls?: object } } | undefined)?.spec ?? {};
  return new Set([...portsSetBy(change), ...isOf(kindOf(object), KIND.PeerAuthentication) ? Object.keys(portLevelMtls).map(Number) : []]);
}

/** The results of a trial that one call needs; keeping the mesh itself would take much memory. */
interface Tried {
  /** The object after the change; undefined if it is deleted. */
  readonly source?: object;
  /** The worst outcome of the call, at each server and at any. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Whether no other call gets worse; in a large mesh this isn't checked. */
  readonly sparesOthers: () => boolean;
}

const unasked = (): boolean => true;

/** Trials of changes for one call; each change is tried once for all servers behind it. */
export class CallTrials {
  /** Whether only the call itself is checked. */
  readonly isLarge: boolean;
  private readonly tried = new Map<string, Tried | undefined>();

  constructor(private readonly mesh: Mesh, private readonly client: Workload, private readonly call: Call) {
    this.isLarge = isLarge(mesh);
  }

  /** Undefined if the change can't be made, or if the limit of trials is reached. */
  of(change: ObjectChange): Tried | undefined {
    const key = JSON.stringify(change);
    if (!this.tried.has(key) && this.tried.size < (this.isLarge ? MOST_IN_LARGE : MOST_OF_CALL)) this.tried.set(key, this.try(change));
    return this.tried.get(key);
  }

  private try(change: ObjectChange): Tried | undefined {
    const after = changedBy(change, this.mesh);
    if (!after) return undefined;
    const outcomes = worstByServer(pathsIn(after.mesh, this.client, this.call));
    return { source: after.source, outcomes, sparesOthers: this.sparing(change, after.mesh) };
  }

  /** In a large mesh this isn't checked, so that no mesh is kept in memory. */
  private sparing(change: ObjectChange, after: Mesh): () => boolean {
    if (this.isLarge) return unasked;
    let isSparing: boolean | undefined;
    return () => (isSparing ??= isNoWorse(after, this.mesh, portsOpenedBy(change)));
  }
}

/** The first change with which a path gets mutual TLS; for a broken path, otherwise the first with which it works. */
function bestOf(candidates: readonly ObjectChange[], path: Path, trials: CallTrials): Mending | undefined {
  let passing: Mending | undefined;
  const distinct = [...new Map(candidates.map((one) => [JSON.stringify(one), one])).values()];
  for (const change of distinct.slice(0, MOST_TRIALS)) {
    const mended = mendingBy(change, path, trials);
    if (mended?.outcome === 'mtls') return mended;
    passing ??= mended;
  }
  return passing;
}

function mendingBy(change: ObjectChange, path: Path, trials: CallTrials): Mending | undefined {
  const tried = trials.of(change);
  const outcome = tried?.outcomes.get(serverKey(serverOf(path).endpoint));
  const isBroken = transportOf(path).outcome === 'broken';
  if (!tried || !outcome || outcome === 'broken' || outcome === 'undecided' || (!isBroken && outcome !== 'mtls')) return undefined;
  if (!tried.sparesOthers()) return undefined;
  return { change, outcome, spares: !trials.isLarge, yaml: manifestTextOf(tried.source), code: constructCode(change, tried.source) };
}

/** The key '' stands for any server or none: it includes all paths. */
function worstByServer(paths: readonly Path[]): ReadonlyMap<string, Outcome> {
  const byServer = new Map([...grouped(paths, (path) => serverKey(serverOf(path).endpoint)), ['', paths] as const]);
  return new Map([...byServer].flatMap(([server, those]) => {
    const worst = worstOf(those);
    return worst ? [[server, worst] as const] : [];
  }));
}

const FROM_WORST: readonly Outcome[] = ['broken', 'undecided', 'plaintext', 'tls', 'mtls'];

/** The worst outcome of some paths; undefined without paths. */
export function worstOf(paths: readonly Path[]): Outcome | undefined {
  const outcomes = new Set(paths.map((path) => transportOf(path).outcome));
  return FROM_WORST.find((outcome) => outcomes.has(outcome));
}

/** The paths of a client's call in another state of its mesh; none if the client or the call doesn't exist there. */
export function pathsIn(
  { callers, decisions }: Mesh, { cluster, group, kind, namespace, name }: Workload, { key: called }: Call,
): readonly Path[] {
  const key = idKey({ cluster, group, kind, namespace, name });
  const client = callers.find((one) => idKey(one) === key);
  const call = decisions.calls.find((one) => one.key === called);
  if (!client || !call) return [];
  const sender = decisions.senderOf(client);
  return (decisions.ofSender(call, sender)?.paths ?? []).filter((path) => concerns(path, client));
}
