import { exampleText, ReportedAcceptance, ReportedGroup } from '../../changes/diff-report';
import { GateWords } from '../../changes/gates';
import { ObjectDifference, SourcePlace, changedText, firstTexts } from '../../changes/object-changes';
import { scaledToZeroText } from '../../changes/scaled-to-zero-report';
import { ReportedUnknownEffect, unknownEffectText } from '../../changes/unknown-effect-report';
import { numeral } from '../../findings/numeral';
import { titleOf } from '../../findings/object-identity';
import { workloadText } from '../../mesh/queries/connection-text';
import { ReportedRefusal, whyRefusedText } from '../comparison/refusals';
import { DiffReport, gateFailures, harmlessTexts, unreadableIn } from '../comparison/report';
import {
  declarationTexts, effectWitnessText, fieldsText, isOfBothStates, missingTexts, modesText, outcomesText, placeText, policiesAmong,
  portsText, restTexts, takenText, unreadTexts, waitsText, weightOf, Weight,
} from '../comparison/words';
import { configurationText } from '../findings/configuration-text';
import { command } from '../findings/github';
import { gitPathOf } from '../input/git-tree';
import { unreadableSentence } from '../input/read-text';
import { STANDARD_INPUT_NAME } from '../input/sources';

const COMMANDS: Readonly<Record<Weight, string>> = { fails: 'error', warns: 'warning', told: 'notice' };

/** How many workloads a message names. */
const SHOWN = 3;

/**
 * The report as workflow commands of GitHub Actions: annotations at the lines
 * that cause a change for the worse, and one annotation for all the rest.
 */
export function diffGithub(report: DiffReport, failOn: GateWords): string {
  const policies = policiesAmong(report.withoutEffect ?? []).policies;
  return [
    ...report.refusals.map((refusal) => refusalCommand(refusal, failOn)),
    ...report.groups.filter((group) => isOfBothStates(group) && isTold(group, failOn)).map((group) => groupCommand(group, failOn)),
    ...report.acceptances.filter(({ gate }) => gate).map((acceptance) => acceptanceCommand(acceptance, failOn)),
    ...report.unknownEffects.map((effect) => unknownCommand(effect, failOn)),
    ...report.scaledToZero.map((one) => command(COMMANDS[weightOf(one, failOn)], one.gate ?? 'scaled-to-zero',
      `${scaledToZeroText(one)}; ${causesText([one.object])}`, placeIn([one.object]))),
    ...policies.map((object) => command('notice', 'without-effect',
      `${changedText(object)} changes no TLS of a connection, no port and no identity`, placeIn([object]))),
    ...report.unjudged.map((object) => command('notice', 'not-judged', `${object.why}: ${changedText(object)}`, placeIn([object]))),
    ...unreadableIn(report).map((problem) => command('error', problem.code, unreadableSentence(problem), problem)),
    ...report.said ? [command('notice', 'istio-mtls', configurationText(report.said))] : [],
    ...report.notes.map(({ about, text }) => command(about === 'refused' ? 'warning' : 'notice', 'istio-mtls', text)),
    ...declarationTexts(report).map((text) => command('warning', 'declared-calls', text)),
    ...gateFailures(report, failOn).map((failure) => command('error', 'istio-mtls', `--fail-on ${failure}`)),
    command('notice', 'istio-mtls', [...betterTexts(report, failOn), ...restTexts(report), ...missingTexts(report), ...unreadTexts(report),
      ...harmlessTexts(report, failOn).map((text) => `${text}.`)].filter(Boolean).join(' ')),
  ].map((line) => `${line}\n`).join('');
}

/** Whether a group gets its own annotation. A group that only follows a canary doesn't, unless it fails the run. */
function isTold(group: ReportedGroup, failOn: GateWords): boolean {
  return weightOf(group, failOn) !== 'told';
}

function refusalCommand(refusal: ReportedRefusal, failOn: GateWords): string {
  const weight = weightOf(refusal, failOn);
  return command(COMMANDS[weight === 'told' ? 'warns' : weight], refusal.code, `${titleOf(refusal.object)} would be rejected: `
    + whyRefusedText(refusal), placeOnDisk(refusal));
}

function unknownCommand(effect: ReportedUnknownEffect, failOn: GateWords): string {
  const [waits, witness] = [waitsText(effect), effectWitnessText(effect)];
  const text = [`effect not known: ${unknownEffectText(effect)}${waits === '' ? '' : `: ${waits}`}`,
    ...witness === '' ? [] : [`such as ${witness}`], causesText([effect.object])].join('; ');
  return command(COMMANDS[weightOf(effect, failOn)], 'unknown-effect', text, placeIn([effect.object]));
}

function groupCommand(group: ReportedGroup, failOn: GateWords): string {
  const count = `${numeral(group.connections)} connection${group.connections === 1 ? '' : 's'}`;
  return command(COMMANDS[weightOf(group, failOn)], group.gate!,
    `${count} ${[outcomesText(group), takenText(group)].filter(Boolean).join(', ')}, such as ${exampleText(group)}; `
      + `${causesText(group.causes)}`, placeIn(group.causes));
}

function acceptanceCommand(acceptance: ReportedAcceptance, failOn: GateWords): string {
  const workloads = firstTexts(acceptance.workloads.map(workloadText), SHOWN);
  return command(COMMANDS[weightOf(acceptance, failOn)], acceptance.gate!,
    `${portsText(acceptance)} of ${workloads}: ${modesText(acceptance)}; ${causesText(acceptance.causes)}`, placeIn(acceptance.causes));
}

function causesText(causes: readonly ObjectDifference[]): string {
  const texts = causes.map((cause) => [changedText(cause), placeText(cause), fieldsText(cause)].filter(Boolean).join(' '));
  return `because of ${firstTexts(texts, SHOWN)}`;
}

/** The place of the first cause that is in a file of the state after: an annotation has one place. */
function placeIn(causes: readonly ObjectDifference[]): SourcePlace | undefined {
  const places = causes.filter(({ change }) => change !== 'removed').map(placeOnDisk);
  return places.find((place) => place !== undefined);
}

/** The place in a file on disk. */
function placeOnDisk({ file, line, column }: Pick<ObjectDifference, 'file' | 'line' | 'column'>): SourcePlace | undefined {
  const isOnDisk = file !== undefined && !gitPathOf(file) && file !== STANDARD_INPUT_NAME;
  return !isOnDisk ? undefined : { file, ...line !== undefined && column !== undefined && { position: { line, column } } };
}

function betterTexts({ groups }: DiffReport, failOn: GateWords): string[] {
  return groups.filter((group) => isOfBothStates(group) && !isTold(group, failOn))
    .map((group) => `${numeral(group.connections)} ${outcomesText(group)}.`);
}
