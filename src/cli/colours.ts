import { createColors } from 'picocolors';
import { Outcome } from '../mesh/calls/outcome';

export type Colours = ReturnType<typeof createColors>;

/** How an outcome looks: good, doubtful, bad, or not known. */
export function paintOf(outcome: Outcome, colours: Colours): (text: string) => string {
  switch (outcome) {
    case 'mtls': case 'tls': return colours.green;
    case 'plaintext': return colours.yellow;
    case 'broken': return colours.red;
    default: return colours.dim;
  }
}

/** On a terminal only, unless NO_COLOR or FORCE_COLOR says otherwise. */
export function coloursFor(isTerminal: boolean, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): Colours {
  if (NO_COLOR) return createColors(false);
  if (FORCE_COLOR) return createColors(FORCE_COLOR !== '0' && FORCE_COLOR !== 'false');
  return createColors(isTerminal && TERM !== 'dumb');
}
