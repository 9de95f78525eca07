import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caPurposes: Rule = {
  code: 'MTLS710',
  name: 'ca-purposes',
  severity: 'error',
  title: 'A CA certificate is limited to other purposes',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS710'),
};
