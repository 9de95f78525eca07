import { measuredText, PossibleCaller, undeclaredText, unknownText } from './measured';
import {
  afterwardsOf, byText, callerText, caseText, knownText, MigrationReport, missingFactsText, ReportedBlocker, remedyText, undecidedText,
} from './report';
import { numeral } from '../../../findings/numeral';
import { objectText } from '../../../mesh/inventory/object';
import { code } from '../../output/markdown';
import { counted } from '../../output/printer';
import { planMarkdown, saidLines } from '../markdown';

/** The maximum number of callers in a comment. */
const SHOWN = 15;

/** The report as a comment on a pull request. */
export function migrationMarkdown(report: MigrationReport): string {
  const { target: { mode, scope }, blockers, possible, measured, plan } = report;
  const lines = [
    `### istio-mtls plan: ${mode} for ${scope === undefined ? 'the whole mesh' : code(scope)}`,
    ...blockers.length > 0 ? [[
      `${knownText(blockers).replace(/^up/, 'Up')} would be cut off:\n`,
      ...blockers.slice(0, SHOWN).map(blockerText),
      ...more(blockers.length),
    ].join('\n')] : [],
    ...possible.length > 0 ? [[
      'No manifest shows that these call; they could no longer call:\n',
      ...possible.slice(0, SHOWN).map(callsText),
      ...more(possible.length),
    ].join('\n')] : [],
    ...measured && measured.unknown.length > 0 ? [[
      'Some callers of these are unknown, so they keep their mode:\n',
      ...measured.unknown.slice(0, SHOWN)
        .map((one) => `- ❌ ${code(objectText(one.server))}: ${code(unknownText(one, measured))}${where(one)}`),
      ...more(measured.unknown.length),
    ].join('\n')] : [],
    ...measured && measured.unseen.length > 0 ? [[
      'These weren\'t seen calling, and could no longer call:\n',
      ...measured.unseen.slice(0, SHOWN).map(callsText),
      ...more(measured.unseen.length),
    ].join('\n')] : [],
    ...measured ? [code(measuredText(measured)), ...undeclaredText(measured, SHOWN) === '' ? [] : [
      `⚠️ ${code(undeclaredText(measured, SHOWN))}`,
    ]] : [],
    ...undecidedText(report) === '' ? [] : [report.undecidedIf ? code(undecidedText(report)) : undecidedText(report)],
    plan
      ? planMarkdown({ ...plan, missing: undefined }).trimEnd()
      : 'There is no plan: no change was found that keeps the callers marked ❌ working.',
    missingFactsText(report) === '' ? '' : code(missingFactsText(report)),
    afterwardsOf(report)?.text ?? '',
    ...saidLines(report),
  ];
  return lines.filter((block) => block !== '').map((block) => `${block}\n`).join('\n');
}

/** `- ✅ \`Deployment shop/web → ratings.shop.svc.cluster.local:9080\` (\`env UPSTREAM\`): it gets a sidecar`. */
function blockerText(blocker: ReportedBlocker): string {
  const by = byText(blocker) === '' ? '' : ` (${code(byText(blocker))})`;
  return `- ${blocker.remedy ? '✅' : '❌'} ${code(callerText(blocker))}${by}: ${remedyText(blocker)}${where(blocker)}`;
}

/** `- \`Deployment shop/web\`: 2 calls`. */
function callsText(one: PossibleCaller): string {
  return `- ${code(objectText(one.client))}: ${counted(one.calls, 'call')}${where(one)}`;
}

/** Where something is so; empty if it is in every case. */
function where(one: Parameters<typeof caseText>[0]): string {
  return caseText(one).map((text) => `, ${code(text)}`).join('');
}

function more(count: number): string[] {
  return count > SHOWN ? [`- and ${numeral(count - SHOWN)} more`] : [];
}
