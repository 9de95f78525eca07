import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caNameConstraints: Rule = {
  code: 'MTLS711',
  name: 'ca-name-constraints',
  severity: 'error',
  title: 'A certificate of the CA forbids Istio\'s names',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS711'),
};
