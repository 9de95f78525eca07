import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { FindingCounts, findingJson, PrintedOpenFinding, PrintedSettled, settledJson } from '../findings/finding-json';
import { json, PrintedReading, readingJson } from '../findings/json';
import { countsOf, Report } from '../findings/report';

/** What istio-mtls validate -o json prints */
export interface PrintedValidation extends PrintedSettled, PrintedReading {
  /** Increases when a field changes its meaning or is removed. New fields may be added at any time. */
  readonly format: 1;
  /**
   * The Istio minor version whose fields and values are known.
   *
   * @pattern ^\d+\.\d+$
   */
  readonly istio: string;
  readonly summary: FindingCounts;
  /** In the order of the paths and of the objects in them. */
  readonly findings: readonly PrintedOpenFinding[];
}

/** The report as JSON. See docs/schemas/validate.schema.json. */
export function validateJson(report: Report): string {
  const { findings, configured, reading } = report;
  const printed: PrintedValidation = {
    format: 1,
    istio: ISTIO_MINOR,
    ...settledJson(configured),
    summary: countsOf(report),
    findings: findings.map((finding) => findingJson(finding)),
    ...readingJson(reading),
  };
  return json(printed);
}
