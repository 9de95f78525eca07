import { Outcome } from '../../mesh/model/transport';

/** Paints texts for a terminal. */
export type Paint = Readonly<Record<'bold' | 'dim' | 'green' | 'yellow' | 'red', (text: string) => string>>;

const same = (text: string): string => text;

/** Leaves texts as they are. */
export const UNPAINTED: Paint = { bold: same, dim: same, green: same, yellow: same, red: same };

/** The colour of an outcome: good, doubtful, bad, or unknown. */
export function paintOf(outcome: Outcome, paint: Paint): (text: string) => string {
  switch (outcome) {
    case 'mtls': case 'tls': return paint.green;
    case 'plaintext': return paint.yellow;
    case 'broken': return paint.red;
    default: return paint.dim;
  }
}
