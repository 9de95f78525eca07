import type { CheckReport } from './check';
import { saidBy } from './configuration-text';
import { ReportedFinding, AppliedConfiguration } from './report';
import { Baseline, compared, undecidedBeyond } from '../../baseline/baseline';
import { FindingKey, baselineKey } from '../../baseline/key';
import { acknowledgementPlace } from '../../configuration/configuration';
import type { Configuration } from '../../configuration/configuration';
import { graded } from '../../configuration/severities';
import { objectsOf } from '../input/reading';

/** A baseline and the file that it is in. */
export interface UsedBaseline {
  readonly path: string;
  readonly baseline: Baseline;
}

/** Applies a configuration file to findings: its severities, and its acknowledgements, whose faults are reported at their lines. */
export function configuredReport<R extends Pick<CheckReport, 'findings' | 'acknowledged' | 'worlds'>>(
  report: R, configuration: Configuration | undefined,
): R & { readonly configured?: AppliedConfiguration } {
  if (!configuration) return report;
  const { findings, off, lowered } = graded(report.findings.map((finding) => placed(finding, configuration)), configuration.severities);
  const acknowledged = report.acknowledged.map((finding) => (
    finding.by === 'run' ? { ...finding, saidIn: acknowledgementPlace(finding.saidAt, configuration)?.place } : finding));
  const said = saidBy(configuration);
  const { worlds } = report;
  const unexpected = worlds && graded(worlds.unexpected, configuration.severities).findings;
  return {
    ...report,
    ...worlds && { worlds: { ...worlds, unexpected } },
    findings,
    acknowledged,
    configured: { configuration: configuration.file, said, failOn: configuration.failOn, off, lowered },
  };
}

/** Removes the findings that a baseline holds. */
export function baselinedReport<R extends CheckReport>(report: R, used: UsedBaseline | undefined): R {
  if (!used) return report;
  const { path, baseline } = used;
  const { open, held, grown, stale } = compared(report.findings, baseline, keysIn(report));
  const beyond = undecidedBeyond(report.connections.undecided, baseline.undecided);
  return {
    ...report,
    findings: open,
    configured: { off: 0, ...report.configured, baseline: { path, held, grown, stale, undecidedBeyond: beyond } },
  };
}

/** The key of each finding in a baseline. */
export function keysIn({ reading }: Pick<CheckReport, 'reading'>): (finding: ReportedFinding) => FindingKey {
  const objects = objectsOf(reading);
  return (finding) => baselineKey(finding, objects[finding.objectIndex]?.object);
}

/** Places a fault of one of the file's acknowledgements at its line. */
function placed(finding: ReportedFinding, configuration: Configuration): ReportedFinding {
  return finding.place ? finding : { ...finding, ...acknowledgementPlace(finding.field, configuration) };
}
