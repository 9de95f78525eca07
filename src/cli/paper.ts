import { Colours, coloursFor } from './colours';
import { Terminal } from './terminal';

/** What a report for people is printed on. */
export interface Paper {
  readonly colours: Colours;
  /** How many columns a line of prose may take. */
  readonly width: number;
}

/** However wide the terminal is: longer lines are hard to read, and shorter ones harder. */
const [NARROWEST, WIDEST] = [60, 120];

/** Only a terminal has a width: what goes into a file or a pipeline's log keeps its lines whole, to be searched. */
export function paperFor({ isTerminal, columns, env }: Pick<Terminal, 'isTerminal' | 'columns' | 'env'>): Paper {
  return { colours: coloursFor(isTerminal, env), width: columns ? Math.min(Math.max(columns, NARROWEST), WIDEST) : Infinity };
}

/** A text in lines of at most so many characters; a longer word stays whole, so that a name can be copied. */
export function wrapped(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
