import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { findingJson, json, readingJson, settledJson } from '../findings/json';
import { countsOf, Report } from '../findings/report';

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
