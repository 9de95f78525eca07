const SINGLE_BREAK = /^[ \t]*\n[ \t]*$/;
const BREAK = /\r\n|[\n\r\x85\u2028\u2029]/g;

/**
 * What blanks and line breaks within a scalar stand for: blanks for themselves, one line break for a space, more for one
 * less.
 *
 * @param isEscaped whether the line ended with an escape, and goes on without a space
 */
export function folded(gap: string, isEscaped = false): string {
  if (!isEscaped && SINGLE_BREAK.test(gap)) return ' ';
  const breaks = (gap.match(BREAK) ?? []).map((each) => (each === '\u2028' || each === '\u2029' ? each : '\n'));
  if (isEscaped) return breaks.join('');
  if (breaks.length === 0) return gap;
  if (breaks[0] !== '\n') return breaks.join('');
  return breaks.length === 1 ? ' ' : breaks.slice(1).join('');
}
