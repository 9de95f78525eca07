import { exampleText, ReportedAcceptance, ReportedGroup, ReportedIdentity } from '../../changes/diff-report';
import { GateWords } from '../../changes/gates';
import { ObjectDifference, changedText, firstTexts } from '../../changes/object-changes';
import { scaledToZeroText } from '../../changes/scaled-to-zero-report';
import { ReportedUnknownEffect, unknownEffectText } from '../../changes/unknown-effect-report';
import { numeral } from '../../findings/numeral';
import { titleOf } from '../../findings/object-identity';
import { workloadText } from '../../mesh/queries/connection-text';
import { ReportedRefusal, whyRefusedText } from '../comparison/refusals';
import { DiffReport, gateFailures, harmlessTexts, unreadableIn } from '../comparison/report';
import {
  declarationTexts, effectWitnessText, isOfBothStates, modesText, objectCode, othersText, outcomesText, policiesAmong, portsText,
  missingTexts, placeText, refusedText, restTexts, takenText, unjudgedCountText, unknownCountText, unreadTexts, waitsText, weightOf,
  Weight, worseLeftOutText,
} from '../comparison/words';
import { configurationText } from '../findings/configuration-text';
import { code } from '../output/markdown';
import { counted } from '../output/printer';

/** The maximum numbers of rows in a comment and of objects in a cell. */
const [ROWS, SHOWN] = [15, 3];

const MARKS: Readonly<Record<Weight, string>> = { fails: '❌', warns: '⚠️', told: '' };

/** The report as a comment on a pull request. Texts of manifests are in code spans, where Markdown has no effect. */
export function diffMarkdown(report: DiffReport, failOn: GateWords): string {
  const groups = report.groups.filter(isOfBothStates);
  return [
    `### istio-mtls diff: ${headline(report, failOn)}`,
    ...report.refusals.length > 0 ? [table(['', 'rejected by the API server or istiod', 'because'],
      report.refusals.map((refusal) => refusalRow(refusal, failOn)))] : [],
    ...groups.length > 0 ? [table(['', 'connections', 'count', 'because of', 'for example'],
      groups.map((group) => groupRow(group, failOn)))] : [],
    ...report.acceptances.length > 0 ? [table(['', 'servers accept', 'ports', 'workloads', 'because of'],
      report.acceptances.map((one) => acceptanceRow(one, failOn)))] : [],
    ...report.identities.length > 0 ? [table(['identity of', 'from', 'to'], report.identities.map(identityRow))] : [],
    ...report.unknownEffects.length > 0 ? [table(['', 'effect not known', 'because', 'for example'],
      report.unknownEffects.map((effect) => unknownRow(effect, failOn)))] : [],
    ...report.scaledToZero.length > 0 ? [table(['', 'scaled to zero', 'effect'],
      report.scaledToZero.map((one) => [MARKS[weightOf(one, failOn)], objectCode(one.object), scaledToZeroText(one)]))] : [],
    ...unjudgedTexts(report),
    ...effectTexts(report),
    restTexts(report).join(' '),
    ...[...declarationTexts(report), ...missingTexts(report)].map(code),
    ...harmlessTexts(report, failOn),
    ...runTexts(report),
  ].map((block) => `${block}\n`).join('\n');
}

function headline(report: DiffReport, failOn: GateWords): string {
  const unreadable = unreadableIn(report).length;
  const failures = [...unreadable > 0 ? [`${unreadable} could not be read`] : [], ...gateFailures(report, failOn, code)];
  const refused = failures.some((failure) => failure.startsWith('new-refused:')) ? '' : refusedText(report);
  const unknown = [refused, unknownCountText(report), worseLeftOutText(report)].filter((text) => text !== '').join('; ');
  if (failures.length > 0) return `❌ ${[...failures, ...unknown === '' ? [] : [unknown]].join('; ')}`;
  if (unknown !== '') return `⚠️ nothing fails, ${unknown}`;
  const gone = goneTexts(report);
  const unjudged = unjudgedCountText(report);
  const isSame = !report.groups.some(isOfBothStates) && report.acceptances.length === 0;
  const rest = [...!isSame ? ['nothing fails'] : [], ...gone];
  if (unjudged !== '') return [unjudged, ...rest.length > 0 ? rest : ['nothing else changes']].join(', ');
  return isSame && gone.length === 0 ? '✅ nothing changes' : ['✅ nothing fails', ...gone].join(', ');
}

/** How many connections are gone with their ends, and how many workloads have no pods now; empty if there are none. */
function goneTexts({ connections, scaledToZero }: DiffReport): readonly string[] {
  const removed = Object.values(connections.removed).reduce((sum, count) => sum + count, 0);
  return [
    ...removed > 0 ? [`${counted(removed, 'connection')} removed`] : [],
    ...scaledToZero.length > 0 ? [`${counted(scaledToZero.length, 'workload')} without pods now`] : [],
  ];
}

function refusalRow(refusal: ReportedRefusal, failOn: GateWords): string[] {
  const object = [titleOf(refusal.object), placeText(refusal)].filter(Boolean).map(code).join(' ');
  return [MARKS[weightOf(refusal, failOn)], object, code(whyRefusedText(refusal))];
}

function groupRow(group: ReportedGroup, failOn: GateWords): string[] {
  const taken = takenText(group);
  const outcomes = [outcomesText(group, code), ...taken === '' ? [] : [code(taken)]].join(', ');
  return [MARKS[weightOf(group, failOn)], outcomes, numeral(group.connections), causesCell(group.causes), code(exampleText(group))];
}

function unknownRow(effect: ReportedUnknownEffect, failOn: GateWords): string[] {
  const [waits, witness] = [waitsText(effect), effectWitnessText(effect)];
  return [MARKS[weightOf(effect, failOn)], objectCode(effect.object),
    `${unknownEffectText(effect)}${waits === '' ? '' : `: ${code(waits)}`}`, witness === '' ? '' : code(witness)];
}

function acceptanceRow(acceptance: ReportedAcceptance, failOn: GateWords): string[] {
  const workloads = code(firstTexts(acceptance.workloads.map(workloadText), SHOWN));
  const [modes, ports] = [modesText(acceptance, code), portsText(acceptance)];
  return [MARKS[weightOf(acceptance, failOn)], modes, ports, workloads, causesCell(acceptance.causes)];
}

function identityRow({ workload, from, to }: ReportedIdentity): string[] {
  return [workloadText(workload), from, to].map(code);
}

function causesCell(causes: readonly ObjectDifference[]): string {
  return [...causes.slice(0, SHOWN).map(objectCode),
    ...causes.length > SHOWN ? [`${numeral(causes.length - SHOWN)} more`] : []].join('<br>');
}

function unjudgedTexts(report: DiffReport): string[] {
  const { unjudged } = report;
  const more = unjudged.length > ROWS ? ` and ${numeral(unjudged.length - ROWS)} more` : '';
  const names = unjudged.slice(0, ROWS).map((object) => `${code(changedText(object))} (${object.why})`);
  return [...unjudged.length > 0 ? [`Not judged: ${names.join(', ')}${more}.`] : [], ...unreadTexts(report, code)];
}

function effectTexts({ withoutEffect, untried, otherEffects, leftOut }: DiffReport): string[] {
  const others = (title: string, objects: readonly ObjectDifference[]): string[] => {
    const more = objects.length > ROWS ? ` and ${numeral(objects.length - ROWS)} more` : '';
    return objects.length > 0 ? [`${title}: ${objects.slice(0, ROWS).map((object) => code(changedText(object))).join(', ')}${more}.`] : [];
  };
  if (!withoutEffect) {
    return untried === 0 ? [] : [`Too many to try each: ${counted(untried, 'changed object')} may have an effect or none.`];
  }
  const { policies, others: rest } = policiesAmong(withoutEffect);
  return [
    ...others('With an effect only together with others', otherEffects),
    ...others('With an effect only on calls that nobody declares', leftOut?.objects ?? []),
    ...others('Without effect on TLS', policies),
    ...rest > 0 ? [othersText(rest)] : [],
  ];
}

/** The assumptions of the run, and what it doesn't read. */
function runTexts({ said, notes }: DiffReport): string[] {
  const told = [...said ? [configurationText(said)] : [], ...notes.map(({ text }) => text)];
  const more = told.length > ROWS ? [`and ${numeral(told.length - ROWS)} more`] : [];
  return told.length === 0 ? [] : [[...told.slice(0, ROWS).map(code), ...more].map((text) => `- ${text}`).join('\n')];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const more = rows.length > ROWS ? [`\n${numeral(rows.length - ROWS)} more rows: \`istio-mtls diff\` shows them.`] : [];
  return [line(head), line(head.map(() => '---')), ...rows.slice(0, ROWS).map(line), ...more].join('\n');
}
