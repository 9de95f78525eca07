import { Evidence } from './evidence';
import { Found } from './mesh-finding';
import { caField } from '../mesh/certificates/plugged-ca';

/** What is wrong with the CAs of the manifests that one code tells. */
export function* foundInCas(evidence: Evidence, code: string): Generator<Found> {
  for (const { ca, faults } of evidence.pluggedCas) {
    for (const { code: told, role, severity, actual, expected, because, fix } of faults) {
      if (told === code) yield { object: ca.object, field: caField(ca, role), severity, actual, expected, because, fix };
    }
  }
}
