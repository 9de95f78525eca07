import { RotationReport } from './report';
import { StagePlan } from '../../../certificates/rotation-plan';
import { code } from '../../output/markdown';
import { counted } from '../../output/printer';
import { stepMarkdown } from '../../output/steps';

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
