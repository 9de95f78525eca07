import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caPurposes: Rule = {
  code: 'MTLS710',
  name: 'ca-purposes',
  severity: 'error',
  title: 'A certificate of the CA is limited to other purposes',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS710'),
};
