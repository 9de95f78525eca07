import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Objects to a status that no answer can have; like istiod it lets 600 pass. */
export function judgeHttpStatus(at: Objections, status: number): void {
  if (status >= 200 && status <= 600) return;
  at.error({
    code: 'ADMIT443',
    actual: shown(status),
    expected: 'an HTTP status from 200 to 599',
    because: 'Envoy can\'t answer with another',
    fix: 'write a status such as 503',
  });
}
