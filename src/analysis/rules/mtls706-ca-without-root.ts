import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caWithoutRoot: Rule = {
  code: 'MTLS706',
  name: 'ca-without-root',
  severity: 'error',
  title: 'The signing certificate doesn\'t chain to a root',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS706'),
};
