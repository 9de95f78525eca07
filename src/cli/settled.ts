import type { CheckReport } from './check';
import { ReportedFinding, Settled } from './report';
import { Baseline, compared, undecidedBeyond } from '../baseline/baseline';
import { FindingKey, keyOf } from '../baseline/key';
import type { Configuration } from '../configuration/configuration';
import { graded } from '../configuration/severities';

/** A baseline and the file that it is in. */
export interface UsedBaseline {
  readonly path: string;
  readonly baseline: Baseline;
}

/** Findings as a configuration file wants them: at its severities, and faults of its acknowledgements at its lines. */
export function configuredReport<R extends Pick<CheckReport, 'findings' | 'reading'>>(
  report: R, configuration: Configuration | undefined,
): R & { readonly settled?: Settled } {
  if (!configuration) return report;
  const { length: objects } = report.reading.documents;
  const { findings, off } = graded(report.findings.map((finding) => placed(finding, configuration, objects)), configuration.severities);
  return { ...report, findings, settled: { configuration: configuration.file, off } };
}

/** Findings without those that a baseline holds. */
export function baselinedReport(report: CheckReport, used: UsedBaseline | undefined): CheckReport {
  if (!used) return report;
  const { path, baseline } = used;
  const { open, held, grown, stale } = compared(report.findings, baseline, keysIn(report));
  const beyond = undecidedBeyond(report.connections.undecided, baseline.undecided);
  return { ...report, findings: open, settled: { off: 0, ...report.settled, baseline: { path, held, grown, stale, undecidedBeyond: beyond } } };
}

/** By what each finding of a report is known in a baseline. */
export function keysIn({ reading: { documents } }: Pick<CheckReport, 'reading'>): (finding: ReportedFinding) => FindingKey {
  return (finding) => keyOf(finding, documents[finding.objectIndex]?.object);
}

/** An acknowledgement of the file is found wanting at its line there, each as of an object of its own; those of the command line count from their first. */
function placed(finding: ReportedFinding, { file, acknowledgements, positionOf }: Configuration, objects: number): ReportedFinding {
  const [list, index] = finding.field;
  if (finding.place || list !== 'acknowledgements' || typeof index !== 'number') return finding;
  if (index >= acknowledgements.length) return { ...finding, field: [list, index - acknowledgements.length] };
  return { ...finding, place: { file, position: positionOf(finding.field) }, objectIndex: objects + 1 + index };
}
