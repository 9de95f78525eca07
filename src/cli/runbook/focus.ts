import { isDnsName, isSpeakable, podNamesOf } from './pod-names';
import { Decision } from '../../mesh/calls/decisions';
import { compareTexts, idKey } from '../../mesh/inventory/object';
import { Mesh } from '../../mesh/mesh';
import { concerns, destinationOf, losesCopies, Path, serverOf, transportOf } from '../../mesh/model/path';
import { Outcome } from '../../mesh/model/transport';
import { servedPorts } from '../../mesh/queries/served-ports';
import { CallOfClient } from '../../mesh/reasons/reasons';
import { Workload } from '../../mesh/workloads/workload';
import type { CheckReport } from '../findings/check';

/** The state of a namespace in the mesh. */
export interface NamespaceState {
  readonly namespace: string;
  readonly workloads: number;
  readonly sidecars: number;
  /** The number of servers with a sidecar that accept, or may accept, plaintext on a port. */
  readonly takePlaintext: number;
  /** Connections to its servers. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
}

/** A connection with a client that makes it. */
export interface Example extends CallOfClient {
  readonly path: Path;
  readonly outcome: Outcome;
}

/** The part of a mesh that a runbook is about: in a large mesh, the worst first. */
export interface Focus {
  /** The worst first. */
  readonly namespaces: readonly NamespaceState[];
  /** One connection for each outcome in the mesh, the worst first. */
  readonly examples: readonly Example[];
  /** Workloads with a sidecar, which the commands inspect. */
  readonly proxies: readonly Workload[];
}

/** The subject of a runbook. */
export interface RunbookSubject {
  readonly report: CheckReport;
  readonly mesh: Mesh;
  /** The workload that the runbook is about; undefined for the whole mesh. */
  readonly workload?: Workload;
  /** The paths of the manifests, as on the command line, and the folders that were rendered. */
  readonly sources: readonly string[];
  /** The arguments with which `check` judges them. */
  readonly checked: readonly string[];
}

/** The input of the runbook's sections. */
export interface RunbookContext extends RunbookSubject {
  readonly focus: Focus;
  /** Where istiod runs. */
  readonly istiodNamespace: string;
  /** The revisions of the istiods that configure the mesh. */
  readonly istiods: readonly string[];
}

const WORST_FIRST: readonly Outcome[] = ['broken', 'plaintext', 'undecided', 'tls', 'mtls'];

/** How many proxies the commands inspect. */
const MOST_PROXIES = 3;

/** @param workload the workload that the runbook is about; undefined for the whole mesh */
export function focusOf(mesh: Mesh, workload?: Workload): Focus {
  const examples = examplesOf(mesh, workload);
  const namespaces = namespacesOf(mesh).filter(({ namespace }) => !workload || namespace === workload.namespace);
  const involved = examples.flatMap(({ client, path }) => [client, ...path.hops.map(({ received: { endpoint } }) => endpoint?.workload)]);
  const others = namespaces.flatMap(({ namespace }) => mesh.workloads.find((one) => one.namespace === namespace && isAsked(one)));
  const proxies = [...new Set([workload, ...involved, ...workload ? [] : others])].filter((one) => one !== undefined && isAsked(one));
  return { namespaces, examples, proxies: (proxies as Workload[]).slice(0, MOST_PROXIES) };
}

/** Whether a workload has a sidecar whose configuration `istioctl proxy-config` shows as the model knows it. */
export function hasSidecar({ proxy: { kind } }: Workload): boolean {
  return kind === 'sidecar';
}

/** Whether a workload has a sidecar, and commands can name its pods. */
function isAsked(workload: Workload): boolean {
  return hasSidecar(workload) && podNamesOf(workload) !== undefined;
}

/** A namespace's state while its connections are counted. */
type Counting =
  { -readonly [field in Exclude<keyof NamespaceState, 'outcomes'>]: NamespaceState[field] }
  & { readonly outcomes: Record<Outcome, number> };

const NONE: Readonly<Record<Outcome, number>> = { mtls: 0, tls: 0, plaintext: 0, broken: 0, undecided: 0 };

function namespacesOf(mesh: Mesh): readonly NamespaceState[] {
  const states = new Map<string, Counting>();
  const stateOf = (namespace: string): Counting => {
    let state = states.get(namespace);
    if (!state) states.set(namespace, state = { namespace, workloads: 0, sidecars: 0, takePlaintext: 0, outcomes: { ...NONE } });
    return state;
  };
  const lenient =
    new Set(servedPorts(mesh).filter(({ port, mode }) => port !== undefined && mode !== 'STRICT').map(({ server }) => idKey(server)));
  for (const workload of mesh.workloads) {
    const state = stateOf(workload.namespace);
    state.workloads++;
    if (!hasSidecar(workload)) continue;
    state.sidecars++;
    if (lenient.has(idKey(workload))) state.takePlaintext++;
  }
  for (const decision of mesh.decisions.all()) {
    for (const path of decision.paths) {
      const namespace = losesCopies(path) ? undefined : servingNamespace(path);
      if (namespace !== undefined) stateOf(namespace).outcomes[transportOf(path).outcome] += mesh.decisions.count(decision, path);
    }
  }
  return [...states.values()].sort(worseFirst);
}

/** The namespace of the server; undefined for a server outside the mesh, whichever namespace has its ServiceEntry. */
function servingNamespace(path: Path): string | undefined {
  const [{ endpoint }, { service }] = [serverOf(path), destinationOf(path)];
  return endpoint?.workload?.namespace ?? (service?.external ? undefined : service?.namespace);
}

function worseFirst(one: NamespaceState, other: NamespaceState): number {
  const more = (outcome: Outcome): number => other.outcomes[outcome] - one.outcomes[outcome];
  return more('broken') || more('plaintext') || more('undecided') || other.takePlaintext - one.takePlaintext
    || compareTexts(one.namespace, other.namespace);
}

/** For each outcome the first connection whose client has a sidecar, or else the first. Calls by and to the given workload are separate. */
function examplesOf(mesh: Mesh, workload: Workload | undefined): readonly Example[] {
  const found = new Map<string, Example>();
  for (const decision of mesh.decisions.all()) {
    if (!isDnsName(decision.call.host)) continue;
    for (const path of decision.paths) {
      if (losesCopies(path)) continue;
      const { outcome } = transportOf(path);
      for (const role of rolesOf(mesh, decision, path, workload)) {
        const key = `${role} ${outcome}`;
        const former = found.get(key);
        if (former && hasSidecar(former.client)) continue;
        const client = clientOf(decision, path, role === 'calls' ? workload : undefined);
        if (client && (!former || hasSidecar(client))) {
          found.set(key, { client, one: mesh.decisions.senderOf(client), call: decision.call, path, outcome });
        }
      }
    }
  }
  return [...found.values()].sort((one, other) => WORST_FIRST.indexOf(one.outcome) - WORST_FIRST.indexOf(other.outcome));
}

/** The roles of the given workload in a path; without a workload, every path counts. */
function rolesOf(
  { decisions }: Mesh, { senders }: Decision, path: Path, workload: Workload | undefined,
): readonly ('any' | 'calls' | 'serves')[] {
  if (!workload) return ['any'];
  const serves = serverOf(path).endpoint?.workload === workload;
  return [...senders.has(decisions.senderOf(workload)) ? ['calls' as const] : [], ...serves ? ['serves' as const] : []];
}

/** How many clients of a path are considered. */
const LOOKED_AT = 50;

/** A client that takes the path and that commands can name, preferably one with a sidecar. */
function clientOf({ senders }: Decision, path: Path, wanted: Workload | undefined): Workload | undefined {
  const clients = wanted ? [wanted] : firstOf(senders);
  const taking = (client: Workload): boolean => isSpeakable(client) && concerns(path, client);
  return clients.find((client) => isAsked(client) && taking(client)) ?? clients.find(taking);
}

function firstOf(senders: Decision['senders']): readonly Workload[] {
  const first: Workload[] = [];
  for (const { members: workloads } of senders) {
    first.push(...workloads.slice(0, LOOKED_AT - first.length));
    if (first.length === LOOKED_AT) break;
  }
  return first;
}
