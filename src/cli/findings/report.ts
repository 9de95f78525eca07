import type { ConfigurationFile } from './configuration-file';
import type { Acknowledged } from '../../analysis/acknowledgements';
import { conditionalTexts, Depending } from '../../analysis/conditional';
import { LeftOut, notShownText } from '../../analysis/left-out';
import type { BaselineEntry, Growth } from '../../baseline/baseline';
import type { SourcePlace } from '../../changes/object-changes';
import type { Condition } from '../../findings/condition';
import { FAIL_ON_ERROR, FailWords, failsOn, Finding, isRefusal, Severity } from '../../findings/finding';
import { objectIdentity, ObjectIdentity } from '../../findings/object-identity';
import { redactedTexts, redactedValue } from '../../findings/redacted-value';
import { Place } from '../../manifests/source-text';
import type { Summary } from '../../mesh/calls/connections';
import { SummaryBothWays } from '../../mesh/worlds/both-ways';
import { Reading, ReadObject } from '../input/reading';

/** A finding with its object. */
export interface ReportedFinding extends Finding {
  readonly object: ObjectIdentity;
  /** Undefined if it is in no file, such as a fault on the command line. */
  readonly place?: SourcePlace;
  /** The index among all objects that were read, which distinguishes two objects of one name. */
  readonly objectIndex: number;
  readonly connections?: number;
  /** The file of a later manifest of the same object. */
  readonly replacedIn?: string;
  /** The number of findings that it stands for. */
  readonly alike?: number;
}

/** A finding that somebody has acknowledged. */
export interface AcknowledgedFinding extends ReportedFinding, Omit<Acknowledged, 'finding'> {
  /** Undefined if acknowledged on the object itself or on the command line. */
  readonly saidIn?: Place;
}

/** Statements of a configuration file that affect the result but aren't in the manifests; a change may edit the file as well. */
export interface SaidByFile {
  /** The configuration file. */
  readonly file: string;
  /** The mesh of it whose facts hold. */
  readonly mesh?: string;
  /** Its facts, such as `injectedNamespaces payments`. */
  readonly facts: readonly string[];
}

/** The effect of a configuration file and a baseline on findings. */
export interface AppliedConfiguration {
  readonly configuration?: ConfigurationFile;
  readonly said?: SaidByFile;
  /** The file's own conditions for failing. */
  readonly failOn?: readonly string[];
  /** The number of findings that its severities turn off. */
  readonly off: number;
  /** The number of findings that its severities lower. */
  readonly lowered?: number;
  readonly baseline?: SettledBaseline;
}

export interface SettledBaseline {
  readonly path: string;
  /** Findings that the baseline holds, each with its entry; they aren't among the other findings. */
  readonly held: ReadonlyMap<ReportedFinding, BaselineEntry>;
  /** Reported findings that exceed their entry in the baseline. */
  readonly grown: ReadonlyMap<ReportedFinding, Growth>;
  readonly stale: readonly BaselineEntry[];
  /** The number of undecided connections beyond those in the baseline. */
  readonly undecidedBeyond: number;
}

/** What depends on who gets a sidecar where the manifests don't show it. */
export interface ReportedWorlds extends SummaryBothWays {
  /** How many connections depend on these facts; decided when asked for. */
  readonly depending: () => Depending;
  /** The findings that hold with values of these facts that nothing expects. */
  readonly unexpected: readonly ReportedFinding[];
}

/** The result of a verb. */
export interface Report {
  readonly reading: Reading;
  readonly findings: readonly ReportedFinding[];
  readonly acknowledged: readonly AcknowledgedFinding[];
  /** Undefined if each object was judged only by itself. */
  readonly connections?: Summary;
  /** Undefined if no workload declares its calls, or if all calls are judged. */
  readonly leftOut?: LeftOut;
  /** Undefined if the manifests show of all workloads whether they have sidecars. */
  readonly worlds?: ReportedWorlds;
  /** Undefined if there is neither a configuration file nor a baseline. */
  readonly configured?: AppliedConfiguration;
}

export type Counts = Readonly<Record<'files' | 'objects' | 'refused' | 'errors' | 'warnings' | 'infos' | 'unreadable' | 'skipped'
  | 'facts', number>>;

export function countsOf({ reading: { files, documents, skipped, unreadable, facts }, findings }: Report): Counts {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  const refused = new Set<number>();
  for (const finding of findings) {
    counts[finding.severity]++;
    if (isRefusal(finding)) refused.add(finding.objectIndex);
  }
  return {
    files,
    objects: documents.length,
    refused: refused.size,
    errors: counts.error,
    warnings: counts.warning,
    infos: counts.info,
    unreadable: unreadable.length,
    skipped: skipped.length,
    facts: facts.documents.length,
  };
}

/** Whether the finding is of admission, not of the analysis. */
export function isAdmission({ code }: Finding): boolean {
  return code.startsWith('ADMIT');
}

/** Each reason to fail other than findings, in a sentence. */
export function failuresOf(report: Report, failOn: FailWords): string[] {
  const { length: skipped } = report.reading.skipped;
  return [
    ...failOn.includes('undecided') ? undecidedFailures(report) : [],
    ...failOn.includes('conditional') ? conditionalFailures(report) : [],
    ...failOn.includes('skipped') && skipped > 0 ? [`${skipped} document${skipped === 1 ? ' was' : 's were'} skipped`] : [],
  ];
}

function conditionalFailures({ worlds, findings }: Report): readonly string[] {
  return worlds ? conditionalTexts({ ...worlds, depending: worlds.depending(), findings }) : [];
}

/** A declared call to what the manifests don't show is as undecided as one that is shown; a baseline holds none of them. */
function undecidedFailures({ connections, configured, leftOut }: Report): string[] {
  if (!connections) return [];
  const notShown = leftOut && leftOut.notShown.length > 0 ? [notShownText(leftOut)] : [];
  const { outcomes, connections: all } = connections;
  const count = configured?.baseline?.undecidedBeyond ?? outcomes.undecided;
  const beyond = configured?.baseline ? ', beyond those in the baseline' : '';
  const undecided = count > 0 ? [`${count} of ${all} connections ${count === 1 ? 'is' : 'are'} undecided${beyond}`] : [];
  return [...undecided, ...notShown];
}

/** 0: the run passes; 1: it fails; 2: something could not be read. */
export function exitCodeOf(report: Report, failOn: FailWords = FAIL_ON_ERROR): 0 | 1 | 2 {
  if (report.reading.unreadable.length > 0) return 2;
  return report.findings.some((finding) => failsOn(finding, failOn)) || failuresOf(report, failOn).length > 0 ? 1 : 0;
}

const IDENTITIES = new WeakMap<object, ObjectIdentity>();

/** Shares one identity among all findings on an object. */
function identityOnce(object: Readonly<Record<string, unknown>>): ObjectIdentity {
  let known = IDENTITIES.get(object);
  if (!known) IDENTITIES.set(object, known = objectIdentity(object));
  return known;
}

const CONDITIONS = new WeakMap<readonly Condition[], readonly Condition[]>();

/** Shares one list of conditions among all findings that have it. */
function conditionsOnce(conditions: readonly Condition[]): readonly Condition[] {
  let known = CONDITIONS.get(conditions);
  if (!known) CONDITIONS.set(conditions, known = redactedValue(conditions));
  return known;
}

/** Adds the object and its place to a finding; the place is looked up when it is first asked for, since some findings are only counted. */
export function reported(finding: Finding & { readonly connections?: number }, document: ReadObject, objectIndex: number): ReportedFinding {
  const { conditions } = finding;
  let place: SourcePlace | undefined;
  return {
    ...redactedTexts(finding),
    ...conditions && { conditions: conditionsOnce(conditions) },
    field: redactedValue(finding.field),
    get place() { return place ??= { file: document.file, position: document.positionOf(finding.field) }; },
    object: identityOnce(document.object),
    objectIndex,
  };
}
