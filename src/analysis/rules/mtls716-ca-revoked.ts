import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caRevoked: Rule = {
  code: 'MTLS716',
  name: 'ca-revoked',
  severity: 'error',
  title: 'A CA certificate is revoked',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS716'),
};
