import { exampleText, ReportedAcceptance, ReportedGroup } from '../../changes/diff-report';
import { GateWords } from '../../changes/gates';
import { ObjectDifference, changedText, firstTexts } from '../../changes/object-changes';
import { scaledToZeroText } from '../../changes/scaled-to-zero-report';
import { ReportedUnknownEffect, unknownEffectText } from '../../changes/unknown-effect-report';
import { paintOf } from '../../explain/text/paint';
import { numeral } from '../../findings/numeral';
import { printable } from '../../findings/safe-text';
import { wrapped } from '../../findings/wrapped';
import { TracedConnection } from '../../mesh/calls/traced-connection';
import { grouped } from '../../mesh/collections';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { workloadText } from '../../mesh/queries/connection-text';
import { tracedMeaningText } from '../../mesh/queries/traced-text';
import { refusalLines } from '../comparison/refusal-lines';
import { conditionOf, DiffReport, gateFailures, harmlessTexts, unreadableIn } from '../comparison/report';
import {
  declarationTexts, effectWitnessText, endText, fieldsText, isOfBothStates, missingTexts, modesText, objectsText, othersText,
  outcomesText, placeText, policiesAmong, portsText, restTexts, takenText, unknownCountText, unreadTexts, waitsText, weightOf, Weight,
} from '../comparison/words';
import { configurationText } from '../findings/configuration-text';
import { dimmedLines, textOf, unreadableBlock } from '../findings/text';
import { Colours, counted, Printer } from '../output/printer';

/** How many items of one sort are shown. */
const SHOWN = 3;

export interface DiffPrinting {
  /** Whether all groups, objects and workloads are shown. */
  readonly all: boolean;
  readonly failOn: GateWords;
  readonly printer: Printer;
}

/** The report as text for people: what fails the run first, unchanged connections last. */
export function diffText(report: DiffReport, { all, failOn, printer }: DiffPrinting): string {
  const { colours } = printer;
  const most = all ? Infinity : SHOWN;
  return textOf([
    ...report.refusals.length > 0
      ? [refusalLines(report.refusals, { isFailing: failOn.includes('new-refused'), most: 3 * most, colours })]
      : [],
    ...groupBlocks(report.groups.filter(isOfBothStates), failOn, most, colours),
    ...report.acceptances.length > 0 ? [acceptanceLines(report.acceptances, failOn, most, colours)] : [],
    ...report.identities.length > 0 ? [identityLines(report, most, colours)] : [],
    ...report.unknownEffects.length > 0 ? [unknownLines(report, failOn, most, colours)] : [],
    ...report.scaledToZero.length > 0 ? [scaledLines(report, failOn, most, colours)] : [],
    ...report.unjudged.length > 0 ? [unjudgedLines(report, most, colours)] : [],
    ...effectBlocks(report, most, colours),
    ...unreadableIn(report).map((problem) => unreadableBlock(problem, printer)),
    sumLines(report, { all, failOn, printer }),
    ...failureBlock(report, failOn, colours),
  ]);
}

/** What is compared, how many connections stay the same, and the assumptions behind that. */
function sumLines(report: DiffReport, { all, failOn, printer }: DiffPrinting): string[] {
  const { said } = report;
  const sum = `Istio ${ISTIO_MINOR}, ${[objectsText(report), unknownCountText(report)].filter(Boolean).join('; ')}.`;
  const lines = [...said ? [configurationText(said)] : [], sum, ...restTexts(report), ...missingTexts(report)];
  const declared = declarationTexts(report, all).flatMap((text) => wrapped(printable(text), printer.width));
  return [
    ...lines.map(printable), ...declared.map((line) => printer.colours.yellow(line)),
    ...dimmedLines(harmlessTexts(report, failOn), printer),
  ];
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
    return hidden.length === 0 ? blocks : [...blocks, [
      colours.dim(`  and ${numeral(connections)} more ${outcomesText(alike[0])}, in ${counted(hidden.length, 'group')} (--all shows them)`),
    ]];
  });
}

function groupLines(group: ReportedGroup, failOn: GateWords, most: number, colours: Colours): string[] {
  const { connections, from, to, causes, witness: { before, after } } = group;
  const paint = to === undefined ? colours.yellow : paintOf(to, colours);
  const head = `${markOf(weightOf(group, failOn), colours)} ${numeral(connections)}  ${from ?? 'new'} → `
    + `${paint(to ?? endText(group.kind))}`;
  const more = [conditionOf(group), takenText(group)].filter(Boolean);
  return [
    [head, ...more.map(printable)].join('  '),
    ...causeLines(causes, most, colours),
    `    e.g. ${printable(exampleText(group))}`,
    ...reasonLines('was', before, colours),
    ...reasonLines('is', after, colours),
  ];
}

function reasonLines(label: string, connection: TracedConnection | undefined, colours: Colours): string[] {
  const because = connection ? tracedMeaningText(connection.transport) : '';
  return because === '' ? [] : [`      ${colours.dim(`${label} ${connection!.transport.outcome}:`)} ${printable(because)}`];
}

function causeLines(causes: readonly ObjectDifference[], most: number, colours: Colours): string[] {
  return [
    ...causes.slice(0, most).map((cause) => `    ${objectLine(cause, colours)}`),
    ...causes.length > most ? [colours.dim(`    and ${numeral(causes.length - most)} more changed objects`)] : [],
  ];
}

function objectLine(object: ObjectDifference, colours: Colours): string {
  return [colours.bold(printable(changedText(object))), colours.cyan(printable(placeText(object))),
    printable(fieldsText(object))].filter(Boolean).join('  ');
}

function acceptanceLines(acceptances: readonly ReportedAcceptance[], failOn: GateWords, most: number, colours: Colours): string[] {
  return [colours.bold('What servers accept'), ...acceptances.slice(0, 3 * most).flatMap((acceptance) => [
    `${markOf(weightOf(acceptance, failOn), colours)} ${acceptance.gate ? `${colours.red('exposed')}  ` : ''}`
      + printable(`${modesText(acceptance)}  ${portsText(acceptance)} of ${firstTexts(acceptance.workloads.map(workloadText), most)}`),
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

/** Objects that may affect connections which the model can't decide. */
function unknownLines({ unknownEffects }: DiffReport, failOn: GateWords, most: number, colours: Colours): string[] {
  return [
    colours.bold('Effect not known'),
    ...unknownEffects.slice(0, 3 * most).flatMap((effect) => unknownEffectLines(effect, failOn, colours)),
    ...unknownEffects.length > 3 * most ? [colours.dim(`  and ${numeral(unknownEffects.length - 3 * most)} more (--all shows them)`)] : [],
  ];
}

function unknownEffectLines(effect: ReportedUnknownEffect, failOn: GateWords, colours: Colours): string[] {
  const [waits, witness] = [waitsText(effect), effectWitnessText(effect)];
  return [
    `${markOf(weightOf(effect, failOn), colours)} ${objectLine(effect.object, colours)}`,
    `    ${unknownEffectText(effect)}${waits === '' ? '' : `: ${waits}`}`,
    ...witness === '' ? [] : [`    e.g. ${printable(witness)}`],
  ];
}

/** Workloads whose manifests ask for no pods any more. */
function scaledLines({ scaledToZero }: DiffReport, failOn: GateWords, most: number, colours: Colours): string[] {
  return [
    colours.bold('Scaled to zero'),
    ...scaledToZero.slice(0, 3 * most).flatMap((one) => (
      [`${markOf(weightOf(one, failOn), colours)} ${objectLine(one.object, colours)}`, `    ${scaledToZeroText(one)}`])),
    ...scaledToZero.length > 3 * most ? [colours.dim(`  and ${numeral(scaledToZero.length - 3 * most)} more (--all shows them)`)] : [],
  ];
}

/** Objects whose effect isn't compared, with the reason. */
function unjudgedLines({ unjudged }: DiffReport, most: number, colours: Colours): string[] {
  return [
    colours.bold('Not judged'),
    ...unjudged.slice(0, 3 * most).map((object) => `  ${objectLine(object, colours)}  ${colours.dim(object.why)}`),
    ...unjudged.length > 3 * most ? [colours.dim(`  and ${numeral(unjudged.length - 3 * most)} more (--all shows them)`)] : [],
  ];
}

function effectBlocks(report: DiffReport, most: number, colours: Colours): string[][] {
  const { withoutEffect, untried, otherEffects, leftOut } = report;
  const unread = unreadTexts(report);
  const kinds = unread.length === 0 ? [] : [[...unread]];
  if (!withoutEffect) {
    return [['Objects without effect are not listed: too many would have to be tried. '
      + `${numeral(untried)} of the changed objects may have an effect or none.`], ...kinds];
  }
  const all = most === Infinity;
  const { policies, others } = all ? { policies: withoutEffect, others: 0 } : policiesAmong(withoutEffect);
  const rest = othersText(others);
  const own = (object: ObjectDifference): ObjectDifference => (
    object.change === 'changed' ? object : { ...object, fields: [], moreFields: 0 });
  return [
    ...otherEffects.length > 0 ? [objectLines('With an effect only together with others', otherEffects, most, colours)] : [],
    ...leftOut && leftOut.objects.length > 0 ? [objectLines('With an effect only on calls that nobody declares', leftOut.objects,
      most, colours)] : [],
    ...policies.length > 0 ? [objectLines('Without effect on the TLS of connections, the modes of ports, or identities', policies.map(own),
      most, colours)] : [],
    ...rest === '' ? [] : [[rest]],
    ...kinds,
  ];
}

function objectLines(title: string, objects: readonly ObjectDifference[], most: number, colours: Colours): string[] {
  return [
    colours.bold(title),
    ...objects.slice(0, 3 * most).map((object) => `  ${objectLine(object, colours)}`),
    ...objects.length > 3 * most ? [colours.dim(`  and ${numeral(objects.length - 3 * most)} more (--all shows them)`)] : [],
  ];
}

function markOf(weight: Weight, colours: Colours): string {
  switch (weight) {
    case 'fails': return colours.red('✖');
    case 'warns': return colours.yellow('⚠');
    default: return colours.dim('▸');
  }
}
