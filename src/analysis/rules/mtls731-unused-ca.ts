import { shown } from '../../findings/safe-text';
import { unusedCas } from '../../mesh/certificates/workload-ca';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const unusedCa: Rule = {
  code: 'MTLS731',
  name: 'unused-ca',
  severity: 'warning',
  title: 'Secret cacerts belongs to an istiod that signs nothing',
  reads: ['Secret', 'Certificate', 'ExternalSecret'],
  * find({ mesh, signingIstiods }: Evidence) {
    for (const { object, field } of unusedCas(mesh, signingIstiods)) {
      yield {
        object,
        field,
        actual: shown('cacerts'),
        expected: 'no CA for istiod, or an istiod that signs',
        because: 'istiod\'s ENABLE_CA_SERVER is false: it never reads the Secret, and another CA signs for workloads',
        fix: 'delete it, after the other CA has a root of its own; or set ENABLE_CA_SERVER to true and remove global.caAddress',
      };
    }
  },
};
