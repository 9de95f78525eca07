import { certificateData } from './certificates';
import { changesData } from './changes';
import { reportedTraffic, ReportedTraffic } from './worlds';
import { CODE_OF_CAUSE } from '../../analysis/causes';
import { leftOutNotes } from '../../analysis/left-out';
import { optionsText, waitingText } from '../../analysis/would-decide';
import type { BaselineEntry } from '../../baseline/baseline';
import { CalendarDate, reasonText } from '../../findings/acknowledgement';
import { conditionText } from '../../findings/condition';
import { fieldText, isRefusal, Severity } from '../../findings/finding';
import { titleOf } from '../../findings/object-identity';
import { printable } from '../../findings/safe-text';
import { meaningOf } from '../../mesh/calls/undecided-meanings';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { isOf, KIND, kindOf } from '../../mesh/inventory/kinds';
import { compareTexts } from '../../mesh/inventory/object';
import { BrokenData, FindingData, ReportData, UndecidedData } from '../../report/data';
import { pageText } from '../../report/traffic-tables';
import { InspectionContext } from '../certificates/inspection';
import type { DiffReport } from '../comparison/report';
import type { check, CheckReport } from '../findings/check';
import { fileText } from '../findings/configuration-file';
import { countsOf, ReportedFinding, AppliedConfiguration, SettledBaseline } from '../findings/report';
import { growthText } from '../findings/text';
import { unreadableSentence } from '../input/read-text';
import { objectsOf } from '../input/reading';
import { codeTitles } from '../output/package';
import { counted } from '../output/printer';

/** The content of a report on a mesh. */
export interface Reported {
  readonly report: Awaited<ReturnType<typeof check>>;
  readonly paths: readonly string[];
  readonly version: string;
  readonly date: CalendarDate;
  readonly certificates: InspectionContext;
  /** The changes since another state, and the path of that state. */
  readonly changes?: { readonly report: DiffReport; readonly base: string };
}

export function pageData({ report, paths, version, date, certificates, changes }: Reported): ReportData {
  const { reading, size, findings, acknowledged, configured, leftOut } = report;
  const { traffic, worlds, outcomes, undecided } = reportedTraffic(report);
  const held = [...configured?.baseline?.held ?? []];
  // Refused objects aren't part of the mesh, even if the baseline holds the finding.
  const { files, objects, facts, refused } = countsOf({ ...report, findings: [...findings, ...held.map(([finding]) => finding)] });
  const dataOf = finder(configured?.baseline);
  return {
    version,
    istio: ISTIO_MINOR,
    date,
    paths: paths.map(printable),
    size: { files, objects, facts, refused, workloads: size.workloads, services: size.services },
    outcomes,
    broken: brokenData(outcomes.broken, [...findings, ...acknowledged, ...held.map(([finding]) => finding)]),
    ...worlds && { worlds },
    traffic,
    findings: findings.map(dataOf),
    acknowledged: acknowledged.map((finding) => ({ ...dataOf(finding), acknowledgement: pageText(reasonText(finding)) })),
    known: held.map(([finding, { reason = '' }]) => ({ ...dataOf(finding), reason: pageText(reason) })),
    ...configured?.baseline && { baseline: { path: printable(configured.baseline.path), stale: configured.baseline.stale.map(entryText) } },
    undecided: undecidedData(undecided, report),
    unreadable: reading.unreadable.map((problem) => (
      `${printable(problem.file)}: ${pageText(unreadableSentence(problem))} [${problem.code}]`)),
    notes: [
      ...offNotes(configured),
      ...leftOutNotes(leftOut).map((text) => pageText(`${text}.`)),
      ...reading.notes.map(({ text }) => printable(text)),
    ],
    certificates: certificateData(objectsOf(reading), certificates),
    ...changes && { changes: changesData(changes.report, changes.base) },
  };
}

const CODES_OF_BROKEN: ReadonlySet<string> = new Set(Object.values(CODE_OF_CAUSE));

/** Each broken connection is counted by one finding. Some rules count plaintext connections as well, some findings hold in one case. */
function brokenData(all: number, findings: readonly ReportedFinding[]): BrokenData {
  const of = (wanted: Severity): number => findings
    .filter(({ code, severity, conditions }) => severity === wanted && conditions === undefined && CODES_OF_BROKEN.has(code))
    .reduce((sum, { connections = 0 }) => sum + connections, 0);
  const error = Math.min(of('error'), all);
  const warning = Math.min(of('warning'), all - error);
  return { error, warning, info: all - error - warning };
}

/** Findings that a configuration file turns off are at least counted. */
function offNotes({ configuration, off = 0 }: Partial<AppliedConfiguration> = {}): readonly string[] {
  return off > 0 ? [printable(`${fileText(configuration!)} turns off ${counted(off, 'finding')}, which this report doesn't show.`)] : [];
}

/** `MTLS101 DestinationRule shop/ratings spec.trafficPolicy.tls.mode`: a stale entry of the baseline. */
function entryText({ code, kind, namespace, name, field }: BaselineEntry): string {
  return pageText([code, kind, [namespace, name].filter(Boolean).join('/'), field].filter(Boolean).join(' '));
}

function finder(baseline: SettledBaseline | undefined): (finding: ReportedFinding) => FindingData {
  const titles = codeTitles();
  return (finding) => {
    const growth = baseline?.grown.get(finding);
    return { ...findingData(finding, titles), ...growth && { grown: growthText(growth) } };
  };
}

function findingData(finding: ReportedFinding, titles: ReadonlyMap<string, string>): FindingData {
  const { code, severity, object, place, field, actual, expected, because = '', fix, connections, conditions } = finding;
  return {
    code,
    title: titles.get(code) ?? '',
    severity,
    ...conditions && { condition: pageText(conditionText(conditions)) },
    isRefusal: isRefusal(finding),
    object: pageText(titleOf(object)),
    namespace: pageText(object.namespace ?? (isOf(kindOf(object), KIND.Namespace) ? object.name ?? '' : '')),
    place: place ? printable(place.position ? `${place.file}:${place.position.line}` : place.file) : '',
    field: pageText(fieldText(field)),
    actual: pageText(actual),
    expected: pageText(expected),
    because: pageText(because),
    fix: pageText(fix),
    connections,
  };
}

function undecidedData(undecided: ReportedTraffic['undecided'], { wouldDecide: { facts, together } }: CheckReport): UndecidedData {
  return {
    reasons: Object.entries(undecided).sort(([left, some], [right, others]) => others - some || compareTexts(left, right))
      .map(([reason, count]) => [reason, count, meaningOf(reason) ?? reason] as const),
    facts: facts.map((fact) => ({
      text: pageText(waitingText(fact)),
      connections: fact.connections,
      ...fact.telling && { options: optionsText(fact.telling), decides: fact.telling.decides },
    })),
    ...together && { together: { options: optionsText(together), decides: together.decides } },
  };
}
