import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caNotValidNow: Rule = {
  code: 'MTLS702',
  name: 'ca-not-valid-now',
  severity: 'error',
  title: 'A CA certificate has expired or isn\'t valid yet',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS702'),
};
