import { certificateData } from './certificate-data';
import { changesData } from './change-data';
import { waitingText } from '../../analysis/would-decide';
import { CalendarDate, reasonText } from '../../findings/acknowledgement';
import { fieldText } from '../../findings/finding';
import { titleOf } from '../../findings/object-identity';
import { printable } from '../../findings/safe-text';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { compareTexts } from '../../mesh/inventory/object';
import { FindingData, ReportData, UndecidedData } from '../../report/data';
import { safe, trafficOf } from '../../report/traffic';
import { InspectionContext } from '../ca/inspection';
import type { check, CheckReport } from '../check';
import type { DiffReport } from '../diff/diff';
import { optionsText } from '../options';
import { codeTitles } from '../package';
import { unreadableSentence } from '../read-text';
import { objectsOf } from '../reading';
import { countsOf, isRefusal, ReportedFinding } from '../report';

/** What a report tells of a mesh. */
export interface Reported {
  readonly report: Awaited<ReturnType<typeof check>>;
  readonly paths: readonly string[];
  readonly version: string;
  readonly date: CalendarDate;
  readonly certificates: InspectionContext;
  /** What changed since another state, and where that was read from. */
  readonly changes?: { readonly report: DiffReport; readonly base: string };
}

export function pageData({ report, paths, version, date, certificates, changes }: Reported): ReportData {
  const { mesh, judged, reading, size, connections, findings, acknowledged } = report;
  const { files, objects, facts, refused } = countsOf(report);
  const titles = codeTitles();
  return {
    version,
    istio: ISTIO_MINOR,
    date,
    paths: paths.map(printable),
    size: { files, objects, facts, refused, workloads: size.workloads, services: size.services },
    outcomes: connections.outcomes,
    traffic: trafficOf(mesh, judged.counting),
    findings: findings.map((finding) => findingData(finding, titles)),
    acknowledged: acknowledged.map((finding) => ({ ...findingData(finding, titles), acknowledgement: safe(reasonText(finding)) })),
    undecided: undecidedData(report),
    unreadable: reading.unreadable.map((problem) => `${printable(problem.file)}: ${safe(unreadableSentence(problem))} [${problem.code}]`),
    notes: reading.notes.map(({ text }) => printable(text)),
    certificates: certificateData(objectsOf(reading), certificates),
    ...changes && { changes: changesData(changes.report, changes.base) },
  };
}

function findingData(finding: ReportedFinding, titles: ReadonlyMap<string, string>): FindingData {
  const { code, severity, object, place, field, actual, expected, because = '', fix, connections } = finding;
  return {
    code,
    title: titles.get(code) ?? '',
    severity,
    isRefusal: isRefusal(finding),
    object: safe(titleOf(object)),
    namespace: safe(object.namespace ?? (object.kind === 'Namespace' ? object.name ?? '' : '')),
    place: place ? printable(`${place.file}:${place.position.line}`) : '',
    field: safe(fieldText(field)),
    actual: safe(actual),
    expected: safe(expected),
    because: safe(because),
    fix: safe(fix),
    connections,
  };
}

function undecidedData({ connections: { undecided }, wouldDecide: { facts, together } }: CheckReport): UndecidedData {
  return {
    reasons: Object.entries(undecided).sort(([left, some], [right, others]) => others - some || compareTexts(left, right)),
    facts: facts.map((fact) => ({
      text: safe(waitingText(fact)),
      connections: fact.connections,
      ...fact.telling && { options: optionsText(fact.telling), decides: fact.telling.decides },
    })),
    ...together && { together: { options: optionsText(together), decides: together.decides } },
  };
}
