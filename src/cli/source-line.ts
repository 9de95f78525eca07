import { printable } from '../findings/printable';
import { Position } from '../manifests/source-text';

/** How much of a line is shown; JSON may be one line of megabytes. */
const WIDTH = 120;

/** What takes two columns on a terminal, and what takes none. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;
const COMBINING = /\p{M}/gu;

/** A line, and a caret below the column; a long line is cut out around it. */
export function sourceLine({ line, column, text }: Position): readonly [string, string] | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const start = text.length <= WIDTH ? 0 : Math.max(0, Math.min(column - 1 - WIDTH / 3, text.length - WIDTH));
  const shown = `${start > 0 ? '…' : ''}${text.slice(start, start + WIDTH)}${start + WIDTH < text.length ? '…' : ''}`;
  const number = `${line} | `;
  const before = printable(text.slice(start, column - 1)).replace(COMBINING, '').replace(WIDE, '  ').replace(/[^\t]/g, ' ');
  return [`${number}${shown}`, `${' '.repeat(number.length - 2)}| ${start > 0 ? ' ' : ''}${before}^`];
}
