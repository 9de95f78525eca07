import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Objects to weights that don't add up and localities that overlap; false where it stopped at the first weight. */
export function judgeDistribution(at: Objections, distribute: readonly any[]): boolean {
  for (const [index, entry] of distribute.entries()) {
    if (!judgeWeights(at.at(index, 'to'), entry.to ?? {})) return false;
    judgeLocalities(wildcardsFirst(Object.keys(entry.to ?? {})), (_, locality) => at.at(index, 'to', locality));
  }
  judgeLocalities(distribute.map((entry) => entry.from ?? ''), (index) => at.at(index, 'from'));
  return true;
}

function judgeWeights(at: Objections, to: { readonly [locality: string]: number }): boolean {
  const wrong = Object.entries(to).find(([, weight]) => weight < 1 || weight > 100);
  if (wrong) {
    objectToDistribution(at.at(wrong[0]), shown(wrong[1]), 'a weight from 1 to 100');
    return false;
  }
  const total = Object.values(to).reduce((sum, weight) => sum + weight, 0);
  if (total !== 100) objectToDistribution(at, `${total} in all`, 'weights that add up to 100');
  return total === 100;
}

/** Objects to the first locality that isn't one, or that covers or is covered by one before it. */
function judgeLocalities(localities: readonly string[], place: (index: number, locality: string) => Objections): void {
  const before: string[][] = [];
  for (const [index, locality] of localities.entries()) {
    const parts = partsOf(locality);
    const expected = localityFault(locality, parts, before);
    if (expected) return objectToDistribution(place(index, locality), shown(locality), expected);
    before.push(parts);
  }
}

function localityFault(locality: string, parts: readonly string[], before: readonly string[][]): string | undefined {
  if (locality.slice(0, -1).includes('*')) return 'a \'*\' at the end only';
  if (parts.includes('')) return 'a region, region/zone or region/zone/subzone without an empty part';
  return before.some((other) => overlaps(parts, other)) ? OVERLAP : undefined;
}

const OVERLAP = 'localities that don\'t overlap';

/** A map has no order: istiod takes the entries as they come, and refuses a wildcard that comes first. */
function wildcardsFirst(localities: readonly string[]): string[] {
  return [...localities].sort((one, other) => Number(other.endsWith('*')) - Number(one.endsWith('*')));
}

/** `region`, `region/zone` or `region/zone/subzone`; what is behind the second slash is all subzone. */
function partsOf(locality: string): string[] {
  const [region, zone, ...subzone] = locality.split('/');
  return [region, zone, subzone.length > 0 ? subzone.join('/') : undefined].filter((part) => part !== undefined);
}

/** Whether one is the other, is part of it or has it as a part; only a wildcard that came before covers anything. */
function overlaps(parts: readonly string[], before: readonly string[]): boolean {
  return parts.every((part, index) => index >= before.length || part === before[index] || before[index] === '*');
}

function objectToDistribution(at: Objections, actual: string, expected: string): void {
  at.error({
    code: 'ADMIT422',
    actual,
    expected,
    because: 'each locality\'s traffic is divided once and wholly',
    fix: 'mend the weights and localities of this entry',
  });
}
