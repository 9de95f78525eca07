import { Evidence } from '../../analysis/evidence';
import { fieldRefText } from '../../analysis/mesh-finding';
import { declaredCalls } from '../../analysis/rules/mtls604-declared-calls';
import { numeral } from '../../findings/numeral';
import { redacted } from '../../findings/safe-text';
import { DECLARED_CALLS } from '../../manifests/kinds';
import { misplacedDeclaration } from '../../mesh/calls/declared-calls';
import { FieldRef } from '../../mesh/inventory/field-ref';
import { objectText } from '../../mesh/inventory/object';
import { Mesh } from '../../mesh/mesh';
import { Note } from '../input/raw-sources';

/** How many mistakes are named. */
const NAMED = 3;

/** The mistakes in the declarations of calls of the state after. Because of most of them, workloads count as calling everything. */
export function declarationNotes(after: Mesh): readonly Note[] {
  const found = [...declaredCalls.find(new Evidence(after, undefined, []))];
  const others = numeral(found.length - NAMED);
  const more = found.length > NAMED ? [`${others} more declarations of calls in NEW are mistaken: istio-mtls check shows them`] : [];
  const texts = found.slice(0, NAMED).map(({ object, field, actual, expected, fix }) => {
    const mistake = isWithoutEffect({ object, field }, after)
      ? 'repeats the annotation with its calls where it has no effect'
      : 'declares its calls by mistake and counts as calling everything';
    return `${objectText(object)} of NEW ${mistake}: ${DECLARED_CALLS} has ${actual}; expected ${expected}. Fix: ${fix}. `
      + `[${declaredCalls.code}]`;
  });
  return [...texts, ...more].map((text) => ({ about: 'calls', text: redacted(text) }));
}

/** Whether an annotation is misplaced, and its workload declares its calls in the right place, too. */
function isWithoutEffect(found: FieldRef, { callers, declarations }: Mesh): boolean {
  return callers.some((client) => {
    const misplaced = misplacedDeclaration(client);
    if (misplaced?.object !== found.object || fieldRefText(misplaced) !== fieldRefText(found)) return false;
    return declarations.get(client)?.calls !== undefined;
  });
}
