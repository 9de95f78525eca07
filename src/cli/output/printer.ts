import { createColors } from 'picocolors';
import { Terminal } from './terminal';
import { numeral } from '../../findings/numeral';

/** How a report for people is printed. */
export interface Printer {
  readonly colours: Colours;
  /** How many columns a line of prose may take. */
  readonly width: number;
  /** How many the terminal has, if it is one: a table may take them all. */
  readonly columns?: number;
}

/** However wide the terminal is: longer lines are hard to read, and shorter ones harder. */
const [NARROWEST, WIDEST] = [60, 120];

/** Only a terminal has a width: what goes into a file or a pipeline's log keeps its lines whole, to be searched. */
export function printerFor({ isTerminal, columns, env }: Pick<Terminal, 'isTerminal' | 'columns' | 'env'>): Printer {
  const width = columns ? Math.min(Math.max(columns, NARROWEST), WIDEST) : Infinity;
  return { colours: coloursFor(isTerminal, env), width, ...columns && { columns: Math.max(columns, NARROWEST) } };
}

export type Colours = ReturnType<typeof createColors>;

/** On a terminal only, unless NO_COLOR or FORCE_COLOR says otherwise. */
export function coloursFor(isTerminal: boolean, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): Colours {
  if (NO_COLOR) return createColors(false);
  if (FORCE_COLOR) return createColors(FORCE_COLOR !== '0' && FORCE_COLOR !== 'false');
  return createColors(isTerminal && TERM !== 'dumb');
}

export function counted(count: number, noun: string): string {
  return `${numeral(count)} ${noun}${count === 1 ? '' : 's'}`;
}
