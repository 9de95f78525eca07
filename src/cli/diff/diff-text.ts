import { DiffReport, gateFailures, unreadableIn } from './diff';
import { fieldsText, isOfBothStates, modesText, objectsText, othersText, outcomesText, placeText, policiesAmong, portsText, restTexts, weightOf, Weight, witnessText } from './words';
import { ReportedAcceptance, ReportedGroup } from '../../changes/diff-report';
import { GateWords } from '../../changes/gates';
import { ReportedObject, changedText, firstTexts } from '../../changes/object-changes';
import { numeral } from '../../findings/numeral';
import { printable } from '../../findings/safe-text';
import { becauseText, workloadText } from '../../mesh/calls/connection-text';
import { Connection } from '../../mesh/calls/connections';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { grouped } from '../../mesh/inventory/collections';
import { Colours, counted, paintOf, Printer } from '../printer';
import { textOf, unreadableBlock } from '../text-report';

/** How many of one sort a text shows. */
const SHOWN = 3;

export interface DiffPrinting {
  /** Whether each group, object and workload is shown, however many there are. */
  readonly all: boolean;
  readonly failOn: GateWords;
  readonly printer: Printer;
}

/** The report as people read it: what fails the run first, what didn't change last. */
export function diffText(report: DiffReport, { all, failOn, printer }: DiffPrinting): string {
  const { colours } = printer;
  const most = all ? Infinity : SHOWN;
  const shown = (blocks: readonly string[][]): string[][] => blocks.map((lines) => lines.map(printable));
  return textOf([
    ...groupBlocks(report.groups.filter(isOfBothStates), failOn, most, colours),
    ...report.acceptances.length > 0 ? [acceptanceLines(report.acceptances, failOn, most, colours)] : [],
    ...report.identities.length > 0 ? [identityLines(report, most, colours)] : [],
    ...report.unjudged.length > 0 ? [unjudgedLines(report, most, colours)] : [],
    ...effectBlocks(report, most, colours),
    ...unreadableIn(report).map((problem) => unreadableBlock(problem, printer)),
    ...shown([[...report.configuration === undefined ? [] : [`Configuration: ${report.configuration}`], `Istio ${ISTIO_MINOR}, ${objectsText(report)}.`, ...restTexts(report)]]),
    ...failureBlock(report, failOn, colours),
  ]);
}

function failureBlock(report: DiffReport, failOn: GateWords, colours: Colours): string[][] {
  const failures = gateFailures(report, failOn);
  return failures.length > 0 ? [failures.map((failure) => colours.red(printable(`--fail-on ${failure}`)))] : [];
}

function groupBlocks(groups: readonly ReportedGroup[], failOn: GateWords, most: number, colours: Colours): string[][] {
  return [...grouped(groups, (group) => outcomesText(group)).values()].flatMap((alike) => {
    const hidden = alike.slice(most);
    const connections = hidden.reduce((sum, one) => sum + one.connections, 0);
    const blocks = alike.slice(0, most).map((group) => groupLines(group, failOn, most, colours));
    return hidden.length === 0 ? blocks : [...blocks, [colours.dim(`  and ${numeral(connections)} more ${outcomesText(alike[0])}, in ${counted(hidden.length, 'group')} (--all shows them)`)]];
  });
}

function groupLines(group: ReportedGroup, failOn: GateWords, most: number, colours: Colours): string[] {
  const { connections, from, to, causes, witness: { before, after } } = group;
  const paint = to === undefined ? colours.yellow : paintOf(to, colours);
  const head = `${markOf(weightOf(group, failOn), colours)} ${numeral(connections)}  ${from ?? 'new'} → ${paint(to ?? 'gone')}`;
  return [
    head,
    ...causeLines(causes, most, colours),
    `    e.g. ${printable(witnessText(group))}`,
    ...reasonLines('was', before, colours),
    ...reasonLines('is', after, colours),
  ];
}

function reasonLines(label: string, connection: Connection | undefined, colours: Colours): string[] {
  const because = connection ? becauseText(connection) : '';
  return because === '' ? [] : [`      ${colours.dim(`${label} ${connection!.outcome}:`)} ${printable(because)}`];
}

function causeLines(causes: readonly ReportedObject[], most: number, colours: Colours): string[] {
  return [
    ...causes.slice(0, most).map((cause) => `    ${objectLine(cause, colours)}`),
    ...causes.length > most ? [colours.dim(`    and ${numeral(causes.length - most)} more changed objects`)] : [],
  ];
}

function objectLine(object: ReportedObject, colours: Colours): string {
  return [colours.bold(printable(changedText(object))), colours.cyan(printable(placeText(object))), printable(fieldsText(object))].filter(Boolean).join('  ');
}

function acceptanceLines(acceptances: readonly ReportedAcceptance[], failOn: GateWords, most: number, colours: Colours): string[] {
  return [colours.bold('What servers accept'), ...acceptances.slice(0, 3 * most).flatMap((acceptance) => [
    `${markOf(weightOf(acceptance, failOn), colours)} ${acceptance.gate ? `${colours.red('exposed')}  ` : ''}${printable(`${modesText(acceptance)}  ${portsText(acceptance)} of ${firstTexts(acceptance.workloads.map(workloadText), most)}`)}`,
    ...causeLines(acceptance.causes, most, colours),
  ]), ...acceptances.length > 3 * most ? [colours.dim(`  and ${numeral(acceptances.length - 3 * most)} more (--all shows them)`)] : []];
}

function identityLines({ identities }: DiffReport, most: number, colours: Colours): string[] {
  return [
    colours.bold('Identities'),
    ...identities.slice(0, most).map(({ workload, from, to }) => printable(`  ${workloadText(workload)}  ${from} → ${to}`)),
    ...identities.length > most ? [colours.dim(`  and ${numeral(identities.length - most)} more (--all shows them)`)] : [],
  ];
}

/** Objects of which it isn't known what they do to requests. */
function unjudgedLines({ unjudged }: DiffReport, most: number, colours: Colours): string[] {
  return [
    colours.bold('Not judged: authorization of requests'),
    ...unjudged.slice(0, 3 * most).map((object) => `  ${objectLine(object, colours)}`),
    ...unjudged.length > 3 * most ? [colours.dim(`  and ${numeral(unjudged.length - 3 * most)} more (--all shows them)`)] : [],
  ];
}

function effectBlocks({ withoutEffect }: DiffReport, most: number, colours: Colours): string[][] {
  if (!withoutEffect) return [['Objects without effect are not listed: too many would have to be tried.']];
  const { policies, others } = policiesAmong(withoutEffect);
  const rest = othersText(others);
  return [
    ...policies.length > 0 ? [[
      colours.bold('Without effect on the TLS of connections, the modes of ports, or identities'),
      ...policies.slice(0, 3 * most).map((object) => `  ${objectLine(object.change === 'changed' ? object : { ...object, fields: [], more: 0 }, colours)}`),
      ...policies.length > 3 * most ? [colours.dim(`  and ${numeral(policies.length - 3 * most)} more (--all shows them)`)] : [],
    ]] : [],
    ...rest === '' ? [] : [[rest]],
  ];
}

function markOf(weight: Weight, colours: Colours): string {
  switch (weight) {
    case 'fails': return colours.red('✖');
    case 'warns': return colours.yellow('⚠');
    default: return colours.dim('▸');
  }
}
