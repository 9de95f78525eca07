import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caRevoked: Rule = {
  code: 'MTLS716',
  name: 'ca-revoked',
  severity: 'error',
  title: 'A certificate of the CA is revoked',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS716'),
};
