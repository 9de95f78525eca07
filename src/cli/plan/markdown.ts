import { PlanReport, provenTexts } from './report';
import {
  failuresForRefusals, headText, isWorse, leftOutOfPlanText, missingText, stagelessText, scopeOfProof, stepText, verdictText, worsenedText,
  worsensLeftOut,
} from './words';
import { changedText } from '../../changes/object-changes';
import { isReplaced, ReportedStage, ReportedStep } from '../../changes/plan-report';
import { numeral } from '../../findings/numeral';
import { titleOf } from '../../findings/object-identity';
import { ReportedRefusal, whyRefusedText } from '../comparison/refusals';
import { narrowedTexts, objectCode, placeText, refusedText, unjudgedCountText, unreadTexts } from '../comparison/words';
import { configurationText } from '../findings/configuration-text';
import { code } from '../output/markdown';
import { counted } from '../output/printer';

/** The maximum number of rejected objects, and of a stage's steps, in a comment. */
const STEPS = 15;

/** The plan as a comment on a pull request. Texts of manifests are in code spans, where Markdown has no effect. */
export function planMarkdown(report: PlanReport): string {
  const { others, unjudged, before, after } = report;
  const stages = report.stages ?? [];
  const unreadable = before.unreadable.length + after.unreadable.length;
  return [
    `### istio-mtls plan: ${unreadable > 0 ? `❌ ${unreadable} could not be read` : headline(report)}`,
    code(headText(report)),
    ...worsenedText(report) === '' ? [] : [report.worsened.varying ? code(worsenedText(report)) : worsenedText(report)],
    ...refusalTexts(report),
    ...stages.map((stage, index) => stageText(stage, index, report)),
    ...[leftOutOfPlanText(report), ...narrowedTexts(report)].filter(Boolean).map(code),
    ...report.notes.filter(({ about }) => about === 'calls').map(({ text }) => code(text)),
    ...unjudged.length > 0
      ? [`Not judged: ${unjudged.slice(0, STEPS).map((object) => `${code(changedText(object))} (${object.why})`).join(', ')}.`]
      : [],
    ...unreadTexts(report, code),
    ...others.length > 0 ? [stagelessText(report)] : [],
    ...provenTexts(report),
    ...missingText(report) === '' ? [] : [code(missingText(report))],
    ...saidLines(report),
  ].map((block) => `${block}\n`).join('\n');
}

/** The configuration file and its facts, which readers of a comment can't see. */
export function saidLines({ said }: Pick<PlanReport, 'said'>): string[] {
  return said ? [`- ${code(configurationText(said))}`] : [];
}

function headline(report: PlanReport): string {
  const { stages, atOnce } = report;
  if (!stages) return '❌ no safe order was found';
  const refused = refusedText(report);
  const mark = failuresForRefusals(report).length > 0 ? '❌' : '⚠️';
  if (refused !== '') return `${mark} ${refused}; the rest has ${counted(stages.length, 'stage')}`;
  if (atOnce.verdict === 'safe') {
    if (isWorse(report)) return '⚠️ the change itself makes the mesh worse, in any order';
    if (worsensLeftOut(report)) return '⚠️ safe at once for declared calls; others get worse, or may';
    const [unjudged, scope] = [unjudgedCountText(report), report.leftOut ? ' for declared calls' : ''];
    return unjudged === '' ? `✅ safe at once${scope}` : `safe at once${scope}; ${unjudged}`;
  }
  const proven = stages.every(({ verdict }) => verdict === 'safe');
  return proven
    ? `⚠️ don't apply all at once; ${counted(stages.length, 'stage')}, each ${scopeOfProof(report)}`
    : `⚠️ ${atOnce.if ? 'not always safe at once' : 'don\'t apply all at once'}; ${counted(stages.length, 'stage')}, not all proven`;
}

function refusalTexts({ refusals }: PlanReport): readonly string[] {
  const more = refusals.length - STEPS;
  return [...refusals.slice(0, STEPS).map(refusalText), ...more > 0 ? [`${numeral(more)} more would be rejected.`] : []];
}

function refusalText(refusal: ReportedRefusal): string {
  const object = [titleOf(refusal.object), placeText(refusal)].filter(Boolean).map(code).join(' ');
  return `Rejected by the API server or istiod: ${object} ${code(whyRefusedText(refusal))}`;
}

function stageText(stage: ReportedStage, index: number, report: PlanReport): string {
  const count = report.stages!.length;
  const { steps, verdict } = stage;
  return [
    `**Stage ${index + 1} of ${count}**, ${verdict === 'safe' ? verdictText(stage, report) : code(verdictText(stage, report))}`,
    ...steps.slice(0, STEPS).map((step) => `- ${stepCode(step)}`),
    ...steps.length > STEPS ? [`- and ${numeral(steps.length - STEPS)} more`] : [],
    ...index < count - 1 ? stage.waits.map((wait) => `- wait until ${code(wait)}`) : [],
  ].join('\n');
}

function stepCode(step: ReportedStep): string {
  if (step.action !== 'apply') return code(stepText(step));
  return [objectCode(step), ...step.version === 'passing' ? ['for a while'] : [],
    ...step.isRollout && isReplaced(step) ? ['replaces its pods'] : []].join(' ');
}
