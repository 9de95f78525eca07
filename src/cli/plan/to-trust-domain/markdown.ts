import {
  LEFTOVERS_TITLE, leftoverText, missingTrustText, provenText, provenTrustTexts, ReportedTrustStage, SHOWN_LEFTOVERS, TrustDomainReport,
} from './report';
import { numeral } from '../../../findings/numeral';
import { configurationText } from '../../findings/configuration-text';
import { code } from '../../output/markdown';
import { counted } from '../../output/printer';
import { stepMarkdown } from '../../output/steps';

/** The plan as a comment on a pull request. Texts of manifests are in code spans, where Markdown has no effect. */
export function trustDomainMarkdown(report: TrustDomainReport): string {
  const { faults, stages, leftovers, from, to, compared } = report;
  const unreadable = compared.before.unreadable.length;
  const verdict = faults.length > 0 ? '❌ no plan' : `${counted(stages.length, 'stage')}, ${provenText(stages)}`;
  return [
    `### istio-mtls plan: ${unreadable > 0 ? `❌ ${unreadable} could not be read` : verdict}`,
    `From trust domain ${code(from)} to ${code(to)}.`,
    ...faults.map((fault) => `- ❌ ${code(fault)}`),
    ...stages.map((stage, index) => stageMarkdown(stage, index, stages.length)),
    ...leftovers.length > 0 ? [[`⚠️ ${LEFTOVERS_TITLE}\n`, ...leftovers.slice(0, SHOWN_LEFTOVERS).map(
      (leftover) => `- ${code(leftoverText(leftover))}`,
    ), ...leftovers.length > SHOWN_LEFTOVERS ? [`- and ${numeral(leftovers.length - SHOWN_LEFTOVERS)} more`] : []].join('\n')] : [],
    ...provenTrustTexts(report),
    ...missingTrustText(report) === '' ? [] : [code(missingTrustText(report))],
    ...report.said ? [`- ${code(configurationText(report.said))}`] : [],
  ].map((block) => `${block}\n`).join('\n');
}

function stageMarkdown({ stage, title, proven, doubts, steps }: ReportedTrustStage, index: number, count: number): string {
  return [
    `**Stage ${index + 1} of ${count}**, ${code(stage)}: ${title}${proven ? ' (proven, in any order)' : ' (⚠️ not proven)'}`,
    ...doubts.map((doubt) => `- ⚠️ ${code(doubt)}`),
    ...steps.map(stepMarkdown),
  ].join('\n\n');
}
