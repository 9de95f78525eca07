import { numeral } from '../src/findings/numeral';

export { numeral };

/** `1 namespace`, `2 namespaces`. */
export function counted(count: number, noun: string): string {
  return `${numeral(count)} ${noun}${count === 1 ? '' : 's'}`;
}
