import { analysisModules } from './app-mesh';
import { changedObjectOf, MtlsChangedObject } from './mtls-changed-object';
import type { ReportedUnknownEffect } from '../changes/unknown-effect-report';

/** A changed object that may concern undecided connections. */
export interface MtlsUnknownEffect {
  /** The object. */
  readonly object: MtlsChangedObject;
  /** How many connections that it may concern are undecided before and after. */
  readonly connections: number;
  /** How many are undecided before, and decided or gone after. */
  readonly undecidedBefore: number;
  /** How many are undecided after, and were decided or absent before. */
  readonly undecidedAfter: number;
  /** How many workloads that it selects accept something unknown, before and after. */
  readonly servers: number;
  /**
   * The word for it in `istio-mtls diff --fail-on`: `unknown-effect`.
   *
   * @default - nothing is undecided both before and after
   */
  readonly gate?: string;
  /** What the connections wait for, one sentence each, with their number. */
  readonly waitsFor: string[];
  /**
   * Options that decide some of them, as tried on the model: names for `injectedNamespaces`.
   *
   * @default - none does
   */
  readonly injectedNamespaces?: string[];
  /**
   * The same for `installedRevisions`.
   *
   * @default - none does
   */
  readonly installedRevisions?: string[];
}

/** An unknown effect as a jsii value. */
export function unknownEffectOf(effect: ReportedUnknownEffect): MtlsUnknownEffect {
  const { object, connections, undecidedBefore, undecidedAfter, servers, gate, facts, decidedBy } = effect;
  const { waitingText } = analysisModules();
  const told = decidedBy && { injectedNamespaces: [...decidedBy.injectedNamespaces], installedRevisions: [...decidedBy.installedRevisions] };
  const waitsFor = facts.map((fact) => `${fact.connections} ${waitingText(fact)}`);
  return { object: changedObjectOf(object), connections, undecidedBefore, undecidedAfter, servers, gate, waitsFor, ...told };
}
