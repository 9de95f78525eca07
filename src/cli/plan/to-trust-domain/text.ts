import { provenTexts, ReportedLeftover, ReportedTrustStage, TrustDomainReport } from './report';
import { numeral } from '../../../findings/numeral';
import { titleOf } from '../../../findings/object-identity';
import { ISTIO_MINOR } from '../../../mesh/config/istiods';
import { configurationText } from '../../findings/configuration-text';
import { dimmedLines, textOf, unreadableBlock } from '../../findings/text';
import { code } from '../../output/markdown';
import { counted, Printer, wrapped } from '../../output/printer';
import { safe, stepLines, stepMarkdown } from '../../output/steps';

function headOf({ from, to, faults, stages }: TrustDomainReport): string {
  return faults.length > 0 ? `No plan from trust domain ${from} to ${to}.` : `From trust domain ${from} to ${to}: ${counted(stages.length, 'stage')}, ${provenText(stages)}.`;
}

function provenText(stages: readonly ReportedTrustStage[]): string {
  return stages.every(({ isProven }) => isProven) ? 'all proven and safe to stay in' : 'not all proven';
}

/** How many fields are named that still have the old name. */
const SHOWN = 10;

const LEFT = 'These still name the old trust domain after the plan, for an unknown purpose. Resolve them before the stages take-new and forget-old:';

/** The plan as people read it. */
export function trustDomainText(report: TrustDomainReport, { all, printer }: { readonly all: boolean; readonly printer: Printer }): string {
  const { colours, width } = printer;
  const { faults, stages, leftovers, compared, configuration } = report;
  const isGood = faults.length + leftovers.length === 0 && stages.every(({ isProven }) => isProven);
  const most = all ? Infinity : SHOWN;
  return textOf([
    [`${isGood ? colours.green('✔') : faults.length > 0 ? colours.red('✖') : colours.yellow('⚠')} ${safe(headOf(report))}`],
    ...faults.map((fault) => wrapped(safe(fault), width)),
    ...stages.map((stage, index) => [
      `${colours.bold(safe(`Stage ${index + 1} of ${stages.length}, ${stage.stage}: ${stage.title}`))}  ${stage.isProven ? colours.green('✔ proven, in any order') : colours.yellow('⚠ not proven')}`,
      ...stage.doubts.map((doubt) => `  ${colours.yellow('⚠')} ${safe(doubt)}`),
      ...stage.steps.flatMap((step) => stepLines(step, printer)),
    ]),
    ...leftovers.length > 0 ? [[
      ...wrapped(`${colours.yellow('⚠')} ${LEFT}`, width),
      ...leftovers.slice(0, most).map((leftover) => safe(`    ${leftoverText(leftover)}`)),
      ...leftovers.length > most ? [colours.dim(`    and ${numeral(leftovers.length - most)} more (--all shows them)`)] : [],
    ]] : [],
    ...compared.before.unreadable.map((problem) => unreadableBlock(problem, printer)),
    [...configuration === undefined ? [] : [safe(`Configuration: ${configuration}`)], `Istio ${ISTIO_MINOR}, ${counted(stages.length, 'stage')}.`, ...dimmedLines(provenTexts(report), printer)],
  ]);
}

function leftoverText({ object, field, place }: ReportedLeftover): string {
  return [titleOf(object), ...place?.position ? [`${place.file}:${place.position.line}`] : [], field].join('  ');
}

/** The plan as a comment of a pull request. What manifests say stands in code spans, where nothing of it is Markdown. */
export function trustDomainMarkdown(report: TrustDomainReport): string {
  const { faults, stages, leftovers, from, to, compared } = report;
  const unreadable = compared.before.unreadable.length;
  const verdict = faults.length > 0 ? '❌ no plan' : `${counted(stages.length, 'stage')}, ${provenText(stages)}`;
  return [
    `### istio-mtls plan: ${unreadable > 0 ? `❌ ${unreadable} could not be read` : verdict}`,
    `From trust domain ${code(from)} to ${code(to)}.`,
    ...faults.map((fault) => `- ❌ ${code(fault)}`),
    ...stages.map((stage, index) => stageMarkdown(stage, index, stages.length)),
    ...leftovers.length > 0 ? [[`⚠️ ${LEFT}\n`, ...leftovers.slice(0, SHOWN).map((leftover) => `- ${code(leftoverText(leftover))}`), ...leftovers.length > SHOWN ? [`- and ${numeral(leftovers.length - SHOWN)} more`] : []].join('\n')] : [],
    ...provenTexts(report),
    ...report.said ? [`- ${code(configurationText(report.said))}`] : [],
  ].map((block) => `${block}\n`).join('\n');
}

function stageMarkdown({ stage, title, isProven, doubts, steps }: ReportedTrustStage, index: number, count: number): string {
  return [
    `**Stage ${index + 1} of ${count}**, ${code(stage)}: ${title}${isProven ? ' (proven, in any order)' : ' (⚠️ not proven)'}`,
    ...doubts.map((doubt) => `- ⚠️ ${code(doubt)}`),
    ...steps.map(stepMarkdown),
  ].join('\n\n');
}
