import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caMayNotSign: Rule = {
  code: 'MTLS705',
  name: 'ca-may-not-sign',
  severity: 'error',
  title: 'A CA certificate isn\'t allowed to sign what it must',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS705'),
};
