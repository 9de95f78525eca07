import { measuredText, PossibleCaller, undeclaredText, unknownText } from './measured';
import {
  afterwardsOf, byText, callerText, caseText, knownText, MigrationReport, missingFactsText, ReportedBlocker, remedyText, undecidedText,
} from './report';
import { numeral } from '../../../findings/numeral';
import { printable } from '../../../findings/safe-text';
import { objectText } from '../../../mesh/inventory/object';
import { dimmedLines, textOf, unreadableBlock } from '../../findings/text';
import { Colours, counted, Printer } from '../../output/printer';
import { PlanReport } from '../report';
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
  const upTo = possible.some((one) => one.if) ? 'up to ' : '';
  const place = scope === undefined ? 'the whole mesh' : scope;
  return textOf([
    [colours.bold(printable(
      `${mode} for ${place}: ${knownText(blockers)} would be cut off, and ${upTo}${counted(calls, 'possible call')}.`,
    ))],
    ...blockers.length > 0 ? [[
      ...blockers.slice(0, most).map((blocker) => blockerText(blocker, colours)),
      ...more(blockers.length, most),
    ]] : [],
    ...possible.length > 0 ? [[
      `${acceptsPossible ? '▸' : colours.yellow('?')} No manifest shows that these call; `
        + `they could no longer call${acceptsPossible ? '' : ' (--accept-possible continues without them)'}:`,
      ...possible.slice(0, most).map(possibleText),
      ...more(possible.length, most),
    ]] : [],
    ...measured && measured.unknown.length > 0 ? [[
      `${colours.red('✖')} Some callers of these are unknown, so they keep their mode (--accept-unknown SERVER continues anyway):`,
      ...measured.unknown.slice(0, most).map((one) => (
        printable(['', '', objectText(one.server), unknownText(one, measured), ...caseText(one)].join('  ')))),
      ...more(measured.unknown.length, most),
    ]] : [],
    ...measured && measured.unseen.length > 0 ? [[
      '▸ These weren\'t seen calling, and could no longer call:',
      ...measured.unseen.slice(0, most).map(possibleText),
      ...more(measured.unseen.length, most),
    ]] : [],
    ...measured ? [[printable(measuredText(measured)), ...undeclaredText(measured, most) === '' ? [] : [
      `${colours.yellow('⚠')} ${printable(undeclaredText(measured, most))}`,
    ]]] : [],
    ...undecidedText(report) === '' ? [] : [[`${acceptsPossible ? '▸' : colours.yellow('?')} ${undecidedText(report)}`]],
    ...plan ? [] : [['There is no plan: no change was found that keeps the callers marked ✖ working.'],
      ...compared.before.unreadable.map((problem) => unreadableBlock(problem, printer)), missingLines(report, printer)],
  ]) + (plan ? `\n${ownPlanText(plan, { all, printer })}${[...missingLines(report, printer), ''].join('\n')}${afterwards(report)}` : '');
}

/** The plan alone: what it doesn't know is told once for the whole migration. */
function ownPlanText(plan: PlanReport, printing: Pick<MigrationPrinting, 'all' | 'printer'>): string {
  return planText({ ...plan, missing: undefined, after: { ...plan.after, unreadable: [] } }, printing);
}

function missingLines(report: MigrationReport, printer: Printer): readonly string[] {
  const missing = missingFactsText(report);
  return missing === '' ? [] : dimmedLines([printable(missing)], printer);
}

/** `✔ Deployment shop/web → ratings.shop.svc.cluster.local:9080  env UPSTREAM  it gets a sidecar  if shop has none`. */
function blockerText(blocker: ReportedBlocker, colours: Colours): string {
  const mark = blocker.remedy ? colours.green('✔') : colours.red('✖');
  const parts = [callerText(blocker), byText(blocker), remedyText(blocker), ...caseText(blocker)].map(printable);
  return `${mark} ${parts.map((part, index) => (index === 1 ? colours.dim(part) : part)).join('  ')}`;
}

/** `    DaemonSet monitoring/node-agent  5 calls`. */
function possibleText(one: PossibleCaller): string {
  return printable(['', '', objectText(one.client), counted(one.calls, 'call'), ...caseText(one)].join('  '));
}

function afterwards(report: MigrationReport): string {
  const found = afterwardsOf(report);
  return found ? `${found.text}\n` : '';
}

function more(count: number, most: number): string[] {
  return count > most ? [`    and ${numeral(count - most)} more (--all shows them)`] : [];
}
