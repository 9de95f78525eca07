import { isDnsLabel } from './dns-label';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Objects to a port's name that is no DNS label. */
export function judgePortName(at: Objections, name: string): void {
  if (isDnsLabel(name)) return;
  at.error({
    code: 'ADMIT403',
    actual: `the name ${shown(name)}`,
    expected: 'a DNS label: letters, digits and \'-\', at most 63 characters',
    because: 'ports are found by their names',
    fix: 'name the port, for example \'http\'',
  });
}
