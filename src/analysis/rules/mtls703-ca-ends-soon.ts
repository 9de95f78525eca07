import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caEndsSoon: Rule = {
  code: 'MTLS703',
  name: 'ca-ends-soon',
  severity: 'warning',
  title: 'A CA certificate expires soon',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS703'),
};
