import { Evidence } from '../../analysis/evidence';
import { declaredCalls } from '../../analysis/rules/mtls604-declared-calls';
import { numeral } from '../../findings/numeral';
import { redacted } from '../../findings/safe-text';
import { DECLARED_CALLS } from '../../manifests/kinds';
import { objectText } from '../../mesh/inventory/object';
import { Mesh } from '../../mesh/mesh';
import { Note } from '../input/raw-sources';

/** How many mistakes are named. */
const NAMED = 3;

/** The mistakes in the declarations of calls of the state after, because of which workloads count as calling everything. */
export function declarationNotes(after: Mesh): readonly Note[] {
  const found = [...declaredCalls.find(new Evidence(after, undefined, []))];
  const others = numeral(found.length - NAMED);
  const more = found.length > NAMED ? [`${others} more declarations of calls in NEW are mistaken: istio-mtls check shows them`] : [];
  const texts = found.slice(0, NAMED).map(({ object, actual, expected, fix }) => (
    `${objectText(object)} of NEW declares its calls by mistake and counts as calling everything: ${DECLARED_CALLS} has ${actual}; `
      + `expected ${expected}. Fix: ${fix}. [${declaredCalls.code}]`));
  return [...texts, ...more].map((text) => ({ about: 'calls', text: redacted(text) }));
}
