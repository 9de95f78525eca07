import { Re2Text } from './re2-text';

/** How often what is before it may come: at least and at most, `Infinity` for no end. */
export interface Repeat {
  readonly min: number;
  readonly max: number;
}

/** The most that `{n}` may say, alone or multiplied with those around it. */
export const MOST_REPEATS = 1000;

const BRACES = /^\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}/;

/** Reads `*`, `+`, `?` or `{n,m}`; nothing where the next character isn't one, such as a `{` that stands for itself. */
export function readRepeat(text: Re2Text): Repeat | undefined {
  if (text.next === '{') return readBraces(text);
  const simple = { '*': { min: 0, max: Infinity }, '+': { min: 1, max: Infinity }, '?': { min: 0, max: 1 } }[text.next];
  if (simple) text.take();
  return simple;
}

function readBraces(text: Re2Text): Repeat | undefined {
  const match = BRACES.exec(text.ahead(Infinity));
  if (!match) return undefined;
  text.skip(match[0].length);
  const min = Number(match[1]);
  const max = match[3] === undefined ? (match[2] ? Infinity : min) : Number(match[3]);
  if (min > MOST_REPEATS || (max !== Infinity && (max > MOST_REPEATS || max < min))) {
    text.fail(`the repetition '${match[0]}', which isn't from 0 to ${MOST_REPEATS}`);
  }
  return { min, max };
}
