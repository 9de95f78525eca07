import { PlanReport, provenTexts } from './report';
import {
  failuresForRefusals, headText, isWhollyRead, isWorse, leftOutOfPlanText, missingText, stagelessText, scopeOfProof, stepText, verdictText,
  worsenedText, worsensLeftOut,
} from './words';
import { NotJudged } from '../../changes/not-judged';
import { changedText } from '../../changes/object-changes';
import { ReportedStage } from '../../changes/plan-report';
import { numeral } from '../../findings/numeral';
import { printable } from '../../findings/safe-text';
import { wrapped } from '../../findings/wrapped';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { refusalLines } from '../comparison/refusal-lines';
import { fieldsText, narrowedTexts, placeText, unjudgedCountText, unreadTexts } from '../comparison/words';
import { fileText } from '../findings/configuration-file';
import { dimmedLines, textOf, unreadableBlock } from '../findings/text';
import { Colours, counted, Printer } from '../output/printer';

/** How many objects of one sort a text shows. */
const SHOWN = 10;

/** The plan as text for people. */
export function planText(report: PlanReport, { all, printer }: { readonly all: boolean; readonly printer: Printer }): string {
  const { colours } = printer;
  const { others, unjudged, before, after, configuration } = report;
  const stages = report.stages ?? [];
  const most = all ? Infinity : SHOWN;
  const failing = failuresForRefusals(report);
  return textOf([
    [`${markOf(report, colours)} ${printable(headText(report))}`,
      ...worsenedText(report) === '' ? [] : [`${colours.yellow('⚠')} ${printable(worsenedText(report))}`]],
    ...report.refusals.length > 0
      ? [refusalLines(report.refusals, { isFailing: failing.length > 0, most, colours })]
      : [],
    ...stages.map((stage, index) => stageLines(stage, index, report, most, colours)),
    ...unjudged.length > 0 ? [listOf('Not judged', unjudged, most, colours)] : [],
    ...[...before.unreadable, ...after.unreadable].map((problem) => unreadableBlock(problem, printer)),
    [
      ...declarationLines(report, all, printer),
      ...stages.length > 1 ? [wayBack(stages, report)] : [],
      ...others.length > 0 ? [stagelessText(report)] : [],
      ...unreadTexts(report),
      ...configuration === undefined ? [] : [printable(`Configuration: ${fileText(configuration)}`)],
      `Istio ${ISTIO_MINOR}, ${counted(stages.length, 'stage')}.`,
      ...dimmedLines([...provenTexts(report), ...missingText(report) === '' ? [] : [printable(missingText(report))]], printer),
    ],
    ...failing.length > 0 ? [failing.map((failure) => colours.red(`--fail-on ${failure}`))] : [],
  ]);
}

function markOf(report: PlanReport, colours: Colours): string {
  if (!report.stages || !isWhollyRead(report) || failuresForRefusals(report).length > 0) return colours.red('✖');
  const isSafe = report.atOnce.verdict === 'safe' && report.refused.after === 0 && !isWorse(report) && !worsensLeftOut(report)
    && unjudgedCountText(report) === '';
  return isSafe ? colours.green('✔') : colours.yellow('⚠');
}

function stageLines(stage: ReportedStage, index: number, report: PlanReport, most: number, colours: Colours): string[] {
  const count = report.stages!.length;
  const { verdict, steps } = stage;
  const mark = verdict === 'safe' ? colours.green('✔') : colours.yellow('⚠');
  return [
    `${colours.bold(`Stage ${index + 1} of ${count}`)}  ${mark} ${printable(verdictText(stage, report))}`,
    ...steps.slice(0, most).map((step) => {
      const fields = step.action === 'apply' ? fieldsText(step) : '';
      const parts = [colours.bold(printable(stepText(step))), colours.cyan(printable(placeText(step))), printable(fields)];
      return `  ${parts.filter(Boolean).join('  ')}`;
    }),
    ...steps.length > most ? [colours.dim(`  and ${numeral(steps.length - most)} more (--all shows them)`)] : [],
    ...index < count - 1 ? stage.waits.map((wait) => printable(`  wait until ${wait}`)) : [],
  ];
}

function declarationLines(report: PlanReport, all: boolean, { colours, width }: Printer): string[] {
  const texts = [leftOutOfPlanText(report, all), ...narrowedTexts(report, all)].filter((text) => text !== '');
  return texts.flatMap((text) => wrapped(printable(text), width)).map((line) => colours.yellow(line));
}

/** How to roll back. Only objects that the change itself deletes count as recreated: the plan's temporary ones have no file. */
function wayBack(stages: readonly ReportedStage[], report: PlanReport): string {
  const deletes = stages.some(({ steps }) => steps.some(({ action, file }) => action === 'delete' && file !== undefined));
  if (stages.some(({ verdict }) => verdict !== 'safe')) {
    return 'To roll back, revert the stages starting from the last one applied, and wait after each: it is proven where the stage is.';
  }
  const except = deletes ? ', except that recreated objects are newer than before' : '';
  const proof = `this is also ${scopeOfProof(report)}${except}`;
  return `To roll back, revert the stages starting from the last one applied, and wait after each: ${proof}.`;
}

function listOf(title: string, objects: readonly NotJudged[], most: number, colours: Colours): string[] {
  return [
    colours.bold(title),
    ...objects.slice(0, most)
      .map((object) => printable(`  ${[changedText(object), placeText(object), object.why].filter(Boolean).join('  ')}`)),
    ...objects.length > most ? [colours.dim(`  and ${numeral(objects.length - most)} more (--all shows them)`)] : [],
  ];
}
