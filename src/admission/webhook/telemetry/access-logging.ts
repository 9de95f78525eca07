import { Objections } from '../objections';
import { celFault } from './cel/syntax';
import { shown } from '../../../findings/safe-text';

/** Objects to filters that aren't written in CEL. */
export function judgeAccessLogging(at: Objections, logging: readonly any[]): void {
  logging.forEach(({ filter }, index) => {
    if (!filter) return;
    const expression = filter.expression ?? '';
    const fault = celFault(expression);
    if (fault === undefined) return;
    at.at(index, 'filter', 'expression').error({
      code: 'ADMIT496',
      actual: expression === '' ? 'empty' : shown(expression),
      expected: 'an expression in CEL',
      because: fault,
      fix: 'write an expression such as \'response.code >= 400\', or remove the filter',
    });
  });
}
