import type { Outcome } from '../mesh/model/transport';

/** The data of a report's page, embedded as JSON. Texts are redacted and printable; lists are in a fixed order. */
export interface ReportData {
  /** The version of the command that wrote it. */
  readonly version: string;
  /** The minor of Istio that is modelled. */
  readonly istio: string;
  /** The day for which acknowledgements and certificates are judged: `2026-01-31`. */
  readonly date: string;
  readonly paths: readonly string[];
  readonly size: Readonly<Record<'files' | 'objects' | 'facts' | 'refused' | 'workloads' | 'services', number>>;
  /** The number of connections by outcome. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly broken: BrokenData;
  /** Missing if the manifests show of all workloads whether they have sidecars. */
  readonly worlds?: WorldsData;
  readonly traffic: Traffic;
  /** Findings that are neither in the baseline nor acknowledged. */
  readonly findings: readonly FindingData[];
  readonly acknowledged: readonly (FindingData & { readonly acknowledgement: string })[];
  /** Findings in the baseline; the reason is empty if the entry has none. */
  readonly known: readonly (FindingData & { readonly reason: string })[];
  /** The baseline's file, and its stale entries. Undefined without a baseline. */
  readonly baseline?: { readonly path: string; readonly stale: readonly string[] };
  readonly undecided: UndecidedData;
  /** What could not be read, and notes on how the manifests were read. */
  readonly unreadable: readonly string[];
  readonly notes: readonly string[];
  readonly certificates: readonly HolderData[];
  /** Undefined without another state to compare with. */
  readonly changes?: ChangesData;
}

/** The broken connections by the worst severity of their findings; the three numbers add up to all. */
export interface BrokenData {
  readonly error: number;
  readonly warning: number;
  /** Reported only by an info, such as calls of clients without a sidecar, most of which never call the server. */
  readonly info: number;
}

/** The outcomes with sidecars and without, where the manifests don't show whether there are any. */
export interface WorldsData {
  /** `sidecars in shop (not in the manifests)`. */
  readonly about: string;
  /** `whether shop has sidecars`. */
  readonly whether: string;
  /** `with`, `without`, and `expected` if that is neither. */
  readonly columns: readonly string[];
  readonly rows: readonly WorldsRowData[];
  /** What findings presuppose, and how to state the facts. */
  readonly notice: readonly string[];
  /** How many connections have branches; missing if they aren't listed. */
  readonly conditional?: number;
  /** Why branches aren't listed. */
  readonly unlisted?: string;
}

/** The number of connections in each column: of an outcome, of a reason for which some are undecided, or of lost copies. */
export interface WorldsRowData {
  readonly of: 'outcome' | 'reason' | 'lost';
  /** The outcome, or the reason's meaning. */
  readonly text: string;
  readonly counts: readonly number[];
}

/** Workloads, and the outcomes of their calls. */
export interface Traffic {
  readonly namespaces: readonly string[];
  /** By namespace, name and kind. */
  readonly workloads: readonly WorkloadData[];
  /** The servers at which calls end. */
  readonly servers: readonly ServerData[];
  /** The called Services by namespace and name, and other hosts by name; with the port. */
  readonly calls: readonly string[];
  /** Shared sets of workloads from which client sets are made, each as ranges: first and last, first and last. */
  readonly bases: readonly (readonly number[])[];
  readonly clients: readonly ClientsData[];
  /** The texts of paths, each once. */
  readonly texts: readonly string[];
  readonly paths: readonly PathData[];
  /** What outcomes depend on, each once. Missing if no path has branches. */
  readonly branches?: readonly BranchesData[];
}

export interface WorkloadData {
  readonly kind: string;
  /** The index of the namespace. */
  readonly namespace: number;
  readonly name: string;
  /** Such as `sidecar` or `none`. */
  readonly proxy: string;
  readonly identity: string;
}

export interface ServerData {
  /** Without its namespace. */
  readonly name: string;
  readonly namespace: number;
  /** The index of the workload; undefined for an address, a machine, or a server that the manifests lack. */
  readonly workload?: number;
}

/** The workloads that take a path: a base with exceptions, or a short list. */
export type ClientsData = { readonly base: number; readonly without?: readonly number[] } | { readonly only: readonly number[] };

/**
 * A path of some clients, as indices: of the call, the clients, the server, the server's port, the
 * outcome in `OUTCOMES`, and in `texts` of what the client sends, what the server accepts, and why. If the
 * outcome depends on facts that the manifests lack, it is undecided, and the last one is its index in `branches`.
 */
export type PathData = readonly [
  call: number, clients: number, server: number, port: number, outcome: number, clientTls: number, serverMode: number, because: number,
  branches?: number,
];

/** Outcomes in `OUTCOMES`, or -1 for none, each with its condition: `if shop has sidecars`; that of the last is `else`. */
export type BranchesData = readonly (readonly [outcome: number, condition: string])[];

export interface FindingData {
  readonly code: string;
  /** The title of the code. */
  readonly title: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** `if shop has sidecars`; missing if it holds whether or not. */
  readonly condition?: string;
  readonly isRefusal: boolean;
  /** `DestinationRule shop/ratings`. */
  readonly object: string;
  readonly namespace: string;
  readonly place: string;
  readonly field: string;
  readonly actual: string;
  readonly expected: string;
  readonly because: string;
  readonly fix: string;
  /** The number of its connections. */
  readonly connections?: number;
  /** Why the baseline's entry of the same code, object and field doesn't cover it: `2 connections; the baseline has 1`. */
  readonly grown?: string;
}

export interface UndecidedData {
  /** The number of undecided connections by reason, most first, with the reason's meaning. */
  readonly reasons: readonly (readonly [reason: string, connections: number, meaning: string])[];
  readonly facts: readonly { readonly text: string; readonly connections: number; readonly options?: string; readonly decides?: number }[];
  /** The options for all facts that can be supplied, and the number of connections that they decide. */
  readonly together?: { readonly options: string; readonly decides: number };
}

/** A Secret or ConfigMap with certificates. */
export interface HolderData {
  readonly name: string;
  readonly texts: readonly {
    readonly name: string;
    readonly note?: string;
    /** Undefined if there is no key; empty if it belongs to no certificate here. */
    readonly keyOf?: string;
    readonly certificates: readonly CertificateData[];
  }[];
  readonly checks: readonly { readonly code?: string; readonly title: string; readonly holds?: boolean }[];
  readonly findings: readonly { readonly severity: string; readonly code: string; readonly text: string }[];
}

export interface CertificateData {
  readonly name: string;
  readonly issuer: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly daysLeft: number;
  /** `87 days left`, `ended`. */
  readonly left: string;
  readonly kind: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** The changes since another state, in the words of `diff`. */
export interface ChangesData {
  /** The path of the other state. */
  readonly base: string;
  readonly objects: string;
  readonly rest: readonly string[];
  readonly groups: readonly {
    readonly outcomes: string;
    readonly connections: number;
    /** The met condition, such as `new-broken`; undefined if nothing gets worse. */
    readonly gate?: string;
    readonly causes: readonly string[];
    readonly witness: string;
    readonly was?: string;
    readonly is?: string;
  }[];
  readonly acceptances: readonly {
    readonly text: string;
    readonly gate?: string;
    readonly workloads: readonly string[];
    readonly causes: readonly string[];
  }[];
  readonly identities: readonly string[];
  readonly withoutEffect: readonly string[];
  /** Objects with an unknown effect, and the facts that would decide it. */
  readonly unknownEffects: readonly string[];
  readonly unjudged: readonly string[];
  readonly notes: readonly string[];
}
