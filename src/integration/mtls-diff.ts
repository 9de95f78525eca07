import { analysisModules } from './app-mesh';
import { connectionOf, MtlsConnection } from './mtls-connection';
import { ConnectionOutcome } from './mtls-hop';
import type { ReportedChanges } from '../changes/diff-report';
import type { ReportedObject } from '../changes/object-changes';
import type { ChangeGroup, MeshDiff } from '../mesh/compare/diff';

/** What a change of manifests does to a mesh. */
export interface MtlsDiff {
  /** Connections that changed, those first that fare worst: broken, then in plaintext, then undecided. */
  readonly groups: MtlsConnectionChange[];
  /** How many connections come to the same as before. */
  readonly unchanged: number;
  /**
   * How many of the connections are new with their client, call or server, by what they come to: an outcome such as `mtls`.
   * `MtlsWhatIf` always sets it.
   *
   * @default - not told
   */
  readonly addedConnections?: { [outcome: string]: number };
  /**
   * How many of the connections are gone with their client, call or server, by what they came to. `MtlsWhatIf` always sets it.
   *
   * @default - not told
   */
  readonly removedConnections?: { [outcome: string]: number };
  /**
   * How many objects differ, of the kinds that a mesh is read from. `MtlsWhatIf` always sets it.
   *
   * @default - not told
   */
  readonly objects?: MtlsObjectCounts;
  /** Ports of servers that take something else; those first that were STRICT and take plaintext now, or may. */
  readonly acceptances: MtlsAcceptanceChange[];
  /** Workloads whose certificates have another name. */
  readonly identities: MtlsIdentityChange[];
  /**
   * Changed objects without which all connections and ports would come to the same.
   *
   * @default - there are too many to try each
   */
  readonly withoutEffect?: MtlsChangedObject[];
  /** AuthorizationPolicies that changed: whom they let in isn't judged. */
  readonly unjudged: MtlsChangedObject[];
  /**
   * What else to know, a sentence each: whether an istiod will sign with another CA, and in which stages to go there, as far
   * as the certificates of both are known.
   */
  readonly notes: string[];
}

/** How many objects differ between two states. */
export interface MtlsObjectCounts {
  /** Those that are new. */
  readonly added: number;
  /** Those that have other fields. */
  readonly changed: number;
  /** Those that are gone. */
  readonly removed: number;
}

/** Connections that changed alike, by the same objects. */
export interface MtlsConnectionChange {
  /** Whether they are still the same connections. */
  readonly kind: ConnectionChangeKind;
  /**
   * The word by which `istio-mtls diff --fail-on` names it, such as `new-broken`.
   *
   * @default - it is no worse, or an end is new or gone
   */
  readonly gate?: string;
  /**
   * What they came to.
   *
   * @default - they weren't there
   */
  readonly from?: ConnectionOutcome;
  /**
   * What they come to now.
   *
   * @default - they no longer exist
   */
  readonly to?: ConnectionOutcome;
  /** How many, each of a client and a call to a server. */
  readonly connections: number;
  /**
   * The changed objects that cause it: each of them, taken back, makes the witness come to something else. Where none does
   * alone, all that may have to do with it.
   */
  readonly causes: MtlsChangedObject[];
  /** One of them. */
  readonly witness: MtlsConnectionWitness;
}

/** One connection in both states, each with the objects that decide it. */
export interface MtlsConnectionWitness {
  /** What the client calls: a Service by namespace and name, any other host by itself; with the port. */
  readonly calls: string;
  /**
   * What came of it.
   *
   * @default - it wasn't there
   */
  readonly before?: MtlsConnection;
  /**
   * What comes of it now.
   *
   * @default - it no longer exists
   */
  readonly after?: MtlsConnection;
}

/** How connections changed. */
export enum ConnectionChangeKind {
  /** They come to something else. */
  CHANGED = 'changed',
  /** They are new between a client and a server that were there, by a call that was. */
  GAINED = 'gained',
  /** They are no more, although client, call and server are. */
  LOST = 'lost',
  /** Their client, call or server is new. */
  ADDED = 'added',
  /** Their client, call or server is gone. */
  REMOVED = 'removed',
}

/** Ports of servers that take something else, by the same objects. */
export interface MtlsAcceptanceChange {
  /** What they took: `STRICT`, `PERMISSIVE`, `DISABLE`, `NO_PROXY` (nothing intercepts the port) or `UNKNOWN`. */
  readonly from: string;
  /** What they take now, in the same words. */
  readonly to: string;
  /** Whether they were STRICT and take plaintext now, or may. */
  readonly exposed: boolean;
  /**
   * The word by which `istio-mtls diff --fail-on` names it: `new-exposed`.
   *
   * @default - it isn't exposed
   */
  readonly gate?: string;
  /** The containers' ports; empty: all that no container, Service, policy, Sidecar or annotation names. */
  readonly ports: number[];
  /** The servers. */
  readonly workloads: MtlsWorkloadName[];
  /** The changed objects that cause it. */
  readonly causes: MtlsChangedObject[];
}

/** A workload whose certificate has another name. */
export interface MtlsIdentityChange {
  /** The workload. */
  readonly workload: MtlsWorkloadName;
  /** The name before: a SPIFFE ID. */
  readonly from: string;
  /** The name now. */
  readonly to: string;
}

/** What a workload is called. */
export interface MtlsWorkloadName {
  /** Its kind. */
  readonly kind: string;
  /** Its namespace. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
}

/** An object that differs between two states. */
export interface MtlsChangedObject {
  /** Whether it is new, differs or is gone. */
  readonly change: ObjectChangeKind;
  /** Its API version; empty if its manifest has none. */
  readonly apiVersion: string;
  /** Its kind. */
  readonly kind: string;
  /** Its namespace; empty if its manifest names none. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
  /** The first three fields that differ; of objects that are added or removed, those of Istio's kinds only. */
  readonly fields: MtlsFieldDifference[];
  /** How many more differ. */
  readonly moreFields: number;
}

/** How an object differs. */
export enum ObjectChangeKind {
  /** It is new. */
  ADDED = 'added',
  /** It has other fields. */
  CHANGED = 'changed',
  /** It is gone. */
  REMOVED = 'removed',
}

/** A field that differs. */
export interface MtlsFieldDifference {
  /** The field, as Kubernetes writes it: `spec.mtls.mode`. */
  readonly field: string;
  /**
   * What it was, at most 60 characters of it; of what may be a key the beginning only.
   *
   * @default - it wasn't there
   */
  readonly from?: string;
  /**
   * What it is now, as `from` shows it.
   *
   * @default - it no longer exists
   */
  readonly to?: string;
}

/** A comparison in the words of every language. */
export function mtlsDiffOf(found: MeshDiff): MtlsDiff {
  const { caChangeText, ReportedObjects, reportedChanges } = analysisModules();
  const changes = reportedChanges(found, new ReportedObjects());
  const { groups, unchanged, added, removed, objects, acceptances, identities, withoutEffect, unjudged } = changes;
  return {
    groups: groups.map((group, index) => connectionChangeOf(group, found.groups[index], found)),
    unchanged,
    addedConnections: { ...added },
    removedConnections: { ...removed },
    objects: { ...objects },
    acceptances: acceptances.map(({ from, to, gate, ports, workloads, causes }) => ({
      from, to, exposed: gate !== undefined, gate, ports: [...ports], workloads: [...workloads], causes: causes.map(changedObjectOf),
    })),
    identities: [...identities],
    withoutEffect: withoutEffect?.map(changedObjectOf),
    unjudged: unjudged.map(changedObjectOf),
    notes: found.caChanges.map(caChangeText),
  };
}

function connectionChangeOf({ kind, gate, from, to, connections, causes, witness: { calls } }: ReportedChanges['groups'][number], group: ChangeGroup, found: MeshDiff): MtlsConnectionChange {
  const { tracedConnectionOf, witnessIn } = analysisModules();
  const { before, after } = witnessIn(group, found, tracedConnectionOf);
  return {
    kind: kind as ConnectionChangeKind,
    gate,
    from: from as ConnectionOutcome | undefined,
    to: to as ConnectionOutcome | undefined,
    connections,
    causes: causes.map(changedObjectOf),
    witness: { calls, before: before && connectionOf(before), after: after && connectionOf(after) },
  };
}

export function changedObjectOf({ change, object, fields, more }: ReportedObject): MtlsChangedObject {
  const { apiVersion = '', kind = '', namespace = '', name = '' } = object;
  return { change: change as ObjectChangeKind, apiVersion, kind, namespace, name, fields: fields.map((field) => ({ ...field })), moreFields: more };
}
