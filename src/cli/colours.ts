import { createColors } from 'picocolors';

export type Colours = ReturnType<typeof createColors>;

/** On a terminal only, unless NO_COLOR or FORCE_COLOR says otherwise. */
export function coloursFor(isTerminal: boolean, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): Colours {
  if (NO_COLOR) return createColors(false);
  if (FORCE_COLOR) return createColors(FORCE_COLOR !== '0' && FORCE_COLOR !== 'false');
  return createColors(isTerminal && TERM !== 'dumb');
}
