import { ReportedFinding, Settled, SettledBaseline } from './report';
import { BaselineEntry } from '../../baseline/baseline';
import { fieldText } from '../../findings/finding';
import { printableJson } from '../../findings/safe-text';
import { Position } from '../../manifests/source-text';
import { Unreadable } from '../input/read-text';
import { Reading } from '../input/reading';

/** What there is to say of how the manifests were read. */
export function readingJson({ unreadable, skipped, notes }: Pick<Reading, 'unreadable' | 'skipped' | 'notes'>) {
  return {
    unreadable: unreadable.map(unreadableJson),
    skipped: skipped.map(({ file, position, why }) => ({ file, ...position && placeJson(position), why })),
    notes,
  };
}

/** A report as programs read it. */
export function json(value: unknown): string {
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}

export function findingJson({ severity, code, place, object, field, actual, expected, because, fix, change, connections, alike }: ReportedFinding) {
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

function unreadableJson({ code, file, position, actual, expected, because, fix }: Unreadable) {
  return { code, file, ...position && placeJson(position), actual, expected, because, fix };
}

export function placeJson({ line, column }: Position) {
  return { line, column };
}

/** The files of settings that a report comes from, and what they leave out of it. */
export function settledJson(settled: Settled | undefined) {
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

function entryJson({ code, group, kind, namespace, name, field, count, connections, reason }: BaselineEntry) {
  return { code, object: { group, kind, namespace, name }, field, count, connections, reason };
}
