import { DiffReport, gateFailures, unreadableIn } from './diff';
import { fieldsText, isOfBothStates, modesText, othersText, outcomesText, placeText, policiesAmong, portsText, restTexts, weightOf, Weight, witnessText } from './words';
import { ReportedAcceptance, ReportedGroup, ReportedIdentity } from '../../changes/diff-report';
import { GateWords } from '../../changes/gates';
import { ReportedObject, changedText, firstTexts } from '../../changes/object-changes';
import { numeral } from '../../findings/numeral';
import { workloadText } from '../../mesh/calls/connection-text';
import { code } from '../markdown';

/** How many rows a comment has, and how many objects a cell. */
const [ROWS, SHOWN] = [15, 3];

const MARKS: Readonly<Record<Weight, string>> = { fails: '❌', warns: '⚠️', told: '' };

/** The report as a comment of a pull request. What manifests say stands in code spans, where nothing of it is Markdown. */
export function diffMarkdown(report: DiffReport, failOn: GateWords): string {
  const groups = report.groups.filter(isOfBothStates);
  return [
    `### istio-mtls diff: ${headline(report, failOn)}`,
    ...groups.length > 0 ? [table(['', 'connections', 'count', 'because of', 'for example'], groups.map((group) => groupRow(group, failOn)))] : [],
    ...report.acceptances.length > 0 ? [table(['', 'servers accept', 'ports', 'workloads', 'because of'], report.acceptances.map((one) => acceptanceRow(one, failOn)))] : [],
    ...report.identities.length > 0 ? [table(['identity of', 'from', 'to'], report.identities.map(identityRow))] : [],
    ...unjudgedTexts(report),
    ...effectTexts(report),
    restTexts(report).join(' '),
  ].map((block) => `${block}\n`).join('\n');
}

function headline(report: DiffReport, failOn: GateWords): string {
  const unreadable = unreadableIn(report).length;
  const failures = [...unreadable > 0 ? [`${unreadable} could not be read`] : [], ...gateFailures(report, failOn)];
  if (failures.length > 0) return `❌ ${failures.join('; ')}`;
  return report.groups.some(isOfBothStates) || report.acceptances.length > 0 ? '✅ nothing fails' : '✅ nothing changes';
}

function groupRow(group: ReportedGroup, failOn: GateWords): string[] {
  return [MARKS[weightOf(group, failOn)], outcomesText(group), numeral(group.connections), causesCell(group.causes), code(witnessText(group))];
}

function acceptanceRow(acceptance: ReportedAcceptance, failOn: GateWords): string[] {
  const workloads = code(firstTexts(acceptance.workloads.map(workloadText), SHOWN));
  return [MARKS[weightOf(acceptance, failOn)], modesText(acceptance), portsText(acceptance), workloads, causesCell(acceptance.causes)];
}

function identityRow({ workload, from, to }: ReportedIdentity): string[] {
  return [workloadText(workload), from, to].map(code);
}

function causesCell(causes: readonly ReportedObject[]): string {
  return [...causes.slice(0, SHOWN).map(objectCode), ...causes.length > SHOWN ? [`${numeral(causes.length - SHOWN)} more`] : []].join('<br>');
}

export function objectCode(object: ReportedObject): string {
  return [changedText(object), placeText(object), fieldsText(object)].filter(Boolean).map(code).join(' ');
}

function unjudgedTexts({ unjudged }: DiffReport): string[] {
  const more = unjudged.length > ROWS ? ` and ${numeral(unjudged.length - ROWS)} more` : '';
  return unjudged.length > 0 ? [`Not judged, authorization of requests: ${unjudged.slice(0, ROWS).map((object) => code(changedText(object))).join(', ')}${more}.`] : [];
}

function effectTexts({ withoutEffect }: DiffReport): string[] {
  if (!withoutEffect) return [];
  const { policies, others } = policiesAmong(withoutEffect);
  const more = policies.length > ROWS ? ` and ${numeral(policies.length - ROWS)} more` : '';
  return [
    ...policies.length > 0 ? [`Without effect on TLS: ${policies.slice(0, ROWS).map((object) => code(changedText(object))).join(', ')}${more}.`] : [],
    ...others > 0 ? [othersText(others)] : [],
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const more = rows.length > ROWS ? [`\n${numeral(rows.length - ROWS)} more rows: \`istio-mtls diff\` shows them.`] : [];
  return [line(head), line(head.map(() => '---')), ...rows.slice(0, ROWS).map(line), ...more].join('\n');
}
