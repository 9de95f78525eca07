import { shown } from '../../findings/safe-text';
import { unusedCas } from '../../mesh/certificates/workload-ca';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const unusedCa: Rule = {
  code: 'MTLS731',
  name: 'unused-ca',
  severity: 'warning',
  title: 'Secret cacerts belongs to an istiod that doesn\'t sign',
  reads: ['Secret', 'Certificate', 'ExternalSecret'],
  * find({ mesh, signingIstiods }: Evidence) {
    for (const { object, field } of unusedCas(mesh, signingIstiods)) {
      yield {
        object,
        field,
        actual: shown('cacerts'),
        expected: 'no CA for istiod, or an istiod that signs certificates',
        because: 'istiod\'s ENABLE_CA_SERVER is false: it never reads the Secret, and another CA signs for workloads',
        fix: 'delete it once the other CA has its own root; or set ENABLE_CA_SERVER to true and remove global.caAddress',
      };
    }
  },
};
