import type { Outcome } from '../mesh/model/transport';

/** What a report's page holds, as JSON within it. Texts are redacted and printable; lists are in a fixed order. */
export interface ReportData {
  /** Of the command that wrote it. */
  readonly version: string;
  /** The minor of Istio that is modelled. */
  readonly istio: string;
  /** The day to which acknowledgements and certificates are held: `2026-01-31`. */
  readonly date: string;
  readonly paths: readonly string[];
  readonly size: Readonly<Record<'files' | 'objects' | 'facts' | 'refused' | 'workloads' | 'services', number>>;
  /** How many connections come to what. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly broken: BrokenData;
  readonly traffic: Traffic;
  /** Neither known to the baseline nor acknowledged. */
  readonly findings: readonly FindingData[];
  readonly acknowledged: readonly (FindingData & { readonly acknowledgement: string })[];
  /** In the baseline; the reason is empty where its entry has none. */
  readonly known: readonly (FindingData & { readonly reason: string })[];
  /** The baseline's file, and its entries that match no finding. Undefined: there is no baseline. */
  readonly baseline?: { readonly path: string; readonly stale: readonly string[] };
  readonly undecided: UndecidedData;
  /** What could not be read, and what else is to know of how the manifests were read. */
  readonly unreadable: readonly string[];
  readonly notes: readonly string[];
  readonly certificates: readonly HolderData[];
  /** Undefined: there is no other state to compare with. */
  readonly changes?: ChangesData;
}

/** The broken connections by the worst that a finding says of them: the three add up to all. */
export interface BrokenData {
  readonly error: number;
  readonly warning: number;
  /** Only an info is about them, as about clients without a sidecar, most of which never call the server. */
  readonly info: number;
}

/** Workloads, and the outcomes of their calls. */
export interface Traffic {
  readonly namespaces: readonly string[];
  /** By namespace, name and kind. */
  readonly workloads: readonly WorkloadData[];
  /** What calls end at. */
  readonly servers: readonly ServerData[];
  /** What is called: a Service by namespace and name, any other host by itself; with the port. */
  readonly calls: readonly string[];
  /** Sets of workloads that several client sets are made of, each as runs: first and last, first and last. */
  readonly bases: readonly (readonly number[])[];
  readonly clients: readonly ClientsData[];
  /** Reasons and words of paths, each once. */
  readonly texts: readonly string[];
  readonly paths: readonly PathData[];
}

export interface WorkloadData {
  readonly kind: string;
  /** Number of the namespace. */
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
  /** Number of the workload; undefined: it is an address, a machine, or not in the manifests. */
  readonly workload?: number;
}

/** The workloads that take a path: those of a base but some, or a few. */
export type ClientsData = { readonly base: number; readonly without?: readonly number[] } | { readonly only: readonly number[] };

/**
 * A path that the calls of some clients take, by numbers: of the call, the clients, the server, the server's port, the outcome in
 * `OUTCOMES`, and, among the texts, of what the client sends, what the server takes, and why.
 */
export type PathData = readonly [
  call: number, clients: number, server: number, port: number, outcome: number, clientTls: number, serverMode: number, because: number,
];

export interface FindingData {
  readonly code: string;
  /** What the code means. */
  readonly title: string;
  readonly severity: 'error' | 'warning' | 'info';
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
  /** How many connections it is about. */
  readonly connections?: number;
  /** Why the baseline's entry of the same code, object and field doesn't cover it: `2 connections; the baseline has 1`. */
  readonly grown?: string;
}

export interface UndecidedData {
  /** How many connections are undecided for which reason, most first, and what the reason means. */
  readonly reasons: readonly (readonly [reason: string, connections: number, meaning: string])[];
  readonly facts: readonly { readonly text: string; readonly connections: number; readonly options?: string; readonly decides?: number }[];
  /** The options of all facts that can be told, and how many connections they decide. */
  readonly together?: { readonly options: string; readonly decides: number };
}

/** A Secret or ConfigMap with certificates. */
export interface HolderData {
  readonly name: string;
  readonly texts: readonly {
    readonly name: string;
    readonly note?: string;
    /** Undefined: there is none; empty: it belongs to no certificate here. */
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

/** What changed since another state, in the words of `diff`. */
export interface ChangesData {
  /** Where the other state was read from. */
  readonly base: string;
  readonly objects: string;
  readonly rest: readonly string[];
  readonly groups: readonly {
    readonly outcomes: string;
    readonly connections: number;
    /** `new-broken` and the like; undefined: it is no worse. */
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
  /** Objects whose effect isn't known, with what it waits for. */
  readonly unknownEffects: readonly string[];
  readonly unjudged: readonly string[];
  readonly notes: readonly string[];
}
