import type { CheckReport } from './check';
import { fileOf } from './configuration-file';
import { saidBy } from './configuration-text';
import { ReportedFinding, AppliedConfiguration } from './report';
import { uselessAcknowledgement } from '../../analysis/acknowledgements';
import { Baseline, BrokenCallsOf, compared, undecidedBeyond } from '../../baseline/baseline';
import { BrokenCalls } from '../../baseline/broken-calls';
import { FindingKey, baselineKey } from '../../baseline/key';
import { acknowledgementPlace } from '../../configuration/configuration';
import type { Configuration } from '../../configuration/configuration';
import { graded } from '../../configuration/severities';
import type { Mesh } from '../../mesh/mesh';
import { objectsOf } from '../input/reading';

/** A baseline and the file that it is in. */
export interface UsedBaseline {
  readonly path: string;
  readonly baseline: Baseline;
}

/**
 * Applies a configuration file to findings: its severities, and its acknowledgements, whose faults are reported at their lines.
 *
 * @param isUseless whether an acknowledgement of the run, by its index, that matches no finding here is useless
 */
export function configuredReport<R extends Pick<CheckReport, 'findings' | 'acknowledged' | 'worlds'>>(
  report: R, configuration: Configuration | undefined, isUseless = uselessBeyond(configuration),
): R & { readonly configured?: AppliedConfiguration } {
  if (!configuration) return report;
  const own = report.findings.filter((finding) => isUseless(uselessIndex(finding)));
  const { findings, off, lowered } = graded(own.map((finding) => placed(finding, configuration)), configuration.severities);
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
    configured: { configuration: fileOf(configuration), said, failOn: configuration.failOn, off, lowered },
  };
}

/** The acknowledgements of a run, by their index, that match no finding of any of several meshes. */
export function uselessInAll(reports: readonly Pick<CheckReport, 'findings'>[]): (index: number | undefined) => boolean {
  const [first, ...others] = reports.map(({ findings }) => new Set(findings.map(uselessIndex)));
  return (index) => index === undefined || (first.has(index) && others.every((one) => one.has(index)));
}

/** In a report on one of several meshes, an acknowledgement of the file may be for another. */
function uselessBeyond(configuration: Configuration | undefined): (index: number | undefined) => boolean {
  const isOneOfSeveral = configuration?.mesh !== undefined && configuration.meshes!.size > 1;
  return (index) => !isOneOfSeveral || index === undefined || index >= configuration!.acknowledgements.length;
}

/** The index of the run's acknowledgement that a finding calls useless; undefined for any other finding. */
function uselessIndex({ code, field: [list, index] }: ReportedFinding): number | undefined {
  return code === uselessAcknowledgement.code && list === 'acknowledgements' && typeof index === 'number' ? index : undefined;
}

/** Removes the findings that a baseline holds. */
export function baselinedReport<R extends CheckReport & BrokenIn>(report: R, used: UsedBaseline | undefined): R {
  if (!used) return report;
  const { path, baseline } = used;
  const { open, held, grown, stale } = compared(report.findings, baseline, keysIn(report), callsIn(report));
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

/** A report with its mesh, which has the broken calls. */
export interface BrokenIn extends Pick<CheckReport, 'reading'> {
  readonly mesh: Mesh;
}

/** The broken declared calls that each finding may be about. */
export function callsIn({ reading, mesh }: BrokenIn): BrokenCallsOf<ReportedFinding> {
  const objects = objectsOf(reading);
  let broken: BrokenCalls | undefined;
  return ({ objectIndex }) => (broken ??= BrokenCalls.of(mesh)).around(objects[objectIndex]?.object);
}

/** Places a fault of one of the file's acknowledgements at its line. */
function placed(finding: ReportedFinding, configuration: Configuration): ReportedFinding {
  return finding.place ? finding : { ...finding, ...acknowledgementPlace(finding.field, configuration) };
}
