import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caIsNoCa: Rule = {
  code: 'MTLS704',
  name: 'ca-is-no-ca',
  severity: 'error',
  title: 'A certificate that should be a CA isn\'t one',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS704'),
};
