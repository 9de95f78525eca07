import { measuredText, unknownText } from './measured';
import { afterwardsOf, byText, callerText, MigrationReport, remedyText, undecidedText } from './report';
import { numeral } from '../../../findings/numeral';
import { printable } from '../../../findings/safe-text';
import { objectText } from '../../../mesh/inventory/object';
import { textOf, unreadableBlock } from '../../findings/text';
import { counted, Printer } from '../../output/printer';
import { planText } from '../text';

/** How many callers a text shows. */
const SHOWN = 20;

export interface MigrationPrinting {
  readonly all: boolean;
  readonly acceptsPossible: boolean;
  readonly printer: Printer;
}

/** The report as text for people: what prevents the migration, then the plan. */
export function migrationText(report: MigrationReport, { all, acceptsPossible, printer }: MigrationPrinting): string {
  const { colours } = printer;
  const { target: { mode, scope }, blockers, possible, measured, plan, compared } = report;
  const most = all ? Infinity : SHOWN;
  const calls = possible.reduce((sum, one) => sum + one.calls, 0);
  const place = scope === undefined ? 'the whole mesh' : scope;
  return textOf([
    [colours.bold(printable(
      `${mode} for ${place}: ${counted(blockers.length, 'known caller')} would be cut off, and ${counted(calls, 'possible call')}.`,
    ))],
    ...blockers.length > 0 ? [[
      ...blockers.slice(0, most).map((blocker) => `${blocker.remedy ? colours.green('✔') : colours.red('✖')} `
        + `${printable(callerText(blocker))}  ${colours.dim(printable(byText(blocker)))}  ${printable(remedyText(blocker))}`),
      ...more(blockers.length, most),
    ]] : [],
    ...possible.length > 0 ? [[
      `${acceptsPossible ? '▸' : colours.yellow('?')} No manifest shows that these call; `
        + `they could no longer call${acceptsPossible ? '' : ' (--accept-possible continues without them)'}:`,
      ...possible.slice(0, most).map(({ client, calls: count }) => printable(`    ${objectText(client)}  ${counted(count, 'call')}`)),
      ...more(possible.length, most),
    ]] : [],
    ...measured && measured.unknown.length > 0 ? [[
      `${colours.red('✖')} Some callers of these are unknown, so they keep their mode (--accept-unknown SERVER continues anyway):`,
      ...measured.unknown.slice(0, most).map((one) => printable(`    ${objectText(one.server)}  ${unknownText(one, measured)}`)),
      ...more(measured.unknown.length, most),
    ]] : [],
    ...measured && measured.unseen.length > 0 ? [[
      '▸ These weren\'t seen calling, and could no longer call:',
      ...measured.unseen.slice(0, most)
        .map(({ client, calls: count }) => printable(`    ${objectText(client)}  ${counted(count, 'call')}`)),
      ...more(measured.unseen.length, most),
    ]] : [],
    ...measured ? [[printable(measuredText(measured))]] : [],
    ...undecidedText(report) === '' ? [] : [[`${acceptsPossible ? '▸' : colours.yellow('?')} ${undecidedText(report)}`]],
    ...plan ? [] : [['There is no plan: no change was found that keeps the callers marked ✖ working.'],
      ...compared.before.unreadable.map((problem) => unreadableBlock(problem, printer))],
  ]) + (plan ? `\n${planText({ ...plan, after: { ...plan.after, unreadable: [] } }, { all, printer })}${afterwards(report)}` : '');
}

function afterwards(report: MigrationReport): string {
  const found = afterwardsOf(report);
  return found ? `${found.text}\n` : '';
}

function more(count: number, most: number): string[] {
  return count > most ? [`    and ${numeral(count - most)} more (--all shows them)`] : [];
}
