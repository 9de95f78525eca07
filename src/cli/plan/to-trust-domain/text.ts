import {
  LEFTOVERS_TITLE, leftoverText, missingTrustText, provenText, provenTrustTexts, SHOWN_LEFTOVERS, TrustDomainReport,
} from './report';
import { numeral } from '../../../findings/numeral';
import { wrapped } from '../../../findings/wrapped';
import { ISTIO_MINOR } from '../../../mesh/config/istiods';
import { fileText } from '../../findings/configuration-file';
import { dimmedLines, textOf, unreadableBlock } from '../../findings/text';
import { counted, Printer } from '../../output/printer';
import { safe, stepLines } from '../../output/steps';

function headOf({ from, to, faults, stages }: TrustDomainReport): string {
  return faults.length > 0
    ? `No plan from trust domain ${from} to ${to}.`
    : `From trust domain ${from} to ${to}: ${counted(stages.length, 'stage')}, ${provenText(stages)}.`;
}

/** The plan as text for people. */
export function trustDomainText(report: TrustDomainReport, { all, printer }: { readonly all: boolean; readonly printer: Printer }): string {
  const { colours, width } = printer;
  const { faults, stages, leftovers, compared, configuration } = report;
  const isGood = faults.length + leftovers.length === 0 && stages.every(({ proven }) => proven);
  const most = all ? Infinity : SHOWN_LEFTOVERS;
  return textOf([
    [`${isGood ? colours.green('✔') : faults.length > 0 ? colours.red('✖') : colours.yellow('⚠')} ${safe(headOf(report))}`],
    ...faults.map((fault) => wrapped(safe(fault), width)),
    ...stages.map((stage, index) => [
      `${colours.bold(safe(`Stage ${index + 1} of ${stages.length}, ${stage.stage}: ${stage.title}`))}  `
        + `${stage.proven ? colours.green('✔ proven, in any order') : colours.yellow('⚠ not proven')}`,
      ...stage.doubts.map((doubt) => `  ${colours.yellow('⚠')} ${safe(doubt)}`),
      ...stage.steps.flatMap((step) => stepLines(step, printer)),
    ]),
    ...leftovers.length > 0 ? [[
      ...wrapped(`${colours.yellow('⚠')} ${LEFTOVERS_TITLE}`, width),
      ...leftovers.slice(0, most).map((leftover) => safe(`    ${leftoverText(leftover)}`)),
      ...leftovers.length > most ? [colours.dim(`    and ${numeral(leftovers.length - most)} more (--all shows them)`)] : [],
    ]] : [],
    ...compared.before.unreadable.map((problem) => unreadableBlock(problem, printer)),
    [...configuration === undefined ? [] : [safe(`Configuration: ${fileText(configuration)}`)],
      `Istio ${ISTIO_MINOR}, ${counted(stages.length, 'stage')}.`,
      ...dimmedLines([...provenTrustTexts(report), ...[missingTrustText(report)].filter(Boolean).map(safe)], printer)],
  ]);
}
