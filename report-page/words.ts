import { numeral } from '../src/findings/numeral';

export { numeral };

/** `1 namespace`, `2 namespaces`. */
export function counted(count: number, noun: string): string {
  return `${numeral(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `12 findings.`, or how many of them match: `3 of 12 findings match.`, `None of 12 findings matches.` */
export function foundText(found: number, all: number, noun: string): string {
  if (found === all) return all === 0 ? `No ${noun}s.` : `${counted(all, noun)}.`;
  return found === 0 ? `None of ${counted(all, noun)} matches.` : `${numeral(found)} of ${counted(all, noun)} ${found === 1 ? 'matches' : 'match'}.`;
}
