import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caCrlIncomplete: Rule = {
  code: 'MTLS714',
  name: 'ca-crl-incomplete',
  severity: 'error',
  title: 'A CA\'s revocation list is missing or unreadable',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS714'),
};
