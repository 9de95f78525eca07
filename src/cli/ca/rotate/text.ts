import { RotationReport } from './report';
import { StagePlan } from '../../../certificates/rotation-plan';
import { textOf } from '../../findings/text';
import { code } from '../../output/markdown';
import { counted, Printer, wrapped } from '../../output/printer';
import { safe, stepLines, stepMarkdown } from '../../output/steps';

function headOf({ from, to, stages }: RotationReport): string {
  return stages.length === 0 ? `No plan from ${from} to ${to}.` : `From ${from} to ${to}: ${counted(stages.length, 'stage')}, each safe to stay in.`;
}

/** The plan as people read it. */
export function rotationText(report: RotationReport, printer: Printer): string {
  const { colours } = printer;
  const { faults, stages } = report;
  return textOf([
    [`${faults.length > 0 ? colours.red('✖') : colours.green('✔')} ${safe(headOf(report))}`],
    ...faults.map((fault) => wrapped(safe(fault), printer.width)),
    ...stages.map((stage, index) => [
      colours.bold(safe(`Stage ${index + 1} of ${stages.length}, ${stage.stage}: ${stage.title}`)),
      ...stage.steps.flatMap((step) => stepLines(step, printer)),
    ]),
  ]);
}

/** The plan as a page or a comment of a pull request. */
export function rotationMarkdown(report: RotationReport): string {
  const { faults, stages } = report;
  return [
    `### istio-mtls ca rotate: ${faults.length > 0 ? '❌ no plan' : `${counted(stages.length, 'stage')}, each safe to stay in`}`,
    `From ${code(report.from)} to ${code(report.to)}.`,
    ...faults.map((fault) => `- ❌ ${code(fault)}`),
    ...stages.map((stage, index) => stageMarkdown(stage, index, stages.length)),
  ].map((block) => `${block}\n`).join('\n');
}

function stageMarkdown({ stage, title, steps }: StagePlan, index: number, count: number): string {
  return [`**Stage ${index + 1} of ${count}**, ${code(stage)}: ${title}`, ...steps.map(stepMarkdown)].join('\n\n');
}
