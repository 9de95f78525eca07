import { countsOf, Finding, Report, Unreadable } from './report';
import { fieldText } from '../findings/field-path';
import { Position } from '../manifests/manifest-problem';

/** Counts up when a field changes its meaning or goes; new fields may come at any time. */
const FORMAT = 1;

/** The report as programs read it, see docs/schemas/validate.schema.json. */
export function jsonReport(report: Report): string {
  const { findings, unreadable } = report;
  return `${JSON.stringify({ format: FORMAT, summary: countsOf(report), findings: findings.map(findingJson), unreadable: unreadable.map(unreadableJson) }, null, 2)}\n`;
}

function findingJson({ severity, code, file, position, object, field, actual, expected, because, fix }: Finding) {
  return { severity, code, file, ...placeJson(position), object, field: fieldText(field), path: field, actual, expected, because, fix };
}

function unreadableJson({ code, file, position, actual, expected, because, fix }: Unreadable) {
  return { code, file, ...position && placeJson(position), actual, expected, because, fix };
}

function placeJson({ line, column }: Position) {
  return { line, column };
}
