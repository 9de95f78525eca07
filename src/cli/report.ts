import { Reading, ReadObject } from './reading';
import { Finding, reaches, Severity } from '../findings/finding';
import { ManifestProblem, Position } from '../manifests/manifest-problem';

/** Which object a finding is of, as far as the object says. */
export interface ObjectIdentity {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Where a finding is written. */
export interface Place {
  readonly file: string;
  readonly position: Position;
}

/** A finding with the object that it is of. */
export interface ReportedFinding extends Finding {
  readonly object: ObjectIdentity;
  /** Undefined: in no manifest, such as a fault of the command line. */
  readonly place?: Place;
  /** Counts the objects that were read, so that two of one name are told apart. */
  readonly objectIndex: number;
  readonly connections?: number;
}

/** What could not be read: a document, or a path as a whole. */
export type Unreadable = Omit<ManifestProblem, 'position'> & { readonly position?: Position };

/** What is wrong with what could not be read, in one sentence without its place. */
export function unreadableSentence({ actual, expected, fix }: Unreadable): string {
  return `could not read: ${actual}; expected ${expected}. Fix: ${fix}.`;
}

/** What a verb found. */
export interface Report {
  readonly reading: Reading;
  readonly findings: readonly ReportedFinding[];
}

export type Counts = Readonly<Record<'files' | 'objects' | 'refused' | 'errors' | 'warnings' | 'unreadable' | 'skipped' | 'facts', number>>;

export function countsOf({ reading: { files, documents, skipped, unreadable, facts }, findings }: Report): Counts {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const refused = new Set(errors.filter(isRefusal).map(({ objectIndex }) => objectIndex)).size;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  return {
    files,
    objects: documents.length,
    refused,
    errors: errors.length,
    warnings,
    unreadable: unreadable.length,
    skipped: skipped.length,
    facts: facts.documents.length,
  };
}

/** Whether an API server or istiod refuses the object, and doesn't only do with it what nobody wants. */
export function isRefusal(finding: Finding): boolean {
  return finding.severity === 'error' && isAdmission(finding);
}

/** Whether admission has found it, and not the analysis. */
export function isAdmission({ code }: Finding): boolean {
  return code.startsWith('ADMIT');
}

/** Until which severity findings pass; `never`: all do. */
export type Bar = Severity | 'never';

export function meets({ severity }: Finding, bar: Bar): boolean {
  return bar !== 'never' && reaches(severity, bar);
}

/** 0: no finding reaches the bar; 1: one does; 2: something could not be read. */
export function exitCodeOf({ findings, reading: { unreadable } }: Report, bar: Bar = 'error'): 0 | 1 | 2 {
  if (unreadable.length > 0) return 2;
  return findings.some((finding) => meets(finding, bar)) ? 1 : 0;
}

export function identityOf({ apiVersion, kind, metadata }: Readonly<Record<string, any>>): ObjectIdentity {
  const { namespace, name, generateName } = metadata ?? {};
  return { apiVersion: textOf(apiVersion), kind: textOf(kind), namespace: textOf(namespace), name: textOf(name ?? generateName) };
}

/** A finding of an object that was read. */
export function reported(finding: Finding & { readonly connections?: number }, document: ReadObject, objectIndex: number): ReportedFinding {
  const place = { file: document.file, position: document.positionOf(finding.field) };
  return { ...finding, place, object: identityOf(document.object), objectIndex };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
