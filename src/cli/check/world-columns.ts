import { paintOf } from '../../explain/text/paint';
import { numeral } from '../../findings/numeral';
import { printable } from '../../findings/safe-text';
import { wrapped } from '../../findings/wrapped';
import { Summary } from '../../mesh/calls/connections';
import { meaningOf } from '../../mesh/calls/undecided-meanings';
import { OUTCOMES } from '../../mesh/model/transport';
import { SummaryBothWays } from '../../mesh/worlds/both-ways';
import { LOST, MEANINGS } from '../findings/outcome-meanings';
import { injectionText } from '../findings/world-notice';
import { Printer } from '../output/printer';

/** The outcomes in two columns: with sidecars where it isn't known whether there are any, and without. */
export function worldColumns({ facts, with: all, without: none }: SummaryBothWays, { colours, width }: Printer): string[] {
  const both = [all, none];
  const heads = ['with', 'without'];
  const widths = both.map(({ connections }, index) => Math.max(heads[index].length, numeral(connections).length));
  const cellsOf = (texts: readonly string[]): string => texts.map((text, index) => text.padStart(widths[index])).join('  ');
  const countsOf = (countIn: (summary: Summary) => number): string => cellsOf(both.map((summary) => numeral(countIn(summary))));
  const indent = ' '.repeat(widths[0] + widths[1] + 6 + 'undecided'.length + 2);
  const reasons = [...new Set(both.flatMap(({ undecided }) => Object.keys(undecided)))].sort() as (keyof Summary['undecided'])[];
  const rows = OUTCOMES.filter((outcome) => both.some(({ outcomes }) => outcomes[outcome] > 0)).flatMap((outcome) => [
    `  ${countsOf(({ outcomes }) => outcomes[outcome])}  ${paintOf(outcome, colours)(outcome.padEnd('undecided'.length))}  `
      + colours.dim(MEANINGS[outcome]),
    ...outcome === 'undecided' ? reasons.flatMap((reason) => (
      reasonLines(countsOf(({ undecided }) => undecided[reason] ?? 0), `${meaningOf(reason)} (${reason})`, width - indent.length)
        .map((line) => colours.dim(line)))) : [],
  ]);
  const lost = both.some(({ lostCopies }) => lostCopies > 0)
    ? [`  ${countsOf(({ lostCopies }) => lostCopies)}  ${colours.yellow('lost'.padEnd('undecided'.length))}  ${colours.dim(LOST)}`] : [];
  return [`  ${cellsOf(heads)}  ${colours.bold(printable(injectionText(facts)))}`, ...rows, ...lost];
}

function reasonLines(counts: string, words: string, width: number): string[] {
  return wrapped(words, width).map((line, index) => `  ${index === 0 ? counts : ' '.repeat(counts.length)}    ${line}`);
}

/** The connections that break on one of the ways: findings don't report them. Empty if there are none. */
export function brokenText({ with: all, without: none }: SummaryBothWays): string {
  return ([[all, 'with those sidecars'], [none, 'without']] as const).filter(([{ outcomes }]) => outcomes.broken > 0)
    .map(([{ outcomes }, way]) => `${numeral(outcomes.broken)} broken ${way}`).join(', ');
}
