import { isDnsLabel } from './dns-label';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Objects to a subset's name that is empty or no DNS label. */
export function judgeSubsetName(at: Objections, name: string): void {
  if (isDnsLabel(name)) return;
  at.error({
    code: 'ADMIT409',
    actual: shown(name),
    expected: 'a DNS label: letters, digits and \'-\', at most 63 characters, with a letter or digit at both ends',
    because: 'the name becomes part of the name of a cluster in Envoy',
    fix: 'give the subset a name such as \'v1\', here and where it is referred to',
  });
}
