import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caNameConstraints: Rule = {
  code: 'MTLS711',
  name: 'ca-name-constraints',
  severity: 'error',
  title: 'A CA certificate\'s name constraints forbid Istio\'s names',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS711'),
};
