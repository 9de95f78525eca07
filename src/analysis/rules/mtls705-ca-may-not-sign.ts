import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caMayNotSign: Rule = {
  code: 'MTLS705',
  name: 'ca-may-not-sign',
  severity: 'error',
  title: 'A certificate of the CA may not sign what it has to',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS705'),
};
