import { RotationReport } from './report';
import { wrapped } from '../../../findings/wrapped';
import { textOf } from '../../findings/text';
import { counted, Printer } from '../../output/printer';
import { safe, stepLines } from '../../output/steps';

function headOf({ from, to, stages }: RotationReport): string {
  return stages.length === 0
    ? `No plan from ${from} to ${to}.`
    : `From ${from} to ${to}: ${counted(stages.length, 'stage')}, each safe to stay in.`;
}

/** The plan as text for people. */
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
