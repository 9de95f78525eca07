import {
  measuredCalls, MeasuredFiles, measurementsIn, PossibleCaller, reportedCallers, ReportedMeasurements, reportedMeasurements,
} from './measured';
import type { AdmissionContext } from '../../../admission/admission';
import { statingText } from '../../../analysis/conditional';
import { Condition, conditionText, whetherText } from '../../../findings/condition';
import { redactedValue } from '../../../findings/redacted-value';
import { nameOf, ObjectName, objectText } from '../../../mesh/inventory/object';
import { MeshOptions } from '../../../mesh/mesh';
import { ExpectedFact } from '../../../mesh/worlds/both-ways';
import { Blocker } from '../../../migration/blockers';
import { DEFAULT_REFUSED_WINDOW, measuredWindow, refusedQuery } from '../../../migration/calls-query';
import { Conditional } from '../../../migration/mesh-cases';
import { isDecidedProven, migrationOf } from '../../../migration/migration';
import { ModeTarget } from '../../../migration/target';
import { AdmissionElsewhere } from '../../admission/admission';
import { Compared, comparedStates } from '../../comparison/compared';
import type { ConfigurationFile } from '../../findings/configuration-file';
import { SaidByFile } from '../../findings/report';
import { StateObjects } from '../../input/states';
import { counted } from '../../output/printer';
import type { Afterwards } from '../folder';
import { notesOnAutoMtls } from '../mesh-config-notes';
import { PlanReport, exitCodeOfPlan, planReport } from '../report';
import { hasConditions } from '../words';

/** A caller that the mode alone would cut off. */
export interface ReportedBlocker {
  /** A workload; a text for a caller outside the mesh. */
  readonly client: ObjectName | string;
  /**
   * `measured`: it was seen sending plaintext to the server. `named`: its manifest names the call. `outside`: an object in the
   * manifests makes it call.
   */
  readonly evidence: Blocker['evidence'];
  /** The object that shows the call. Missing if it was only measured. */
  readonly by?: string;
  readonly server?: ObjectName;
  /** The host that it calls. Missing for a caller outside the mesh. */
  readonly host?: string;
  /** The port that it calls; for a caller outside the mesh, the server's port. */
  readonly port: number;
  /** The change that keeps it working. Missing if none was found. */
  readonly remedy?: Blocker['remedy'];
  /** Where it is cut off, and this change keeps it working: all of them hold. Missing if it is so in every case. */
  readonly if?: readonly Condition[];
}

/** What prevents a mesh from having a mode, and the way there. */
export interface MigrationReport {
  readonly compared: Compared;
  readonly target: ModeTarget;
  /** Callers that the mode would cut off. */
  readonly blockers: readonly ReportedBlocker[];
  /** Clients that could call and no longer can, but nothing shows that they do. */
  readonly possible: readonly PossibleCaller[];
  /** The result of measurements. Missing without --calls. */
  readonly measured?: ReportedMeasurements;
  /**
   * The number of undecided connections to servers that accept less in the end, or that involve a client, server or rule that the
   * plan changes: their callers may be cut off, too. The number in the case in which they are most.
   */
  readonly undecided: number;
  /** Where they are as many: all of them hold. Elsewhere they are fewer. Missing if they are as many in every case. */
  readonly undecidedIf?: readonly Condition[];
  /** Undefined if something prevents the migration. */
  readonly plan?: PlanReport;
  /** The facts about injection that the manifests lack, each of which is decided both ways. Missing if there are none. */
  readonly missing?: readonly ExpectedFact[];
  readonly configuration?: ConfigurationFile;
  /** What the configuration file states, for readers of a comment who can't see the file. */
  readonly said?: SaidByFile;
}

/**
 * Plans a migration of servers to a mode.
 *
 * @throws UnknownScopeError if the scope or an accepted server isn't in the mesh
 * @throws MeasurementError if a file isn't Prometheus' answer to the query
 */
export async function migration(
  states: StateObjects, target: ModeTarget, options: AdmissionContext & MeshOptions, elsewhere?: AdmissionElsewhere, files?: MeasuredFiles,
): Promise<MigrationReport> {
  const measurements = files && measurementsIn(files);
  const compared = await comparedStates(states, options, elsewhere);
  const calls = files && measurements && measuredCalls(files, measurements, compared);
  const found = migrationOf(compared.mesh, target, calls);
  const { blockers, possible, measured, undecided, undecidedIf, plan, missing } = found;
  return {
    compared: { ...compared, notes: [...compared.notes, ...notesOnAutoMtls(found)] },
    target,
    blockers: blockers.map(reportedBlocker),
    undecided,
    ...undecidedIf && { undecidedIf: redactedValue(undecidedIf) },
    possible: reportedCallers(possible),
    measured: files && measurements && measured && reportedMeasurements(files, measurements, measured, blockers),
    plan: plan && planReport(plan, compared),
    ...missing && { missing: redactedValue(missing) },
  };
}

function reportedBlocker(
  { client, evidence, by, server, host, port, remedy, if: conditions }: Conditional<Blocker>,
): ReportedBlocker {
  return redactedValue({
    client: typeof client === 'string' ? client : nameOf(client),
    evidence,
    by,
    server: server && nameOf(server),
    host,
    port,
    remedy,
    ...conditions && { if: conditions },
  });
}

/**
 * 0: there is a proven plan (apart from accepted undecided connections), and every caller
 * that is cut off was accepted; 1: there isn't; 2: something could not be read.
 */
export function exitCodeOfMigration(
  { compared, plan, possible, measured, undecided }: MigrationReport, acceptsPossible: boolean,
): 0 | 1 | 2 {
  if (compared.before.unreadable.length > 0) return 2;
  if (measured && measured.unknown.length > 0) return 1;
  if (!acceptsPossible) return plan && exitCodeOfPlan(plan) === 0 && possible.length + undecided === 0 ? 0 : 1;
  return plan && isDecidedProven(plan.plan) ? 0 : 1;
}

/** Warning about undecided connections; empty if there are none. */
export function undecidedText({ undecided, undecidedIf }: Pick<MigrationReport, 'undecided' | 'undecidedIf'>): string {
  if (undecided === 0) return '';
  const where = undecidedIf ? ` ${conditionText(undecidedIf)}` : '';
  return `${counted(undecided, 'connection')} can't be decided${where} and may also be cut off: `
    + 'istio-mtls connections --outcome undecided says why.';
}

/** How to see which calls the last stage refuses; undefined if it refuses none. */
export function afterwardsOf({ target: { mode }, plan }: Pick<MigrationReport, 'target' | 'plan'>): Afterwards | undefined {
  return mode === 'STRICT' && plan?.stages?.length ? REFUSED : undefined;
}

const REFUSED: Afterwards = {
  text: 'Calls that STRICT refuses aren\'t counted as requests of the server. To see who is refused, '
    + 'query Prometheus with istio-mtls queries refused, or look for NR filter_chain_not_found in the servers\' access logs.',
  files: [{ path: 'refused.promql', text: refusedQuery(measuredWindow(DEFAULT_REFUSED_WINDOW)!) }],
};

const REMEDIES: Readonly<Record<NonNullable<Blocker['remedy']>, string>> = {
  'auto-mtls': 'auto mTLS is turned on',
  'rule-with-mutual-tls': 'a rule makes it send mutual TLS',
  'rule-with-plaintext': 'a rule makes it send plaintext',
  'rule-without-tls': 'its rule no longer sets TLS',
  'inject': 'it gets a sidecar',
  'port-exception': 'the port stays PERMISSIVE',
};

/** `CronJob shop/nightly → catalog.shop.svc.cluster.local:3550`. */
export function callerText({ client, server, host, port }: ReportedBlocker): string {
  const who = typeof client === 'string' ? client : objectText(client);
  return `${who} → ${host ?? (server ? objectText(server) : '')}:${port}`;
}

/** How many known callers there are: `7 known callers`, or `up to 7 known callers` if some are only in some cases. */
export function knownText(blockers: readonly ReportedBlocker[]): string {
  if (!blockers.some((one) => one.if)) return counted(blockers.length, 'known caller');
  return `up to ${counted(new Set(blockers.map(callerText)).size, 'known caller')}`;
}

/** Where something is so: `if shop has none`; nothing if it is in every case. */
export function caseText({ if: conditions }: Pick<ReportedBlocker, 'if'>): string[] {
  return conditions ? [conditionText(conditions)] : [];
}

/** Whether anything depends on facts that the manifests lack, and how to state them; empty if none is missing. With names of manifests. */
export function missingFactsText({ missing, blockers, possible, measured, undecidedIf, plan }: MigrationReport): string {
  if (!missing) return '';
  const rows = [blockers, possible, measured?.unknown ?? [], measured?.unseen ?? []].flat();
  return rows.some((one) => one.if) || undecidedIf || (plan && hasConditions(plan))
    ? `No manifest shows ${whetherText(missing)}. To state it: ${statingText(missing)}.`
    : `Nothing of this depends on ${whetherText(missing)}.`;
}

/** The object that shows the call; empty if it has no name. */
export function byText({ by, evidence }: ReportedBlocker): string {
  return [...by === undefined ? [] : [by], ...evidence === 'measured' ? ['seen'] : []].join(', ');
}

/** The change that keeps a caller working. */
export function remedyText({ remedy }: ReportedBlocker): string {
  return remedy === undefined ? 'no change was found that keeps it working' : REMEDIES[remedy];
}
