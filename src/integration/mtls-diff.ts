import { analysisModules } from './app-mesh';
import { changedObjectOf, MtlsChangedObject } from './mtls-changed-object';
import { connectionOf, MtlsConnection } from './mtls-connection';
import { ConnectionOutcome } from './mtls-hop';
import type { MtlsAssumption } from './mtls-reporter';
import { MtlsUnknownEffect, unknownEffectOf } from './mtls-unknown-effect';
import type { ReportedChanges } from '../changes/diff-report';
import { titleOf } from '../findings/object-identity';
import type { MeshDiff } from '../mesh/compare/diff';

/** The effect of a change of manifests on a mesh. */
export interface MtlsDiff {
  /** Connections that changed, the worst first: broken, then plaintext, then undecided. */
  readonly groups: MtlsConnectionChange[];
  /** How many connections have the same outcome as before. */
  readonly unchanged: number;
  /**
   * The number of connections that are new because their client, call or server is, by outcome, such as `mtls`.
   * `MtlsWhatIf` always sets it.
   *
   * @default - not set
   */
  readonly addedConnections?: { [outcome: string]: number };
  /**
   * The number of connections that are gone because their client, call or server is, by outcome before. `MtlsWhatIf` always sets it.
   *
   * @default - not set
   */
  readonly removedConnections?: { [outcome: string]: number };
  /**
   * The number of objects that differ, of the kinds that the analysis reads. `MtlsWhatIf` always sets it.
   *
   * @default - not set
   */
  readonly objects?: MtlsObjectCounts;
  /** Server ports that accept something else; first those that were STRICT and now accept plaintext, or may. */
  readonly acceptances: MtlsAcceptanceChange[];
  /** Workloads whose identity changed. */
  readonly identities: MtlsIdentityChange[];
  /**
   * Changed objects that may concern connections that are undecided before or after the change, so that their effect isn't
   * known. They aren't in `withoutEffect`. `MtlsWhatIf` always sets it.
   *
   * @default - not set
   */
  readonly unknownEffects?: MtlsUnknownEffect[];
  /**
   * Changed objects that affect no connection and no port, and may concern no undecided one.
   *
   * @default - there are too many objects to try each
   */
  readonly withoutEffect?: MtlsChangedObject[];
  /**
   * How many changed objects have an effect or none, because there are too many to try each. `MtlsWhatIf` always sets it.
   *
   * @default - not set
   */
  readonly untried?: number;
  /**
   * Changed objects that aren't a cause of any change by themselves, but of which some make a difference together.
   * `MtlsWhatIf` always sets it.
   *
   * @default - not set
   */
  readonly otherEffects?: MtlsChangedObject[];
  /**
   * Changed objects whose effect isn't analyzed, such as AuthorizationPolicies and Gateways; `why` says what isn't. The
   * numbers of objects of kinds that have nothing to do with a mesh, such as Roles, are in `unread`.
   */
  readonly unjudged: MtlsChangedObject[];
  /**
   * The number of changed objects of other kinds, which the analysis doesn't read, by kind. Secrets aren't compared.
   * `MtlsWhatIf` always sets it.
   *
   * @default - not set
   */
  readonly unread?: { [kind: string]: number };
  /**
   * What isn't checked of the mesh after the change, in a sentence: policies that concern connections called mtls, and gateways.
   *
   * @default - everything is judged, or nothing changes
   */
  readonly unjudgedAfter?: string;
  /**
   * What the result takes for granted, in the state before or after; empty if nothing changes. `MtlsWhatIf` always sets it.
   *
   * @default - not set
   * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/assumptions.md
   */
  readonly assumptions?: MtlsAssumption[];
  /**
   * Notes, one sentence each: whether an istiod will sign with another CA, and in which stages to get there, as far as the
   * certificates of both are known.
   */
  readonly notes: string[];
}

/** The number of objects that differ between two states. */
export interface MtlsObjectCounts {
  /** New objects. */
  readonly added: number;
  /** Objects with other fields. */
  readonly changed: number;
  /** Removed objects. */
  readonly removed: number;
}

/** Connections that changed in the same way, caused by the same objects. */
export interface MtlsConnectionChange {
  /** How they changed. */
  readonly kind: ConnectionChangeKind;
  /**
   * The word for it in `istio-mtls diff --fail-on`, such as `new-broken`.
   *
   * @default - it didn't get worse, or its client or server is new or gone
   */
  readonly gate?: string;
  /**
   * All words for it, such as `new-undecided` and `unknown-effect`. `MtlsWhatIf` always sets it.
   *
   * @default - not set
   */
  readonly gates?: string[];
  /**
   * The object of another namespace that took the calls, as its kind, namespace and name: `VirtualService shop/route`.
   *
   * @default - none did
   */
  readonly takenBy?: string;
  /**
   * The outcome before.
   *
   * @default - they didn't exist
   */
  readonly from?: ConnectionOutcome;
  /**
   * The outcome after.
   *
   * @default - they no longer exist
   */
  readonly to?: ConnectionOutcome;
  /** How many connections, each of one client to one server. */
  readonly connections: number;
  /**
   * The changed objects that cause it: reverting any one of them changes the outcome of the witness. If no single object
   * does, all that may be involved.
   */
  readonly causes: MtlsChangedObject[];
  /** One of the connections, as an example. */
  readonly witness: MtlsConnectionWitness;
}

/** One connection before and after, each with the objects that decide it. */
export interface MtlsConnectionWitness {
  /** What the client calls, with the port: the namespace and name of a Service, or any other host as it is. */
  readonly calls: string;
  /**
   * The connection before.
   *
   * @default - it didn't exist
   */
  readonly before?: MtlsConnection;
  /**
   * The connection after.
   *
   * @default - it no longer exists
   */
  readonly after?: MtlsConnection;
}

/** How connections changed. */
export enum ConnectionChangeKind {
  /** They have another outcome. */
  CHANGED = 'changed',
  /** They are new, although their client, call and server existed before. */
  GAINED = 'gained',
  /**
   * They no longer exist, although their client and server do: nothing replaces them, or an object of another namespace took
   * the calls.
   */
  LOST = 'lost',
  /** They no longer exist, although their client, call and server do: the call reaches another server. */
  REROUTED = 'rerouted',
  /** Their client, call or server is new. */
  ADDED = 'added',
  /** Their client, call or server is gone. */
  REMOVED = 'removed',
}

/** Server ports that accept something else, caused by the same objects. */
export interface MtlsAcceptanceChange {
  /** What they accepted: `STRICT`, `PERMISSIVE`, `DISABLE`, `NO_PROXY` (no proxy intercepts the port) or `UNKNOWN`. */
  readonly from: string;
  /** What they accept now, in the same words. */
  readonly to: string;
  /** Whether they were STRICT and now accept plaintext, or may. */
  readonly exposed: boolean;
  /**
   * The word for it in `istio-mtls diff --fail-on`: `new-exposed`.
   *
   * @default - it isn't exposed
   */
  readonly gate?: string;
  /** The container ports; empty: all that no container, Service, policy, Sidecar or annotation names. */
  readonly ports: number[];
  /** The servers. */
  readonly workloads: MtlsWorkloadName[];
  /** The changed objects that cause it. */
  readonly causes: MtlsChangedObject[];
}

/** A workload whose identity changed. */
export interface MtlsIdentityChange {
  /** The workload. */
  readonly workload: MtlsWorkloadName;
  /** The identity before, as a SPIFFE ID. */
  readonly from: string;
  /** The identity after, as a SPIFFE ID. */
  readonly to: string;
}

/** Identifies a workload. */
export interface MtlsWorkloadName {
  /** Its kind. */
  readonly kind: string;
  /** Its namespace. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
}

/** A comparison as a jsii value, for every language. */
export function mtlsDiffOf(found: MeshDiff): MtlsDiff {
  const { caChangeText, ReportedObjects, reportedChanges, unjudgedText } = analysisModules();
  const changes = reportedChanges(found, new ReportedObjects());
  const { groups, unchanged, added, removed, objects, acceptances, identities } = changes;
  const { unknownEffects, withoutEffect, untried, otherEffects, unjudged, unread, unjudgedAfter, assumptions } = changes;
  return {
    groups: groups.map(connectionChangeOf),
    unchanged,
    addedConnections: { ...added },
    removedConnections: { ...removed },
    objects: { ...objects },
    acceptances: acceptances.map(({ from, to, gate, ports, workloads, causes }) => ({
      from, to, exposed: gate !== undefined, gate, ports: [...ports], workloads: [...workloads], causes: causes.map(changedObjectOf),
    })),
    identities: [...identities],
    unknownEffects: unknownEffects.map(unknownEffectOf),
    withoutEffect: withoutEffect?.map(changedObjectOf),
    untried,
    otherEffects: otherEffects.map(changedObjectOf),
    unjudged: unjudged.map((object) => ({ ...changedObjectOf(object), why: object.why })),
    unread: { ...unread },
    unjudgedAfter: unjudgedText(unjudgedAfter),
    assumptions: [...assumptions],
    notes: found.caChanges.map(caChangeText),
  };
}

function connectionChangeOf(
  { kind, gate, gates, takenBy, from, to, connections, causes, witness: { calls, before, after } }: ReportedChanges['groups'][number],
): MtlsConnectionChange {
  return {
    kind: kind as ConnectionChangeKind,
    gate,
    gates: [...gates],
    takenBy: takenBy && titleOf(takenBy),
    from: from as ConnectionOutcome | undefined,
    to: to as ConnectionOutcome | undefined,
    connections,
    causes: causes.map(changedObjectOf),
    witness: { calls, before: before && connectionOf(before), after: after && connectionOf(after) },
  };
}
