import { measuredText, unknownText } from './measured';
import { afterwardsOf, byText, callerText, MigrationReport, remedyText, undecidedText } from './report';
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
      `${counted(blockers.length, 'known caller')} would be cut off:\n`,
      ...blockers.slice(0, SHOWN).map((blocker) => `- ${blocker.remedy ? '✅' : '❌'} `
        + `${code(callerText(blocker))}${byText(blocker) === '' ? '' : ` (${code(byText(blocker))})`}: ${remedyText(blocker)}`),
      ...more(blockers.length),
    ].join('\n')] : [],
    ...possible.length > 0 ? [[
      'No manifest shows that these call; they could no longer call:\n',
      ...possible.slice(0, SHOWN).map(({ client, calls }) => `- ${code(objectText(client))}: ${counted(calls, 'call')}`),
      ...more(possible.length),
    ].join('\n')] : [],
    ...measured && measured.unknown.length > 0 ? [[
      'Some callers of these are unknown, so they keep their mode:\n',
      ...measured.unknown.slice(0, SHOWN).map((one) => `- ❌ ${code(objectText(one.server))}: ${code(unknownText(one, measured))}`),
      ...more(measured.unknown.length),
    ].join('\n')] : [],
    ...measured && measured.unseen.length > 0 ? [[
      'These weren\'t seen calling, and could no longer call:\n',
      ...measured.unseen.slice(0, SHOWN).map(({ client, calls }) => `- ${code(objectText(client))}: ${counted(calls, 'call')}`),
      ...more(measured.unseen.length),
    ].join('\n')] : [],
    ...measured ? [code(measuredText(measured))] : [],
    ...undecidedText(report) === '' ? [] : [undecidedText(report)],
    plan ? planMarkdown(plan).trimEnd() : 'There is no plan: no change was found that keeps the callers marked ❌ working.',
    afterwardsOf(report)?.text ?? '',
    ...saidLines(report),
  ];
  return lines.filter((block) => block !== '').map((block) => `${block}\n`).join('\n');
}

function more(count: number): string[] {
  return count > SHOWN ? [`- and ${numeral(count - SHOWN)} more`] : [];
}
