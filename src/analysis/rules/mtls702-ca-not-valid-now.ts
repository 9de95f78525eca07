import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caNotValidNow: Rule = {
  code: 'MTLS702',
  name: 'ca-not-valid-now',
  severity: 'error',
  title: 'A certificate of the CA has ended, or hasn\'t begun',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS702'),
};
