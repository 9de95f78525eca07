import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caWithoutRoot: Rule = {
  code: 'MTLS706',
  name: 'ca-without-root',
  severity: 'error',
  title: 'No root leads to the certificate that istiod signs with',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS706'),
};
