import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caEndsSoon: Rule = {
  code: 'MTLS703',
  name: 'ca-ends-soon',
  severity: 'warning',
  title: 'A certificate of the CA ends soon',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS703'),
};
