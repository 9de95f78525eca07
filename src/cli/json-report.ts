import type { CheckReport } from './check';
import { optionsText } from './options';
import { Unreadable } from './read-text';
import { Reading } from './reading';
import { AcknowledgedFinding, countsOf, Report, ReportedFinding, Settled, SettledBaseline } from './report';
import { Telling, WouldDecide } from '../analysis/would-decide';
import { BaselineEntry } from '../baseline/baseline';
import { fieldText } from '../findings/finding';
import { printableJson } from '../findings/safe-text';
import { Position } from '../manifests/source-text';
import { ISTIO_MINOR } from '../mesh/config/istiods';

/** Counts up when a field changes its meaning or goes; new fields may come at any time. */
const FORMAT = 1;

/** The report as programs read it, see docs/schemas/validate.schema.json. */
export function validateJson(report: Report): string {
  const { findings, settled, reading } = report;
  return json({
    format: FORMAT,
    istio: ISTIO_MINOR,
    ...settledJson(settled),
    summary: countsOf(report),
    findings: findings.map(findingJson),
    ...readingJson(reading),
  });
}

/** See docs/schemas/check.schema.json. */
export function checkJson(report: CheckReport): string {
  const { findings, acknowledged, connections, wouldDecide, unjudged, assumptions, settled, reading } = report;
  const summary = { ...countsOf(report), acknowledged: acknowledged.length };
  return json({
    format: FORMAT,
    istio: ISTIO_MINOR,
    ...settledJson(settled),
    summary,
    connections: { ...connections, decided: connections.connections - connections.outcomes.undecided, wouldDecide: wouldDecideJson(wouldDecide) },
    unjudged,
    assumptions,
    findings: findings.map((finding) => ({ ...findingJson(finding), ...growthJson(finding, settled) })),
    acknowledged: acknowledged.map(acknowledgedJson),
    ...readingJson(reading),
  });
}

/** What there is to say of how the manifests were read. */
export function readingJson({ unreadable, skipped, notes }: Pick<Reading, 'unreadable' | 'skipped' | 'notes'>) {
  return {
    unreadable: unreadable.map(unreadableJson),
    skipped: skipped.map(({ file, position, why }) => ({ file, ...position && placeJson(position), why })),
    notes,
  };
}

function wouldDecideJson({ facts, together }: WouldDecide) {
  return {
    facts: facts.map(({ need, subject, connections, telling }) => ({ need, subject, connections, told: telling && toldJson(telling) })),
    together: together && toldJson(together),
  };
}

function toldJson({ injectedNamespaces, installedRevisions, decides }: Telling) {
  return { options: optionsText({ injectedNamespaces, installedRevisions }), injectedNamespaces, installedRevisions, decides };
}

function json(value: unknown): string {
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}

function findingJson({ severity, code, place, object, field, actual, expected, because, fix, change, connections, alike }: ReportedFinding) {
  return {
    severity,
    code,
    ...place && { file: place.file, ...placeJson(place.position) },
    object,
    field: fieldText(field),
    path: field,
    actual,
    expected,
    because,
    fix,
    change,
    connections,
    alike,
  };
}

function acknowledgedJson({ reason, owner, expires, by, saidIn, ...finding }: AcknowledgedFinding) {
  const place = saidIn && { file: saidIn.file, ...placeJson(saidIn.position) };
  return { ...findingJson(finding), acknowledgement: { reason, by, owner, expires, ...place } };
}

function unreadableJson({ code, file, position, actual, expected, because, fix }: Unreadable) {
  return { code, file, ...position && placeJson(position), actual, expected, because, fix };
}

function placeJson({ line, column }: Position) {
  return { line, column };
}

/** The files of settings that a report comes from, and what they leave out of it, as programs read it. */
function settledJson(settled: Settled | undefined) {
  if (!settled) return {};
  const { configuration, off, baseline } = settled;
  return {
    ...configuration === undefined ? {} : { configuration: { path: configuration, off } },
    ...baseline && { baseline: baselineJson(baseline) },
  };
}

function baselineJson({ path, held, stale, undecidedBeyond }: SettledBaseline) {
  return { path, matched: held.size, stale: stale.map(entryJson), undecidedBeyond };
}

/** What the baseline holds of a finding that has grown beyond it. */
function growthJson(finding: ReportedFinding, settled: Settled | undefined) {
  const growth = settled?.baseline?.grown.get(finding);
  return growth && { baseline: { count: growth.entry.count, connections: growth.entry.connections } };
}

function entryJson({ code, group, kind, namespace, name, field, count, connections, reason }: BaselineEntry) {
  return { code, object: { group, kind, namespace, name }, field, count, connections, reason };
}
