import type { Acknowledged } from '../../analysis/acknowledgements';
import type { BaselineEntry, Growth } from '../../baseline/baseline';
import { FAIL_ON_ERROR, FailWords, failsOn, Finding, isRefusal, Severity } from '../../findings/finding';
import { objectIdentity, ObjectIdentity } from '../../findings/object-identity';
import { redactedTexts, redactedValue } from '../../findings/redacted-value';
import { Place } from '../../manifests/source-text';
import type { Summary } from '../../mesh/calls/connections';
import { Reading, ReadObject } from '../input/reading';

/** A finding with the object that it is of. */
export interface ReportedFinding extends Finding {
  readonly object: ObjectIdentity;
  /** Undefined: in no file, such as a fault of the command line. */
  readonly place?: Place;
  /** Counts the objects that were read, so that two of one name are told apart. */
  readonly objectIndex: number;
  readonly connections?: number;
  /** The file of a later manifest of the same object. */
  readonly replacedIn?: string;
  /** How many findings it is told in place of. */
  readonly alike?: number;
}

/** A finding that stays, as somebody says for a reason. */
export interface AcknowledgedFinding extends ReportedFinding, Omit<Acknowledged, 'finding'> {
  /** Undefined: on the object itself, or on the command line. */
  readonly saidIn?: Place;
}

/** What a configuration file says that isn't in the manifests, and a change may bring along. */
export interface SaidByFile {
  /** The configuration file. */
  readonly file: string;
  /** Its facts, such as `injectedNamespaces payments`. */
  readonly facts: readonly string[];
}

/** What a configuration file and a baseline make of findings. */
export interface AppliedConfiguration {
  /** The configuration file. */
  readonly configuration?: string;
  readonly said?: SaidByFile;
  /** Its own conditions of failing. */
  readonly failOn?: readonly string[];
  /** How many findings its severities turn off. */
  readonly off: number;
  /** How many findings its severities make less severe. */
  readonly lowered?: number;
  readonly baseline?: SettledBaseline;
}

export interface SettledBaseline {
  readonly path: string;
  /** Findings that it holds, which aren't among the others, each with its entry. */
  readonly held: ReadonlyMap<ReportedFinding, BaselineEntry>;
  /** Of the others: of what an entry holds less. */
  readonly grown: ReadonlyMap<ReportedFinding, Growth>;
  readonly stale: readonly BaselineEntry[];
  /** How many connections are undecided that it doesn't hold. */
  readonly undecidedBeyond: number;
}

/** What a verb found. */
export interface Report {
  readonly reading: Reading;
  readonly findings: readonly ReportedFinding[];
  readonly acknowledged: readonly AcknowledgedFinding[];
  /** Undefined: only the objects were judged, each by itself. */
  readonly connections?: Summary;
  /** Undefined: there is neither a configuration file nor a baseline. */
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

/** Whether admission has found it, and not the analysis. */
export function isAdmission({ code }: Finding): boolean {
  return code.startsWith('ADMIT');
}

/** What makes a run fail besides findings, each in a sentence. */
export function failuresOf(report: Report, failOn: FailWords): string[] {
  const { length: skipped } = report.reading.skipped;
  return [
    ...failOn.includes('undecided') ? undecidedFailures(report) : [],
    ...failOn.includes('skipped') && skipped > 0 ? [`${skipped} document${skipped === 1 ? ' was' : 's were'} skipped`] : [],
  ];
}

function undecidedFailures({ connections, configured }: Report): string[] {
  if (!connections) return [];
  const { outcomes, connections: all } = connections;
  const count = configured?.baseline?.undecidedBeyond ?? outcomes.undecided;
  const beyond = configured?.baseline ? ', beyond those in the baseline' : '';
  return count > 0 ? [`${count} of ${all} connections ${count === 1 ? 'is' : 'are'} undecided${beyond}`] : [];
}

/** 0: nothing makes the run fail; 1: something does; 2: something could not be read. */
export function exitCodeOf(report: Report, failOn: FailWords = FAIL_ON_ERROR): 0 | 1 | 2 {
  if (report.reading.unreadable.length > 0) return 2;
  return report.findings.some((finding) => failsOn(finding, failOn)) || failuresOf(report, failOn).length > 0 ? 1 : 0;
}

const IDENTITIES = new WeakMap<object, ObjectIdentity>();

/** One for all findings of an object. */
function identityOnce(object: Readonly<Record<string, unknown>>): ObjectIdentity {
  let known = IDENTITIES.get(object);
  if (!known) IDENTITIES.set(object, known = objectIdentity(object));
  return known;
}

/** A finding of an object that was read. */
export function reported(finding: Finding & { readonly connections?: number }, document: ReadObject, objectIndex: number): ReportedFinding {
  const place = { file: document.file, position: document.positionOf(finding.field) };
  return { ...redactedTexts(finding), field: redactedValue(finding.field), place, object: identityOnce(document.object), objectIndex };
}
