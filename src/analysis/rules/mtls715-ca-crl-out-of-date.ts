import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caCrlOutOfDate: Rule = {
  code: 'MTLS715',
  name: 'ca-crl-out-of-date',
  severity: 'error',
  title: 'A CA\'s revocation list is out of date',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS715'),
};
