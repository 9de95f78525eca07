import { RotationReport } from './rotation';
import { RotationStep, StagePlan } from '../../certificates/rotation-plan';
import { printable, redacted } from '../../findings/safe-text';
import { code, shell } from '../markdown';
import { counted, Printer, wrapped } from '../printer';
import { textOf } from '../text-report';

const safe = (text: string): string => printable(redacted(text));

function headOf({ from, to, stages }: RotationReport): string {
  return stages.length === 0 ? `No plan from ${from} to ${to}.` : `From ${from} to ${to}: ${counted(stages.length, 'stage')}, each safe to stay in.`;
}

/** Below the first stage a line begins here. */
const INDENT = 11;

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

function stepLines({ action, text, commands = [], keys = [] }: RotationStep, { colours, width }: Printer): string[] {
  const [first, ...rest] = wrapped(safe(text), width - INDENT);
  const indent = ' '.repeat(INDENT);
  const longest = Math.max(0, ...keys.map(([key]) => key.length));
  return [
    `  ${colours.cyan(action.padEnd(INDENT - 2))}${first}`,
    ...rest.map((line) => `${indent}${line}`),
    ...keys.map(([key, content]) => safe(`${indent}  ${key.padEnd(longest)}  ${content}`)),
    ...commands.map((command) => colours.dim(safe(`${indent}  ${command}`))),
  ];
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

function stepMarkdown({ action, text, commands = [], keys = [] }: RotationStep): string {
  return [
    `- **${action}** ${safe(text)}`,
    ...keys.length > 0 ? [keys.map(([key, content]) => `  - ${code(key)}: ${safe(content)}`).join('\n')] : [],
    ...commands.length > 0 ? [shell(...commands.map(safe)).split('\n').map((line) => `  ${line}`).join('\n')] : [],
  ].join('\n\n');
}
