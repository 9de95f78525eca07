import { createColors } from 'picocolors';
import { Terminal } from './terminal';
import { numeral } from '../../findings/numeral';

/** How text for people is printed. */
export interface Printer {
  readonly colours: Colours;
  /** The maximum number of columns of prose. */
  readonly width: number;
  /** The terminal's columns, if it is one: tables may use all of them. */
  readonly columns?: number;
}

/** Bounds of the width at any terminal: longer lines are hard to read, and shorter ones harder. */
const [NARROWEST, WIDEST] = [60, 120];

/** Only a terminal has a width: lines in files and logs of pipelines stay whole, so that they can be searched. */
export function printerFor({ isTerminal, columns, env }: Pick<Terminal, 'isTerminal' | 'columns' | 'env'>): Printer {
  const width = columns ? Math.min(Math.max(columns, NARROWEST), WIDEST) : Infinity;
  return { colours: coloursFor(isTerminal, env), width, ...columns && { columns: Math.max(columns, NARROWEST) } };
}

export type Colours = ReturnType<typeof createColors>;

/** Colours on a terminal only, unless NO_COLOR or FORCE_COLOR says otherwise. */
export function coloursFor(isTerminal: boolean, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): Colours {
  if (NO_COLOR) return createColors(false);
  if (FORCE_COLOR) return createColors(FORCE_COLOR !== '0' && FORCE_COLOR !== 'false');
  return createColors(isTerminal && TERM !== 'dumb');
}

export function counted(count: number, noun: string): string {
  return `${numeral(count)} ${noun}${count === 1 ? '' : 's'}`;
}
